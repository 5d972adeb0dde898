package ui_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// In a panel that covers the page, the focus stays in both directions. Escape gives it back to the button.
func TestPhone_TheFocusStaysInAPanelThatCoversThePage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.do(chromedp.EmulateViewport(360, 640))
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.want(`P(".box").ariaModal`, "true")
	const name = `(focused().name || focused().ariaLabel || focused().textContent)`
	walk := func(key string, stops ...string) {
		t.Helper()
		for _, stop := range stops {
			b.press(key)
			b.wait(fmt.Sprintf("%s === %q", name, stop))
		}
	}
	b.want(name, "name")
	walk(kb.Tab, "email", "reason", "Request support", "Minimise", "name")
	b.request("Anna", "", "Hello")
	b.wait(`texts().length === 1`)
	f.join("Olga")
	b.wait(`focused() === P("[name=text]") && shown(P(".pen"))`)
	walk(kb.Tab, "Send", "End chat", "Minimise", "Messages", "Edit message", "text")
	b.js(`P("header button").focus()`)
	b.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
	b.wait(name + ` === "Send"`)
	b.keys(kb.Escape)
	b.wait(`!shown(P(".box")) && focused() === B("button")`)
}

// A panel beside the page lets the focus go. It is no modal dialog, since the visitor can still use the page.
func TestPanel_BesideThePageLetsTheFocusGo(t *testing.T) {
	t.Parallel()
	_, b := chatting(t)
	b.want(`P(".box").ariaModal`, "false")
	b.js(`P("[aria-label=Send]").focus()`)
	b.press(kb.Tab)
	b.wait(`document.activeElement.localName !== "porchlight-panel"`)
}

// Each text runs in its own direction, Hebrew from right to left, whatever the language of the panel.
func TestChat_TextsRunTheirOwnWay(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.emit(object{"type": "message", "from": "operator", "name": "Olga", "text": "שלום Anna", "reply_to": 2})
	b.wait(`texts().at(-1) === "שלום Anna" && P(".quote")`)
	b.want(`getComputedStyle(all(".entry p").at(-1)).direction + getComputedStyle(P(".quote span")).direction`, "rtlltr")
	b.js(`P("[name=text]").value = "שלום"`)
	b.want(`getComputedStyle(P("[name=text]")).direction`, "rtl")
}
