package e2e_test

import (
	"net/http/httptest"
	"regexp"
	"strings"

	"porchlight/demo"
)

// This file has the story of what the shop's pages are like.

// invited: a notice stands on the open page at once. An operator invites a visitor, who answers.
func (s *story) invited() {
	s.x.desk("settings fields off", "fields: ")
	s.x.desk("settings notice Payments are down, we know.", "notice: – → ")
	s.wait("the notice", shown(inPanel(".told"))+` && `+inPanel(".told")+`.textContent === "Payments are down, we know."`)
	s.shoot("notice")
	s.x.desk("settings-reset notice", "notice: ")
	s.wait("the notice is gone", `!`+shown(inPanel(".told")))
	s.x.desk("settings on-site loaded", "on-site: off → loaded.")

	s.visit("/lamps")
	s.told()
	id := regexp.MustCompile(`\n  (\w+) · /lamps`).FindStringSubmatch(s.x.desk("visitors", "/lamps"))[1]
	s.x.desk("invite-visitor "+id+" May I help you choose?", id+" is invited.")
	s.wait("the invitation", shown(inBubble(".bubble"))+` && `+inBubble("p")+`.textContent === "May I help you choose?" && `+inBubble("b")+`.textContent === "Xavi"`)
	s.wait("it takes no focus", `document.activeElement === document.body`)
	s.shoot("invited")
	s.click("Reply", inBubble(".main"))
	s.wait("the form has the words", inPanel("form.ask p")+`?.firstChild.data === "May I help you choose?"`)
	s.fill("reason", "Yes, please!")
	s.send()
	s.shows("Yes, please!")
	s.x.hears(demo.Desk, id+" has answered your invitation: #4.")
	s.title("Xavi")
	s.calls(`porchlight.reset()`)
	s.x.desk("settings on-site off", "on-site: loaded → off.")
}

// looks: a page that says nothing of colours has a light widget in dark windows, too. Forced colours and no motion are kept to.
func (s *story) looks() {
	const dark = "layout.css.prefers-color-scheme.content-override"
	s.prefer(dark, 0) // WebKit has dark windows from the beginning, and no motion
	s.visit("/")
	s.lamp("ONLINE")
	s.openPanel()
	s.wait("dark windows, a light widget", `matchMedia("(prefers-color-scheme: dark)").matches && getComputedStyle(`+inPanel(".box")+`).backgroundColor === "rgb(255, 255, 255)"`)
	if s.prefer("ui.prefersReducedMotion", 0) {
		s.wait("it moves once", `((s) => s.animationName + s.animationDuration)(getComputedStyle(`+inPanel(".box")+`)) === "come0.16s"`)
		s.prefer("ui.prefersReducedMotion", 1)
	}
	s.wait("nothing moves", `matchMedia("(prefers-reduced-motion: reduce)").matches && getComputedStyle(`+inPanel(".box")+`).animationName === "none"`)
	s.visit("/auto")
	s.lamp("ONLINE")
	s.openPanel()
	s.wait("who is here", inPanel(".ask b")+`?.textContent === "Olga and Xavi are here"`)
	s.wait("it is dark", `getComputedStyle(`+inPanel(".box")+`).backgroundColor === "rgb(21, 26, 40)"`)
	s.shoot("dark")
	s.size(390, 720)
	s.shoot("phone-dark")
	if s.prefer("browser.display.document_color_use", 2) { // WebKit forces no colours
		s.wait("colours are forced", `matchMedia("(forced-colors: active)").matches`)
		s.wait("there are borders", `[...`+thePanel+`.shadowRoot.querySelectorAll("button")].filter((e) => e.offsetParent).every((e) => parseFloat(getComputedStyle(e).borderTopWidth) > 0)`)
		s.shoot("phone-forced")
		s.prefer("browser.display.document_color_use", 0)
	}
	s.prefer(dark, 1)
	s.size(1000, 760)
}

