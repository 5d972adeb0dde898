package e2e_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"image/png"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

const (
	nsPubsub  = "http://jabber.org/protocol/pubsub"
	nsNick    = "http://jabber.org/protocol/nick"
	nsMeta    = "urn:xmpp:avatar:metadata"
	nsPicture = "urn:xmpp:avatar:data"
)

// event matches a visitor's PEP event for a node (XEP-0163 §4.3).
func event(from, node string) operator.Match {
	return func(el *stream.Element) bool {
		return el.Get("from") == from && el.Child(nsPubsub+"#event", "event").Child(nsPubsub+"#event", "items").Get("node") == node
	}
}

// eventOf is a PEP event that an operator gets from a bare address.
func eventOf(from, to, node, item string) string {
	return "<message type='headline' id='UUID' from='" + from + "' to='" + to + "'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='" + node + "'>" +
		item + "</items></event></message>"
}

// The statuses of a visitor's presence while nobody has taken the conversation: asking before the
// page connects, and open while the page is open.
const (
	asking = "<status>waiting… – de</status>"
	open   = "<status>/pricing – de</status>"
)

// present is a visitor's presence.
func present(from, to, status string) string {
	return "<presence from='" + from + "/web' to='" + to + "'>" + status +
		"<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:porchlight' ver='…'/>" +
		"<x xmlns='vcard-temp:x:update'><photo>…</photo></x>" + nickname + "</presence>"
}

// introduced waits for the three stanzas that make a visitor known.
func (k *talk) introduced(p *person, status string) {
	k.t.Helper()
	called := func(stanza string) string { return strings.ReplaceAll(stanza, "Anna Öst", "Anna Öst"+k.nth) }
	p.gets("the name", event(k.jid, nsNick), called(eventOf(k.jid, p.Bare, nsNick, "<item id='current'>"+nickname+"</item>")))
	p.gets("the picture", event(k.jid, nsMeta), eventOf(k.jid, p.Bare, nsMeta,
		"<item id='…'><metadata xmlns='urn:xmpp:avatar:metadata'><info id='…' type='image/png' bytes='…' width='96' height='96'/></metadata></item>"))
	p.gets("the presence", presenceOf(k.jid, ""), called(present(k.jid, p.Bare, status)))
}

func introducedFirst(k *talk) {
	k.introduced(k.x, asking)
	k.opens()
	k.gets(k.x, asking)
	k.taken()
	k.introduced(k.x, open)
	var order []string
	for _, el := range k.x.All() {
		switch from, _, _ := strings.Cut(el.Get("from"), "/"); {
		case from != k.jid:
		case operator.Body(k.jid, "")(el):
			order = append(order, "message")
		default:
			order = append(order, el.Local+el.Child(nsPubsub+"#event", "event").Child(nsPubsub+"#event", "items").Get("node"))
		}
	}
	three := []string{"message" + nsNick, "message" + nsMeta, "presence"}
	if got, want := strings.Join(order, " "), strings.Join(slices.Concat(three, []string{"presence"}, three, []string{"message"}), " "); got != want {
		k.t.Errorf("they come as %s, want %s", got, want)
	}
	for _, show := range []string{"dnd", ""} {
		k.x.Presence(show)
		k.introduced(k.x, open)
	}
}

func pictureIsServed(k *talk) {
	ask := func(node string, item ...*stream.Element) *stream.Element {
		k.t.Helper()
		return k.x.iq("get", k.jid, stream.New(nsPubsub, "pubsub", stream.New(nsPubsub, "items", item...).With("node", node)))
	}
	items := func(node, id, payload string) string {
		return answerOf(k.jid, k.x.JID, "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='"+node+"'><item id='"+id+"'>"+payload+"</item></items></pubsub>")
	}
	card := k.x.iq("get", k.jid, stream.New("vcard-temp", "vCard"))
	data := card.Child("vcard-temp", "vCard").Child("vcard-temp", "PHOTO").ChildText("vcard-temp", "BINVAL")
	k.x.is(card, answerOf(k.jid, k.x.JID, "<vCard xmlns='vcard-temp'><FN>Anna Öst</FN><NICKNAME>Anna Öst</NICKNAME><PHOTO><TYPE>image/png</TYPE><BINVAL>"+data+"</BINVAL></PHOTO></vCard>"))
	file, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		k.t.Fatal(err)
	}
	size, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil || size.Width != size.Height || size.Width < 96 || size.Width > 192 {
		k.t.Errorf("the picture is %+v, %v", size, err)
	}
	id, side := fmt.Sprintf("%x", sha1.Sum(file)), strconv.Itoa(size.Width)
	payload := "<data xmlns='urn:xmpp:avatar:data'>" + data + "</data>"
	k.x.is(ask(nsPicture), items(nsPicture, id, payload))
	k.x.is(ask(nsPicture, stream.New(nsPubsub, "item").With("id", id)), items(nsPicture, id, payload))
	k.x.is(ask(nsMeta), items(nsMeta, id, "<metadata xmlns='urn:xmpp:avatar:metadata'><info id='"+id+"' type='image/png' bytes='"+strconv.Itoa(len(file))+
		"' width='"+side+"' height='"+side+"'/></metadata>"))
	k.x.is(ask(nsNick), items(nsNick, "current", nickname))
	shown := k.x.expect("the presence", presenceOf(k.jid, ""))
	if got := shown.Child("vcard-temp:x:update", "x").ChildText("vcard-temp:x:update", "photo"); got != id {
		k.t.Errorf("the presence shows the picture %s, not %s", got, id)
	}
}

