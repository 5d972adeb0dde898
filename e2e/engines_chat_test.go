package e2e_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

// This file has the story while they talk.

// asks: what is missing is said where it is missing. The visitor's own words are shown before anybody has taken them up.
func (s *story) asks() {
	s.openPanel()
	s.fill("name", "Anna")
	s.fill("email", "anna@example.net")
	s.fill("reason", "Do you ship to Andorra? ☕")
	s.send()
	s.wait("the order number is missing", inPanel("#own0-wrong")+`.textContent === "Please fill this in." && `+inPanel("#own0")+`.ariaInvalid === "true"`)
	s.wait("the focus is there", at("fields.Order number"))
	s.shoot("missing")
	s.insert("4711")
	s.key("Enter")
	s.shows("Do you ship to Andorra? ☕")
	s.banner("We are asking our operators…")
	s.o.hears(demo.Desk, "Order number: 4711")
	s.shoot("waiting")
}

// answered: words go both ways, with who says them, that they are writing, and how far it came.
func (s *story) answered() {
	s.jid = s.s.visitorOf(s.o, 1)
	s.title("Olga")
	s.o.Send(stream.New("", "message", stream.New(nsStates, "composing")).With("type", "chat", "to", s.jid))
	s.wait("she writes", inPanel(".typing span")+`.textContent === "Olga is typing…"`)
	s.o.says(s.jid, "Yes, we do. https://shop.example/andorra")
	s.wait("the link", `!!`+inPanel(`.entry a[href="https://shop.example/andorra"]`))
	s.wait("her face, beside her words and in the header", `((list) => list.length === 2 && list.every((e) => e.naturalWidth === 96))([...`+thePanel+`.shadowRoot.querySelectorAll("header img, .them img")])`)
	s.typing("And to Malta?")
	s.o.expect("composing", func(el *stream.Element) bool { return el.Child(nsStates, "composing") != nil })
	s.key("Enter")
	s.o.hears(s.jid, "And to Malta?")
	s.fits("Write a message…")
	s.shoot("chat")
	same(s.t, s.page, []string{"me: Do you ship to Andorra? ☕", "Olga joined the chat", "them: Yes, we do. https://shop.example/andorra", "me: And to Malta?"})
}

// changed: corrections, retractions, reactions and quotes are what they are, also after a reload.
func (s *story) changed() {
	s.write("And when is it here?")
	when := s.o.expect("the message", operator.Body(s.jid, "And when is it here?")).Get("id")
	four := s.o.saysWith(s.jid, "In four days")
	s.shows("In four days")
	s.o.saysWith(s.jid, "In five days", stream.New(nsReplace, "replace").With("id", four))
	wrong := s.o.saysWith(s.jid, "The password is hunter2")
	s.shows("The password is hunter2")
	s.o.saysWith(s.jid, "", stream.New(nsRetract, "retract").With("id", wrong))
	s.o.saysWith(s.jid, "", stream.New(nsReactions, "reactions", stream.Text(nsReactions, "reaction", "👍")).With("id", when))
	s.o.saysWith(s.jid, "> And when is it here?\nOn Friday", stream.New(nsReply, "reply").With("to", s.jid, "id", when),
		stream.New(nsFallback, "fallback", stream.New(nsFallback, "body").With("start", "0", "end", "23")).With("for", nsReply))
	look := func() {
		s.wait("the correction", entries(`e.querySelector("p")?.textContent.startsWith("In five days") && e.textContent.includes("edited")`))
		s.wait("the retraction", "!("+entries(`e.textContent.includes("hunter2")`)+") && "+entries(`e.textContent.includes("deleted")`))
		s.wait("the reaction", entries(`e.querySelector(".chips [title=Olga]")?.textContent === "👍"`))
		s.wait("the quote", entries(`e.querySelector(".quote")?.textContent.includes("And when is it here?") && e.textContent.includes("On Friday")`))
	}
	look()
	s.write("Thnaks")
	s.wait("it has arrived", "!!"+inPanel(".meta [aria-live] svg"))
	s.key("ArrowUp")
	s.wait("the message is taken up", inPanel("textarea[name=text]")+`.value === "Thnaks"`)
	s.key("Escape")
	s.wait("Escape lets go of it, and no more", inPanel("textarea[name=text]")+`.value === "" && `+thePanel+`.hasAttribute("open")`)
	s.shoot("changed")
	s.reload()
	look()
}

// walksOn: the words in the box and the open panel are there on the next page.
func (s *story) walksOn() {
	s.typing("My order")
	s.visit("/cart")
	s.wait("the half sentence", inPanel("textarea[name=text]")+`?.value === "My order" && `+thePanel+`.hasAttribute("open")`)
	s.typing(" is a gift") // the click lands behind the few words
	s.key("Enter")
	s.o.hears(s.jid, "My order is a gift")
}

