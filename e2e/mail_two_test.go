package e2e_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"porchlight/email/smtp/smtptest"
)

// pair are two installations that write to each other, and the post between them.
type pair struct {
	t     *testing.T
	sites map[string]*site // by the domain of their address
	posts map[string]*post

	away string // the domain whose mailbox also has a program that answers each mail; "": none
	rude bool   // that program does not say that it is automatic, and refers to nothing

	mu      sync.Mutex
	moved   []smtptest.Mail // all that went by the post, in order
	robots  int             // of these, what the program sent
	arrived map[string]int  // what was put into each mailbox
	carried map[string]int  // what came out of each relay and was brought on
}

const (
	ours        = "a.example"
	theirs      = "b.example"
	mailingList = "list@lists.example" // a mailing list; both installations are on it, and whoever writes to it gets a copy
)

// startPair starts two installations. Both acknowledge what comes.
func startPair(t *testing.T, more settings) *pair {
	t.Helper()
	p := &pair{t: t, sites: map[string]*site{}, posts: map[string]*post{}, arrived: map[string]int{}, carried: map[string]int{}}
	for _, domain := range []string{ours, theirs} {
		all := settings{"email.from": fmt.Sprintf(`"Support <support@%s>"`, domain)}
		for k, v := range more {
			all[k] = v
		}
		p.sites[domain], p.posts[domain] = startMail(t, all)
	}
	for _, domain := range []string{ours, theirs} {
		relay := p.posts[domain].relay
		go func() { // ends with the test's context
			for n := 1; ; n++ {
				list := relay.Await(t.Context(), n)
				if len(list) < n {
					return
				}
				p.carry(list[n-1])
				p.mu.Lock()
				p.carried[domain]++
				p.mu.Unlock()
			}
		}()
	}
	return p
}

// carry brings a mail to whom it is for.
func (p *pair) carry(m smtptest.Mail) {
	p.mu.Lock()
	p.moved = append(p.moved, m)
	p.mu.Unlock()
	_, domain, _ := strings.Cut(m.To, "@")
	if m.To == mailingList {
		for _, to := range []string{ours, theirs} {
			p.arrives(to, smtptest.Mail{From: "bounce@lists.example", To: "support@" + to, Raw: append([]byte("List-Id: <list.lists.example>\r\nPrecedence: list\r\n"), m.Raw...)})
		}
		return
	}
	if p.posts[domain] == nil {
		return // somebody else's
	}
	p.arrives(domain, m)
	if domain == p.away {
		p.vacation(m)
	}
}

// arrives puts a mail into an installation's mailbox.
func (p *pair) arrives(domain string, m smtptest.Mail) {
	raw := append(fmt.Appendf(nil, "Return-Path: <%s>\r\nDelivered-To: %s\r\n", m.From, m.To), m.Raw...)
	if err := p.posts[domain].dovecot.Deliver("support", raw); err != nil && p.t.Context().Err() == nil {
		p.t.Error(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.arrived[domain]++
}

// vacation answers a mail that came, whatever it says.
func (p *pair) vacation(m smtptest.Mail) {
	read, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		p.t.Error(err)
		return
	}
	p.mu.Lock()
	p.robots++
	n := p.robots
	p.mu.Unlock()
	to, header := m.From, "Auto-Submitted: auto-replied\r\nIn-Reply-To: "+read.Header.Get("Message-ID")+"\r\n"
	if p.rude {
		from, err := mail.ParseAddress(read.Header.Get("From"))
		if err != nil {
			p.t.Error(err)
			return
		}
		to, header = from.Address, ""
	}
	p.carry(smtptest.Mail{To: to, Raw: fmt.Appendf(nil, "From: support@%s\r\nTo: %s\r\nSubject: Away\r\nMessage-ID: <away%d@%s>\r\n%s\r\nI am on the beach.\r\n", p.away, to, n, p.away, header)})
}

// still waits until nothing moves any more, and returns all that moved: what the program sent, what porchlight sent by
// itself, and what people wrote.
func (p *pair) still() (robots, automatic, written int) {
	p.t.Helper()
	eventually(p.t, "nothing moves any more", func() bool { return p.quiet(ours) && p.quiet(theirs) && p.quiet(ours) })
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.moved {
		read, err := mail.ReadMessage(bytes.NewReader(m.Raw))
		switch {
		case err != nil:
			p.t.Error(err)
		case m.From == "":
			robots++
		case read.Header.Get("Auto-Submitted") != "":
			automatic++
		default:
			written++
		}
	}
	return robots, automatic, written
}

// quiet reports whether an installation has read all that came, has nothing left to send, and all that it sent was
// brought on.
func (p *pair) quiet(domain string) bool {
	p.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+p.sites[domain].database()+"?mode=ro")
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	p.mu.Lock()
	arrived := p.arrived[domain]
	p.mu.Unlock()
	var read, left int
	err = db.QueryRow(`SELECT (SELECT count(*) FROM mails WHERE state = 'done'), (SELECT count(*) FROM posts WHERE state = 'queued') + (SELECT count(*) FROM mailings WHERE due_at IS NOT NULL)`).Scan(&read, &left)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return read == arrived && left == 0 && p.carried[domain] == len(p.posts[domain].relay.Mails()) && arrived == p.arrived[domain]
}

