package e2e_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/e2e/operator"
)

const (
	nsReactions = "urn:xmpp:reactions:0"
	nsReply     = "urn:xmpp:reply:0"
	nsFallback  = "urn:xmpp:fallback:0"
	nsOOB       = "jabber:x:oob"
)

// saysWith sends a message with more than a body, and waits for the receipt.
func (p *person) saysWith(visitor, body string, more ...*stream.Element) (id string) {
	p.t.Helper()
	id = rand.Text()
	children := append([]*stream.Element{stream.Text("", "body", body), stream.New(nsReceipts, "request"), stream.New("urn:xmpp:sid:0", "origin-id").With("id", id)}, more...)
	p.Send(stream.New("", "message", children...).With("type", "chat", "to", visitor, "id", id))
	p.expect("the receipt for "+body, func(el *stream.Element) bool { return el.Child(nsReceipts, "received").Get("id") == id })
	return id
}

// TestSaidBefore: what an operator's client says about an earlier message (a
// correction, a retraction, a reaction, a reply) is that on the visitor's page, and
// the visitor's edit is a correction in the client.
func TestSaidBefore(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	p := newVisitor(t)
	p.open(s.shop)
	p.ring("Anna", "", "Which size fits?")
	jid := s.visitorOf(x, 1)
	p.title("Xavi")
	p.write("I am 180 cm tall")
	tall := x.expect("the message", operator.Body(jid, "180 cm")).Get("id")

	size := x.saysWith(jid, "Size M")
	p.shows("Size M")
	x.saysWith(jid, "Size L", stream.New(nsReplace, "replace").With("id", size))
	p.wait("the correction", entries(`e.querySelector("p")?.textContent.startsWith("Size L") && e.textContent.includes("edited")`))
	secret := x.saysWith(jid, "My password is hunter2")
	p.shows("My password is hunter2")
	x.saysWith(jid, "", stream.New(nsRetract, "retract").With("id", secret))
	p.wait("the retraction", "!("+entries(`e.textContent.includes("hunter2")`)+") && "+entries(`e.textContent.includes("deleted")`))
	thumb, heart := stream.Text(nsReactions, "reaction", "👍"), stream.Text(nsReactions, "reaction", "❤️")
	x.saysWith(jid, "", stream.New(nsReactions, "reactions", thumb, heart).With("id", tall))
	p.wait("the reactions", entries(`e.textContent.includes("180 cm") && [...e.querySelectorAll(".chips [title=Xavi]")].map((c) => c.textContent).join() === "👍,❤️"`))
	x.saysWith(jid, "", stream.New(nsReactions, "reactions", heart).With("id", tall))
	p.wait("one reaction", entries(`e.textContent.includes("180 cm") && e.querySelector(".chips").textContent === "❤️"`))
	x.saysWith(jid, "> I am 180 cm tall\nThen L is right", stream.New(nsReply, "reply").With("to", jid, "id", tall),
		stream.New(nsFallback, "fallback", stream.New(nsFallback, "body").With("start", "0", "end", "19")).With("for", nsReply))
	p.wait("the reply", entries(`e.textContent.includes("Then L is right") && e.textContent.includes("180 cm") && !e.textContent.includes("> I am")`))

	p.write("Thnaks")
	thanks := x.expect("the message", operator.Body(jid, "Thnaks")).Get("id")
	p.wait("it has arrived", "!!"+inPanel(".meta [aria-live] svg"))
	p.key("ArrowUp")
	p.wait("the message is taken up", inPanel("textarea[name=text]")+`.value === "Thnaks"`)
	if _, err := eval[bool](p, inPanel("textarea[name=text]")+".select() ?? true"); err != nil {
		t.Fatal(err)
	}
	p.insert("Thanks")
	p.key("Enter")
	if got := x.expect("the correction", operator.Body(jid, "Thanks")).Child(nsReplace, "replace").Get("id"); got != thanks {
		t.Errorf("it replaces %q, want %q", got, thanks)
	}
	p.wait("the edit", entries(`e.textContent.includes("Thanks") && e.textContent.includes("edited")`))
	p.picture("said-before")
	p.open(s.shop)
	p.wait("the same after a reload", "!("+entries(`e.textContent.includes("hunter2")`)+") && "+entries(`e.textContent.includes("Size L")`)+" && !("+entries(`e.textContent.includes("Thnaks")`)+")")
}

