package e2e_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// received matches the receipt for a message.
func received(id string) operator.Match {
	return func(el *stream.Element) bool { return el.Child(nsReceipts, "received").Get("id") == id }
}

// receipt is the receipt for a message. The server keeps it for the operator's other devices.
func receipt(from, to, id string) string {
	return chatOf(from, to, "<received xmlns='urn:xmpp:receipts' id='"+id+"'/><store xmlns='urn:xmpp:hints'/>")
}

// displayed matches the marker for a message.
func displayed(id string) operator.Match {
	return func(el *stream.Element) bool { return el.Child(nsMarkers, "displayed").Get("id") == id }
}

func receiptsComeOnce(k *talk) {
	k.taken()
	id := rand.Text()
	for n := 1; n <= 2; n++ {
		k.x.Chat(k.jid, id, "Blue")
		k.x.gets("the receipt", received(id), receipt(k.jid, k.x.Bare, id))
	}
	if n := strings.Count(k.log(), "Blue"); n != 1 {
		k.t.Errorf("the visitor reads it %d times", n)
	}
	unasked := k.x.transmits("chat", k.jid, body("Green"))
	k.x.silence(k.jid, "a receipt that nobody asked for", received(unasked))
	k.o.Chat(k.jid, id, "Not mine")
	k.o.expect("the refusal", bounced(id, "conflict"))
	k.o.silence(k.jid, "a receipt for what was not stored", received(id))
}

func displayedWhenSeen(k *talk) {
	k.taken()
	id := k.x.says(k.jid, "Blue")
	events := k.events()
	k.x.silence(k.jid, "a marker before it is seen", displayed(id))
	if err := k.c.Post(k.t.Context(), "/seen", map[string]int64{"seq": events[len(events)-1].Seq}); err != nil {
		k.t.Fatal(err)
	}
	k.x.gets("displayed", displayed(id), chatOf(k.jid, k.x.Bare, "<displayed xmlns='urn:xmpp:chat-markers:0' id='"+id+"'/><store xmlns='urn:xmpp:hints'/>"))
}

func typingIsPassing(k *talk) {
	k.taken()
	for _, state := range []string{"composing", "paused"} {
		if err := k.c.Post(k.t.Context(), "/typing", map[string]bool{"active": state == "composing"}); err != nil {
			k.t.Fatal(err)
		}
		k.x.gets(state, func(el *stream.Element) bool { return el.Get("from") == k.jid && el.Child(nsStates, state) != nil },
			chatOf(k.jid, k.x.Bare, "<"+state+" xmlns='http://jabber.org/protocol/chatstates'/><no-store xmlns='urn:xmpp:hints'/>"))
	}
	page := k.opens()
	for _, state := range []string{"composing", "paused"} {
		k.x.transmits("chat", k.jid, stream.New(nsStates, state))
		e, err := page.Until(func(e visitor.Event) bool { return e.Type == "typing" })
		if err != nil || e.Seq != 0 || e.Active != (state == "composing") {
			k.t.Errorf("%s: %+v, %v", state, e, err)
		}
	}
}

// quietClient: most clients send strangers no receipts, no markers and no typing. So only an
// operator's answer shows that the operator has read something.
func quietClient(k *talk) {
	k.x.transmits("chat", k.jid, body("I take this by writing."))
	k.x.reads(k.jid, fmt.Sprintf("#%d Anna Öst, …How?", k.c.Number), nickname)
	for _, text := range numbered("question ", 5) {
		k.says(text)
	}
	k.x.transmits("chat", k.jid, body("answer"))
	k.x.handled(k.jid)
	k.says("Thanks")
	eventually(k.t, "all is routed", func() bool {
		now, err := k.c.Snapshot(k.t.Context())
		return err == nil && now.State == "active" && now.Receipts.Confirmed == now.Seq && now.Receipts.Delivered == 0
	})
	if !strings.Contains(k.log(), "I take this by writing.\nquestion 1\n") || !strings.HasSuffix(k.log(), "\nquestion 5\nanswer\nThanks") {
		k.t.Errorf("the visitor reads %q", k.log())
	}
}

func typesOfMessages(k *talk) {
	k.taken()
	for _, kind := range []string{"chat", "normal", "", "headline"} {
		k.x.transmits(kind, k.jid, body("of the type "+kind+"."))
	}
	for _, said := range []*stream.Element{stream.Text("", "subject", "A topic"), body("A topic")} {
		id := k.x.transmits("groupchat", k.jid, said)
		k.x.gets("the refusal", bounced(id, "not-acceptable"), errorTo("message", k.jid, k.x.JID, id, "modify", "not-acceptable", "This is no room."))
	}
	k.x.says(k.jid, "the end")
	if !strings.HasSuffix(k.log(), "\nof the type chat.\nof the type normal.\nof the type .\nof the type headline.\nthe end") {
		k.t.Errorf("the visitor reads %q", k.log())
	}
}

