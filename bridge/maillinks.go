package bridge

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// MailLinks are the links in a mail to a visitor, as whole URLs; one that is "" is left out.
type MailLinks struct {
	Resume   string // leads back into the conversation
	Feedback string // leads to the form for a vote
}

// LinkUse says what a link in a mail is for. A link for one use is worth nothing for another.
type LinkUse string

// The uses, which are also the names in the links' paths.
const (
	LinkResume   LinkUse = "resume"
	LinkFeedback LinkUse = "vote"
)

// mailLinkLasts is how long the links of a mail hold: as long as a mail may open the conversation again,
// and a week more, since a conversation often ends some days after its last mail.
const mailLinkLasts = mailReopens + 7*24*time.Hour

// dayOf counts the days since 1970 began (UTC).
func dayOf(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }

// links are the links for a mail to the visitor. The one for a vote is there once an operator has
// answered the visitor, unless the visitor has voted.
func (u *commit) links(c Conversation) (l MailLinks, err error) {
	if u.b.opts.PublicURL == "" || c.Email == "" {
		return l, nil
	}
	l.Resume = u.b.Mail.link(LinkResume, c)
	asked, err := u.tx.LastMessage(c.Number, FromVisitor, c.Seq)
	if err != nil || asked == 0 {
		return l, err
	}
	f, err := feedbackOf(u.tx, c)
	if err == nil && f.ID == 0 && u.b.votable(c, f) {
		l.Feedback = u.b.Mail.link(LinkFeedback, c)
	}
	return l, err
}

// link is the URL of a link for the conversation's address. It holds until the day (UTC) is over on which
// mailLinkLasts is.
func (m *Mailroom) link(use LinkUse, c Conversation) string {
	ends := strconv.FormatInt(dayOf(m.bridge.clock.Now().Add(mailLinkLasts)), 10)
	return m.bridge.opts.PublicURL + "/chat/" + string(use) + "/" + strconv.FormatInt(c.Number, 10) + "-" + ends + "-" + m.linkSeal(use, c, ends)
}

// linkSeal proves that we made a link: for this use, for this conversation, and for the address that it
// had then. It has letters and digits only, since mail programs end a link at other characters.
func (m *Mailroom) linkSeal(use LinkUse, c Conversation, ends string) string {
	h := hmac.New(sha256.New, m.bridge.Tokens.Key("mail link: "+string(use)))
	h.Write([]byte(string(c.ID) + "\x00" + strings.ToLower(c.Email) + "\x00" + ends))
	return jidEncoding.EncodeToString(h.Sum(nil)[:16])
}

// noLink is the error for a link that we did not make, that has ended, or whose conversation has another
// address by now: nobody can tell these apart.
func noLink() error {
	return phrase.Fail(phrase.CodeNotFound, "This link does not work any more, or is not whole. To write to us, simply answer the mail in which you found it.")
}

// Linked returns the conversation that a link of a mail is about. It changes nothing. CodeNotFound says
// that the link is none, or none any more.
func (m *Mailroom) Linked(ctx context.Context, use LinkUse, link string) (Conversation, error) {
	about, rest, _ := strings.Cut(link, "-")
	ends, seal, _ := strings.Cut(rest, "-")
	number, err := strconv.ParseInt(about, 10, 64)
	last, wrong := strconv.ParseInt(ends, 10, 32)
	if err != nil || wrong != nil || dayOf(m.bridge.clock.Now()) > last {
		return Conversation{}, noLink()
	}
	c, err := m.bridge.Conversation(ctx, number)
	if err != nil && !isNotFound(err) {
		return Conversation{}, err
	}
	if err != nil || c.Email == "" || !hmac.Equal([]byte(seal), []byte(m.linkSeal(use, c, ends))) {
		return Conversation{}, noLink()
	}
	return c, nil
}

// Over reports whether a conversation ended so long ago that its visitor can't go on with it.
func (b *Bridge) Over(c Conversation) bool { return c.past(b.opts.Timing.Reopen, b.clock.Now()) }

// Resumed is what the page needs to go on with a conversation.
type Resumed struct {
	Conversation
	Name  string // as the visitor gave it
	Token string // opens the conversation as long as it has the address to which the link was sent
}

// Resume returns what the page needs to go on with the conversation of a link. CodeNotFound says that the
// link is none, or none any more, and CodeConflict that the conversation is over.
func (m *Mailroom) Resume(ctx context.Context, link string) (r Resumed, err error) {
	if r.Conversation, err = m.Linked(ctx, LinkResume, link); err != nil {
		return Resumed{}, err
	}
	if m.bridge.Over(r.Conversation) {
		return Resumed{}, phrase.Fail(phrase.CodeConflict, "This conversation ended too long ago to go on with it. Please start a new one.")
	}
	err = m.bridge.store.View(ctx, func(tx Reader) error {
		request, err := tx.Request(r.Number)
		r.Name = request.Name
		return err
	})
	r.Token = m.bridge.Tokens.pepper.resumedToken(r.Conversation)
	return r, err
}

// resumedMark begins the tokens of resumedToken.
const resumedMark = "mail."

// resumedToken is the token of a browser that came by a link. It is not the token that the visitor's first
// browser has, of which only the hash is stored, and it ends when the conversation gets another address.
func (p pepper) resumedToken(c Conversation) string {
	return resumedMark + mac(p.key("resumed visitor's token"), string(c.ID)+"\x00"+strings.ToLower(c.Email))
}

// admitResumed admits the holder of a resumedToken.
func (k *Tokens) admitResumed(ctx context.Context, number int64, token string) error {
	if !strings.HasPrefix(token, resumedMark) {
		return notFound()
	}
	var c Conversation
	err := k.store.View(ctx, func(r Reader) (err error) {
		c, err = r.Conversation(number)
		return err
	})
	if err == nil && (c.Email == "" || !hmac.Equal([]byte(token), []byte(k.pepper.resumedToken(c)))) {
		err = notFound()
	}
	return err
}
