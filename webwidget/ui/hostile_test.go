package ui_test

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// hostile are pages that would break a button or a panel to which their styles and scripts can get: each is a style sheet, a
// script, or both.
var hostile = map[string]struct{ css, script string }{
	"all unset":                {css: `* { all: unset !important }`},
	"all initial":              {css: `*, *::before, *::after { all: initial !important }`},
	"nothing is displayed":     {css: `html > :not(head, body), body * { display: none !important }`},
	"what is empty":            {css: `:empty, [hidden], :not(:defined) { display: none !important }`},
	"registered properties":    {css: regexp.MustCompile(`.`).ReplaceAllString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", `@property --$0 { syntax: "<angle>"; inherits: false; initial-value: 0deg } `)},
	"popovers":                 {css: `[popover], :popover-open { display: none !important; inset: 0 auto auto 0 !important; margin: auto !important }`},
	"invisible":                {css: `* { visibility: hidden !important; opacity: 0 !important }`},
	"clipped":                  {css: `* { clip-path: inset(50%) !important; mask: linear-gradient(#0000, #0000) !important; contain: strict !important }`},
	"skipped":                  {css: `:not(html) { content-visibility: hidden !important }`},
	"untouchable":              {css: `* { pointer-events: none !important; user-select: none !important; touch-action: none !important }`},
	"tiny":                     {css: `* { max-width: 9px !important; max-height: 9px !important; overflow: hidden !important }`},
	"huge":                     {css: `* { min-width: 900px !important; min-height: 900px !important; padding: 50px !important; margin: 50px !important; border: 9px solid red !important }`},
	"no place":                 {css: `* { position: static !important; float: left !important; inset: 0 !important; z-index: -1 !important }`},
	"letters":                  {css: `* { font: 40px/3 fantasy !important; color: red !important; letter-spacing: 9px !important; text-transform: uppercase !important; text-indent: 99px !important }`},
	"the other way":            {css: `* { direction: rtl !important; unicode-bidi: bidi-override !important; writing-mode: vertical-rl !important }`},
	"moving":                   {css: `* { animation: x 1s infinite !important; transition: all 9s !important } @keyframes x { to { opacity: 0; transform: rotate(1turn) } }`},
	"a transformed body":       {css: `body { transform: scale(0.5); filter: blur(2px); perspective: 1px; will-change: transform }`},
	"a transformed root":       {css: `html { transform: translateX(400px); filter: invert(1); overflow: hidden; height: 0; opacity: 0.5 }`},
	"a zoomed body":            {css: `body { zoom: 3 }`},
	"a flexible page":          {css: `html, body { display: flex; flex-direction: column-reverse } html > *, body > * { flex: 1 1 100%; width: 100%; align-self: stretch }`},
	"a page of grids":          {css: `html, body { display: grid; grid-template: 1fr / repeat(9, 1fr); gap: 40px } html > *, body > * { grid-area: 1 / 1 / -1 / -1 }`},
	"names like ours":          {css: `* { --accent: red !important; --on-accent: red; --light: red; --font: fantasy; --back: red; --text: red; --pad: 99px; ` + regexp.MustCompile(`.`).ReplaceAllString("abcdefghijklmnopqrstuvwxyz", "--$0: red !important; ") + `}`},
	"the highest layer":        {script: `document.body.append(Object.assign(document.createElement("div"), {style: "position: fixed; inset: 0; z-index: 2147483647; background: red"}))`},
	"right to left":            {script: `document.documentElement.dir = "rtl"; document.documentElement.lang = "he"`},
	"no popovers":              {script: `document.querySelectorAll("[popover]").forEach((e) => { e.hidePopover(); e.removeAttribute("popover") })`},
	"another body":             {script: `document.body = document.createElement("body")`},
	"another root":             {script: `document.replaceChild(Object.assign(document.createElement("html"), {innerHTML: "<body>swapped"}), document.documentElement)`},
	"a view transition":        {script: `document.startViewTransition(() => document.body.replaceChildren("swapped")).finished`},
	"arrays with more":         {script: `Array.prototype.last = function () { return this[this.length - 1] }; Array.prototype.toJSON = () => "spoilt"`},
	"objects with more":        {script: `Object.prototype.extra = () => "spoilt"; Object.prototype.toJSON = () => "spoilt"`},
	"styles of the element":    {script: `document.querySelectorAll("porchlight-button, porchlight-panel").forEach((e) => e.setAttribute("style", "display: none !important; transform: scale(9) !important; opacity: 0 !important"))`},
	"no animations, no layout": {css: `@layer evil { * { all: revert !important } } porchlight-button, porchlight-panel { display: contents !important; position: absolute !important; top: 0 !important }`},
}

// measures describes the button and the panel with its form: where they are, and what can change their look.
const measures = `globalThis.measures = () => [document.querySelector("porchlight-button"), B("button"), B("svg"), P(".box"), P("h2"), P("[name=name]"), P("form.ask .main")].map((e) => {
	const { x, y, width, height } = e.getBoundingClientRect();
	const s = getComputedStyle(e);
	return [e.localName, x, y, width, height, s.color, s.backgroundColor, s.font, s.letterSpacing, s.textTransform, s.textIndent, s.direction, s.writingMode,
		s.opacity, s.visibility, s.transform, s.filter, s.clipPath, s.maskImage, s.pointerEvents, s.animationName, s.transitionDuration, s.contain].join(" ");
}).join("\n");
globalThis.onTop = (e, host) => {
	const { x, y, width, height } = e.getBoundingClientRect();
	return document.elementFromPoint(x + width / 2, y + height / 2)?.localName === host;
}`

// Nothing of the site gets in: wherever the widget is, it looks the same, lies above all, and can be used.
func TestHostile_NothingOfTheSiteGetsIn(t *testing.T) {
	t.Parallel()
	usual := ""
	visit := func(t *testing.T, css, script string) (*fake, tab) {
		f := newFake(t)
		b := newTab(t)
		b.before(measures)
		b.open(newSite(t, f, "", "").URL)
		b.wait(`shown(B("button"))`)
		b.js(`B("button").click(), 0`)
		b.wait(`shown(P("form.ask"))`)
		b.js(`P(".shut").click(), 0`)
		b.js(`document.head.append(Object.assign(document.createElement("style"), {textContent: ` + "`" + css + "`" + `})), 0`)
		b.js(`(async () => { await (` + "async () => {" + script + "}" + `)() })()`)
		b.wait(`document.querySelector("porchlight-button") && onTop(B("button"), "porchlight-button")`)
		b.do(chromedp.MouseClickXY(b.place(`B("button")`)))
		b.wait(`shown(P(".box")) && onTop(P(".box"), "porchlight-panel")`)
		b.still()
		return f, b
	}
	_, plain := visit(t, "", "")
	usual = plain.js(`measures()`)
	for name, page := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, b := visit(t, page.css, page.script)
			b.want(`measures()`, usual)
			b.shoot("hostile-" + name)
			b.request("Anna", "", "Is it you?")
			b.wait(`texts().join() === "Is it you?"`)
			f.join("Olga")
			f.say("It is me.")
			b.wait(`texts().at(-1) === "It is me."`)
			b.write("Good")
			b.wait(`all(".me").at(-1).innerText.endsWith("Sent")`)
		})
	}
}

