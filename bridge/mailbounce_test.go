package bridge_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// A mail that comes back before we know that the relay has taken it, since its answer was lost, goes no more.
func TestMail_BouncesWhileQueued(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s1", Text: "So."})
	out := o.outbox(2 * time.Minute)[0]
	o.must(c, o.Mail.Late(t.Context(), out.ID, "the connection was lost"))
	o.gets(bridge.Letter{MessageID: "4@relay", From: "mailer-daemon@relay", Recipients: []string{out.From}, Nature: bridge.Bounced,
		Bounce: bridge.Bounce{Failed: true, Words: "5.1.1 no such user"}})
	o.goes(time.Hour)
	if got := o.posts(c.Number); !slices.Equal(got, []string{"bounced 5.1.1 no such user"}) {
		t.Errorf("the log tells %q", got)
	}
}

// Who does not know a mail's seal or its Message-ID can't make it come back, and a mail that is only late did not come
// back. Who knows the Message-ID has got the mail.
func TestMail_ForgedBounces(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s1", Text: "So."})
	out := o.outbox(2 * time.Minute)[0]
	o.sent([]bridge.OutMail{out})
	back := func(to, id string, failed bool) {
		o.gets(bridge.Letter{From: "mailer-daemon@relay", Recipients: []string{to}, Nature: bridge.Bounced, Bounce: bridge.Bounce{Failed: failed, Words: "5.1.1 no", MessageID: id}})
	}
	right, domain, _ := strings.Cut(out.From, "@")
	mark, _, _ := strings.Cut(right, ".")
	for _, to := range []string{support, right[:len(right)-1] + "0@" + domain, mark + "." + out.ID + "@" + domain, mark + "." + out.ID + ".@" + domain} {
		back(to, "", true)
		back(to, "m.0123456789@"+domain, true)
	}
	back(out.From, "", false)
	if got := o.posts(c.Number); !slices.Equal(got, []string{"sent"}) {
		t.Errorf("the log tells %q", got)
	}
	back(support, out.MessageID, true)
	if got := o.posts(c.Number); !slices.Equal(got, []string{"sent", "bounced 5.1.1 no"}) {
		t.Errorf("the log tells %q", got)
	}
}
