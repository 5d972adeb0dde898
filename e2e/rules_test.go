package e2e_test

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

const (
	nsInfo   = "http://jabber.org/protocol/disco#info"
	nsItems  = "http://jabber.org/protocol/disco#items"
	nsPubsub = "http://jabber.org/protocol/pubsub"
	nsNick   = "http://jabber.org/protocol/nick"
	nsMeta   = "urn:xmpp:avatar:metadata"
	nsData84 = "urn:xmpp:avatar:data"
	nsCaps   = "http://jabber.org/protocol/caps"
	nsHints  = "urn:xmpp:hints"
	nsSID    = "urn:xmpp:sid:0"
	nsDelay  = "urn:xmpp:delay"
)

// talk is a conversation between a visitor and Xavi, with Olga looking on.
type talk struct {
	t    *testing.T
	x, o *person
	c    *visitor.Conversation
	jid  string
}

// rules are what operators' clients ask of porchlight, as stanzas on the wire of a
// real server: send this, expect that.
var rules = []struct {
	name string
	try  func(*talk)
}{
	{"content comes from the bare address to the bare one, as chat, with a UUID, asking for receipt and marker", contentIsPlain},
	{"the address is the name: lower case, short, without escapes", addressIsTheName},
	{"every request is answered, what is unknown with service-unavailable", everyRequestIsAnswered},
	{"a visitor is an account, the desk a bot, and the node asked for is echoed", whatTheyAre},
	{"name, picture and presence come before the first message, and again with each client", introducedFirst},
	{"the picture is served with and without its id, and as vCard", pictureIsServed},
	{"keys for encryption are answered empty, and what comes encrypted goes back", encryptionIsMet},
	{"!! sends a !, and what begins with one ! is never sent", exclamations},
	{"delayed copies, corrections and repetitions are not carried out", notTwice},
	{"forms have a default action and no note, results one note and no table", formsAreSimple},
	{"commands are found at each address", commandsEverywhere},
	{"the receipt is asked for, comes once, and is kept", receiptsComeOnce},
	{"seen on the page is displayed in the client", displayedWhenSeen},
	{"typing is told to both sides and not kept", typingIsPassing},
	{"any type of message with a body is taken, rooms' and errors are not", typesOfMessages},
	{"errors are never answered", errorsEndThere},
	{"an offer that is taken is corrected, and a late taker told", offersEnd},
	{"subscriptions to a visitor are answered both ways", subscriptions},
}

