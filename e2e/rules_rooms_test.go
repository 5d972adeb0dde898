package e2e_test

import (
	"slices"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

// noticeTo is a notice of the desk in the room, as a member's client gets it.
func noticeTo(p *person, text string) string {
	return "<message type='groupchat' id='UUID' from='" + roomOfOps + "/desk' to='" + p.JID + "'><body>" + text + "</body><origin-id xmlns='urn:xmpp:sid:0' id='UUID'/></message>"
}

// operatorsRoom: operators are invited and can enter, and nobody else can. Members don't see each
// other's addresses, hear what is new, and can stay away.
func operatorsRoom(t *testing.T) {
	s := withRoom(t)
	people := s.operators("xavi", "olga")
	x, o := people[0], people[1]
	x.invited()
	o.invited()
	v := login(t, s.server.ClientAddr(), "vera", "")
	v.enters("Vera")
	v.expect("a shut door", shut)

	if as := x.joins("Xavi").Child(nsMUC+"#user", "x").Child("", "item").Get("affiliation"); as != "member" {
		t.Errorf("Xavi is %q in the room", as)
	}
	o.joins("Olga")
	var features []string
	for _, f := range x.part(x.iq("get", roomOfOps, stream.New(nsInfo, "query")), nsInfo, "query").Children {
		features = append(features, f.Get("var"))
	}
	for _, want := range []string{"muc_membersonly", "muc_semianonymous", "muc_hidden", "muc_persistent", "muc_unmoderated"} {
		if !slices.Contains(features, want) {
			t.Errorf("the room is not %s: %q", want, features)
		}
	}
	other := x.expect("Olga in the room", func(el *stream.Element) bool { return el.Get("from") == roomOfOps+"/Olga" })
	if jid := other.Child(nsMUC+"#user", "x").Child("", "item").Get("jid"); jid != "" {
		t.Errorf("Xavi sees that Olga is %s", jid)
	}

	s.ask("Anna", "How much is a lamp?")
	for _, p := range people {
		p.gets("the notice", notice("#1 Anna"), noticeTo(p, "#1 Anna, Support: How much is a lamp?"))
	}
	o.Chat(demo.Desk, "take", "1")
	x.gets("who took it", notice("#1 taken"), noticeTo(x, "#1 taken by Olga"))

	x.say("Thanks, Olga")
	o.expect("Xavi's words", operator.Body(roomOfOps, "Thanks, Olga"))

	o.desk("status room off", "You stay out of the operators' room.")
	o.expect("the way out", func(el *stream.Element) bool {
		return el.Get("from") == roomOfOps+"/Olga" && el.Get("type") == "unavailable"
	})
	o.enters("Olga")
	o.expect("a shut door", shut)
	o.desk("status room on", "Offers: on.")
	o.invited()
	o.joins("Olga")
	if n := len(x.invitations()); n != 1 {
		t.Errorf("Xavi was invited %d times", n)
	}
}