// sendsPicture: a picture is sent, and takes no more room when it is there than before. The operator's file is a link.
func (s *story) sendsPicture() {
	path := filepath.Join(s.t.TempDir(), "lamp.png")
	if err := os.WriteFile(path, pictureOf(s.t, 120), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.wait("files can be sent", inPanel("input[type=file]"))
	s.must("choose a file", func(ctx context.Context) error { return s.browser.Choose(ctx, inPanel("input[type=file]"), path) })
	s.o.expect("the file", func(el *stream.Element) bool { return el.Get("from") == s.jid && el.Child(nsOOB, "x") != nil })
	s.wait("the picture", inPanel(".me p img")+`?.naturalWidth === 120`)
	s.wait("its room", inPanel(".me p img")+`.getBoundingClientRect().height === 160`)
	s.wait("the end is in view", `((e) => e.scrollTop + e.clientHeight > e.scrollHeight - 4)(`+inPanel(".log")+`)`)
	const terms = "https://upload.example.org/a/terms.pdf"
	s.o.saysWith(s.jid, terms, stream.New(nsOOB, "x", stream.Text(nsOOB, "url", terms)))
	s.wait("the operator's file", entries(`e.querySelector("a[href='`+terms+`']")?.textContent.includes("terms.pdf")`))
	s.shoot("files")
}

// passedOn: the log says from whom to whom.
func (s *story) passedOn() {
	s.o.Chat(s.jid, "transfer", "!transfer xavi knows prices best")
	s.o.hears(s.jid, "#1 is offered to Xavi now")
	s.shows("Olga is passing you on to Xavi")
	s.banner("We are asking Xavi…")
	s.shoot("passed-on")
	s.x.take(1, s.jid)
	s.title("Xavi")
	s.x.says(s.jid, "Good morning, Anna")
	s.shows("Good morning, Anna")
}

// calledBack: to whom looks elsewhere the title, the badge, the words beside the button and the bell tell what is unread.
func (s *story) calledBack() {
	s.shutPanel()
	s.must("look elsewhere", s.browser.Cover)
	s.x.says(s.jid, "Are you there?")
	s.wait("the title counts", `document.hidden && document.title === "(1) Lamps"`)
	s.must("look here", s.browser.Uncover)
	s.badge(1)
	s.teased("Are you there?")
	s.shoot("unread")
	s.click("the words", inTeaser(".words"))
	s.wait("the panel is open, with the bell in its header", thePanel+`.hasAttribute("open") && `+inPanel(".bell")+`.ariaPressed === "false"`)
	s.badge(0)
	s.wait("the page's own title", `!document.hidden && document.title === "Lamps"`)
	s.click("the bell", inPanel(".bell"))
	s.wait("the bell is on", inPanel(".bell")+`.ariaPressed === "true"`)
	s.shoot("bell")
	s.shutPanel()
	s.x.says(s.jid, "Shall I call?")
	s.teased("Shall I call?")
	s.click("×", inTeaser(".x"))
	s.wait("the words are gone", `!`+inTeaser(".on")+` && `+focused(theButton))
	s.badge(1)
	s.key("Enter")
	s.wait("Enter opens the panel", thePanel+`.hasAttribute("open")`)
	s.shows("Shall I call?")
	s.badge(0)
}

// inTeaser is the expression for the first element beside the button that a CSS selector finds.
func inTeaser(selector string) string {
	return `document.querySelector("porchlight-teaser")?.shadowRoot.querySelector(` + js(selector) + `)`
}

// teased waits for words beside the button.
func (s *story) teased(text string) {
	s.t.Helper()
	s.wait("beside the button "+text, shown(inTeaser(".words"))+` && `+inTeaser("span")+`.textContent === `+js(text))
}

// fits checks that the hint stands in the message box on one line, and that two lines written there need no scroll bar, which would make
// corners in a round box.
func (p *page) fits(hint string) {
	p.t.Helper()
	area := inPanel("textarea[name=text]")
	p.wait("the hint", fmt.Sprintf("%s.placeholder === %s && %[1]s.scrollHeight <= %[1]s.clientHeight", area, js(hint)))
	p.wait("two lines", fmt.Sprintf(`((e) => {
		const write = (text) => { e.value = text; e.dispatchEvent(new Event("input")) };
		write(["one", "two"].join(String.fromCharCode(10)));
		const fits = e.scrollHeight <= e.clientHeight;
		if (!fits) throw new Error(e.scrollHeight + " in " + e.clientHeight);
		write("");
		return fits;
	})(%s)`, area))
}