// TestMail_TwoPorchlights: two installations write to each other. Each acknowledges at most what a person has written;
// what comes by itself is answered by nothing, also where a program answers every mail, or a list sends copies back. What operators say goes
// through all the time.
func TestMail_TwoPorchlights(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		away string
		rude bool
	}{"alone": {}, "a vacation": {theirs, false}, "a vacation that hides": {theirs, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startPair(t, nil)
			p.away, p.rude = c.away, c.rude
			a, b := p.sites[ours].operators("xavi")[0], p.sites[theirs].operators("xavi")[0]

			answer := a.desk("mail support@"+theirs+" Invoice: Where is it?", "the mail goes to support@"+theirs)
			hers := answer[strings.LastIndexByte(answer, ' ')+1:]
			b.hears("desk@support.localhost", "Where is it?")
			robots, automatic, written := p.still()
			if written != 1 || automatic > 1 || robots > 2 {
				t.Errorf("after one mail of an operator %d mails of people, %d automatic ones and %d of the program have moved", written, automatic, robots)
			}

			his, _ := p.sites[theirs].takes(b, 1)
			b.says(his, "Here it is.")
			a.hears(hers, "Here it is.")
			a.says(hers, "Thank you.")
			b.hears(his, "Thank you.")
			again, more, words := p.still()
			if words != 3 || more-automatic > 1 || again-robots > 2 {
				t.Errorf("after two more %d mails of people, %d automatic ones and %d of the program have moved", words, more, again)
			}
		})
	}
}

// TestMail_TwoPorchlightsOnAList: what comes over a mailing list to which both belong, also a copy of one's own mail, is
// answered by operators alone.
func TestMail_TwoPorchlightsOnAList(t *testing.T) {
	t.Parallel()
	p := startPair(t, nil)
	a, b := p.sites[ours].operators("xavi")[0], p.sites[theirs].operators("xavi")[0]
	a.desk("mail "+mailingList+" Party: Who comes?", "the mail goes to "+mailingList)
	b.hears("desk@support.localhost", "Who comes?")
	his, _ := p.sites[theirs].takes(b, 1)
	b.says(his, "We do.")
	a.hears("desk@support.localhost", "We do.") // a request of its own: a's mail was not to them
	p.carry(smtptest.Mail{From: "ann@people.example", To: mailingList, Raw: []byte("From: ann@people.example\r\nTo: " + mailingList + "\r\nSubject: Cake\r\nMessage-ID: <cake@people.example>\r\n\r\nWho brings cake?\r\n")})
	a.hears("desk@support.localhost", "Who brings cake?")
	b.hears("desk@support.localhost", "Who brings cake?")
	if _, automatic, written := p.still(); automatic > 1 || written != 3 { // a acknowledges what b's operator wrote to it
		t.Errorf("%d automatic mails and %d of people have moved", automatic, written)
	}
}
