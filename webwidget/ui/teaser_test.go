package ui_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// teaser gives short names to what the teaser shows.
const teaser = `
globalThis.T = (s) => document.querySelector("porchlight-teaser")?.shadowRoot.querySelector(s);
globalThis.teased = () => shown(T(".words")) ? T("b").textContent + ": " + T("span").textContent : "";`

// teased is a chat whose panel was closed, on a page with teaser.
func teased(t *testing.T, attributes string, before ...func(b tab)) (*fake, tab) {
	t.Helper()
	f := newFake(t)
	b := newTab(t)
	b.before(teaser)
	for _, prepare := range before {
		prepare(b)
	}
	b.talk(f, attributes, "Hello")
	return f, b
}

// What the visitor has not seen stands beside the button, by the name of who wrote it, in a live region that was there before. A click
// opens the panel, over which nothing lies.
func TestTeaser_ShowsWhatIsUnread(t *testing.T) {
	t.Parallel()
	for _, look := range []struct {
		scheme string
		width  int64
	}{{"light", 1000}, {"dark", 360}} {
		f, b := teased(t, "", func(b tab) { b.do(chromedp.EmulateViewport(look.width, 640, chromedp.EmulateScale(2))) })
		b.js(`document.documentElement.style.colorScheme = "` + look.scheme + `", 0`)
		f.say("Seen at once")
		b.wait(`texts().at(-1) === "Seen at once"`)
		if n := f.count("/widget/" + strings.Replace(manifest().Panel, "panel", "teaser", 1)); n != 0 {
			t.Errorf("the teaser was fetched %d times before there was something to show", n)
		}
		b.click(`P(".shut")`)
		f.say("Good morning, Anna! Open the class, then the pencil beside the student's name, as on the second page of the handbook that lies in your account. It opens in a window of its own.")
		b.wait(`teased().startsWith("Olga: Good morning")`)
		b.wait(`T(".on").getAnimations().length === 0`)
		b.shoot("teaser-" + look.scheme)
		b.want(`T("[role=status]").contains(T(".words")) + " " + T("[role=status]").contains(T(".x"))`, "true false")
		b.want(`[T(".on"), T(".x"), T(".words")].every((e) => ((r) => r.left >= 0 && r.right <= innerWidth && r.bottom <= B("button").getBoundingClientRect().top && r.height >= 44)(e.getBoundingClientRect()))`, "true")
		b.want(`B("b").textContent`, "1")
		two := f.say("https://example.org")
		b.wait(`teased() === "Olga: https://example.org" && T("a") === null`)
		f.emit(object{"type": "correction", "replaces": two, "text": "https://example.com", "from": "operator", "name": "Olga"})
		b.wait(`teased() === "Olga: https://example.com"`)
		f.emit(object{"type": "retraction", "replaces": two, "from": "operator", "name": "Olga"})
		b.wait(`teased().startsWith("Olga: Good morning")`)
		b.click(`T(".words")`)
		b.wait(`shown(P(".box")) && focused() === P("[name=text]") && teased() === "" && !T(".on") && B("b").hidden`)
		f.say("Seen again")
		b.wait(`texts().at(-1) === "Seen again"`)
		b.want(`teased() + !!T(".on")`, "false")
		for range 15 {
			f.say("more")
		}
		b.wait(`texts().at(-1) === "more" && P(".log").scrollTop > 300`)
		b.js(`P(".log").scrollTop = 0`)
		f.say("below")
		b.wait(`B("b").textContent === "1"`) // the visitor reads what is above
		b.want(`teased() + !!T(".on")`, "false")
		b.click(`P(".shut")`)
		b.wait(`teased() === "Olga: below"`)
		b.noViolations()
	}
}

// What the visitor has dismissed does not come back, neither on the next page; what is written later does.
func TestTeaser_IsDismissed(t *testing.T) {
	t.Parallel()
	f, b := teased(t, "")
	b.click(`P(".shut")`)
	f.say("one")
	b.wait(`teased() === "Olga: one"`)
	b.click(`T(".x")`)
	b.wait(`teased() === "" && focused() === B("button")`)
	b.want(`B("b").textContent`, "1")
	f.say("two")
	b.wait(`teased() === "Olga: two"`)
	b.reload()
	b.wait(`globalThis.T && teased() === "Olga: two"`)
	b.js(`T(".words").focus()`)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.wait(`teased() === ""`)
	b.reload()
	b.wait(`B("b")?.textContent === "2" && P(".them") && T("[role=status]")`)
	b.want(`teased()`, "")
	f.say("three")
	b.wait(`teased() === "Olga: three"`)
	b.noViolations()
}

// It moves once, for 160 ms, and not at all for those who want no motion. It looks as the site has set it.
func TestTeaser_Motion(t *testing.T) {
	t.Parallel()
	for motion, want := range map[string]string{"no-preference": "come 0.16s", "reduce": "none 0s"} {
		f, b := teased(t, "", func(b tab) { b.prefer("prefers-reduced-motion", motion) })
		b.click(`P(".shut")`)
		f.say("one")
		b.wait(`teased() === "Olga: one"`)
		b.want(`((s) => s.animationName + " " + s.animationDuration)(getComputedStyle(T(".on")))`, want)
		b.want(`getComputedStyle(T(".on")).animationIterationCount`, "1")
	}
}

// A site that has settings of its own has its colours and its side in the teaser, too.
func TestTeaser_OnASiteWithSettings(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setSettings(object{"colour": "#0b6e4f", "side": "left", "texts": object{"notice": object{"": "Closed on Friday"}}})
	b := newTab(t)
	b.before(teaser)
	b.talk(f, "", "Hello")
	b.click(`P(".shut")`)
	f.say("one")
	b.wait(`teased() === "Olga: one"`)
	b.want(`T(".on").getBoundingClientRect().left`, "20")
	b.shoot("teaser-left")
	b.noViolations()
}