// Nothing of ours gets out: the page stays as it was, to the last pixel, and nobody prints the button.
func TestHostile_NothingOfOursGetsOut(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(`new PerformanceObserver((list) => { for (const e of list.getEntries()) violations.push("shift " + e.value) }).observe({type: "layout-shift", buffered: true});
		globalThis.extent = () => [document.documentElement.scrollWidth, document.documentElement.scrollHeight, document.body.getBoundingClientRect().height].join()`)
	b.open(newSite(t, f, "", "").URL)
	b.wait(`shown(B("button"))`)
	before := b.js(`document.querySelector("porchlight-button").remove(), extent()`)
	b.openPanel()
	b.want(`extent()`, before)
	b.want(`document.querySelectorAll("style, link, iframe, script:not([src])").length`, "0")
	b.want(`Object.keys(globalThis).filter((k) => /porch|widget/i.test(k)).join()`, "porchlight")
	b.do(chromedp.Func(media("print")))
	b.want(`shown(B("button")) || shown(P(".box"))`, "false")
	b.noViolations()
}

// Where the browser has neither a top layer nor light-dark(), the widget is above the page by its z-index, and light.
func TestHostile_OlderBrowsers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(`delete HTMLElement.prototype.showPopover; delete HTMLElement.prototype.popover; CSS.supports = () => false`)
	b.prefer("prefers-color-scheme", "dark")
	b.open(newSite(t, f, `data-scheme="auto"`, "").URL)
	b.js(`document.body.append(Object.assign(document.createElement("div"), {style: "position: fixed; inset: 0; z-index: 9999; background: red"})), 0`)
	b.openPanel()
	b.want(`getComputedStyle(P(".box")).backgroundColor + getComputedStyle(B("button")).backgroundColor`, "rgb(255, 255, 255)rgb(39, 51, 107)")
	b.noViolations()
}

