package ui_test

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// face draws a person: a head and shoulders, in colours of the name.
func face(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimSuffix(r.PathValue("picture"), ".png")
	if name == "gone" {
		http.NotFound(w, r)
		return
	}
	sum := 0
	for _, letter := range name {
		sum += int(letter)
	}
	m := image.NewRGBA(image.Rect(0, 0, 96, 96))
	shade := func(n int) uint8 { return uint8(90 + sum*n%130) }
	for y := range 96 {
		for x := range 96 {
			c := color.RGBA{shade(3), shade(7), shade(11), 255}
			if math.Hypot(float64(x-48), float64(y-98)) < 38 {
				c = color.RGBA{shade(13), shade(5), shade(17), 255}
			}
			if math.Hypot(float64(x-48), float64(y-40)) < 20 {
				c = color.RGBA{230, 190, 160, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	_ = png.Encode(w, m)
}

// person is somebody of the team, with a picture if there is one of that name.
func person(name, picture string) object {
	if picture != "" {
		picture = "/faces/" + picture + ".png"
	}
	return object{"name": name, "avatar": picture}
}

// team is who is there: the first n of five.
func team(n int) []object {
	return []object{person("Olga Petrova", "olga"), person("Xavi", "xavi"), person("Ina", ""), person("李雷", "lilei"), person("Bob de Vries", "")}[:n]
}

// The form says who is there, with pictures, or else the initials. What stood there before does not move.
func TestFaces_GreetAboveTheForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n     int
		says  string
		faces string
	}{{1, "Olga Petrova is here", "OP+"}, {2, "Olga Petrova and Xavi are here", "O+,X+"}, {5, "Olga Petrova, Xavi, Ina, 李雷, and Bob de Vries are here", "O+,X+,+3"}} {
		f, b := newFake(t), newTab(t)
		f.update(func() { f.team = team(c.n) })
		b.open(newSite(t, f, "", "").URL)
		b.openPanel()
		b.wait(`P(".ask .faces") && all(".ask .one img").every((i) => i.complete)`)
		b.want(`P(".ask b").textContent`, c.says)
		b.want(`P(".ask [role=status]").firstChild.data`, "Somebody will be with you in a moment.")
		b.want(`all(".ask .one").map((e) => e.textContent + (e.querySelector("img") ? "+" : "")).join()`, c.faces)
		b.want(`all(".ask .one").every((e) => e.ariaHidden === "true")`, "true")
		b.want(`all(".ask .one").slice(1).every((e, i) => e.getBoundingClientRect().left < all(".ask .one")[i].getBoundingClientRect().right)`, "true")
		b.want(`P(".ask [role=status]").offsetHeight`, "44")
	}
}

// When the faces come, nothing moves, however many names there are.
func TestFaces_NothingMovesWhenTheyCome(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "fr", "it", "pt", "nl", "da", "pl", "ru", "ca", "ar", "he", "fa", "zh", "ja"} {
		f, b := newFake(t), newTab(t)
		b.before(`globalThis.shifts = [], new PerformanceObserver((list) => shifts.push(...list.getEntries().flatMap((e) => e.sources.map(() => e.startTime)))).observe({type: "layout-shift"})`)
		b.open(newSite(t, f, `data-language="`+language+`"`, "").URL)
		b.openPanel()
		b.wait(`shown(P("form.ask"))`)
		f.awaitCall(t, "GET /v1/team", 1)
		b.js(`new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(globalThis.since = performance.now()))))`) // the browser tells of a shift later
		f.update(func() {
			f.team = team(5)
			f.status = object{"status": "online", "operators": 5}
		})
		b.wait(`P(".ask b") && all(".ask .one img").every((i) => i.complete)`)
		b.js(`new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))`)
		b.want(`"`+language+`" + JSON.stringify(shifts.filter((at) => at > since))`, language+"[]")
		b.want(`"`+language+`" + P(".ask [role=status]").offsetHeight`, language+"44") // as before they came
		b.shoot("faces-many-" + language)
	}
}

// The site's own greeting stands beside the faces as well.
func TestFaces_TheSitesOwnGreeting(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), newTab(t)
	f.update(func() {
		f.team = team(2)
		f.status["settings"] = object{"texts": object{"greeting": object{"": "What can we do for you?"}}}
	})
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.wait(`P(".ask b")?.textContent === "Olga Petrova and Xavi are here" && P(".ask [role=status]").firstChild.data === "What can we do for you?"`)
	b.want(`all(".ask .one").length`, "2")
}

