package ui_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// greedy holds scripts of sites that take what happens on the page: shortcuts of single keys, and traps for the focus like
// those of libraries for modal dialogs. The function modal gives the site's dialog.
var greedy = map[string]string{
	"shortcuts at the document": `document.addEventListener("keydown", keys)`,
	"shortcuts on the way in":   `document.addEventListener("keydown", (e) => { keys(e); e.stopImmediatePropagation() }, true)`,
	"shortcuts at the window":   `addEventListener("keypress", keys); addEventListener("keyup", keys); addEventListener("keydown", keys)`,
	"no input at all":           `for (const t of ["beforeinput", "paste", "compositionstart"]) document.addEventListener(t, (e) => e.preventDefault(), true)`,
	"focusin":                   `document.addEventListener("focusin", (e) => modal().contains(e.target) || modal().focus())`,
	"focusin on the way in":     `document.addEventListener("focusin", (e) => { if (!modal().contains(e.target)) { e.stopImmediatePropagation(); modal().focus() } }, true)`,
	"focus on the way in":       `document.addEventListener("focus", (e) => e.target === document || modal().contains(e.target) || modal().focus(), true)`,
	"focusout": `document.addEventListener("focusout", (e) =>
		modal().contains(e.target) && e.relatedTarget && !modal().contains(e.relatedTarget) && modal().focus())`,
	"pointers": `for (const t of ["pointerdown", "mousedown", "touchstart", "click"]) document.addEventListener(t, (e) => {
		if (!modal().contains(e.target)) { e.preventDefault(); e.stopImmediatePropagation() } }, true)`,
}

const site = `
globalThis.took = "";
globalThis.keys = (e) => { if (!/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) { took += e.key; e.preventDefault() } };
globalThis.modal = () => {
	let m = document.querySelector("#modal");
	if (!m && document.body) document.body.append(m = Object.assign(document.createElement("div"), {id: "modal", tabIndex: -1, innerHTML: "<input>"}));
	return m ?? document;
};`

// The words that a visitor types in the panel, and the focus, stay there, whatever the page listens for.
func TestShelter_WhatIsTypedInThePanelStaysThere(t *testing.T) {
	t.Parallel()
	for name, script := range greedy {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			b := newTab(t)
			b.open(newSite(t, f, "", "").URL)
			b.openPanel()
			b.request("Anna", "", "Hello")
			b.wait(`texts().length === 1`)
			f.join("Olga")
			b.js(site + script + `; modal().querySelector("input").focus(), 0`)
			b.write("is this /path ok?")
			b.wait(`texts().at(-1) === "is this /path ok?"`)
			b.keys("s/ ")
			b.want(`P("[name=text]").value + "|" + took`, "s/ |")
			b.press(kb.Tab)
			b.want(`focused().ariaLabel`, "Send")
			b.press(kb.Escape)
			b.wait(`!shown(P(".box"))`)
		})
	}
}

// The page keeps what is its own: shortcuts outside of the panel, the focus in its dialog, and clicks that close its menus.
func TestShelter_ThePageKeepsItsOwn(t *testing.T) {
	t.Parallel()
	_, b := chatting(t)
	b.js(site + `
		document.addEventListener("keydown", keys);
		document.addEventListener("click", (e) => (globalThis.clicked = (e.target.localName)));
		modal().querySelector("input").onblur = (e) => (globalThis.left = String(e.relatedTarget?.localName)); 0`)
	b.click(`document.querySelector("h1")`)
	b.keys("s")
	b.want(`took + clicked`, "sh1")
	b.click(`P("[name=text]")`)
	b.want(`clicked`, "porchlight-panel")
	b.js(`modal().querySelector("input").focus(), 0`)
	b.keys("typed")
	b.want(`modal().querySelector("input").value`, "typed")
	b.click(`document.querySelector("h1")`)
	b.want(`globalThis.left`, "undefined")
	b.js(`modal().querySelector("input").focus(), 0`)
	b.click(`P("[name=text]")`)
	b.want(`globalThis.left`, "undefined") // the page does not hear that the focus went into the panel
	b.press(kb.Escape)
	b.wait(`focused() === B("button")`)
	b.keys("s")
	b.want(`took`, "ss") // the page's shortcuts work again while the focus is at the button
}

// The page hears nothing of what happens in the panel, except where the pointer is and clicks.
func TestShelter_NothingThatHappensInThePanelIsHeard(t *testing.T) {
	t.Parallel()
	_, b := chatting(t)
	b.js(`globalThis.heard = new Set();
		for (const key in window) if (key.startsWith("on")) document.addEventListener(key.slice(2), (e) => e.target.localName === "porchlight-panel" && heard.add(e.type));
		for (const type of ["focusin", "focusout", "compositionstart", "compositionend"]) document.addEventListener(type, (e) => e.target.localName === "porchlight-panel" && heard.add(type)); 0`)
	b.fill(`P("[name=text]")`, "words")
	b.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.js(`document.execCommand("copy"), 0`)
	b.press(kb.Tab)
	b.press(kb.Escape)
	b.wait(`!shown(P(".box"))`)
	for _, kind := range strings.Split(b.js(`[...heard].join()`), ",") {
		if !strings.Contains(kind, "mouse") && !strings.Contains(kind, "pointer") && kind != "click" {
			t.Errorf("the page heard %q", kind)
		}
	}
}