// rightToLeft: in Arabic all stands the other way around, also in the button.
func (s *story) rightToLeft() {
	s.visit("/arabic")
	s.lamp("ONLINE")
	s.wait("the button's words", theButton+`.dir === "rtl" && `+theButton+`.querySelector("svg").getBoundingClientRect().left > `+theButton+`.querySelector("strong").getBoundingClientRect().right - 1`)
	s.openPanel()
	s.wait("the header", `((face, shut) => face.left > shut.right)(`+inPanel(".face")+`.getBoundingClientRect(), `+inPanel(".shut")+`.getBoundingClientRect())`)
	s.wait("the cursor of an empty field", `getComputedStyle(`+inPanel("[name=name]")+`).direction === "rtl"`)
	s.shoot("arabic")
	s.fill("name", "Anna")
	s.wait("words have their own direction", `getComputedStyle(`+inPanel("[name=name]")+`).direction === "ltr"`)
	s.fill("reason", "كم سعر المصباح؟")
	s.send()
	s.shows("كم سعر المصباح؟")
	s.x.says(s.s.visitorOf(s.x, 5), "39 €")
	s.shows("39 €")
	s.shoot("arabic-chat")
	s.calls(`porchlight.reset()`)
}

// evil are styles that would break a button or a panel to which they can get. webwidget/ui has more, for Chromium.
var evil = []string{
	`* { all: unset !important }`,
	`html > :not(head, body), body * { display: none !important }`,
	`[popover], :popover-open, :empty { display: none !important; inset: 0 auto auto 0 !important; margin: auto !important }`,
	`* { visibility: hidden !important; opacity: 0 !important; pointer-events: none !important; clip-path: inset(50%) !important }`,
	`* { min-width: 900px !important; padding: 50px !important; position: static !important; float: left !important; z-index: -1 !important }`,
	`* { font: 40px/3 fantasy !important; color: red !important; direction: rtl !important; writing-mode: vertical-rl !important }`,
	`* { animation: x 1s infinite !important; transition: all 9s !important } @keyframes x { to { opacity: 0; transform: rotate(1turn) } }`,
	`html { transform: translateX(400px); filter: invert(1); overflow: hidden; height: 0; opacity: 0.5 } body { zoom: 3; display: grid }`,
	`@layer evil { * { all: revert !important } } porchlight-button, porchlight-panel { display: contents !important; top: 0 !important }`,
}

// besieged: no style of the page gets in, and what lies above all is below.
func (s *story) besieged() {
	s.visit("/evil")
	s.lamp("ONLINE")
	s.openPanel()
	const measures = `[` + theButton + `, ...["h2", ".box", "[name=name]", "form.ask .main"].map((e) => ` + thePanel + `.shadowRoot.querySelector(e))].map((e) => {
		const { x, y, width, height } = e.getBoundingClientRect(), s = getComputedStyle(e);
		return [visualViewport.width - x, visualViewport.height - y, width, height, s.color, s.backgroundColor, s.font, s.direction, s.writingMode, s.opacity, s.visibility, s.transform, s.filter, s.clipPath, s.pointerEvents, s.animationName, s.transitionDuration].join(" ");
	}).join("\n")`
	s.wait("who is here", inPanel(".ask b"))
	s.wait("nothing moves", thePanel+`.shadowRoot.getAnimations().every((a) => a.playState === "finished")`)
	usual, err := eval[string](s.page, measures)
	if err != nil {
		s.t.Fatal(err)
	}
	s.wait("what lies above all is below", `document.body.append(Object.assign(document.createElement("div"), { style: "position: fixed; inset: 0; z-index: 2147483647; background: red" })) === undefined`)
	for _, css := range evil {
		got, err := eval[string](s.page, `(document.querySelector("body style").textContent = `+js(css)+`, `+measures+`)`)
		if err != nil || got != usual {
			s.t.Errorf("under %s (%v):\n%s\nwant:\n%s", css, err, got, usual)
		}
		s.wait("it lies above all", `["porchlight-button", "porchlight-panel"].every((name) => {
			const { x, y, width, height } = document.querySelector(name).getBoundingClientRect();
			return document.elementFromPoint(x + width / 2, y + height / 2)?.localName === name;
		})`)
	}
	s.shoot("besieged")
	s.fill("reason", "Is it you?")
	s.calls(`porchlight.reset()`)
}