// entries is whether one of the panel's entries is like that.
func entries(condition string) string {
	return fmt.Sprintf(`[...(%s?.shadowRoot.querySelectorAll(".entry") ?? [])].some((e) => %s)`, thePanel, condition)
}

// pictureOf makes a PNG of a side in pixels.
func pictureOf(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFiles: a visitor's file is offered to the operator as a link that holds the
// very bytes, and an operator's upload is a link on the page; what is not taken is
// said and not sent.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := start(t, settings{"limits.file_bytes": "100000"})
	x := s.operators("xavi")[0]
	p := newVisitor(t)
	p.open(s.shop)
	p.ring("Anna", "", "Look at this")
	jid := s.visitorOf(x, 1)
	p.title("Xavi")
	x.Chat(jid, "info", "!info")
	x.hears(jid, "Local time: ")
	p.open(s.shop + "/terms")
	x.expect("where the visitor is", func(el *stream.Element) bool {
		return presenceOf(jid, "")(el) && strings.Contains(el.ChildText("", "status"), "/terms")
	})
	x.Chat(jid, "info-2", "!info")
	x.hears(jid, "Pages: "+s.shop+"/ → "+s.shop+"/terms")
	content := pictureOf(t, 120)
	p.choose("chart.png", content)
	m := x.expect("the file", func(el *stream.Element) bool { return el.Get("from") == jid && el.Child(nsOOB, "x") != nil })
	link := m.ChildText("", "body")
	if got := m.Child(nsOOB, "x").ChildText(nsOOB, "url"); got != link || !strings.HasPrefix(link, s.url+"/v1/conversations/") {
		t.Errorf("the file comes as %s", m.Append(nil))
	}
	answer, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if got, err := io.ReadAll(answer.Body); err != nil || !bytes.Equal(got, content) || answer.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the link holds %d bytes of %s (%v), want %d", len(got), answer.Header.Get("Content-Type"), err, len(content))
	}
	p.wait("the picture is on the page", entries(`e.querySelector("img")?.naturalWidth === 120`))
	p.spoilt = true // the browser reports a refusal as an error
	p.choose("page.html", []byte("<!doctype html><script>alert(1)</script>"))
	p.wait("it is refused", inPanel(".upload .wrong")+`?.textContent.includes("not taken")`)
	p.wait("there is no trying again", "!("+shown(inPanel(".upload button"))+") && "+shown(inPanel(".upload button + button")))
	p.choose("large.png", append(content, make([]byte, 100_000)...))
	p.wait("the size is refused", `[...`+thePanel+`.shadowRoot.querySelectorAll(".upload .wrong")].some((e) => e.textContent.includes("kB"))`)
	x.saysWith(jid, "https://upload.example.org/a/terms.pdf", stream.New(nsOOB, "x", stream.Text(nsOOB, "url", "https://upload.example.org/a/terms.pdf")))
	p.wait("the operator's file", entries(`e.querySelector("a[href='https://upload.example.org/a/terms.pdf']")?.textContent.includes("terms.pdf")`))
	p.picture("files")
	for _, el := range x.All() {
		if strings.Contains(el.ChildText("", "body"), "page.html") || strings.Contains(el.ChildText("", "body"), "large.png") {
			t.Errorf("what was refused arrived: %s", el.Append(nil))
		}
	}
}

// choose picks a file in the panel, as the browser's dialogue does.
func (p *page) choose(name string, content []byte) {
	p.t.Helper()
	input := inPanel("input[type=file]")
	p.wait("files can be sent", input)
	script := fmt.Sprintf(`(() => {
		const bytes = Uint8Array.from(atob(%s), (c) => c.charCodeAt(0)), all = new DataTransfer(), input = %s;
		all.items.add(new File([bytes], %s));
		input.files = all.files;
		input.dispatchEvent(new Event("change"));
		return true;
	})()`, js(base64.StdEncoding.EncodeToString(content)), input, js(name))
	if ok, err := eval[bool](p, script); err != nil || !ok {
		p.t.Fatalf("choose %s: %v", name, err)
	}
}
