package e2e_test

import "image/color"

// This file has the story until Anna asks.

// nobody: the button says so, and the form asks for an address. Escape closes it.
func (s *story) nobody() {
	s.visit("/")
	s.lamp("OFFLINE")
	s.wait("it invites to leave a message", theButton+`.querySelector("strong").textContent === "Leave a message"`)
	s.shoot("offline")
	s.openPanel()
	s.wait("an address is asked for", inPanel(".ask p")+`.textContent.startsWith("Nobody is here") && `+inPanel("[name=email]")+`.required`)
	s.shoot("offline-form")
	s.escapes()
}

// escapes closes the panel by Escape, which gives the focus back to the button.
func (s *story) escapes() {
	s.t.Helper()
	s.key("Escape")
	s.wait("the panel is shut", `!`+thePanel+`.hasAttribute("open") && `+theButton+`.ariaExpanded === "false"`)
	s.wait("the focus is at the button", focused(theButton))
}

// greeted: two operators come, one with a picture; the shop asks for something of its own.
func (s *story) greeted() {
	people := s.s.operators("xavi", "olga")
	s.x, s.o = people[0], people[1]
	s.x.desk("settings fields Order number!; Size: S, M", "fields: – → ")
	s.o.avatar(color.RGBA{200, 60, 0, 255})
	eventually(s.t, "Olga's picture is known", func() bool { return s.s.team()["Olga"] != "" })
	s.lamp("ONLINE")
	s.wait("it invites to chat", theButton+`.querySelector("strong").textContent === "Chat with us" && `+theButton+`.ariaLabel === "Chat with us: ONLINE"`)
	s.visit("/prices")
	s.lamp("ONLINE")
	s.shoot("online")
	s.openPanel()
	s.wait("who is here", inPanel(".ask b")+`?.textContent === "Olga and Xavi are here"`)
	s.wait("Olga's picture, and Xavi's initial", `((list) => list[0].querySelector("img")?.naturalWidth === 96 && list[1].textContent === "X" && !list[2])([...`+thePanel+`.shadowRoot.querySelectorAll(".ask .one")])`)
	s.wait("what the shop asks", inPanel("#own0")+`.required && !`+inPanel("#own1")+`.required`)
	s.shoot("form")
}

// walked: Tab goes through the form in its order, and out of it where it stands beside the page; on a phone it goes around.
func (s *story) walked() {
	order := []string{"email", "fields.Order number", "fields.Size", "reason", "Request support"}
	s.wait("the focus is at the name", at("name"))
	s.walk("Tab", order...)
	s.walk("Shift+Tab", "reason", "fields.Size")
	s.insert("M")
	s.wait("the size is chosen by its letter", inPanel("#own1")+`.value === "M"`)
	s.wait("the panel lets go", inPanel(".box")+`.ariaModal === "false"`)
	s.escapes()

	s.size(390, 720)
	s.openPanel()
	s.wait("it covers the page", inPanel(".box.full")+`.ariaModal === "true" && `+inPanel(".box")+`.getBoundingClientRect().width === innerWidth`)
	s.shoot("phone-form")
	s.wait("the focus is at the name", at("name"))
	s.walk("Tab", append(order, "Minimise", "name")...)
	s.walk("Shift+Tab", "Minimise", "Request support")
	s.escapes()
	s.size(1000, 760)
}