func signalsWithoutType(k *talk) {
	k.taken()
	proved := func(what string, ok func(visitor.Snapshot) bool) {
		k.t.Helper()
		eventually(k.t, what, func() bool {
			now, err := k.c.Snapshot(k.t.Context())
			return err == nil && ok(now)
		})
	}
	seq := k.writes("Blue")
	id := k.x.reads(k.jid, "Blue").Get("id")
	k.x.transmits("", k.jid, stream.New(nsReceipts, "received").With("id", id))
	proved("that it is delivered", func(now visitor.Snapshot) bool { return now.Receipts.Delivered == seq && now.Receipts.Seen == 0 })
	k.x.transmits("", k.jid, stream.New(nsMarkers, "displayed").With("id", id))
	proved("that it is seen", func(now visitor.Snapshot) bool { return now.Receipts.Seen == seq })
	secret := k.x.says(k.jid, "hunter2")
	k.x.transmits("", k.jid, stream.New(nsRetract, "retract").With("id", secret), stream.New(nsReceipts, "request"))
	k.x.silence(k.jid, "an error", func(el *stream.Element) bool { return el.Get("from") == k.jid && el.Get("type") == "error" })
	if events := k.events(); events[len(events)-1].Type != "retraction" {
		k.t.Errorf("the last event is %+v", events[len(events)-1])
	}
}

func errorsEndThere(k *talk) {
	k.taken()
	for _, to := range []string{demo.Desk, k.jid} {
		id := k.x.transmits("error", to, body("!help"), stream.New("", "error", stream.New(nsStanzas, "service-unavailable")).With("type", "cancel"))
		k.x.Send(stream.New("", "iq", stream.New("urn:example:unknown", "query"), stream.New("", "error", stream.New(nsStanzas, "forbidden")).With("type", "auth")).
			With("type", "error", "to", to, "id", id))
		help := operator.Body(to, "help NAME says more.")
		k.x.silence(to, "an answer to an error", func(el *stream.Element) bool { return el.Get("id") == id || received(id)(el) || help(el) })
	}
	k.says("Still there?")
}

// whoBlocksLoses: an operator who blocks the visitor in the client (XEP-0191) loses the
// conversation, because the server sends back what the visitor writes.
func whoBlocksLoses(k *talk) {
	offer := fmt.Sprintf("#%d Anna Öst, Support: How?…", k.c.Number)
	k.o.reads(demo.Desk, offer)
	k.taken()
	blocking := func(action string) {
		k.t.Helper()
		answer := k.x.iq("set", "", stream.New("urn:xmpp:blocking", action, stream.New("", "item").With("jid", k.jid)))
		if answer.Get("type") != "result" {
			k.t.Fatalf("%s: %s", action, answer.Append(nil))
		}
	}
	blocking("block")
	k.writes("Are you there?")
	late := fmt.Sprintf("still waiting: #%d Anna Öst", k.c.Number)
	soon := fmt.Sprintf("#%d was offered again, because a message to you came back undelivered.", k.c.Number)
	k.x.expect("the loss", func(el *stream.Element) bool { // the message may come back before or after the operator can be reached again
		said := el.ChildText("", "body")
		return operator.Body(demo.Desk, "")(el) && (strings.Contains(said, late) || said == soon)
	})
	k.o.reads(demo.Desk, offer)
	blocking("unblock")
	k.x.silence(k.jid, "the visitor's words", operator.Body(k.jid, "Are you there?"))
	k.o.Chat(demo.Desk, rand.Text(), fmt.Sprint(k.c.Number))
	k.o.reads(k.jid, "…Are you there?…", nickname)
}

// gapIsTold: the server sends back what is written while porchlight is down, as far as the server
// knows of it. Afterwards the desk says which time is affected.
func gapIsTold(t *testing.T) {
	s := start(t, nil)
	k := begin(t, s, s.operators("xavi")[0], nil)
	k.taken()
	k.x.says(k.jid, "Before")
	s.kill()
	var lost *stream.Element
	eventually(t, "the server knows it, and sends my message back", func() (ok bool) {
		id := k.x.transmits("chat", k.jid, body("Lost"))
		el, err := k.x.Expect("an error", func(el *stream.Element) bool { return el.Get("type") == "error" && el.Get("id") == id }, 5*look)
		lost = el
		return err == nil
	})
	if reason := lost.Child("", "error").Children[0].Local; !slices.Contains([]string{"remote-server-timeout", "remote-server-not-found", "service-unavailable"}, reason) {
		t.Errorf("it comes back because of %s", reason)
	}
	s.up()
	k.x.reads(demo.Desk, "The link to the server was down from … to … UTC. What you wrote in that time may not have reached me.\n#1 Anna Öst: the last message I have from you is of … UTC: Before")
	k.x.says(k.jid, "Here I am")
	k.says("Go on")
	if log := k.log(); strings.Contains(log, "Lost") {
		t.Errorf("the visitor reads %q", log)
	}
}