// TestRules runs them, each in a conversation of its own.
func TestRules(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	people := s.operators("xavi", "olga")
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			x, o := &person{people[0].Client, t}, &person{people[1].Client, t}
			c, err := visitor.New(s.url).Ask(t.Context(), visitor.Inquiry{Name: "Anna Öst", Reason: "How?", Language: "de", Page: &visitor.Page{URL: "https://shop.example/pricing"}})
			if err != nil {
				t.Fatal(err)
			}
			r.try(&talk{t, x, o, c, c.Visitor})
			if err := c.Post(t.Context(), "/close", nil); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// taken lets Xavi take it and read the transcript.
func (k *talk) taken() {
	k.t.Helper()
	k.x.desk(fmt.Sprint(k.c.Number), "is yours")
	k.x.hears(k.jid, "How?")
}

// says has the visitor say something, and returns how it comes.
func (k *talk) says(text string) *stream.Element {
	k.t.Helper()
	if _, err := k.c.Write(k.t.Context(), "", text); err != nil {
		k.t.Fatal(err)
	}
	return k.x.expect(text, operator.Body(k.jid, text))
}

// log is what the visitor can read.
func (k *talk) log() string {
	k.t.Helper()
	events, err := k.c.Poll(k.t.Context(), 0, 0)
	if err != nil {
		k.t.Fatal(err)
	}
	var texts []string
	for _, e := range events.Events {
		texts = append(texts, e.Text)
	}
	return strings.Join(texts, "\n")
}

// silence makes sure that nothing like that came, by an answer that would come after it.
func (p *person) silence(what string, m operator.Match) {
	p.t.Helper()
	p.iq("get", demo.Desk, stream.New("urn:xmpp:ping", "ping"))
	for _, el := range p.All() {
		if m(el) {
			p.t.Errorf("%s: %s", what, el.Append(nil))
		}
	}
}

var uuid4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func contentIsPlain(k *talk) {
	k.taken()
	m := k.says("Is it blue?")
	if m.Get("from") != k.jid || m.Get("to") != k.x.Bare || m.Get("type") != "chat" || !uuid4.MatchString(m.Get("id")) {
		k.t.Errorf("addressed %s", m.Append(nil))
	}
	for _, want := range [][2]string{{nsReceipts, "request"}, {nsMarkers, "markable"}, {nsStates, "active"}} {
		if m.Child(want[0], want[1]) == nil {
			k.t.Errorf("lacks %s: %s", want[1], m.Append(nil))
		}
	}
	if m.Child(nsSID, "origin-id").Get("id") != m.Get("id") || m.Child(nsDelay, "delay") != nil {
		k.t.Errorf("origin-id and delay: %s", m.Append(nil))
	}
}

func addressIsTheName(k *talk) {
	if !regexp.MustCompile(`^anna-oest-[a-z2-9]{4}@support\.localhost$`).MatchString(k.jid) {
		k.t.Errorf("the address is %s", k.jid)
	}
}

func everyRequestIsAnswered(k *talk) {
	for _, to := range []string{demo.Domain, demo.Desk, k.jid, k.jid + "/web", "nobody-aaaa@" + demo.Domain} {
		for _, kind := range []string{"get", "set"} {
			answer := k.x.iq(kind, to, stream.New("urn:example:unknown", "query"))
			if answer.Get("type") != "error" || answer.Child("", "error").Child(nsStanzas, "service-unavailable") == nil {
				k.t.Errorf("%s to %s: %s", kind, to, answer.Append(nil))
			}
		}
	}
}

func whatTheyAre(k *talk) {
	for to, want := range map[string]string{demo.Domain: "gateway/livechat", demo.Desk: "client/bot", k.jid: "account/registered", k.jid + "/web": "account/registered"} {
		q := k.x.iq("get", to, stream.New(nsInfo, "query")).Child(nsInfo, "query")
		var identities []string
		for _, el := range q.Children {
			if el.Local == "identity" {
				identities = append(identities, el.Get("category")+"/"+el.Get("type"))
			}
		}
		if strings.Join(identities, " ") != want {
			k.t.Errorf("%s is %v, want %s", to, identities, want)
		}
	}
	presence := k.x.expect("presence with capabilities", func(el *stream.Element) bool {
		return el.Local == "presence" && el.Get("from") == k.jid+"/web" && el.Child(nsCaps, "c") != nil
	}).Child(nsCaps, "c")
	node := presence.Get("node") + "#" + presence.Get("ver")
	if q := k.x.iq("get", k.jid+"/web", stream.New(nsInfo, "query").With("node", node)).Child(nsInfo, "query"); q.Get("node") != node || len(q.Children) < 2 {
		k.t.Errorf("asked for %s: %s", node, q.Append(nil))
	}
}

func introducedFirst(k *talk) {
	k.taken()
	order := map[string]int{}
	for i, el := range k.x.All() {
		key := ""
		from, _, _ := strings.Cut(el.Get("from"), "/")
		switch items := el.Child(nsPubsub+"#event", "event").Child(nsPubsub+"#event", "items"); {
		case from != k.jid:
			continue
		case items.Get("node") == nsNick || items.Get("node") == nsMeta:
			key = items.Get("node")
			if el.Get("from") != k.jid || el.Get("type") != "headline" {
				k.t.Errorf("the event is %s", el.Append(nil))
			}
		case el.Local == "presence" && el.Get("type") == "":
			key = "presence"
			if el.Get("from") != k.jid+"/web" || !strings.Contains(el.ChildText("", "status"), "/pricing") || !strings.Contains(el.ChildText("", "status"), "de") {
				k.t.Errorf("the presence is %s", el.Append(nil))
			}
		case el.ChildText("", "body") != "":
			key = "message"
		}
		if _, known := order[key]; !known {
			order[key] = i
		}
	}
	for _, key := range []string{nsNick, nsMeta, "presence"} {
		if at, ok := order[key]; !ok || at > order["message"] {
			k.t.Errorf("%s comes at %d (%v), the first message at %d", key, at, ok, order["message"])
		}
	}
	k.x.Presence("away")
	k.x.Presence("")
	k.x.expect("the name again", func(el *stream.Element) bool {
		return el.Get("from") == k.jid && el.Child(nsPubsub+"#event", "event").Child(nsPubsub+"#event", "items").Get("node") == nsNick
	})
}

func pictureIsServed(k *talk) {
	ask := func(item *stream.Element) *stream.Element {
		return k.x.iq("get", k.jid, stream.New(nsPubsub, "pubsub", stream.New(nsPubsub, "items", item).With("node", nsData84))).
			Child(nsPubsub, "pubsub").Child(nsPubsub, "items").Child(nsPubsub, "item")
	}
	all := ask(nil)
	one := ask(stream.New(nsPubsub, "item").With("id", all.Get("id")))
	data := all.ChildText(nsData84, "data")
	if png, err := base64.StdEncoding.DecodeString(data); err != nil || http.DetectContentType(png) != "image/png" || len(all.Get("id")) != 40 {
		k.t.Errorf("the picture: %v %s", err, all.Append(nil))
	}
	if one.ChildText(nsData84, "data") != data {
		k.t.Error("asked for by its id it is another one")
	}
	card := k.x.iq("get", k.jid, stream.New("vcard-temp", "vCard")).Child("vcard-temp", "vCard")
	if card.Child("vcard-temp", "PHOTO").ChildText("vcard-temp", "BINVAL") != data || card.ChildText("vcard-temp", "FN") != "Anna Öst" {
		k.t.Errorf("the card: %s", card.Append(nil))
	}
}

func encryptionIsMet(k *talk) {
	k.taken()
	const devices = "eu.siacs.conversations.axolotl.devicelist"
	items := k.x.iq("get", k.jid, stream.New(nsPubsub, "pubsub", stream.New(nsPubsub, "items").With("node", devices))).Child(nsPubsub, "pubsub").Child(nsPubsub, "items")
	if items.Get("node") != devices || len(items.Children) != 0 {
		k.t.Errorf("devices: %s", items.Append(nil))
	}
	id := rand.Text()
	k.x.Send(stream.New("", "message", stream.Text("", "body", "I sent you an OMEMO encrypted message"), stream.New("eu.siacs.conversations.axolotl", "encrypted")).
		With("type", "chat", "to", k.jid, "id", id))
	k.x.expect("the bounce", bounced(id, "not-acceptable"))
	if strings.Contains(k.log(), "OMEMO") {
		k.t.Error("the visitor reads of OMEMO")
	}
}

func exclamations(k *talk) {
	k.taken()
	k.x.says(k.jid, "!!important")
	if !strings.Contains(k.log(), "\n!important") {
		k.t.Errorf("the visitor reads %q", k.log())
	}
	for line, want := range map[string]string{"!note secret": "Noted", "! Note secret": "Noted", "!clsoe secret": "Did you mean !close?", "> quoted\n!note secret": "Noted"} {
		k.x.Chat(k.jid, rand.Text(), line)
		if got := k.x.hears(k.jid, "[Desk]"); !strings.Contains(got, want) {
			k.t.Errorf("%q: %q", line, got)
		}
	}
	if strings.Contains(k.log(), "secret") {
		k.t.Errorf("the visitor reads %q", k.log())
	}
}

func notTwice(k *talk) {
	k.taken()
	note := func(id string, more ...*stream.Element) {
		k.x.Send(stream.New("", "message", append([]*stream.Element{stream.Text("", "body", "!note once")}, more...)...).With("type", "chat", "to", k.jid, "id", id))
	}
	note("late", stream.New(nsDelay, "delay").With("stamp", time.Now().UTC().Format(time.RFC3339)))
	k.x.hears(k.jid, "came late")
	note("changed", stream.New(nsReplace, "replace").With("id", "x"))
	k.x.hears(k.jid, "A correction is not carried out")
	for range 2 {
		k.x.Chat(k.jid, "same", "Only once")
	}
	k.x.says(k.jid, "and then this")
	if n := strings.Count(k.log(), "Only once"); n != 1 {
		k.t.Errorf("the visitor reads it %d times", n)
	}
}

func formsAreSimple(k *talk) {
	form := k.x.iq("set", demo.Desk, stream.New(nsCommands, "command").With("node", "take", "action", "execute")).Child(nsCommands, "command")
	if form.Get("status") != "executing" || form.Child(nsCommands, "actions").Get("execute") == "" || form.Child(nsCommands, "note") != nil || form.Child(nsData, "x").Get("type") != "form" {
		k.t.Errorf("the form: %s", form.Append(nil))
	}
	for _, f := range form.Child(nsData, "x").Children {
		if f.Local == "field" && f.Get("label") == "" {
			k.t.Errorf("a field without a label: %s", f.Append(nil))
		}
	}
	done := k.x.iq("set", demo.Desk, stream.New(nsCommands, "command").With("node", "queue")).Child(nsCommands, "command")
	if done.Get("status") != "completed" || len(done.Children) != 1 || done.Child(nsCommands, "note").Get("type") != "info" {
		k.t.Errorf("the result: %s", done.Append(nil))
	}
}

func commandsEverywhere(k *talk) {
	for to, want := range map[string]string{demo.Domain: "take", demo.Desk: "take", k.jid: "close", k.jid + "/web": "close"} {
		list := k.x.iq("get", to, stream.New(nsItems, "query").With("node", nsCommands)).Child(nsItems, "query")
		found := false
		for _, item := range list.Children {
			found = found || item.Get("node") == want
			if len(item.Attr) != 3 || len(item.Children) != 0 || item.Get("jid") != to || item.Get("name") == "" {
				k.t.Errorf("%s lists %s", to, item.Append(nil))
			}
		}
		if !found {
			k.t.Errorf("%s lacks %s: %s", to, want, list.Append(nil))
		}
	}
}

func receiptsComeOnce(k *talk) {
	k.taken()
	id := rand.Text()
	for range 2 {
		k.x.saysAs(k.jid, id, "Blue")
	}
	first := k.x.expect("the receipt", func(el *stream.Element) bool { return el.Child(nsReceipts, "received").Get("id") == id })
	if first.Get("from") != k.jid || first.Get("to") != k.x.Bare || first.Child(nsHints, "store") == nil {
		k.t.Errorf("the receipt is %s", first.Append(nil))
	}
	k.x.Send(stream.New("", "message", stream.Text("", "body", "Green")).With("type", "chat", "to", k.jid, "id", "unasked"))
	k.x.says(k.jid, "Red")
	k.x.silence("a receipt that nobody asked for", func(el *stream.Element) bool { return el.Child(nsReceipts, "received").Get("id") == "unasked" })
}

// saysAs sends a message under an id, asking for a receipt.
func (p *person) saysAs(to, id, text string) {
	p.Send(stream.New("", "message", stream.Text("", "body", text), stream.New(nsReceipts, "request")).With("type", "chat", "to", to, "id", id))
}

func displayedWhenSeen(k *talk) {
	k.taken()
	id := k.x.says(k.jid, "Blue")
	events, err := k.c.Poll(k.t.Context(), 0, 0)
	if err != nil {
		k.t.Fatal(err)
	}
	k.x.silence("a marker before it is seen", func(el *stream.Element) bool { return el.Child(nsMarkers, "displayed").Get("id") == id })
	if err := k.c.Post(k.t.Context(), "/seen", map[string]int64{"seq": events.Seq}); err != nil {
		k.t.Fatal(err)
	}
	m := k.x.expect("displayed", func(el *stream.Element) bool { return el.Child(nsMarkers, "displayed").Get("id") == id })
	if m.Get("from") != k.jid || m.Get("to") != k.x.Bare || m.Child(nsHints, "store") == nil {
		k.t.Errorf("the marker is %s", m.Append(nil))
	}
}

func typingIsPassing(k *talk) {
	k.taken()
	if err := k.c.Post(k.t.Context(), "/typing", map[string]bool{"active": true}); err != nil {
		k.t.Fatal(err)
	}
	m := k.x.expect("composing", func(el *stream.Element) bool {
		return el.Get("from") == k.jid && el.Child(nsStates, "composing") != nil
	})
	if m.Child("", "body") != nil || m.Child(nsHints, "no-store") == nil || m.Get("type") != "chat" {
		k.t.Errorf("typing is %s", m.Append(nil))
	}
	stream_, err := k.c.Stream(within(k.t), 0)
	if err != nil {
		k.t.Fatal(err)
	}
	defer stream_.Close()
	k.x.Send(stream.New("", "message", stream.New(nsStates, "composing")).With("type", "chat", "to", k.jid))
	if e, err := stream_.Until(func(e visitor.Event) bool { return e.Type == "typing" }); err != nil || e.Seq != 0 {
		k.t.Errorf("typing: %+v, %v", e, err)
	}
}

func typesOfMessages(k *talk) {
	k.taken()
	for _, kind := range []string{"chat", "normal", ""} {
		k.x.Send(stream.New("", "message", stream.Text("", "body", "of the type "+kind+".")).With("type", kind, "to", k.jid, "id", rand.Text()))
	}
	id := rand.Text()
	k.x.Send(stream.New("", "message", stream.Text("", "subject", "A topic")).With("type", "groupchat", "to", k.jid, "id", id))
	k.x.expect("the refusal", bounced(id, "not-acceptable"))
	k.x.says(k.jid, "the end")
	for _, kind := range []string{"chat", "normal", ""} {
		if !strings.Contains(k.log(), "of the type "+kind+".") {
			k.t.Errorf("the type %q is lost: %q", kind, k.log())
		}
	}
}

func errorsEndThere(k *talk) {
	k.taken()
	id := rand.Text()
	k.x.Send(stream.New("", "message", stream.Text("", "body", "!help"), stream.New("", "error", stream.New(nsStanzas, "service-unavailable")).With("type", "cancel")).
		With("type", "error", "to", demo.Desk, "id", id))
	k.x.silence("an answer to an error", func(el *stream.Element) bool { return el.Get("id") == id })
}

func offersEnd(k *talk) {
	offer := k.o.expect("the offer", operator.Body(demo.Desk, fmt.Sprintf("#%d Anna", k.c.Number))).Get("id")
	k.taken()
	end := k.o.expect("the end", outcome(fmt.Sprintf("#%d taken by Xavi", k.c.Number)))
	if end.Child(nsReplace, "replace").Get("id") != offer && end.Child(nsRetract, "retract").Get("id") != offer {
		k.t.Errorf("it is of %s: %s", offer, end.Append(nil))
	}
	if end.Child(nsRetract, "retract") != nil && end.Child(nsFallback, "fallback").Get("for") != nsRetract {
		k.t.Errorf("without a fallback: %s", end.Append(nil))
	}
	k.o.desk(fmt.Sprint(k.c.Number), fmt.Sprintf("#%d was taken by Xavi", k.c.Number))
	id := rand.Text()
	k.o.Chat(k.jid, id, "me, too")
	k.o.expect("the refusal", bounced(id, "conflict"))
	if strings.Contains(k.log(), "me, too") {
		k.t.Error("the visitor reads who came late")
	}
}

func subscriptions(k *talk) {
	k.x.roster() // who has not asked for it is not told of changes
	k.x.Send(stream.New("", "presence").With("type", "subscribe", "to", k.jid))
	k.x.expect("that it is granted", func(el *stream.Element) bool { // the server keeps the stanza, and pushes the contact
		item := el.Child("jabber:iq:roster", "query").Child("jabber:iq:roster", "item")
		return item.Get("jid") == k.jid && item.Get("subscription") == "to"
	})
	k.x.expect("the wish for the same", presenceOf(k.jid, "subscribe"))
}
