package e2e_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/visitor"
)

// replacing is the payload of a correction of the message with the id.
func replacing(id string) string {
	return "<replace xmlns='urn:xmpp:message-correct:0' id='" + id + "'/>"
}

// retracting is the payload of a retraction of the message with the id.
func retracting(id string) string {
	return "<retract xmlns='urn:xmpp:message-retract:1' id='" + id + "'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'><body/></fallback>"
}

// edits has the visitor change a message, and returns the HTTP status.
func (k *talk) edits(seq int64, text string) int {
	k.t.Helper()
	answer, err := k.c.Do(k.t.Context(), k.c.At("POST", "/messages", map[string]any{"client_id": rand.Text(), "text": text, "replaces": seq}))
	if err != nil {
		k.t.Fatal(err)
	}
	return answer.Status
}

func visitorEdits(k *talk) {
	k.taken()
	seq := k.writes("Helo")
	original := k.x.reads(k.jid, "Helo").Get("id")
	for _, text := range []string{"Hello", "Hello!"} {
		if status := k.edits(seq, text); status != http.StatusCreated {
			k.t.Errorf("status %d", status)
		}
		if m := k.x.reads(k.jid, text, replacing(original)); m.Get("id") == original {
			k.t.Errorf("the correction has the id of the message: %s", m.Append(nil))
		}
	}
	k.says("And now?")
	if status := k.edits(seq, "Too late"); status != http.StatusConflict {
		k.t.Errorf("an earlier message can be changed: status %d", status)
	}
}

// offered waits for the offer that an operator gets, and returns the stanza's id.
func (k *talk) offered(p *person) string {
	k.t.Helper()
	return p.reads(demo.Desk, fmt.Sprintf("#%d Anna Öst, Support: How?\nPage: https://shop.example/pricing…Anna Öst asks: How?", k.c.Number)).Get("id")
}

func offerIsCorrected(k *talk) {
	offer := k.offered(k.o)
	k.offered(k.x)
	k.taken()
	k.o.reads(demo.Desk, fmt.Sprintf("#%d taken by Xavi", k.c.Number), replacing(offer))
	for _, late := range []string{"%d", "take %d"} {
		k.o.Chat(demo.Desk, rand.Text(), fmt.Sprintf(late, k.c.Number))
		k.o.reads(demo.Desk, fmt.Sprintf("#%d was taken by Xavi.", k.c.Number))
	}
	id := k.o.transmits("chat", k.jid, body("me, too"))
	k.o.gets("the refusal", bounced(id, "conflict"), errorTo("message", k.jid, k.o.JID, id, "cancel", "conflict", fmt.Sprintf("#%d was taken by Xavi.", k.c.Number)))
	k.o.reads(k.jid, fmt.Sprintf("_#%d was taken by Xavi. Your message was not delivered._", k.c.Number))
	if strings.Contains(k.log(), "me, too") {
		k.t.Error("the visitor reads who came late")
	}
}

func offerIsRetracted(k *talk) {
	offer := k.offered(k.o)
	k.o.Chat(demo.Desk, rand.Text(), "who")
	k.o.reads(demo.Desk, "Olga (olga@localhost): …")
	k.taken()
	k.o.reads(demo.Desk, fmt.Sprintf("#%d taken by Xavi", k.c.Number), retracting(offer))
}

func guestsSeeRetractions(k *talk) {
	k.taken()
	k.command(k.x, "!invite olga", fmt.Sprintf("Olga takes part in #%d now.", k.c.Number))
	k.o.reads(k.jid, "…How?…", nickname)
	secret := k.x.says(k.jid, "hunter2")
	shown := k.o.reads(k.jid, "[Xavi] hunter2").Get("id")
	k.x.transmits("chat", k.jid, body("Xavi took it back"), stream.New(nsRetract, "retract").With("id", secret))
	k.o.reads(k.jid, "_Xavi took a message back._", retracting(shown))
}

// uploads sends a file as a page does.
func (k *talk) uploads(name string, content []byte) {
	k.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	file, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = file.Write(content)
	}
	if err != nil || w.Close() != nil {
		k.t.Fatal(err)
	}
	r := k.c.At("POST", "/files", form.Bytes())
	r.Header = map[string]string{"Content-Type": w.FormDataContentType()}
	if answer, err := k.c.Do(k.t.Context(), r); err != nil || answer.Status != http.StatusCreated {
		k.t.Fatalf("status %d, %v: %s", answer.Status, err, answer.Body)
	}
}

