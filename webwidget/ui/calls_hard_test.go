package ui_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The visitor who logs out is forgotten in all tabs: conversation, words, name. The service hears that they have left, and the
// next request has nothing of theirs.
func TestCalls_Reset(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, `data-plan="pro"`, `porchlight("setUser", { name: "Anna", email: "anna@example.org" }); porchlight("setAttributes", { plan: "gold", debts: 5 });`)
	b.openPanel()
	b.request("", "", "Hello")
	b.wait(`texts().join() === "Hello"`)
	f.join("Olga")
	other := b.beside()
	other.scripted(b.js(`location.href`), "")
	other.wait(`texts().join() === "Hello"`)
	other.js(`P("[name=text]").value = "half b", P("[name=text]").dispatchEvent(new Event("input")), 0`)
	b.toFront()
	b.fill(`P("[name=text]")`, "half a")
	b.js(`porchlight.reset().then(() => 0)`)
	b.want(`shown(P(".box"))`, "false")
	b.want(`JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })`, fmt.Sprintf(`{"porchlight:%s":"0"}{}`, f.URL))
	f.awaitCall(t, "/leave", 1)
	for _, tab := range []tab{b, other} {
		tab.wait(`P("form.ask") && !P("[role=log]")`)
		tab.want(`P("[name=name]").value + P("[name=reason]").value + (sessionStorage["porchlight:`+f.URL+`:draft"] ?? "")`, "")
	}
	b.want(`localStorage["porchlight:`+f.URL+`"]`, "0")
	b.openPanel()
	b.request("Ben", "", "Good evening")
	sent := f.awaitCall(t, "POST /v1/conversations", 2)
	if sent.body["name"] != "Ben" || sent.body["email"] != "" || sent.body["previous"] != nil || text(sent.body["attributes"]) != `{"plan":"pro"}` || sent.header.Get("Authorization") != "" {
		t.Errorf("sent %v, %v", sent.body, sent.header)
	}
	b.wait(`texts().join() === "Good evening"`)
	b.want(`names().split("chat-started").length`, "3")
	b.noViolations()
}

// Where nothing is kept yet, reset keeps nothing; where the conversation is still on its way, it does not come any more.
func TestCalls_ResetAtOnce(t *testing.T) {
	t.Parallel()
	_, b := scripted(t, "", `porchlight("reset");`)
	b.js(`porchlight.getStatus().then(() => 0)`)
	b.want(`localStorage.length + sessionStorage.length`, "0")
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`texts().join() === "Hello"`)
	b.reload()
	b.wait(`names().startsWith("ready")`)
	b.js(`porchlight.getStatus().then(() => 0)`)
	b.openPanel()
	b.wait(`shown(P("form.ask"))`)
	b.want(`!!P("[role=log]")`, "false")
	b.noViolations()
}

// A call that needs the service says so when it does not answer.
func TestCalls_TheServiceIsSilent(t *testing.T) {
	t.Parallel()
	f, b := scripted(t, "", "")
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`texts().join() === "Hello"`)
	f.refuse("/close", refusal{status: http.StatusServiceUnavailable})
	f.refuse("/close", refusal{status: http.StatusConflict, problem: object{"detail": "It is over already."}})
	b.want(`said(porchlight.endChat())`, "TypeError porchlight: the service does not answer.")
	b.want(`said(porchlight.endChat())`, "TypeError porchlight: It is over already.")
	b.want(`said(porchlight.endChat())`, "nothing")
	quiet := b.beside()
	quiet.hasten(20000, 10)
	quiet.before(`globalThis.EventSource = class { addEventListener() {} close() {} }; { const real = fetch; globalThis.fetch = (url, ...more) => (String(url).includes("/v1/status") ? new Promise(() => {}) : real(url, ...more)) }`)
	quiet.scripted(b.js(`location.href`), "")
	quiet.want(`said(porchlight.getStatus())`, "TypeError porchlight: the service does not answer.")
}

// What could not be fetched is fetched again by the next call.
func TestCalls_AfterABreak(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	calls, panel := "GET /widget/calls-"+strings.TrimPrefix(manifest().Panel, "panel-"), "GET /widget/"+manifest().Panel
	f.refuse(calls, refusal{status: http.StatusServiceUnavailable})
	f.refuse(panel, refusal{status: http.StatusServiceUnavailable})
	b := newTab(t)
	b.scripted(newSite(t, f, "", "").URL, "")
	b.wait(`shown(B("button"))`)
	b.want(`said(porchlight.open()).then((s) => s.slice(0, 25))`, "TypeError Failed to fetch")
	b.want(`said(porchlight.open())`, "TypeError porchlight: the panel can't be fetched.")
	b.want(`said(porchlight.open())`, "nothing")
	b.wait(`shown(P("form.ask"))`)
}

// A page whose policy is the strictest that the widget can live with can make all calls.
func TestCalls_UnderTheStrictestPolicy(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	policy := "default-src 'none'; script-src " + f.URL + "; connect-src " + f.URL + "; require-trusted-types-for 'script'"
	b.scripted(newSite(t, f, "", policy).URL, `globalThis.done = porchlight("setScheme", "dark").then(() => porchlight("startChat", "Hello")).then(() => porchlight("setLanguage", "de"));`)
	b.js(`done.then(() => 0)`)
	b.wait(`P(".box").lang === "de" && P("[name=reason]").value === "Hello"`)
	b.js(`porchlight.reset().then(() => 0)`)
	b.noViolations()
}

// In a page in the background the service is asked when the page is shown; a call waits for that, and is not refused before.
func TestCalls_GetStatusInTheBackground(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(`globalThis.fired = 0; { const real = setTimeout; let n = 0; globalThis.setTimeout = (f, ms, ...rest) => (ms === 20000 ? real(() => { f(); fired++ }, n++ ? 60000 : 10) : real(f, ms, ...rest)) }`)
	b.before(`globalThis.asleep = true; Object.defineProperty(document, "hidden", { get: () => asleep })`)
	b.scripted(newSite(t, f, "", "").URL, `globalThis.state = said(porchlight("getStatus")); globalThis.waits = state.then((s) => (globalThis.told = s));`)
	b.wait(`fired === 1`)
	b.want(`typeof globalThis.told`, "undefined")
	b.js(`asleep = false, document.dispatchEvent(new Event("visibilitychange")), 0`)
	b.wait(`globalThis.told?.includes('"status":"online"')`)
}
