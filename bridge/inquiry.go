package bridge

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"porchlight/bridge/phrase"
)

// Inquiry is a visitor's request as it arrives.
type Inquiry struct {
	ClientID string // random, made by the browser
	Request
	Department string
	Form       *Filled    // what a visitor filled in beside the request; nil: it did not come by a form
	Mail       Heading    // of a mail
	Ticket     bool       // it becomes a ticket though somebody is there: its visitor is reached by mail alone
	Quiet      bool       // of a mail: nothing may answer it by itself
	Subject    string     // of a new visitor who writes by mail; see Visitor.Subject
	Returning  VisitorJID // the visitor, if an earlier conversation's token proved who they are; else ""

	// Meant is the department of an invitation, which counts if the visitor names none. It tells no inquiries apart, since an
	// invitation that was answered is none any more when the same inquiry comes again.
	Meant string

	// Inviter is the operator who has invited the visitor: the chat is theirs at once if they can have it. "": nobody has.
	Inviter OperatorJID

	agreed  string            // the text of the site's to which the visitor agreed; "": none was wanted
	answers map[string]string // what was filled in, by label; see attach
}

// Opened is the answer to an Inquiry: the conversation, and what its visitor needs.
type Opened struct {
	Conversation
	Token    string // opens the conversation; only the token's hash is stored
	Position int
	Wait     int64 // for about how long the visitor will wait, in seconds; 0: not known
	Repeated bool  // the same inquiry came before; this is its conversation
}