// Nobody is greeted for who is not there, and a form whose state changes has those who are there then.
func TestFaces_FollowTheState(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), newTab(t)
	f.update(func() { f.team = team(2) })
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.wait(`all(".ask .one").length === 2`)
	f.setStatus("offline")
	b.wait(`P(".ask [role=status]").textContent.startsWith("Nobody is here") && !P(".ask .one")`)
	f.update(func() { f.team = team(1) })
	f.setStatus("online")
	b.wait(`P(".ask b")?.textContent === "Olga Petrova is here"`)
	f.update(func() { f.team = nil })
	f.setStatus("offline")
	b.wait(`P(".ask [role=status]").textContent.startsWith("Nobody is here")`)
	f.setStatus("online")
	b.wait(`P(".ask [role=status]").textContent === "Somebody will be with you in a moment."`)
}

// A site whose service knows no such call, or says odd things, has the form as ever.
func TestFaces_Fail(t *testing.T) {
	t.Parallel()
	for _, r := range []refusal{{status: 404, problem: object{}}, {status: 200, problem: object{"operators": 5}}} {
		f, b := newFake(t), newTab(t)
		f.refuse("/v1/team", r)
		b.open(newSite(t, f, "", "").URL)
		b.openPanel()
		f.awaitCall(t, "GET /v1/team", 1)
		b.request("Anna", "", "How?")
		b.wait(`P("[role=log]")`)
		b.want(`violations.length`, "0")
	}
}

// The header shows who answers, what about them, and the log has one face beside each group of messages of theirs. Nothing moves when a face comes.
func TestFaces_InAConversation(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.emit(object{"type": "operator", "name": "Olga", "avatar": "/faces/olga.png", "action": "joined"})
	b.wait(`P("header img")?.complete && P("small").textContent.startsWith("Here for you · #")`)
	f.emit(object{"type": "typing", "active": true, "name": "Olga"})
	b.wait(`P("small").textContent.startsWith("Typing… · #")`)
	f.say("One")
	f.say("Two")
	b.write("Three")
	f.awaitSeq(t, "Three")
	f.say("Four")
	b.wait(`texts().at(-1) === "Four" && all(".log .one").length === 2`)
	b.want(`all(".log .them").map((e) => e.querySelector("p").getBoundingClientRect().left - e.getBoundingClientRect().left).join()`, "36,36,36")
	b.want(`all(".log .one").every((e) => e.querySelector("img").src.endsWith("/faces/olga.png") && Math.abs(e.getBoundingClientRect().top - e.parentElement.querySelector("p").getBoundingClientRect().top) < 8)`, "true")
	f.emit(object{"type": "operator", "name": "Xavi", "avatar": "", "action": "joined"})
	b.wait(`all("header .one").map((e) => e.textContent).join() === "O,X"`)
	f.emit(object{"type": "typing", "active": true, "name": "Xavi"})
	b.wait(`P("small").textContent.startsWith("Xavi is typing… · #")`)
	f.emit(object{"type": "operator", "name": "Olga", "avatar": "", "action": "left"})
	f.emit(object{"type": "operator", "name": "Xavi", "avatar": "", "action": "left"})
	b.wait(`P("header .face svg") && !P("header .one") && P("small").textContent.startsWith("#")`)
	b.want(`all(".log .one").length`, "2")
}

// In a narrow window the header has one face, and two lines of names at most; a button covers none of them.
func TestFaces_NarrowHeader(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.do(chromedp.EmulateViewport(320, 568))
	for _, o := range team(3) {
		f.emit(object{"type": "operator", "name": o["name"], "avatar": o["avatar"], "action": "joined"})
	}
	b.wait(`all("header .one").length === 3 && P("header .one").checkVisibility() && !all("header .one")[2].checkVisibility()`)
	b.want(`P("h2").offsetHeight <= 2 * parseFloat(getComputedStyle(P("h2")).lineHeight) + 1`, "true")
	b.want(`P(".names").getBoundingClientRect().right <= P("header button").getBoundingClientRect().left`, "true")
	b.want(`P("small").textContent`, "Here for you · #12")
	b.want(`P("small").firstChild.scrollWidth > P("small").firstChild.clientWidth`, "true") // an ellipsis
	b.want(`P("small").lastChild.getBoundingClientRect().right <= P("small").getBoundingClientRect().right`, "true")
	b.shoot("faces-narrow-chat")
}

