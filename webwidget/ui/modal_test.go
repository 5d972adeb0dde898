package ui_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// usable is whether a click at the middle of an element hits it: what a modal dialog makes inert is not hit.
const usable = `((e) => { const {left, top, width, height} = e.getBoundingClientRect(); return e.contains(e.getRootNode().elementFromPoint(left + width / 2, top + height / 2)) })`

// Beside a modal dialog of the site the visitor can use an open panel, whose log stays where it was, and after the last dialog everything is
// where it was. Escape closes the panel, and not the dialog too.
func TestModal_ThePanelCanBeUsedBesideIt(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	for range 30 {
		f.say("line")
	}
	b.wait(`texts().length === 31`)
	b.js(`P(".log").scrollTop = 100, document.body.insertAdjacentHTML("beforeend", "<dialog id=one><input></dialog><dialog id=two><input></dialog>"), 0`)
	b.wait(`P(".log").scrollTop === 100`)
	b.js(`one.showModal()`)
	b.wait(usable + `(P("[name=text]"))`)
	b.want(`P(".log").scrollTop`, "100")
	b.click(`P("[name=text]")`)
	b.write("Hello")
	b.wait(`texts().at(-1) === "Hello"`)
	b.js(`two.showModal()`)
	b.wait(`document.querySelector("porchlight-panel").parentElement === two && ` + usable + `(P("[name=text]"))`)
	b.js(`two.close()`)
	b.wait(`document.querySelector("porchlight-panel").parentElement === one && ` + usable + `(P("[name=text]"))`)
	b.click(`P("[name=text]")`)
	b.keys(kb.Escape)
	b.wait(`!shown(P(".box")) && one.open`)
	b.wait(usable + `(B("button"))`)
	b.js(`one.remove(), 0`)
	b.wait(`document.querySelector("porchlight-panel").parentElement === document.documentElement`)
	b.wait(`document.querySelector("porchlight-button").parentElement === document.documentElement && ` + usable + `(B("button"))`)
	b.noViolations()
}

// A panel that is opened first while a modal dialog is there can be used too, also if the dialog was there before the button.
func TestModal_ThePanelCanBeOpenedBesideIt(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(`addEventListener("DOMContentLoaded", () => {
		document.body.insertAdjacentHTML("beforeend", "<dialog id=one><input></dialog>");
		one.showModal();
	})`)
	b.open(newSite(t, f, "", "").URL)
	b.wait(`B("button") && ` + usable + `(B("button"))`)
	b.openPanel()
	b.wait(usable + `(P("[name=reason]"))`)
	b.request("Anna", "", "Hello")
	b.wait(`texts().length === 1`)
	b.js(`one.close()`)
	b.wait(`[...document.querySelectorAll("porchlight-panel,porchlight-button")].every((e) => e.parentElement === document.documentElement)`)
}