// Ask opens a conversation. The same inquiry again, under the same client id, gets the same
// conversation and token. CodeConflict says that another one came before under that id.
func (b *Bridge) Ask(ctx context.Context, q Inquiry) (Opened, error) {
	q.Digest = q.digest() // as it was sent: what is asked for and how it is cleaned may change until it comes again
	var lacks error
	if q.Form != nil {
		lacks = b.Settings.fill(&q)
	}
	wrong := both(q.check(b.opts.Limits, b.Team.Departments()), lacks)
	if wrong == nil && q.Email != "" {
		wrong = b.addressed("email", q.Email)
	}
	if wrong == nil {
		wrong = q.attach()
	}
	if wrong != nil && !askedBefore(ctx, b, q) {
		return Opened{}, wrong
	}
	if err := b.Blocks.refuse(q.Returning, q.Address); err != nil {
		return Opened{}, err
	}
	if from, err := around(q.Address); err == nil && b.opts.KeepAddresses {
		q.Address = from.String() // nothing needs the rest of the address
	} else {
		q.Address = ""
	}
	var opened Opened
	fresh := ConversationID(newID())
	err := b.update(ctx, func(u *commit) error {
		opened = Opened{}
		c, err := u.tx.ConversationByKey(q.key())
		switch {
		case err == nil:
			if err := q.repeats(u.tx, c); err != nil {
				return err
			}
			opened = Opened{Conversation: c, Repeated: true}
			var hash []byte
			if _, hash, err = u.tx.ConversationByID(c.ID); err != nil {
				return err
			}
			opened.Token = b.Tokens.pepper.tokenFor(q.ClientID, c.ID, hash)
		case phrase.CodeOf(err) != phrase.CodeNotFound:
			return err
		case wrong != nil:
			return wrong
		default:
			if opened.Conversation, err = u.create(fresh, q); err != nil {
				return err
			}
			opened.Token = b.Tokens.pepper.token(q.ClientID, fresh)
		}
		opened.Position, err = position(u.tx, opened.Conversation)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	opened.Wait = b.Expected.wait(opened.Department, opened.Position)
	return opened, nil
}

// askedBefore reports whether the same inquiry was accepted before. What it lacks by now, since the site asks for more or for
// something else, it did not lack then.
func askedBefore(ctx context.Context, b *Bridge, q Inquiry) bool {
	err := b.store.View(ctx, func(r Reader) error {
		_, err := r.ConversationByKey(q.key())
		return err
	})
	return err == nil
}

// repeats refuses another request under the client id of a conversation.
func (q Inquiry) repeats(r Reader, c Conversation) error {
	was, err := r.Request(c.Number)
	if err == nil && was.Digest != q.Digest && (was.Digest != "" || was.Reason != q.Reason) {
		err = usedBefore()
	}
	return err
}

// key finds the conversation that was opened under a client id.
func (q Inquiry) key() string {
	h := sha256.Sum256([]byte(q.ClientID))
	return hex.EncodeToString(h[:])
}

// digest tells apart what is asked under one client id, so that nobody gets somebody else's conversation by guessing the id. It
// covers all that a visitor gave, and what a server of the site tells, but not what a page tells by itself: that may
// change until a browser sends the same again.
func (q Inquiry) digest() string {
	content := []any{q.ClientID, q.Name, q.Email, q.Reason, q.Department, q.Verified, q.Returning}
	if q.Form != nil {
		fields := maps.Clone(q.Form.Fields)
		maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
		content = append(content, q.Form.Phone, fields)
	}
	if q.Ticket {
		content = append(content, q.Attributes)
	}
	h := sha256.Sum256(fmt.Appendf(nil, "%q", content)) // maps in the order of their keys
	return hex.EncodeToString(h[:])
}

// create stores a new conversation with its visitor and its first events.
func (u *commit) create(id ConversationID, q Inquiry) (c Conversation, err error) {
	b := u.b
	c = Conversation{ID: id, Email: q.Email}
	if c.Department, err = following(u.tx, cmp.Or(q.Meant, q.Department)); err != nil { // it may have been deleted since the inquiry was checked
		return Conversation{}, err
	}
	online := !q.Ticket && b.Team.online(c.Department, Chat)
	if !q.Mail.Came { // a mail waits as it is, and has nobody to say no to
		err = u.crowded(online)
	}
	if err != nil {
		return Conversation{}, err
	}
	a := Action{Type: Ask, Text: q.Reason, Agreed: q.agreed, Mail: q.Mail, Quiet: q.Quiet, Post: b.Mail.On(), Online: online, Home: b.Team.home(c.Department)}
	o, invited, err := u.inviter(q, c.Department)
	if err != nil {
		return Conversation{}, err
	}
	if invited {
		a.Guest = Guest{Operator: o.JID, Name: o.Name, Slow: o.Satellite, Free: true, Serves: true}
	}
	c, err = u.begin(c, q, b.Tokens.pepper.token(q.ClientID, id), a)
	if err == nil && invited {
		err = u.giveTo(c, o)
	}
	return c, err
}

// crowded refuses one request more where too many of its kind wait: chats have room however many tickets
// wait, since anybody can send mail.
func (u *commit) crowded(online bool) error {
	kind := Chat
	if !online {
		kind = Ticket
	}
	waiting, err := u.tx.Waiting(kind)
	if err == nil && waiting >= u.b.opts.Limits.Waiting {
		err = phrase.Fail(phrase.CodeBusy, "Too many people are waiting at the moment. Please try again in a few minutes.")
	}
	return err
}

// begin stores a new conversation, as an action makes it of c, with the visitor of the inquiry. token
// opens it to the visitor.
func (u *commit) begin(c Conversation, q Inquiry, token string, a Action) (Conversation, error) {
	b := u.b
	v, save, err := b.visitor(u.tx, q)
	if err == nil {
		err = b.Blocks.refuse(v.JID, "") // the JID of a verified visitor is known only now
	}
	if err != nil {
		return Conversation{}, err
	}
	c.Visitor = v.JID
	if v.Called != "" && q.Verified == "" {
		q.Name = v.Called
	}
	next, effects, err := b.Settings.rulesNow(b.rules).Apply(c, a, b.clock.Now())
	if err != nil {
		return Conversation{}, err
	}
	if q.Namesake, err = namesake(u.tx, q.Name, v.JID); err != nil {
		return Conversation{}, err
	}
	if err := save(v); err != nil {
		return Conversation{}, err
	}
	if err := u.tx.CreateConversation(&next, q.Request, q.key(), hashToken(token)); err != nil {
		return Conversation{}, err
	}
	for i := range effects {
		effects[i].Event.Conversation = next.Number
	}
	_, err = u.carryOut(&next, effects)
	return next, err
}

// visitor finds the returning visitor or makes a new one; save stores them, once the rules have
// accepted the inquiry.
func (b *Bridge) visitor(tx Tx, q Inquiry) (v Visitor, save func(Visitor) error, err error) {
	err = notFound()
	if q.Verified != "" {
		v, err = tx.VisitorBySubject(q.Verified)
	} else if q.Returning != "" {
		v, err = tx.Visitor(q.Returning)
	}
	if err == nil {
		v.Name = q.Name
		if q.Email != "" {
			v.Email = q.Email
		}
		return v, tx.SaveVisitor, nil
	}
	if phrase.CodeOf(err) != phrase.CodeNotFound {
		return v, nil, err
	}
	v = Visitor{Name: q.Name, Email: q.Email, Subject: cmp.Or(q.Verified, q.Subject), CreatedAt: b.clock.Now()}
	for range 20 {
		v.JID = VisitorJID(slug(q.Name) + "-" + short() + "@" + b.opts.Domain)
		_, err := tx.Visitor(v.JID)
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			return v, tx.CreateVisitor, nil
		}
		if err != nil {
			return v, nil, err
		}
	}
	return v, nil, phrase.Fail(phrase.CodeBusy, "No free address was found for you. Please try again.")
}

// Nameless is the name of visitors who give none.
const Nameless = "Visitor"

// check cleans the fields, and refuses all that is wrong with them in one error. departments are
// those that exist.
func (q *Inquiry) check(l Limits, departments []Department) error {
	for _, f := range []struct {
		name  string
		value string
		limit int
	}{
		{"client_id", q.ClientID, maxClientID}, {"name", q.Name, l.Name}, {"email", q.Email, l.Email},
		{"reason", q.Reason, l.Reason}, {"page.url", q.Page.URL, l.URL}, {"page.title", q.Page.Title, l.URL},
		{"page.referrer", q.Page.Referrer, l.URL}, {"language", q.Language, 35}, {"time_zone", q.TimeZone, 64}, {"attributes", q.Attributes, l.Message},
	} {
		if len(f.value) > f.limit {
			return tooLong(f.name, f.value, f.limit)
		}
	}
	q.Name, q.Email, q.Reason = cleanLine(q.Name), strings.TrimSpace(q.Email), CleanText(q.Reason)
	q.Page = Page{cleanLine(q.Page.URL), cleanLine(q.Page.Title), cleanLine(q.Page.Referrer)}
	q.TimeZone, q.Attributes = cleanLine(q.TimeZone), CleanText(q.Attributes)
	q.Language, q.Browser = cleanLine(q.Language), cleanLine(Cut(q.Browser, 300))
	if q.Name == "" {
		q.Name = Nameless
	}
	if q.ClientID == "" {
		q.ClientID = newID()
	}
	fields := map[string]phrase.Phrase{}
	if q.Reason == "" {
		fields["reason"] = phrase.Say("Say what you need help with.")
	}
	if q.Email != "" && !ValidEmail(q.Email) {
		fields["email"] = phrase.Say("This is no email address. One looks like ann@example.org.")
	}
	if !q.find(departments) {
		fields["department"] = phrase.Say("There is no such department.")
	}
	if len(fields) > 0 {
		return &phrase.Error{Code: phrase.CodeInvalid, Phrase: phrase.Say("Some fields need another look."), Fields: fields}
	}
	return nil
}

// find sets the department that is asked, and reports whether it exists. If none was named, it is the
// one of assumed.
func (q *Inquiry) find(departments []Department) bool {
	if q.Department != "" {
		q.Meant = ""
	} else {
		q.Department = assumed(departments)
	}
	return slices.ContainsFunc(departments, func(d Department) bool { return d.Name == q.Department })
}

// assumed is the department that is asked if none was named: "support", or the first if there is no
// "support".
func assumed(departments []Department) string {
	const usual = "support"
	if len(departments) == 0 || slices.ContainsFunc(departments, func(d Department) bool { return d.Name == usual }) {
		return usual
	}
	return departments[0].Name
}