// The widget goes by the page's own colour scheme: a system with dark windows must not break a light page.
func TestScheme_IsThePages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		system, attributes, script string
		dark                       bool
	}{
		"a page that says nothing, dark system": {system: "dark"},
		"a light page, dark system":             {system: "dark", script: `document.documentElement.style.colorScheme = "light"`},
		"a dark page, light system":             {system: "light", script: `document.documentElement.style.colorScheme = "dark"`, dark: true},
		"a page for both, dark system":          {system: "dark", script: `document.documentElement.style.colorScheme = "light dark"`, dark: true},
		"a page for both, light system":         {system: "light", script: `document.documentElement.style.colorScheme = "light dark"`},
		"both by a meta tag, dark system":       {system: "dark", script: `document.head.append(Object.assign(document.createElement("meta"), {name: "color-scheme", content: "light dark"}))`, dark: true},
		"told to be dark":                       {system: "light", attributes: `data-scheme="dark"`, dark: true},
		"told to be light":                      {system: "dark", attributes: `data-scheme="light"`, script: `document.documentElement.style.colorScheme = "dark"`},
		"told to go by a dark system":           {system: "dark", attributes: `data-scheme="auto"`, dark: true},
		"told by a property":                    {system: "light", script: `document.documentElement.style.setProperty("--porchlight-scheme", "dark")`, dark: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			b := newTab(t)
			b.before(contrast)
			b.prefer("prefers-color-scheme", c.system)
			b.open(newSite(t, f, c.attributes, "").URL)
			b.js(c.script + `; 0`)
			b.openPanel()
			b.click(`P("form.ask button")`)
			b.wait(`P(".field .wrong").textContent || all(".wrong").some((e) => e.textContent)`)
			colours := "rgb(255, 255, 255) rgb(39, 51, 107)"
			if c.dark {
				colours = "rgb(21, 26, 40) rgb(70, 87, 173)"
			}
			b.want(`getComputedStyle(P(".box")).backgroundColor + " " + getComputedStyle(B("button")).backgroundColor`, colours)
			b.want(`faint().join()`, "")
		})
	}
}

// A site hides the button by an attribute of the tag, and shows it when it likes.
func TestButton_IsHiddenByAnAttribute(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "data-hidden", "").URL)
	b.wait(`B("button.lit")`)
	b.want(`shown(B("button"))`, "false")
	b.js(`document.querySelector("porchlight-button").hidden = false, 0`)
	b.wait(`shown(B("button"))`)
	b.js(`document.querySelector("porchlight-button").setAttribute("hidden", ""), 0`)
	b.want(`shown(B("button"))`, "false")
}

// A page that is zoomed as a whole has a larger panel, which stays within the window.
func TestHostile_AZoomedRoot(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int64{{1000, 720}, {620, 500}} {
		f := newFake(t)
		b := newTab(t)
		b.do(chromedp.EmulateViewport(size[0], size[1]))
		b.open(newSite(t, f, "", "").URL)
		b.js(`document.documentElement.style.zoom = 1.5, 0`)
		b.openPanel()
		b.want(`((r) => [r.left >= 0, r.top >= 0, r.right <= innerWidth, r.bottom <= innerHeight, r.height > 200].join())(P(".box").getBoundingClientRect())`, "true,true,true,true,true")
		b.shoot("zoomed-root")
	}
}

// The script works as a module, too.
func TestLoader_AsAModule(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, `type="module" crossorigin data-department="sales"`, "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	if d := f.awaitCall(t, "POST /v1/conversations", 1).body["department"]; d != "sales" {
		t.Errorf("department = %v, want sales", d)
	}
	b.noViolations()
}

// Two tags that are carried out before there is a body make one button, and a module finds its own tag among others' scripts.
func TestLoader_FindsItsTagAndStartsOnce(t *testing.T) {
	t.Parallel()
	for name, tags := range map[string]string{
		"twice in the head":      `<script src="SERVICE/widget.js"></script><script src="SERVICE/widget.js"></script>`,
		"a module beside others": `<script src="data:text/javascript,0//widget.js"></script><script type="module" src="SERVICE/widget.js"></script>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			b := newTab(t)
			s := newServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				_, _ = io.WriteString(w, `<!doctype html><html><head>`+strings.ReplaceAll(tags, "SERVICE", f.URL)+`</head><body></body></html>`)
			}))
			t.Cleanup(s.Close)
			b.open(s.URL)
			b.wait(`shown(B("button.lit"))`)
			b.openPanel()
			b.want(`document.querySelectorAll("porchlight-button").length`, "1")
			b.noViolations()
		})
	}
}

// A page that takes our elements away whenever they come goes on all the same.
func TestHostile_APageWithoutOurElementsGoesOn(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.wait(`B("button")`)
	b.js(`globalThis.taken = 0, new MutationObserver(() => {
		const ours = document.querySelector("porchlight-button");
		if (ours) taken++, ours.remove();
	}).observe(document.documentElement, {childList: true}), document.querySelector("porchlight-button").remove(), 0`)
	b.wait(`taken > 5`)
}
