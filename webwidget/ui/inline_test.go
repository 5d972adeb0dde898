package ui_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// A page may give the chat a place of its own, in place of the button. It takes no focus and moves nothing, and goes on where a
// framework puts the place anew.
func TestInline_AChatInThePage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.do(chromedp.EmulateViewport(900, 900))
	b.open(newSite(t, f, "", "").URL)
	b.wait(`shown(B("button"))`)
	b.js(`document.querySelector("h1").after(document.createElement("porchlight-chat")), 0`)
	b.wait(`shown(P("form.ask")) && document.querySelector("porchlight-panel").parentNode.localName === "porchlight-chat"`)
	b.want(`shown(B("button")) || document.querySelector("porchlight-panel").matches(":popover-open")`, "false")
	b.want(`document.activeElement === document.body`, "true")
	b.want(`((r) => [r.height, r.width - document.querySelector("porchlight-chat").getBoundingClientRect().width, r.top > document.querySelector("h1").getBoundingClientRect().bottom].join())(P(".box").getBoundingClientRect())`, "600,0,true")
	b.shoot("inline-form")
	b.request("Anna", "", "Hello")
	b.wait(`P("[role=log]")`)
	f.join("Olga")
	f.say("Hello Anna")
	b.wait(`texts().at(-1) === "Hello Anna"`)
	b.shoot("inline-chat")
	b.js(`document.querySelector("porchlight-chat").remove(), 0`)
	b.want(`!!document.querySelector("porchlight-panel")`, "false")
	b.js(`document.body.append(document.createElement("porchlight-chat")), 0`)
	b.wait(`shown(P("[role=log]"))`)
	f.say("Still here")
	b.wait(`texts().at(-1) === "Still here"`)
	b.noViolations()
}
