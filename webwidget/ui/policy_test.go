package ui_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

func TestPolicy_NeedsOnlyScriptAndConnect(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	policy := "default-src 'none'; script-src " + f.URL + "; connect-src " + f.URL + "; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	b.open(newSite(t, f, "", policy).URL)
	b.openPanel()
	b.request("Anna", "", "Strict?")
	b.wait(`texts().length === 1`)
	f.join("Olga")
	f.say("As strict as can be.")
	b.write("Good.")
	b.wait(`texts().length === 3 && shown(P(".pen"))`)
	b.click(`P(".pen")`)
	b.wait(`P(".composer .bar")`) // the bar shows that the extras are there
	b.want(`getComputedStyle(P("header")).backgroundColor`, "rgb(39, 51, 107)")
	b.noViolations()
}

func TestPolicy_WhereThePanelIsForbiddenThePageOpens(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "script-src "+f.URL+"/widget.js").URL)
	b.js(`globalThis.open = (url) => (globalThis.opened = url), 0`)
	b.click(`B("button")`)
	b.wait(`globalThis.opened === "` + f.URL + `/chat?department="`)
}

func TestPolicy_NoCookiesAndNoTokenInAddresses(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.write("Hello")
	f.awaitSeq(t, "Hello")
	f.look(func() {
		for _, c := range f.calls {
			if c.header.Get("Cookie") != "" {
				t.Errorf("%s %s came with a cookie", c.method, c.path)
			}
		}
	})
	b.want(`performance.getEntriesByType("resource").some((e) => e.name.includes("secret"))`, "false")
	b.want(`performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith("`+f.URL+`") && !n.endsWith("/favicon.ico"))`, "[]")
}

func TestPage_FillsTheWindow(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(f.URL + "/chat")
	b.wait(`shown(P("form.ask"))`)
	b.want(`document.querySelector("porchlight-button") === null && document.querySelector("main").contains(document.querySelector("porchlight-panel"))`, "true")
	b.want(`P(".box").offsetWidth + " " + P(".box").offsetHeight`, b.js(`innerWidth + " " + innerHeight`))
	b.want(`P(".box").role`, "region")
	b.shoot("page-form")
	b.request("Anna", "", "Just this")
	b.wait(`texts().length === 1`)
	f.join("Olga")
	f.say("Here I am.")
	b.wait(`texts().length === 2`)
	b.shoot("page-chat")
	b.do(chromedp.Func(media("print"))) // a page of the service is printed with the conversation
	b.want(`shown(P(".box"))`, "true")
	b.noViolations()
	b.reload()
	b.wait(`texts().length === 2`)
}

func TestPhone_IsASheet(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulateTouch))
	b.open(newSite(t, f, "", "").URL)
	b.wait(`shown(B("button"))`)
	b.shoot("phone-button")
	b.openPanel()
	b.want(`P(".box").offsetWidth + " " + P(".box").offsetHeight`, "390 844")
	b.want(`getComputedStyle(P("[name=name]")).fontSize`, "16px")
	b.want(`[...all("button, input, textarea")].filter(shown).every((e) => e.offsetHeight >= 44)`, "true")
	b.shoot("phone-form")
	b.request("Anna", "", "How can I edit my students' information?")
	b.wait(`texts().length === 1`)
	f.join("Olga")
	f.say("Open the class, then the pencil beside the name.")
	b.write("Found it, thank you!")
	b.wait(`texts().length === 3`)
	b.shoot("phone-chat")
	b.want(`document.documentElement.scrollWidth <= 390`, "true")
}
