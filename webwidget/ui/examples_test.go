package ui_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// example returns the code below a heading of docs/widget.md, with the address of the service in it.
func example(t *testing.T, f *fake, heading, language string) string {
	t.Helper()
	_, below, ok := strings.Cut(section(t, "In your site"), "\n### "+heading+"\n")
	_, code, ok2 := strings.Cut(below, "\n```"+language+"\n")
	code, _, ok3 := strings.Cut(code, "\n```")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("docs/widget.md has no code in %s below %s", language, heading)
	}
	return strings.ReplaceAll(code, "https://chat.example.org", f.URL)
}

// body serves a page with this body.
func body(t *testing.T, html string) *httptest.Server {
	t.Helper()
	s := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>Shop</title></head><body>%s</body></html>`, html)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestExamples_PlainHTML(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(body(t, example(t, f, "Plain HTML", "html")).URL)
	b.click(`document.querySelector("body > button")`)
	b.wait(`P("[name=reason]")?.value === "Which plan fits me?"`)
	b.click(`P("form.ask .main")`)
	if got := text(f.awaitCall(t, "POST /v1/conversations", 1).body["attributes"]); got != `{"page":"prices"}` {
		t.Errorf("attributes %s", got)
	}
	b.noViolations()
}

// What Liquid makes of the example for Shopify: {{ … | json }} is a value in JSON, and the rest is there if a customer is.
func TestExamples_Shopify(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	page := example(t, f, "Shopify", "liquid")
	for what, value := range map[string]string{
		`customer.name | json`: `"Anna \"A\" Berg"`, `customer.email | json`: `"anna@example.org"`, `customer.orders_count | json`: `3`, `request.locale.iso_code`: `de`,
		`% if customer %`: ``, `% endif %`: ``,
	} {
		if !strings.Contains(page, what) {
			t.Errorf("the example has no %s", what)
		}
		page = regexp.MustCompile(`\{+ ?`+regexp.QuoteMeta(what)+` ?\}+`).ReplaceAllLiteralString(page, value)
	}
	b.open(body(t, page).URL)
	b.openPanel()
	b.wait(`P("[name=name]")?.value === 'Anna "A" Berg' && P("[name=email]").value === "anna@example.org" && P(".box").lang === "de"`)
	b.fill(`P("[name=reason]")`, "Hello")
	b.click(`P("form.ask .main")`)
	if got := text(f.awaitCall(t, "POST /v1/conversations", 1).body["attributes"]); got != `{"orders":3}` {
		t.Errorf("attributes %s", got)
	}
	b.noViolations()
}

func TestExamples_WithABundler(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(body(t, `<button id="help">Help</button><script>`+bundled(t, example(t, f, "With a bundler", "js"), ourPackage(t))+`</script>`).URL)
	b.click(`document.querySelector("#help")`)
	b.request("Anna", "", "Hello")
	if got := f.awaitCall(t, "POST /v1/conversations", 1).body["department"]; got != "sales" {
		t.Errorf("department %v", got)
	}
	b.wait(`texts().join() === "Hello"`)
	b.click(`P(".shut")`)
	f.join("Olga")
	f.say("Good morning")
	b.wait(`document.querySelector("#help").dataset.count === "1"`)
	b.noViolations()
}

func TestExamples_React(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	app := example(t, f, "React", "jsx") + `
import { createRoot } from "react-dom/client";
const root = createRoot(document.getElementById("root"));
globalThis.answers = 0;
globalThis.draw = (user) => root.render(<Support user={user} onAnswer={() => answers++} />);
draw({ token: "a.b.c" });`
	b.open(body(t, `<div id="root"></div><script>`+bundled(t, app, ourPackage(t), theirPackage(t, "react@19.3.1"), theirPackage(t, "react-dom@19.3.1"), theirPackage(t, "scheduler@0.28.0"))+`</script>`).URL)
	b.openPanel()
	b.wait(`shown(P("form.ask"))`)
	b.fill(`P("[name=reason]")`, "Hello")
	b.click(`P("form.ask .main")`)
	if got := f.awaitCall(t, "POST /v1/conversations", 1).body["identity"]; got != "a.b.c" {
		t.Errorf("identity %v", got)
	}
	f.join("Olga")
	f.say("Good morning")
	b.wait(`answers === 1`)
	b.js(`draw(null), 0`)
	b.wait(`P("form.ask") && !P("[name=name]").parentNode.hidden && localStorage["porchlight:` + f.URL + `"] === "0"`)
	b.noViolations()
}

func TestExamples_Vue(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	vue := filepath.Join(theirPackage(t, "vue@3.5.45"), "vue/dist/vue.runtime.esm-browser.prod.js")
	script := `
import { createApp, h, ref } from "vue";
const user = ref(null), language = ref("de");
Object.assign(globalThis, { user, language });
createApp({ setup() { usePorchlight(() => ({ user: user.value && { identity: user.value.token }, language: language.value })); return () => h("p", language.value); } }).mount("#root");
` + example(t, f, "Vue", "js")
	b.open(body(t, `<div id="root"></div><script>`+bundled(t, strings.ReplaceAll(script, `"vue"`, `"`+vue+`"`), ourPackage(t))+`</script>`).URL)
	b.openPanel()
	b.wait(`P(".box")?.lang === "de" && shown(P("[name=name]"))`)
	b.js(`language.value = "fr", user.value = { token: "a.b.c" }, 0`)
	b.wait(`P(".box").lang === "fr" && !shown(P("[name=name]"))`)
	b.want(`document.querySelectorAll("script[src*=widget]").length`, "1")
	b.noViolations()
}