// gets waits for the visitor's presence with the status.
func (k *talk) gets(p *person, status string) {
	k.t.Helper()
	p.gets("the presence", presenceOf(k.jid, ""), present(k.jid, p.Bare, status))
}

// presenceFollowsThePage: the visitor is online while the page is open, away while it is hidden,
// and offline when it is gone, both for operators who are asked and for those who take part.
func presenceFollowsThePage(k *talk) {
	who := []*person{k.x, k.o}
	follow := func(status string) {
		k.t.Helper()
		all := func(show string) {
			k.t.Helper()
			for _, p := range who {
				k.gets(p, show+status)
			}
		}
		page := k.opens()
		all("")
		for _, show := range []string{"<show>away</show>", ""} {
			if err := k.c.Post(k.t.Context(), "/page", map[string]any{"url": "https://shop.example/pricing", "hidden": show != ""}); err != nil {
				k.t.Fatal(err)
			}
			all(show)
		}
		page.Close()
		for _, p := range who {
			k.vanishes(p)
		}
	}
	for _, p := range who {
		k.introduced(p, asking)
	}
	follow(asking)
	k.taken()
	k.command(k.x, "!invite olga", fmt.Sprintf("Olga takes part in #%d now.", k.c.Number))
	k.o.reads(k.jid, "…How?…", nickname)
	for _, p := range who {
		p.Forget()
	}
	follow(open)
}

// vanishes waits until an operator is told that the visitor is gone.
func (k *talk) vanishes(p *person) {
	k.t.Helper()
	p.gets("that the visitor is gone", presenceOf(k.jid, "unavailable"), gone(k.jid+"/web", p.Bare))
}

func gone(from, to string) string {
	return "<presence type='unavailable' from='" + from + "' to='" + to + "'/>"
}

func presenceIsTakenBack(k *talk) {
	k.introduced(k.o, asking)
	k.o.Chat(demo.Desk, rand.Text(), fmt.Sprintf("decline %d", k.c.Number))
	k.vanishes(k.o)
	k.opens()
	k.taken()
	k.command(k.x, "!invite olga", fmt.Sprintf("Olga takes part in #%d now.", k.c.Number))
	k.introduced(k.o, open)
	k.command(k.o, "!leave", fmt.Sprintf("You take no part in #%d any more.", k.c.Number))
	k.vanishes(k.o)
	k.command(k.x, "!transfer olga", fmt.Sprintf("#%d is offered to Olga now.", k.c.Number))
	k.vanishes(k.x)
	k.introduced(k.o, asking)
	k.o.take(k.c.Number, k.jid)
	k.command(k.o, "!close", fmt.Sprintf("#%d is closed.", k.c.Number))
	k.vanishes(k.o)
}

func presenceOutlastsNothing(t *testing.T) {
	s := start(t, nil)
	people := s.operators("xavi", "olga")
	mine := begin(t, s, people[0], people[1])
	mine.opens()
	mine.taken()
	mine.vanishes(mine.o)
	mine.command(mine.x, "!invite olga", "Olga takes part in #1 now.")
	waiting := begin(t, s, people[0], people[1])
	waiting.nth = " (2)"
	for _, p := range people {
		p.hears(demo.Desk, "#2 Anna")
	}
	if status, _ := s.stop(syscall.SIGTERM); status != 0 {
		t.Errorf("exit status %d", status)
	}
	for _, p := range people {
		mine.vanishes(p)
		waiting.vanishes(p)
		p.gets("that the desk is gone", presenceOf(demo.Desk, "unavailable"), gone(demo.Desk+"/desk", p.Bare))
		p.gets("that the department is gone", presenceOf("support@"+demo.Domain, "unavailable"), gone("support@"+demo.Domain, p.Bare))
	}
	for _, p := range people {
		p.Forget()
	}
	s.up()
	mine.opens()
	for _, p := range people {
		p.gets("the desk", presenceOf(demo.Desk, ""), "<presence from='"+demo.Desk+"/desk' to='"+p.Bare+"'><status>…</status>"+
			"<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:porchlight' ver='…'/><x xmlns='vcard-temp:x:update'><photo>…</photo></x></presence>")
		mine.introduced(p, open)
		waiting.introduced(p, asking)
	}
}

