package e2e_test

import (
	"strings"

	"porchlight/demo"
)

// This file has the story of how chats end, and of what comes then.

// over: Anna is asked first; Escape takes the question away and leaves the panel. She votes by keyboard, and has the chat sent to her.
func (s *story) over() {
	end := inPanel("header button:not(.shut,.back,.bell)")
	s.click("End chat", end)
	s.wait("the question", at("End chat")+` && `+shown(inPanel(".sure"))+` && `+inPanel(".sure")+`.textContent.includes("Continue by email")`)
	s.shoot("sure")
	s.key("Escape")
	s.wait("only the question is gone", `!`+inPanel(".sure")+` && `+thePanel+`.hasAttribute("open") && `+at("text"))
	s.click("End chat", end)
	s.click("End chat, sure", inPanel(".sure button.main"))
	s.banner("This chat has ended.")
	s.x.hears(s.jid, "Anna ended the conversation")
	s.fits("Write to continue this chat…")

	s.wait("five stars", thePanel+`.shadowRoot.querySelectorAll(".star").length === 5`)
	s.click("two stars", inPanel(".star:nth-child(2)"))
	s.walk("ArrowRight", "Neither good nor bad", "Good")
	s.wait("four stars", thePanel+`.shadowRoot.querySelectorAll(".star.on").length === 4 && `+inPanel(".vote legend")+`.textContent === "Good"`)
	s.into("the comment", inPanel("[name=comment]"), "Quick")
	s.click("Send rating", inPanel(".vote button.main"))
	s.wait("thanks", inPanel(".vote [role=status]")+`.textContent === "Thank you!"`)
	s.x.hears(demo.Desk, `★★★★☆ Anna, #1: "Quick"`)

	s.click("Send me this chat by email", inPanel(".transcript button"))
	s.wait("the focus is at the address", at("email")+` && `+inPanel(".transcript input")+`.value === "anna@example.net"`)
	s.key("Enter")
	s.wait("it is sent", inPanel(".transcript [role=status]")+`.textContent === "Sent to anna@example.net."`)
	if mails := s.relay.Await(within(s.t), 1); len(mails) != 1 || mails[0].To != "anna@example.net" || !strings.Contains(string(mails[0].Raw), "Shall I call?") {
		s.t.Errorf("the relay has %v", mails)
	}
	s.shoot("ended")
}

// again: another chat begins, and from the list of both a third one. The list tells what is unread in the others.
func (s *story) again() {
	ask := func(reason string) {
		s.fill("reason", reason)
		s.click("the order number", inPanel("#own0"))
		s.insert("4712")
		s.send()
		s.shows(reason)
	}
	list := func(want string) {
		s.click("the way to the list", inPanel(".back"))
		s.wait("the list "+want, `[...`+thePanel+`.shadowRoot.querySelectorAll(".talk")].map((e) => e.querySelector(".row").textContent + (e.querySelector(".count")?.ariaLabel ?? "")).join() === `+js(want))
		s.wait("the focus is at the first", focused(inPanel(".talk")))
	}
	s.click("Start a new chat", inPanel(".banner .main"))
	s.wait("she is known", inPanel("[name=name]")+`?.value === "Anna" && `+inPanel("[name=email]")+`.value === "anna@example.net"`)
	s.wait("she takes her address away", inPanel("[name=email]")+`.select() === undefined`)
	s.key("Backspace")
	ask("One thing more")
	if again := s.s.visitorOf(s.x, 2); again != s.jid {
		s.t.Errorf("she is %s now, and was %s", again, s.jid)
	}
	list("One thing more,Do you ship to Andorra? ☕")
	s.click("Start a new chat", inPanel(".talks > .main"))
	ask("Something else")
	s.s.visitorOf(s.x, 3)
	s.x.says(s.jid, "The lamp has come back.")
	s.visit("/")
	s.badge(1)
	s.shows("Something else")
	list("One thing morenew messages: 1,Something else,Do you ship to Andorra? ☕")
	s.shoot("list")
	s.key("Enter")
	s.shows("The lamp has come back.")
	s.badge(0)
}

// byMail: in place of its end the chat goes on by mail.
func (s *story) byMail() {
	s.click("End chat", inPanel("header button:not(.shut,.back,.bell)"))
	s.click("Continue by email", inPanel(".sure button:nth-of-type(3)"))
	s.wait("the focus is at the address", at("email"))
	s.insert("anna@")
	s.key("Enter")
	s.wait("it is none", inPanel(".sure .wrong")+`?.textContent === "Please give a complete email address."`)
	s.insert("example.net")
	s.key("Enter")
	s.wait("where answers come", inPanel(".sure [role=status]")+`?.textContent === "Answers come here, and by email to anna@example.net when this page is closed."`)
	s.shoot("by-mail")
	s.key("Enter")
	s.wait("the words are gone", `!`+inPanel(".sure"))
}

// logsIn: the shop says who she is while she talks. Its page hears what happens, and what it calls is done; when she logs out, this browser
// knows nothing of her.
func (s *story) logsIn() {
	s.calls(`(globalThis.told = [], ["opened", "closed", "message", "unread", "chat-ended", "rated"].forEach((name) => porchlight("on", name, (d) => told.push(name + " " + (d?.text ?? d?.count ?? "")))), porchlight())`)
	s.calls(`porchlight.setUser({ identity: ` + js(signed(s.t, "u42", "Anna Maria")) + ` })`)
	s.x.hears(s.jid, "has signed in. The site vouches for who it is")
	s.wait("how things stand", `porchlight.getStatus().then((d) => d.status === "online" && d.open && !d.hidden && d.chat.number === 2 && d.chat.operators.join() === "Xavi")`)
	s.calls(`porchlight("close")`)
	s.x.says(s.jid, "Welcome back")
	s.wait("the page hears of it", `["closed ", "message Welcome back", "unread 1"].every((e) => told.includes(e))`)
	s.calls(`porchlight.toggle()`)
	s.wait("there is room for his name beside all buttons", shown(inPanel(".bell"))+` && `+shown(inPanel(".back"))+` && ((e) => e.scrollWidth <= e.clientWidth)(`+inPanel("h2")+`)`)
	s.calls(`porchlight.setScheme("dark")`)
	s.wait("it is dark", `getComputedStyle(`+inPanel(".box")+`).backgroundColor === "rgb(21, 26, 40)"`)
	s.shoot("dark-chat")
	s.calls(`porchlight.setScheme("light")`)
	s.calls(`porchlight.setLanguage("de")`)
	s.wait("it speaks German", inPanel("textarea[name=text]")+`?.placeholder.startsWith("Nachricht")`)
	s.calls(`porchlight.endChat()`)
	s.wait("the page hears of the end", `told.at(-1) === "chat-ended "`)
	s.calls(`porchlight.hide()`)
	s.wait("there is no button", `!`+shown(theButton)+` && !`+thePanel+`.hasAttribute("open")`)
	s.calls(`(porchlight.show(), porchlight.reset())`)
	s.calls(`porchlight.open()`)
	s.wait("nothing is known", inPanel("[name=name]")+`?.value === ""`)
	s.wait("nothing is kept", `Object.entries({ ...localStorage }).every(([, v]) => v === "0" || v === "true")`)
}
