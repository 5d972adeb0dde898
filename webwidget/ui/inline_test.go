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
	b.wait(`shown(B("button"))`)
	b.js(`document.body.append(document.createElement("porchlight-chat")), 0`)
	b.wait(`shown(P("[role=log]"))`)
	f.say("Still here")
	b.wait(`texts().at(-1) === "Still here"`)
	b.noViolations()
}

// Where a page without a full load has no place for the chat any more, the button is back with the same chat behind it; a place that comes
// later takes the panel, also one that is open.
func TestInline_PlacesComeAndGo(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	place := `(document.body.append(document.createElement("porchlight-chat")), 0)`
	away := `(document.querySelector("porchlight-chat").remove(), 0)`
	inside := `document.querySelector("porchlight-panel").parentNode.localName === "porchlight-chat" && !shown(B("button")) && !shown(P(".shut"))`
	b.js(place)
	b.wait(`shown(P("form.ask"))`)
	b.request("Anna", "", "Hello")
	b.wait(`P("[role=log]")`)
	f.join("Olga")
	b.wait(`P("h2").textContent === "Olga"`)
	b.fill(`P("[name=text]")`, "half")
	b.js(away)
	b.wait(`shown(B("button")) && !shown(P(".box"))`)
	b.want(`document.activeElement === document.body`, "true")
	f.say("Are you there?")
	b.wait(`document.querySelector("porchlight-teaser")?.shadowRoot.querySelector(".on")?.innerText.includes("Are you there?")`) // it is not taken for seen
	b.openPanel()
	b.want(`[P(".box").role, shown(P(".shut")), P("[name=text]").value, texts().at(-1), document.querySelector("porchlight-panel").matches(":popover-open")].join("|")`, "dialog|true|half|Are you there?|true")
	b.shoot("inline-gone")
	b.js(place)
	b.wait(inside + ` && shown(P(".box"))`)
	b.want(`P(".box").role + P("[name=text]").value`, "regionhalf")
	b.js(snippet + `porchlight("close").then(() => 0)`)
	b.want(`shown(P(".box"))`, "false")
	b.js(`porchlight.open().then(() => 0)`)
	b.want(`shown(P(".box"))`, "true")
	b.shoot("inline-again")
	b.js(away)
	b.wait(`shown(B("button")) && !shown(P(".box"))`)
	b.js(place)
	b.wait(inside + ` && shown(P(".box"))`)
	b.js(`document.querySelector("porchlight-chat").before(document.createElement("porchlight-chat")), 0`)
	b.wait(`document.querySelector("porchlight-chat porchlight-panel").parentNode === document.querySelector("porchlight-chat")`)
	b.noViolations()
}

// A page that hides its button has none either where the place has gone.
func TestInline_LeavesAHiddenButtonHidden(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "data-hidden", "").URL)
	b.wait(`B("button.lit")`)
	b.js(`document.body.append(document.createElement("porchlight-chat")), 0`)
	b.wait(`shown(P("form.ask"))`)
	b.js(`document.querySelector("porchlight-chat").remove(), 0`)
	b.wait(`document.querySelector("porchlight-panel") && !document.querySelector("porchlight-panel").hasAttribute("inline")`)
	b.want(`shown(B("button")) || shown(P(".box"))`, "false")
	b.noViolations()
}
