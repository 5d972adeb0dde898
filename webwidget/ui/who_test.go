package ui_test

import (
	"encoding/base64"
	"fmt"
	"testing"
)

// identityOf is what a site says of its visitor, with a signature that only the service checks.
func identityOf(subject string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"sub":%q}`, subject)) + ".c2lnbmVk"
}

// Who signs in while they talk goes on in the same log, and the service is told once who it is, with the conversation's token. Somebody
// else who signs in later in this browser does not get the conversation.
func TestWho_SignsInWhileTheyTalk(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	url := b.js(`location.href`)
	f.say("Which class?")
	b.wait(`texts().at(-1) === "Which class?"`)
	b.js(`P("[role=log]").mark = "the same", 0`)
	signIn := func(subject string) {
		b.js(`porchlight.setUser({ identity: "` + identityOf(subject) + `" }).then(() => 0)`)
	}
	b.js(`globalThis.porchlight ??= function () { (porchlight.q ??= []).push(arguments) }, 0`)
	signIn("Zoë >?~ 42")
	if c := f.awaitCall(t, "/identity", 1); c.body["identity"] != identityOf("Zoë >?~ 42") || c.header.Get("Authorization") == "" {
		t.Errorf("told %v %v", c.body, c.header)
	}
	b.want(`P("[role=log]").mark + P("h2").textContent`, "the sameOlga")
	signIn("Zoë >?~ 42")
	b.open(url)
	b.wait(`P("[role=log]")`)
	signIn("Zoë >?~ 42")
	b.want(`shown(P("[role=log]"))`, "true")
	if n := f.count("/identity"); n != 1 {
		t.Errorf("told %d times", n)
	}
	signIn("43")
	b.wait(`shown(P("form.ask"))`)
	b.want(`Object.values(localStorage).join("").includes("c1")`, "false")
	if n := f.count("/identity"); n != 1 {
		t.Errorf("told %d times", n)
	}
	b.noViolations()
}

// A page that says from the start who the visitor is says so of the conversation that there is. If it is another identity's, it is forgotten here; if the
// identity is bad, it stays.
func TestWho_OfThePagesTag(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{204: "true", 409: "false", 422: "true", 503: "true"} {
		f, b := chatting(t)
		problem := object{"detail": "No.", "errors": object{}}
		if status > 204 {
			if status == 422 {
				problem["errors"] = object{"identity": "It has expired."}
			}
			f.refuse("/identity", refusal{status: status, problem: problem})
		}
		b.open(newSite(t, f, `data-identity="`+identityOf("42")+`"`, "").URL + "#" + b.js(`location.href`))
		b.js(`localStorage["porchlight:` + f.URL + `"] = '{"id":"c1","token":"secret1","done":false}', 0`)
		release := f.holdFiles()
		b.reload()
		f.awaitCall(t, "/v1/me", 1)
		f.awaitCall(t, "/identity", 1)
		b.openPanel()
		b.wait(map[string]string{"true": `shown(P("[role=log]"))`, "false": `shown(P("form.ask"))`}[want])
		release() // what was asked for before does not bring it back
		b.wait(`performance.getEntriesByType("resource").some((e) => e.name.endsWith("/v1/me") && e.responseEnd)`)
		b.still()
		b.want(`"porchlight:`+f.URL+`" in localStorage`, want)
	}
}
