package e2e_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// This file has the widget as visitors use it: they look, click and type.

// The widget's parts as JavaScript expressions.
const (
	theButton = `document.querySelector("porchlight-button")?.shadowRoot.querySelector("button")`
	thePanel  = `document.querySelector("porchlight-panel")`
)

// js writes a string as a JavaScript literal.
func js(s string) string { return string(encode(s)) }

// inPanel is the expression for the first element of the panel that a CSS selector finds.
func inPanel(selector string) string {
	return thePanel + "?.shadowRoot.querySelector(" + js(selector) + ")"
}

// shown is the expression for whether an element can be seen.
func shown(element string) string {
	return fmt.Sprintf(`((e) => e && e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))(%s)`, element)
}

// click clicks an element where it is on the screen, once nothing covers it.
func (p *page) click(what, element string) {
	p.t.Helper()
	at := fmt.Sprintf(`((e) => {
		if (!e || e.disabled) return null;
		e.scrollIntoView({ block: "nearest" });
		const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
		const top = e.getRootNode().elementFromPoint(x, y);
		return r.width && top && (e.contains(top) || top.contains(e) && top.shadowRoot) ? [x, y] : null;
	})(%s)`, element)
	p.wait(what+" can be clicked", at)
	xy, err := eval[[]float64](p, at)
	if err != nil || len(xy) != 2 {
		p.t.Fatalf("click %s: %v %v", what, xy, err)
	}
	p.must("click "+what, func(ctx context.Context) error { return p.engine.Click(ctx, xy[0], xy[1]) })
}

// lamp waits for the button's word, ONLINE or OFFLINE.
func (p *page) lamp(word string) {
	p.t.Helper()
	p.wait("the button says "+word, theButton+`?.querySelector("span").textContent === "`+word+`"`)
}

// openPanel clicks the button.
func (p *page) openPanel() {
	p.t.Helper()
	p.click("the button", theButton)
	p.wait("the panel is open", thePanel+`?.hasAttribute("open")`)
}

// shutPanel clicks the panel's ×.
func (p *page) shutPanel() {
	p.t.Helper()
	p.click("×", inPanel(".shut"))
	p.wait("the panel is shut", `!`+thePanel+`.hasAttribute("open")`)
}

// fill types into a field of the form.
func (p *page) fill(name, value string) {
	p.t.Helper()
	field := inPanel("[name=" + name + "]")
	p.click(name, field)
	p.insert(value)
	p.wait(name+" is filled in", field+".value === "+js(value))
}

// send sends the form.
func (p *page) send() {
	p.t.Helper()
	p.click("Request support", inPanel("form.ask button.main"))
}

// ring opens the panel, fills in the form, and waits for the conversation.
func (p *page) ring(name, email, reason string) {
	p.t.Helper()
	p.openPanel()
	for _, f := range [][2]string{{"name", name}, {"email", email}, {"reason", reason}} {
		if f[1] != "" {
			p.fill(f[0], f[1])
		}
	}
	p.send()
	p.shows(reason)
}

// write sends a message with the Enter key.
func (p *page) write(text string) {
	p.t.Helper()
	p.typing(text)
	p.key("Enter")
	p.wait("the message left the box", inPanel("textarea[name=text]")+`.value === ""`)
}

// typing types a text without sending it.
func (p *page) typing(text string) {
	p.t.Helper()
	box := inPanel("textarea[name=text]")
	p.click("the message box", box)
	p.insert(text)
	p.wait("the text is in the box", box+".value.endsWith("+js(text)+")")
}

// shows waits for a message or a note that has exactly the text.
func (p *page) shows(text string) {
	p.t.Helper()
	p.wait("a message "+text, fmt.Sprintf(`[...%s.shadowRoot.querySelectorAll(".entry")].some((e) => (e.querySelector("p") ?? e).textContent === %s)`, thePanel, js(text)))
}

// banner waits for a text above the messages.
func (p *page) banner(text string) {
	p.t.Helper()
	p.wait("above the messages "+text, shown(inPanel(".banner"))+" && "+inPanel(".banner [role=status]")+".textContent.includes("+js(text)+")")
}

// title waits for the panel's title.
func (p *page) title(text string) {
	p.t.Helper()
	p.wait("the title "+text, inPanel("h2")+"?.textContent === "+js(text))
}

// badge waits for the number on the button; 0 means no number.
func (p *page) badge(n int) {
	p.t.Helper()
	badge := theButton + `.querySelector("b")`
	if n == 0 {
		p.wait("no badge", badge+"?.hidden ?? true")
		return
	}
	p.wait(fmt.Sprintf("badge %d", n), fmt.Sprintf(`%s?.hidden === false && %s.textContent === "%d"`, badge, badge, n))
}

// end ends the chat by the panel's own button.
func (p *page) end() {
	p.t.Helper()
	p.click("End chat", inPanel("header button:not(.shut,.back)"))
	p.click("End chat, sure", inPanel(".sure button.main"))
	p.banner("This chat has ended.")
}

// log lists the entries of the panel from top to bottom: "me: …", "them: …" or the text of a
// note.
func (p *page) log() []string {
	p.t.Helper()
	list, err := eval[[]string](p, `[...`+thePanel+`.shadowRoot.querySelectorAll(".entry")].map((e) =>
		(e.matches(".me") ? "me: " : e.matches(".them") ? "them: " : "") + (e.querySelector("p") ?? e).textContent)`)
	if err != nil {
		p.t.Fatal(err)
	}
	return list
}

// said lists the messages in the panel that start with a prefix.
func (p *page) said(prefix string) []string {
	p.t.Helper()
	return slices.DeleteFunc(p.log(), func(s string) bool { return !strings.HasPrefix(s, prefix) })
}

// known is what the browser stores of its conversation.
type known struct{ ID, Token string }

func (p *page) known(porchlight string) known {
	p.t.Helper()
	k, err := eval[known](p, fmt.Sprintf(`JSON.parse(localStorage.getItem(%s))`, js("porchlight:"+porchlight)))
	if err != nil {
		p.t.Fatal(err)
	}
	return k
}