// Initials can be read on every tint (WCAG 2.2, success criterion 1.4.3).
func TestFaces_InitialsCanBeRead(t *testing.T) {
	t.Parallel()
	_, b := chatting(t)
	b.wait(`P("header .one")`)
	b.want(`(() => {
		const e = P("header .one"), part = (c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		let least = 21;
		for (let hue = 0; hue < 360; hue++) {
			e.style.setProperty("--hue", hue);
			const [r, g, b] = getComputedStyle(e).backgroundColor.match(/[\d.]+/g).map(Number).map(part);
			least = Math.min(least, 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05));
		}
		return least >= 4.5 && getComputedStyle(e).color === "rgb(255, 255, 255)";
	})()`, "true")
}

// A conversation that has ended shows who wrote, also when it is loaded anew; a new form has no faces in its header.
func TestFaces_AfterTheEnd(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.emit(object{"type": "operator", "name": "Olga", "avatar": "/faces/olga.png", "action": "joined"})
	f.say("Hello")
	b.wait(`P("header img") && P(".log img")`)
	f.emit(object{"type": "state", "state": "closed", "reason": "operator"})
	b.wait(`P("header .face svg")`)
	b.click(`P(".banner button")`)
	b.wait(`shown(P("form.ask"))`)
	b.want(`!P("header .one")`, "true")
	b.want(`P("small").textContent.trim()`, "ONLINE")
}

// TestFaces_Looks leaves pictures, and finds faces in the right place from right to left.
func TestFaces_Looks(t *testing.T) {
	t.Parallel()
	for _, look := range []struct {
		name                   string
		width, height          int64
		feature, value, before string
		n                      int
		bare                   bool
	}{
		{"light", 1280, 800, "prefers-color-scheme", "light", "", 2, false}, {"dark", 1280, 800, "prefers-color-scheme", "dark", `document.documentElement.style.colorScheme = "dark", 0`, 5, false},
		{"phone", 390, 844, "prefers-color-scheme", "light", "", 1, false}, {"phone-five", 390, 844, "prefers-color-scheme", "light", "", 5, false},
		{"rtl", 1280, 800, "prefers-color-scheme", "light", `document.documentElement.dir = "rtl", 0`, 2, false},
		{"forced", 1280, 800, "forced-colors", "active", "", 2, false}, {"bare", 1280, 800, "prefers-color-scheme", "light", "", 3, true},
	} {
		f, b := newFake(t), newTab(t)
		list := team(look.n)
		if look.bare {
			for i := range list {
				list[i] = object{"name": list[i]["name"], "avatar": ""}
			}
		}
		f.update(func() { f.team = list })
		b.prefer(look.feature, look.value)
		b.do(chromedp.EmulateViewport(look.width, look.height))
		b.open(newSite(t, f, "", "").URL)
		if look.before != "" {
			b.js(look.before)
		}
		b.openPanel()
		b.wait(`all(".ask .one img").every((i) => i.complete) && P(".ask .one")`)
		b.shoot("faces-" + look.name + "-form")
		b.request("Anna", "", "How can I edit my students' information?")
		b.wait(`P("[role=log]")`)
		f.emit(object{"type": "state", "state": "active"})
		for _, o := range list[:min(2, len(list))] {
			f.emit(object{"type": "operator", "name": o["name"], "avatar": o["avatar"], "action": "joined"})
			f.emit(object{"type": "message", "from": "operator", "name": o["name"], "text": "Good morning, Anna! Open the class, then the pencil beside the student's name."})
			f.emit(object{"type": "message", "from": "operator", "name": o["name"], "text": "Can you see it?"})
		}
		b.write("Now I see it. Thank you both!")
		f.awaitSeq(t, "Now I see it. Thank you both!")
		b.wait(`all(".log .one").length > 0 && all("header .one").length > 0 && all(".one img").every((i) => i.complete)`)
		if look.name == "rtl" {
			b.want(`getComputedStyle(P(".box")).direction`, "ltr") // the panel goes by its own language
		}
		b.shoot("faces-" + look.name + "-chat")
	}
}

// What an operator tells of themselves stands below the name, unless they are typing.
func TestFaces_WhatTheyTellOfThemselves(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), newTab(t)
	olga := person("Olga", "olga")
	olga["about"] = "Knows every lamp"
	f.update(func() { f.team = []object{olga} })
	b.talk(f, "", "Hello")
	b.wait(`P("header small").textContent.startsWith("Knows every lamp · #12")`)
	f.emit(object{"type": "typing", "active": true, "name": "Olga"})
	b.wait(`P("header small").textContent.startsWith("Typing")`)
	b.noViolations()
}