func subscriptions(k *talk) {
	k.introduced(k.x, asking)
	k.opens()
	k.gets(k.x, asking)
	k.taken()
	k.x.roster() // a client that has not asked for its roster is not told of changes
	k.x.silence(k.jid, "a request of the visitor's", presenceOf(k.jid, "subscribe"))
	k.introduced(k.x, open)
	k.x.Send(stream.New("", "presence").With("type", "subscribe", "to", k.jid))
	k.x.expect("that it is granted", func(el *stream.Element) bool { // the server keeps the answer for itself, and pushes the contact
		item := el.Child(nsRoster, "query").Child("", "item")
		return item.Get("jid") == k.jid && item.Get("subscription") == "to"
	})
	k.x.gets("the wish for the same", presenceOf(k.jid, "subscribe"), "<presence type='subscribe' from='"+k.jid+"' to='"+k.x.Bare+"'/>")
	k.x.gets("the presence", presenceOf(k.jid, ""), present(k.jid, k.x.Bare, open))
	nobody := "nobody-2222@" + demo.Domain
	k.x.Send(stream.New("", "presence").With("type", "subscribe", "to", nobody))
	k.x.expect("that nobody is there", func(el *stream.Element) bool { // a push, as for the visitor
		item := el.Child(nsRoster, "query").Child("", "item")
		return item.Get("jid") == nobody && item.Get("subscription") == "none" && item.Get("ask") == ""
	})
	k.x.silence(k.jid, "a request of nobody's", presenceOf(nobody, "subscribe"))
}

// deskSubscribes: the desk asks operators who have never heard of it for their presence, whether
// they are online at that time or log in later. Operators who agree are on duty, and need not add
// a contact themselves.
func deskSubscribes(t *testing.T) {
	for _, online := range []bool{true, false} {
		t.Run(fmt.Sprintf("online=%v", online), func(t *testing.T) {
			t.Parallel()
			s := start(t, nil) // vera is no operator yet
			var v *person
			if online {
				v = login(t, s.server.ClientAddr(), "vera", "")
			}
			s.stopAndConfigure(settings{"super_operators": fmt.Sprintf("[%q]", demo.Stranger)})
			if !online {
				v = login(t, s.server.ClientAddr(), "vera", "")
			}
			v.gets("the desk's request", presenceOf(demo.Desk, "subscribe"), "<presence type='subscribe' from='"+demo.Desk+"' to='"+v.Bare+"'>"+
				"<status>porchlight asks to see when you are available for visitors</status></presence>")
			v.Send(stream.New("", "presence").With("type", "subscribed", "to", demo.Desk))
			s.online(1)
			v.hears(demo.Desk, "Hello Vera, this is the support desk")
			v.desk("status", "Offers: on.")
		})
	}
}

// stopAndConfigure starts porchlight again with other settings.
func (s *site) stopAndConfigure(more settings) {
	s.t.Helper()
	s.kill()
	s.configure(strings.TrimPrefix(s.url, "http://"), more)
	s.up()
}

// settingIsDocumented: only clients that encrypt by themselves need a setting before they send
// plain text, and the guide has to name it as the client does.
func settingIsDocumented(k *talk) {
	guide, err := os.ReadFile("../docs/operators.md")
	if err != nil {
		k.t.Fatal(err)
	}
	for client, says := range map[string]string{
		"Conversations": "Settings → Security → OMEMO Encryption → Off by default",
		"Dino":          "OMEMO by default* off",
		"Monal":         "Enable encryption by default for new chats*: off",
	} {
		_, chapter, _ := strings.Cut(string(guide), "\n## "+client+"\n")
		chapter, _, _ = strings.Cut(chapter, "\n## ")
		if !strings.Contains(chapter, says) {
			k.t.Errorf("%s: the guide does not say %q", client, says)
		}
	}
	if !strings.Contains(string(guide), "Not Quicksy") {
		k.t.Error("the guide does not warn of Quicksy")
	}
}

func encryptionIsMet(k *talk) {
	k.taken()
	for _, node := range []string{"eu.siacs.conversations.axolotl.devicelist", "urn:xmpp:omemo:2:devices", "urn:xmpp:openpgp:0:public-keys"} {
		answer := k.x.iq("get", k.jid, stream.New(nsPubsub, "pubsub", stream.New(nsPubsub, "items").With("node", node)))
		k.x.is(answer, answerOf(k.jid, k.x.JID, "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='"+node+"'/></pubsub>"))
	}
	id := k.x.transmits("chat", k.jid, body("I sent you an OMEMO encrypted message"), stream.New("eu.siacs.conversations.axolotl", "encrypted"))
	k.x.gets("the bounce", bounced(id, "not-acceptable"), errorTo("message", k.jid, k.x.JID, id, "modify", "not-acceptable",
		"This message is encrypted, and neither porchlight nor a visitor&#39;s browser can read it. It was not delivered. Switch encryption (OMEMO) off for this chat. Then send it again."))
	if strings.Contains(k.log(), "OMEMO") {
		k.t.Error("the visitor reads of OMEMO")
	}
}
