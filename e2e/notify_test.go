package e2e_test

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// elsewhen are hours that are on another day of the week.
func elsewhen() string { return time.Now().UTC().AddDate(0, 0, 3).Format("Mon") + " 9-10; UTC" }

// kept waits until a request is on offer to somebody who is offline, and until the server has all that the
// desk said to them. Nothing outside tells that, so the test looks into the database.
func (s *site) kept(user string, number int64) {
	s.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+s.database()+"?mode=ro")
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	eventually(s.t, user+" is asked and the server has kept it", func() bool {
		var said, confirmed, told int64
		err := db.QueryRow(`SELECT operators.desk_seq, desk_confirmed, offers.desk_seq FROM operators JOIN offers ON operator = jid
			WHERE jid = ? AND conversation = ? AND state = 'open'`, user+"@"+demo.Host, number).Scan(&said, &confirmed, &told)
		if err != nil && err != sql.ErrNoRows {
			s.t.Fatal(err)
		}
		return told > 0 && said == confirmed
	})
}

// leave logs operators out, and waits until the site is OFFLINE.
func (s *site) leave(all ...*person) {
	s.t.Helper()
	for _, p := range all {
		p.Close(true)
	}
	s.online(0)
}

// ticket asks with an address.
func (s *site) ticket(name string) *visitor.Conversation {
	s.t.Helper()
	c, err := visitor.New(s.url).Ask(within(s.t), visitor.Inquiry{Name: name, Email: "anna@example.org", Reason: "Anybody there?"})
	if err != nil {
		s.t.Fatal(err)
	}
	if c.State != "ticket" {
		s.t.Errorf("the state is %q", c.State)
	}
	return c
}

// offers lists the requests that the desk offered to an operator in messages of their own, by the visitor's
// name; kept has those that the server had kept while the operator was offline (XEP-0203).
func (p *person) offers() (live, kept []string) {
	for _, el := range p.All() {
		body := el.ChildText("", "body")
		if !strings.HasPrefix(el.Get("from"), demo.Desk) || !strings.HasPrefix(body, "#") {
			continue
		}
		_, rest, _ := strings.Cut(body, " ")
		name, _, ok := strings.Cut(rest, ", Support: ")
		switch {
		case !ok:
		case delayed(el):
			kept = append(kept, name)
		default:
			live = append(live, name)
		}
	}
	return live, kept
}

// delayed reports whether the operator's server says that it kept the message for later.
func delayed(el *stream.Element) bool {
	return el.Child(nsDelay, "delay").Get("from") == demo.Host
}

// getsKept waits for an offer that the server kept while the operator was offline.
func (p *person) getsKept(name string) {
	p.t.Helper()
	p.expect("the offer of "+name+" from the server's offline storage", func(el *stream.Element) bool {
		return operator.Body(demo.Desk, name+", Support: Anybody there?")(el) && delayed(el)
	})
}

// TestNotify_AskedWhileAway: an operator who is offline in their hours is asked by a message that their
// server keeps, and takes the request from there, while the site shows OFFLINE. notify always has them asked
// at night, too, and with notify online nobody asks them.
func TestNotify_AskedWhileAway(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	both := s.operators("xavi", "olga")
	x, o := both[0], both[1]
	o.desk("hours-set daily 0-24", "Yours now")
	x.desk("hours-set "+elsewhen(), "Yours now")
	s.leave(x, o)
	anna := s.ticket("Anna")
	s.kept("olga", anna.Number)

	x = login(t, s.server.ClientAddr(), "xavi", "away")
	x.desk("operators", "Olga ★ – offline, but in hours: asked all the same")
	o = login(t, s.server.ClientAddr(), "olga", "away")
	o.getsKept("Anna")
	s.online(0)
	o.desk("1", "#1 is yours")
	o.says(anna.Visitor, "I am on my way.")
	eventually(t, "it is hers", func() bool {
		now, err := anna.Snapshot(within(t))
		return err == nil && now.State == "active"
	})
	o.Chat(anna.Visitor, "close", "!close")
	o.hears(anna.Visitor, "#1 is closed")

	if err := x.Presence(""); err != nil {
		t.Fatal(err)
	}
	s.online(1)
	x.desk("notify", "When: in your hours, though you are away or offline")
	if live, kept := x.offers(); len(live)+len(kept) > 0 {
		t.Errorf("outside his hours Xavi was asked for %q and %q", live, kept)
	}
	x.desk("notify always", "You are asked at any time, also when away or at night. notify hours takes it back.")
	o.desk("notify online", "You are asked only while you are available.")
	s.leave(x, o)
	ben := s.ticket("Ben")
	s.kept("xavi", ben.Number)
	x = login(t, s.server.ClientAddr(), "xavi", "away")
	x.getsKept("Ben")
	o = login(t, s.server.ClientAddr(), "olga", "")
	o.hears(demo.Desk, "Ben, Support: Anybody there?")
	if _, kept := o.offers(); len(kept) > 0 {
		t.Errorf("Olga wants to be asked only while she is available, and was asked for %q while she was not", kept)
	}
}

// TestNotify_WithoutChannels: ways by which nothing can be sent here are refused, and the test sends what
// there is.
func TestNotify_WithoutChannels(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	x.desk("notify mail on", "Mail is not set up here yet, so nothing would be sent. Nothing was changed.")
	x.desk("notify pushover uQiRzpo4DXghDmr9QzzfQu27cmVRs9", "This site has no application at Pushover: give the token of one of your own, as in notify pushover USERKEY TOKEN. Delete your message here: the key stands in it. Nothing was changed.")
	x.desk("notify webhook https://127.0.0.1/hook", "A webhook needs a secret with which posts are signed: notify webhook URL SECRET. Nothing was changed.")
	x.desk("notify webhook https://127.0.0.1/hook whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "The address leads into a private network; notify.networks in the config would have to allow it.")
	x.desk("notify ntfy https://localhost/porch", "The address leads into a private network; notify.networks in the config would have to allow it. Nothing was changed.")
	x.desk("notify test", "Sent: a message here. Which did not come? help notify")
	x.hears(demo.Desk, "This is a test. Notices of requests that wait come like this.")
	x.desk("help notify", "Profanity: /notify chat on")
}
