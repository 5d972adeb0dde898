package bridge

import (
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// This file has the mail that goes by itself: it tells visitors that their requests have come. Anybody
// can type somebody else's address, so it must stay little, and it goes to no machine.

const (
	automaticPerAddress = 3  // mails to one address in automaticDay
	automaticPerHour    = 60 // mails in all
	automaticDay        = 24 * time.Hour
)

// acknowledge tells a conversation's visitor by mail that the request has come, and the operators that
// the visitor was told. It is called last in an update, when all that belongs to the conversation is
// stored. Where a limit is reached nothing goes, and only a number tells so: the mail is a courtesy.
func (u *commit) acknowledge(number int64) error {
	m := u.b.Mail
	c, err := u.tx.Conversation(number)
	if err != nil || !u.b.opts.Mail.Acknowledge || !u.b.opts.Mail.Addresses.answerable(c.Email) {
		return err
	}
	if err := u.b.Blocks.refuseIn(u.tx, c); err != nil {
		if phrase.CodeOf(err) == phrase.CodeForbidden {
			return nil
		}
		return err
	}
	dead, err := m.dead(u.tx, c.Email)
	if err != nil || dead {
		return err
	}
	allowed, err := u.acknowledges(c)
	if err != nil || !allowed {
		return err
	}
	out, err := u.letter(c, u.acknowledgement(c))
	if err != nil || out.State != MailQueued {
		return err
	}
	_, _, err = u.apply(c, Action{Type: MailHappens, Posting: Posting{Action: PostAcknowledged, To: out.To, Mail: out.ID}})
	return err
}

// acknowledgement says which mail it is: outside the hours of the department it says when these begin, unless
// somebody is there all the same.
func (u *commit) acknowledgement(c Conversation) Draft {
	now, table := u.b.clock.Now(), u.b.Hours.Department(c.Department)
	if table.In(now) || u.b.Team.online(c.Department, Ticket) {
		return Draft{Kind: AcknowledgementMail}
	}
	d := Draft{Kind: ClosedMail}
	d.Back, _, _ = table.Next(now) // the hours begin with it, since they are over now
	return d
}

// acknowledges reports whether the limits of automatic mail allow one more. A conversation gets one.
func (u *commit) acknowledges(c Conversation) (bool, error) {
	now := u.b.clock.Now()
	for _, l := range []struct {
		AutomaticMail
		most int
	}{
		{AutomaticMail{Conversation: c.Number}, 1},
		{AutomaticMail{To: c.Email, Since: now.Add(-automaticDay)}, automaticPerAddress},
		{AutomaticMail{Since: now.Add(-time.Hour)}, automaticPerHour},
	} {
		n, err := u.tx.CountAutomaticMail(l.AutomaticMail)
		if err != nil {
			return false, err
		}
		if n >= l.most {
			if l.Conversation == 0 {
				u.withheld++
			}
			return false, nil
		}
	}
	return true, nil
}

// answerable reports whether an automatic mail may go to an address: it is not ours, and not one behind
// which nobody reads (RFC 3834 §2, RFC 5230 §4.6).
func (a Addresses) answerable(to string) bool {
	at := strings.LastIndexByte(to, '@')
	if at < 1 {
		return false
	}
	local, domain := strings.ToLower(to[:at]), strings.ToLower(to[at+1:])
	base, _, _ := strings.Cut(local, usualSeparator)
	if a.ours(to) {
		return false
	}
	plain := strings.NewReplacer("-", "", "_", "", ".", "").Replace(base)
	for _, machine := range [...]string{"noreply", "donotreply", "mailerdaemon", "postmaster"} {
		if strings.HasPrefix(plain, machine) || strings.HasSuffix(plain, machine) {
			return false
		}
	}
	words := strings.FieldsFunc(base, func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == '=' })
	switch {
	case len(words) == 0:
		return false
	case words[0] == "owner" && len(words) > 1, words[len(words)-1] == "request" && len(words) > 1, base == "listserv", base == "majordomo":
		return false // of a mailing list
	case slices.Contains(words, "bounce"), slices.Contains(words, "bounces"):
		return false
	}
	return !a.ofSystem(base, domain)
}

// ofSystem reports whether an address of our own domains is one at which machines are told things (RFC
// 2142).
func (a Addresses) ofSystem(local, domain string) bool {
	roles := []string{"abuse", "admin", "administrator", "ftp", "hostmaster", "news", "noc", "root", "security", "usenet", "uucp", "webmaster", "www"}
	for own := range a.all() {
		if strings.EqualFold(domainOf(own), domain) && slices.Contains(roles, local) {
			return true
		}
	}
	return false
}
