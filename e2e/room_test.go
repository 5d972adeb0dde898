package e2e_test

import (
	"crypto/rand"
	"strconv"
	"syscall"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

const (
	nsMUC     = "http://jabber.org/protocol/muc"
	nsInvite  = "jabber:x:conference"
	roomOfOps = "support-operators@" + demo.Rooms
)

// withRoom makes an installation with an operators' room, whose members are the operators.
func withRoom(t *testing.T) *site {
	t.Helper()
	s := start(t, settings{"xmpp.rooms": strconv.Quote(demo.Rooms)})
	s.says(&s.stderr, "in the operators' room")
	return s
}

// enters sends the presence by which a client enters the room (XEP-0045 §7.2).
func (p *person) enters(nick string) {
	p.t.Helper()
	if err := p.Send(stream.New("", "presence", stream.New(nsMUC, "x")).With("to", roomOfOps+"/"+nick)); err != nil {
		p.t.Fatal(err)
	}
}

// joins enters the room, waits until the person is in, and returns the person's presence there.
func (p *person) joins(nick string) *stream.Element {
	p.t.Helper()
	p.enters(nick)
	return p.expect("the room", func(el *stream.Element) bool {
		return el.Get("from") == roomOfOps+"/"+nick && el.Get("type") == "" && el.Child(nsMUC+"#user", "x") != nil
	})
}

// invited waits for the desk's direct invitation to the room (XEP-0249).
func (p *person) invited() {
	p.t.Helper()
	p.gets("the invitation", func(el *stream.Element) bool { return el.Child(nsInvite, "x").Get("jid") == roomOfOps },
		"<message id='UUID' from='"+demo.Desk+"' to='"+p.Bare+"'><x xmlns='jabber:x:conference' jid='"+roomOfOps+"' reason='This is the room of the operators of "+
			demo.Domain+". You are a member; &quot;status room off&quot; at the desk changes that.'/></message>")
}

// notice matches a notice in the room.
func notice(text string) operator.Match {
	return func(el *stream.Element) bool {
		return el.Get("type") == "groupchat" && el.Get("from") == roomOfOps+"/desk" && operator.Body(roomOfOps, text)(el)
	}
}

// shut matches the error to a person who must not enter the room.
func shut(el *stream.Element) bool {
	return el.Local == "presence" && el.Get("type") == "error" && el.Child("", "error").Child(nsStanzas, "registration-required") != nil
}

// say says something in the room.
func (p *person) say(text string) {
	p.Send(stream.New("", "message", stream.Text("", "body", text)).With("type", "groupchat", "to", roomOfOps, "id", rand.Text()))
}

func (p *person) invitations() (list []*stream.Element) {
	for _, el := range p.All() {
		if el.Child(nsInvite, "x") != nil {
			list = append(list, el)
		}
	}
	return list
}

// TestRoom_OutlastsRestarts: after a crash of porchlight the room is the same, nobody is invited
// again, and the desk repeats nothing.
func TestRoom_OutlastsRestarts(t *testing.T) {
	t.Parallel()
	s := withRoom(t)
	people := s.operators("xavi", "olga")
	x, o := people[0], people[1]
	for _, p := range people {
		p.invited()
	}
	x.joins("Xavi")
	s.ask("Anna", "First")
	x.expect("the notice", notice("#1 Anna, Support: First"))
	for _, again := range []func(){
		func() { s.kill(); s.up() },
		func() { s.stop(syscall.SIGTERM); s.up() },
	} {
		again()
		s.online(2)
		// Only an owner of the room can change its members, so the desk is still an owner.
		o.desk("status room off", "You stay out of the operators' room.")
		eventually(t, "Olga is out", func() bool {
			o.enters("Olga")
			_, err := o.Expect("a shut door", shut, look)
			return err == nil
		})
		o.desk("status room on", "Offers: on.")
		o.invited()
	}
	s.ask("Ben", "Second")
	x.expect("the notice", notice("#2 Ben, Support: Second"))
	if n := len(x.invitations()); n != 1 {
		t.Errorf("Xavi was invited %d times", n)
	}
	var first int
	for _, el := range x.All() {
		if notice("#1 Anna")(el) {
			first++
		}
	}
	if first != 1 {
		t.Errorf("the room was told of #1 %d times", first)
	}
}

// TestRoom_NoSuchService: the super operators are told of a wrong xmpp.rooms, which disturbs
// nothing else.
func TestRoom_NoSuchService(t *testing.T) {
	t.Parallel()
	s := start(t, settings{"xmpp.rooms": `"nowhere.invalid"`})
	s.tolerate("alarm=room")
	x := s.operators("xavi")[0]
	x.hears(demo.Desk, "There is no operators' room")
	s.ask("Anna", "Are you there?")
	x.says(s.visitorOf(x, 1), "Yes")
}
