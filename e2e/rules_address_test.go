package e2e_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

const (
	nsInfo  = "http://jabber.org/protocol/disco#info"
	nsItems = "http://jabber.org/protocol/disco#items"
	nsCaps  = "http://jabber.org/protocol/caps"
	nsSID   = "urn:xmpp:sid:0"
)

func contentIsPlain(k *talk) {
	k.taken()
	if first, second := k.says("Is it blue?"), k.says("Is it blue?"); first.Get("id") == second.Get("id") {
		k.t.Errorf("two messages have one id: %s", second.Append(nil))
	}
}

func addressIsTheName(k *talk) {
	for name, slug := range map[string]string{"Anna Öst": "anna-oest", "XMPP": "visitor", "me": "visitor", "Jabber": "visitor", "Анна": "visitor",
		"Björn \"the Bear\" & Sons/Co @home": "bjoern-the-bear-sons", "<42>": "42"} {
		c := k.ask(name)
		if !regexp.MustCompile(`^` + slug + `-[a-z2-9]{4}@support\.localhost$`).MatchString(c.Visitor) {
			k.t.Errorf("the address of %s is %s", name, c.Visitor)
		}
		k.ends(c)
	}
}

func sameAddressAgain(k *talk) {
	k.ends(k.c)
	answer, err := k.c.Do(k.t.Context(), visitor.Request{Method: "POST", Path: "/v1/conversations", Token: k.c.Token,
		Body: map[string]any{"name": "Anna Öst", "reason": "Again: How?", "previous": k.c.ID}})
	if err != nil || answer.Status != 201 {
		k.t.Fatalf("status %d, %v: %s", answer.Status, err, answer.Body)
	}
	c := &visitor.Conversation{Client: k.c.Client}
	if err := json.Unmarshal(answer.Body, c); err != nil {
		k.t.Fatal(err)
	}
	defer k.ends(c)
	if k.c = c; c.Visitor != k.jid {
		k.t.Errorf("%s is %s now", k.jid, c.Visitor)
	}
	k.taken()
	k.says("It is me again.")
}

func deskHasANode(k *talk) {
	for _, to := range []string{demo.Desk, demo.Domain} {
		k.x.Chat(to, "to "+to, "who")
		k.x.reads(demo.Desk, "…Xavi (xavi@localhost)…")
		k.x.gets("the receipt", received("to "+to), receipt(to, k.x.Bare, "to "+to))
		k.x.silence(to, "a message of the domain's", operator.Body(demo.Domain, ""))
	}
}

// unavailable sends a request of an unknown kind, which must be answered with service-unavailable.
func (p *person) unavailable(kind, to string) {
	p.t.Helper()
	answer := p.iq(kind, to, stream.New("urn:example:unknown", "query"))
	p.is(answer, errorTo("iq", to, p.JID, "…", "cancel", "service-unavailable", ""))
}

func everyRequestIsAnswered(k *talk) {
	for _, to := range []string{demo.Domain, demo.Desk, demo.Desk + "/desk", "support@" + demo.Domain, k.jid, k.jid + "/web", "nobody-aaaa@" + demo.Domain} {
		k.x.unavailable("get", to)
		k.x.unavailable("set", to)
		if !strings.HasPrefix(to, "nobody") {
			k.x.is(k.x.iq("get", to, stream.New("urn:xmpp:ping", "ping")), answerOf(to, k.x.JID, ""))
		}
	}
}

// answerOf is the result of a request.
func answerOf(from, to, inside string) string {
	return "<iq type='result' id='…' from='" + from + "' to='" + to + "'>" + inside + "</iq>"
}

// The features that disco#info lists: at every address, and further ones at the desk and at
// visitors.
var (
	everywhere = []string{nsInfo, nsItems, "jabber:iq:last", "jabber:iq:version", "urn:xmpp:ping", "urn:xmpp:time", "vcard-temp"}
	talking    = []string{nsCaps, nsOOB, nsStates, nsMarkers, nsReactions, nsReceipts, nsReplace, nsReply, nsRetract, nsSID}
)

// described is the disco#info of an address with the features.
func described(from, to, node, identity string, features ...string) string {
	var b strings.Builder
	for _, f := range slices.Sorted(slices.Values(features)) {
		fmt.Fprintf(&b, "<feature var='%s'/>", f)
	}
	if node != "" {
		node = " node='" + node + "'"
	}
	return answerOf(from, to, "<query xmlns='"+nsInfo+"'"+node+"><identity "+identity+"/>"+b.String()+"</query>")
}

func whatTheyAre(k *talk) {
	full := slices.Concat(everywhere, talking, []string{nsCommands})
	for _, a := range []struct {
		to, identity string
		features     []string
	}{
		{demo.Domain, "category='gateway' type='livechat' name='porchlight'", slices.Concat(everywhere, []string{nsCommands})},
		{demo.Desk, "category='client' type='bot' name='Support desk'", append(full, "urn:xmpp:avatar:metadata+notify")},
		{"support@" + demo.Domain, "category='account' type='registered' name='support'", everywhere},
		{k.jid, "category='account' type='registered'", full},
		{k.jid + "/web", "category='account' type='registered'", full},
	} {
		k.x.is(k.x.iq("get", a.to, stream.New(nsInfo, "query")), described(a.to, k.x.JID, "", a.identity, a.features...))
	}
	caps := k.x.expect("presence with capabilities", presenceOf(k.jid, "")).Child(nsCaps, "c")
	node := caps.Get("node") + "#" + caps.Get("ver")
	answer := k.x.iq("get", k.jid+"/web", stream.New(nsInfo, "query").With("node", node))
	k.x.is(answer, described(k.jid+"/web", k.x.JID, node, "category='account' type='registered'", full...))
}