// inline: the chat stands in its place in the page, and there is no button.
func (s *story) inline() {
	s.visit("/inline")
	s.wait("the form in its place", `document.querySelector("porchlight-chat porchlight-panel")?.getBoundingClientRect().width === 420 && `+shown(inPanel("form.ask")))
	s.wait("no button, and no focus", `!`+shown(theButton)+` && document.activeElement === document.body`)
	s.wait("who is here", inPanel(".ask b"))
	s.shoot("inline")
	s.fill("reason", "Do you have lamps?")
	s.send()
	s.shows("Do you have lamps?")
	s.x.says(s.s.visitorOf(s.x, 6), "Many")
	s.shows("Many")
	s.shoot("inline-chat")
	s.calls(`porchlight.reset()`)
}

// ownPage: on /chat the panel fills the window, and has no button to shut it.
func (s *story) ownPage() {
	s.open(s.s.url + "/chat")
	s.wait("the panel", shown(inPanel("form.ask"))+` && `+inPanel(".box")+`.getBoundingClientRect().width === innerWidth && !`+shown(inPanel(".shut")))
	s.wait("who is here", inPanel(".ask b"))
	s.shoot("page")
	s.fill("name", "Anna")
	s.fill("reason", "Is this a page of its own?")
	s.send()
	s.shows("Is this a page of its own?")
	s.x.says(s.s.visitorOf(s.x, 7), "It is")
	s.shows("It is")
	s.size(390, 720)
	s.shoot("page-phone")
	s.size(1000, 760)
	s.end()
}

// scriptless: where no script runs, a form and a page that is loaded anew do.
func (s *story) scriptless() {
	way := httptest.NewServer(silent(s.t, s.s.url))
	defer way.Close()
	s.open(way.URL + "/chat")
	s.wait("the form", shown(`document.querySelector("form.ask")`)+` && !`+thePanel)
	s.shoot("plain")
	s.enter("#name", "Anna")
	s.enter("#reason", "Does it work without?")
	s.click("the form's button", `document.querySelector("form.ask button")`)
	s.reads("Does it work without?")
	jid := s.s.visitorOf(s.x, 8)
	s.x.says(jid, "It does") // the frame that looks for it by itself may not do so in a sandbox
	s.click("Look for new messages", `document.querySelector("p.look a")`)
	s.wait("the answer", `document.querySelector("ol.log")?.innerText.includes("It does")`)
	s.enter("#text", "Thank you")
	s.click("Send", `document.querySelector("form.write button")`)
	s.x.hears(jid, "Thank you")
	s.reads("Thank you")
	s.shoot("plain-chat")
	s.click("End", `document.querySelector("form.end button")`)
	s.reads("This conversation has ended.")
	s.shoot("plain-ended")
}

// heldBack: where a stream brings nothing, the visitor's words are shown all the same, and the chat goes on by polls.
func (s *story) heldBack() {
	asked := func(what string) (n int) {
		for _, a := range s.held.Asked() {
			if strings.HasPrefix(a.Path, "/v1/conversations/") && strings.HasSuffix(a.Path, "/events") && a.Method == "GET" && strings.Contains(a.Accept, "event-stream") == (what == "streams") {
				n++
			}
		}
		return n
	}
	s.visit("/held")
	s.lamp("ONLINE")
	s.openPanel()
	s.fill("reason", "Does it get through?")
	s.send()
	s.shows("Does it get through?")
	if n := asked("polls"); n != 0 {
		s.t.Errorf("%d polls before the visitor's words are shown", n)
	}
	s.x.says(s.s.visitorOf(s.x, 9), "It does")
	s.shows("It does")
	if streams, polls := asked("streams"), asked("polls"); streams != 1 || polls == 0 {
		s.t.Errorf("%d streams and %d polls", streams, polls)
	}
	s.calls(`porchlight.reset()`)
}

// forgetful: a browser that stores nothing does without what must be stored: a page that is loaded anew knows nothing.
func (s *story) forgetful() {
	if !s.prefer("network.cookie.cookieBehavior", 2) {
		return // WebKit can't be told to
	}
	s.visit("/forgetful")
	s.wait("nothing can be stored", `(() => { try { return !localStorage } catch { return true } })()`)
	s.ring("Anna", "", "Do you know me?")
	s.x.says(s.s.visitorOf(s.x, 10), "Not yet")
	s.shows("Not yet")
	s.write("Then I am Anna")
	s.reload()
	s.lamp("ONLINE")
	s.openPanel()
	s.wait("the form is empty", inPanel("[name=name]")+`?.value === ""`)
}