func filesGoAsLinks(k *talk) {
	k.taken()
	k.uploads("Chart 1.png", pictureOf(k.t, 120))
	m := k.x.expect("the file", func(el *stream.Element) bool { return el.Get("from") == k.jid && el.Child(nsOOB, "x") != nil })
	link := m.ChildText("", "body")
	k.x.is(m, content(k.jid, k.x.Bare, k.s.url+"/v1/conversations/"+k.c.ID+"/files/…", "<x xmlns='jabber:x:oob'><url>"+strings.ReplaceAll(link, "&", "&amp;")+"</url></x>"))
	answer, err := http.Head(link)
	if err != nil {
		k.t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "image/png" || !strings.HasSuffix(answer.Request.URL.Path, ".png") {
		k.t.Errorf("HEAD of %s: %s, %s", link, answer.Status, answer.Header.Get("Content-Type"))
	}
}

func filesAreTaken(k *talk) {
	k.taken()
	const link = "https://up.example.org/a/terms.pdf"
	oob := stream.New(nsOOB, "x", stream.Text("", "url", link))
	sharing := stream.New("urn:xmpp:sfs:0", "file-sharing",
		stream.New("urn:xmpp:file:metadata:0", "file", stream.Text("", "media-type", "application/pdf"), stream.Text("", "size", "12345")),
		stream.New("", "sources", stream.New("http://jabber.org/protocol/url-data", "url-data").With("target", link)))
	media := stream.New("urn:xmpp:reference:0", "reference", stream.New("urn:xmpp:sims:1", "media-sharing",
		stream.New("urn:xmpp:jingle:apps:file-transfer:5", "file", stream.Text("", "media-type", "application/pdf"), stream.Text("", "size", "12345")),
		stream.New("", "sources", stream.New("urn:xmpp:reference:0", "reference").With("type", "data", "uri", link)))).With("type", "data")
	arrives := func(inside ...*stream.Element) []visitor.Event {
		k.t.Helper()
		before := len(k.events())
		id := k.x.transmits("chat", k.jid, append(inside, stream.New(nsReceipts, "request"))...)
		k.x.gets("the receipt", received(id), receipt(k.jid, k.x.Bare, id))
		return k.events()[before:]
	}
	for _, inside := range [][]*stream.Element{{body(link)}, {body(link), oob}, {body(link), sharing}, {body(link), media}, {sharing}} {
		if events := arrives(inside...); len(events) != 1 || events[0].Type != "file" || events[0].From != "operator" {
			k.t.Errorf("%d elements: the visitor gets %+v", len(inside), events)
		}
	}
	file := sharing.Children[0]
	file.Children = append(file.Children, stream.Text("", "name", "Our terms.pdf"))
	if events := arrives(body("Here they are"), sharing); len(events) != 2 || events[0].Text != "Here they are" || events[1].Type != "file" {
		k.t.Errorf("words and a file: the visitor gets %+v", events)
	}
	if answer, err := k.c.Do(k.t.Context(), k.c.At("GET", "/events?after=0", nil)); err != nil || strings.Count(string(answer.Body), link) != 6 || !strings.Contains(string(answer.Body), `"name":"Our terms.pdf"`) {
		k.t.Errorf("%v: %s", err, answer.Body)
	}
}

func repliesAndReactions(k *talk) {
	k.taken()
	seq := k.writes("Which size?")
	asked := k.x.reads(k.jid, "Which size?").Get("id")
	for _, inside := range [][]*stream.Element{
		append(quotation(asked, k.jid, len("> Which size?\n")), body("> Which size?\nLarge")),
		{stream.New(nsReactions, "reactions", stream.Text("", "reaction", "👍"), stream.Text("", "reaction", "🎉")).With("id", asked)},
	} {
		id := k.x.transmits("chat", k.jid, append(inside, stream.New(nsReceipts, "request"))...)
		k.x.gets("the receipt", received(id), receipt(k.jid, k.x.Bare, id))
	}
	events := k.events()
	reply, reaction := events[len(events)-2], events[len(events)-1]
	if reply.Type != "message" || reply.Text != "Large" || reply.ReplyTo != seq {
		k.t.Errorf("the reply is %+v", reply)
	}
	if reaction.Type != "reaction" || reaction.Text != "👍 🎉" || reaction.To != seq {
		k.t.Errorf("the reaction is %+v", reaction)
	}
}
