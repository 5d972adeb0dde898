package ui_test

import (
	"context"
	"os"
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// prefer makes the browser prefer a look, e.g. prefers-color-scheme: dark.
func (b tab) prefer(feature, value string) {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		features := []*emulation.MediaFeature{{Name: feature, Value: value}}
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	}))
}

// talk fills a conversation with one of everything.
func talk(f *fake, b tab) {
	b.Helper()
	f.say("Good morning, Anna! Open the class, then the pencil beside the student's name: https://school.example.org/help/edit-a-student")
	one := f.say("Can yu see it?")
	f.emit(object{"type": "correction", "replaces": one, "text": "Can you see it?"})
	b.write("There is no pencil 😕")
	b.write("Only “Print” and “Export”.")
	f.awaitSeq(b.T, "Only “Print” and “Export”.")
	f.emit(object{"type": "operator", "name": "Xavi", "avatar": "", "action": "joined"})
	f.emit(object{"type": "message", "from": "operator", "name": "Xavi", "text": "You need the role “teacher”. I have just given it to you, please reload the page."})
	b.write("Now I see it. Thank you both!")
	seq := f.awaitSeq(b.T, "Now I see it. Thank you both!")
	f.emit(object{"type": "receipt", "upto": seq, "status": "seen"})
	f.emit(object{"type": "typing", "active": true, "name": "Olga"})
	b.wait(`P(".typing").textContent && all(".me").at(-1).innerText.endsWith("Seen")`)
}

func TestLooks_LightAndDark(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"light", "dark"} {
		f := newFake(t)
		b := newTab(t)
		b.prefer("prefers-color-scheme", scheme)
		b.open(newSite(t, f, "", "").URL)
		b.js(`document.documentElement.style.colorScheme = "` + scheme + `", 0`)
		b.openPanel()
		b.shoot(scheme + "-form")
		b.request("Anna", "", "How can I edit my students' information?")
		b.wait(`P("[role=log]")`)
		f.join("Olga")
		talk(f, b)
		b.shoot(scheme + "-chat")
		b.want(`getComputedStyle(P(".box")).backgroundColor`, map[string]string{"light": "rgb(255, 255, 255)", "dark": "rgb(21, 26, 40)"}[scheme])
		f.setStatus("offline")
		b.wait(`B("button:not(.lit)")`)
		b.shoot(scheme + "-offline")
	}
}

func TestLooks_ForcedColors(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.prefer("forced-colors", "active")
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`P("[role=log]")`)
	f.join("Olga")
	f.say("Hello Anna")
	b.wait(`texts().length === 2`)
	b.shoot("forced-colors")
	b.want(`all("button").filter(shown).every((e) => parseFloat(getComputedStyle(e).borderTopWidth) > 0)`, "true")
}

func TestLooks_SiteChoosesColoursAndPlace(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.js(`for (const [k, v] of Object.entries({accent: "#0b6e4f", light: "#ffe066", right: "80px", bottom: "40px", radius: "4px"})) document.documentElement.style.setProperty("--porchlight-" + k, v)`)
	b.openPanel()
	b.want(`getComputedStyle(P("header")).backgroundColor`, "rgb(11, 110, 79)")
	b.want(`innerWidth - B("button").getBoundingClientRect().right`, "80")
	b.shoot("site-colours")
}

// media makes the browser show pages as on paper (print) or as on a screen.
func media(kind string) func(context.Context, *chromedp.Target) error {
	return func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind})
		return err
	}
}

// What the message box says while it is empty stands on one line, cut by an ellipsis where the panel is narrow. What is written in it needs
// no scroll bar before the box is as high as it can be. TestEngines has the same in other browsers, some of which always show scroll bars.
func TestLooks_TheMessageBoxIsRound(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.do(chromedp.EmulateViewport(320, 640, chromedp.EmulateScale(2)))
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`P("[role=log]")`)
	f.allowFiles(20 << 20)
	f.join("Olga")
	b.wait(`P("h2").textContent === "Olga"`)
	f.cutStreams(t)
	b.wait(`shown(P(".clip"))`)
	f.state("closed", "solved")
	b.wait(`P("[name=text]").placeholder === "Write to continue this chat…"`)
	b.shoot("box-empty")
	b.want(`P("[name=text]").scrollHeight <= P("[name=text]").clientHeight`, "true")
	b.fill(`P("[name=text]")`, "one")
	b.enter(chromedp.ModifierShift)
	b.keys("two")
	b.want(`P("[name=text]").value`, "one\ntwo")
	b.want(`P("[name=text]").scrollHeight <= P("[name=text]").clientHeight`, "true")
	for range 8 {
		b.enter(chromedp.ModifierShift)
	}
	b.shoot("box-long")
	b.want(`P("[name=text]").offsetHeight`, "132")
}

// The story of docs/operators.md as its visitor sees it; its pictures stand in README.md, beside those of the operator's client.
func TestLooks_Story(t *testing.T) {
	t.Parallel()
	for _, look := range []struct {
		name, scheme, tag string
		width, height     int64
	}{{"story", "light", "", 900, 640}, {"story-phone", "dark", "", 390, 640}, {"story-paper", "light", `data-theme="paper" data-accent="#8a3b12"`, 900, 640}} {
		if look.name != "story" && os.Getenv("PORCHLIGHT_SHOTS") == "" {
			continue // the others are there for their pictures
		}
		f := newFake(t)
		f.update(func() { f.team = team(2) })
		b := newTab(t)
		b.do(chromedp.EmulateViewport(look.width, look.height, chromedp.EmulateScale(2)))
		b.open(newSite(t, f, look.tag, "").URL)
		b.js(`document.documentElement.style.colorScheme = "` + look.scheme + `", 0`)
		b.openPanel()
		b.wait(`all(".ask img").length === 2 && all(".ask img").every((i) => i.complete)`)
		b.shoot(look.name + "-form")
		b.request("Anna", "", "Does the brass lamp fit a 60 mm pipe?")
		b.wait(`P("[role=log]")`)
		f.emit(object{"type": "operator", "name": "Xavi", "avatar": "/faces/xavi.png", "action": "joined"})
		f.update(func() { f.only().snapshot["state"] = "active" })
		f.emit(object{"type": "state", "state": "active", "reason": ""})
		f.emit(object{"type": "message", "from": "operator", "name": "Xavi", "text": "It does, up to 63 mm. The ring is in the box."})
		b.wait(`texts().at(-1).endsWith("in the box.")`)
		b.write("Great, then I'll order it. Thank you!")
		f.emit(object{"type": "receipt", "upto": f.awaitSeq(t, "Great, then I'll order it. Thank you!"), "status": "seen"})
		b.wait(`P(".log").innerText.includes("Seen") && all("header img, .them img").every((i) => i.complete)`)
		b.shoot(look.name + "-chat")
		b.noViolations()
	}
}

// A long draft leaves room for the log, also where the text is as large as a zoom to 400 % makes it.
func TestLooks_ALongDraftLeavesTheLogInView(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.do(chromedp.EmulateViewport(320, 256))
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`P("[name=text]")`)
	b.js(`P("[name=text]").value = "a\n".repeat(9), P("[name=text]").dispatchEvent(new Event("input")), 0`)
	f.join("Olga")
	b.wait(`!shown(P(".banner"))`)
	b.shoot("long-draft")
	if h, _ := strconv.Atoi(b.js(`P(".log").clientHeight`)); h < 60 {
		t.Errorf("the log is %d px high", h)
	}
}
