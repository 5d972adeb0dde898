package ui_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// astroClicks is the part of Astro's ClientRouter that is no module: it gives clicks on links to the router, which is Astro's.
const astroClicks = `
import { navigate } from "astro/dist/transitions/router.js";
document.addEventListener("click", (e) => {
	const link = e.target.closest?.("a");
	if (!link) return;
	e.preventDefault();
	navigate(link.href);
});`

// framework is a way in which a site has the widget and goes from page to page.
type framework struct {
	// lib makes the script that the site's pages have, and that stays; nil: none.
	lib func(*testing.T) string
	// head and body are what the pages have beside it.
	head, body string
	// tag are attributes of the widget's tag. The tag stands in the head, or at the end of the body.
	tag    string
	inBody bool
	// reloads says that a link loads the next page anew.
	reloads bool
}

func library(what, file string) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		name := what[:strings.LastIndex(what, "@")]
		text, err := os.ReadFile(filepath.Join(theirPackage(t, what), name, file))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

func astro(t *testing.T) string {
	t.Helper()
	virtual := filepath.Join(t.TempDir(), "node_modules")
	// What Astro's own build puts in the place of this module, without an adapter.
	folder := filepath.Join(virtual, "virtual:astro:adapter-config")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "client.js"), []byte("export const internalFetchHeaders = {};"), 0o644); err != nil {
		t.Fatal(err)
	}
	return bundled(t, strings.Replace(astroClicks, "astro/dist", filepath.Join(theirPackage(t, "astro@7.3.5"), "astro/dist"), 1), virtual)
}

var frameworks = map[string]framework{
	"a classic script":       {tag: `async`, reloads: true},
	"a classic script, body": {inBody: true, reloads: true},
	"a deferred script":      {tag: `defer`, reloads: true},
	"a module script":        {tag: `type="module"`, reloads: true},
	"a module in the body":   {tag: `type="module" async`, inBody: true, reloads: true},
	"Turbo":                  {lib: library("@hotwired/turbo@8.0.23", "dist/turbo.es2017-umd.js"), tag: `async`},
	"Turbo, tag in the body": {lib: library("@hotwired/turbo@8.0.23", "dist/turbo.es2017-umd.js"), inBody: true},
	"Turbo, module, morph": {lib: library("@hotwired/turbo@8.0.23", "dist/turbo.es2017-umd.js"), tag: `type="module"`,
		head: `<meta name="turbo-refresh-method" content="morph"><meta name="view-transition" content="same-origin">`},
	"Astro":                  {lib: astro, head: `<meta name="astro-view-transitions-enabled" content="true">`, tag: `async`},
	"Astro, tag in the body": {lib: astro, head: `<meta name="astro-view-transitions-enabled" content="true">`, inBody: true},
	"Astro, run again":       {lib: astro, head: `<meta name="astro-view-transitions-enabled" content="true">`, tag: `async data-astro-rerun`},
	"htmx 2":                 {lib: library("htmx.org@2.0.10", "dist/htmx.min.js"), body: `hx-boost="true"`, tag: `async`},
	"htmx 2, tag in the body": {lib: library("htmx.org@2.0.10", "dist/htmx.min.js"), body: `hx-boost="true"`,
		head: `<meta name="htmx-config" content='{"globalViewTransitions":true}'>`, inBody: true},
	"htmx 4":                  {lib: library("htmx.org@4.0.1", "dist/htmx.min.js"), body: `hx-boost:inherited="true"`, tag: `async`},
	"htmx 4, tag in the body": {lib: library("htmx.org@4.0.1", "dist/htmx.min.js"), body: `hx-boost:inherited="true"`, inBody: true},
}

// site serves pages of a site that is made in this way. Each page has the snippet, and says that it was shown.
func (w framework) site(t *testing.T, f *fake) *httptest.Server {
	t.Helper()
	lib := ""
	if w.lib != nil {
		lib = w.lib(t)
	}
	s := newServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/lib.js":
			rw.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			_, _ = fmt.Fprint(rw, lib)
			return
		case "/favicon.ico":
			http.NotFound(rw, r)
			return
		}
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		tag := fmt.Sprintf("<script>%s</script>\n<script src=\"%s/widget.js\" data-plan=\"pro\" %s></script>", snippet, f.URL, w.tag)
		inHead, inBody := tag, ""
		if w.inBody {
			inHead, inBody = "", tag
		}
		_, _ = fmt.Fprintf(rw, `<!doctype html><html lang="en"><head><title>Page %[1]s</title>%[2]s<script src="/lib.js" defer></script>%[3]s</head>
<body %[4]s><h1>Page %[1]s</h1><p><a id="one" href="/one">One</a> <a id="two" href="/two">Two</a></p>
<button id="help" onclick="porchlight('toggle')">Help</button>%[5]s</body></html>`, r.URL.Path, w.head, inHead, w.body, inBody)
	}))
	t.Cleanup(s.Close)
	return s
}

// The widget works wherever its tag is, and stays while a framework changes pages under it: a page's calls are carried out and
// events come, each once; the conversation goes on, and what the visitor is writing stays.
func TestFrameworks(t *testing.T) {
	t.Parallel()
	for name, w := range frameworks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			b := newTab(t)
			b.before(ear)
			b.open(w.site(t, f).URL + "/one")
			b.js(`globalThis.first = document.documentElement && performance.timeOrigin, 0`)
			b.wait(`shown(B("button"))`)
			b.js(`document.querySelector("#help").click(), 0`)
			b.request("Anna", "", "Hello")
			b.wait(`texts().join() === "Hello"`)
			f.join("Olga")
			b.wait(`P("h2").textContent === "Olga"`)
			b.fill(`P("[name=text]")`, "half a")
			for n, page := range []string{"two", "one", "two"} {
				b.js(`document.querySelector("#` + page + `").click(), 0`)
				b.wait(`document.querySelector("h1")?.textContent === "Page /` + page + `" && P("[name=text]")`)
				b.want(`performance.timeOrigin === globalThis.first`, fmt.Sprint(!w.reloads))
				text := fmt.Sprint("On page ", n)
				b.wait(`P("h2").textContent === "Olga"`)
				b.js(`porchlight("getStatus").then((s) => (globalThis.now = s))`)
				f.say(text)
				b.wait(fmt.Sprintf(`texts().at(-1) === %q && shown(P(".box"))`, text))
				b.wait(fmt.Sprintf(`heard.filter(([name, d]) => name === "message" && d.text === %q).length === 1`, text))
				b.want(`document.querySelectorAll("porchlight-button, porchlight-panel").length + P("[name=text]").value`, "2half a")
			}
			if !w.reloads {
				b.js(`history.back()`)
				b.wait(`document.querySelector("h1")?.textContent === "Page /one"`)
			}
			b.wait(`!document.querySelector(":active-view-transition")`) // it takes all clicks
			b.js(`porchlight("close").then(() => document.querySelector("#help").click())`)
			b.wait(`shown(P(".box"))`)
			b.write(" word")
			b.wait(`texts().at(-1) === "half a word" && all(".me").at(-1).innerText.endsWith("Sent")`)
			if n := f.count("POST /v1/conversations"); n != 1 {
				t.Errorf("%d conversations", n)
			}
			b.want(`heard.filter(([name]) => name === "ready").length`, "1")
			b.shoot("framework-" + strings.ReplaceAll(name, " ", "-"))
			b.js(`violations.splice(0, violations.length, ...violations.filter((v) => !/Transition was skipped|\/lib\.js/.test(v))), 0`) // a router's own, on a busy machine
			b.noViolations()
		})
	}
}

// The package's component for React: options that change are told, events come to the listeners of the last rendering, also in
// strict mode, and where the component goes, the widget is not seen.
func TestFrameworks_React(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(ear)
	b.open(app(t, f, bundled(t, `
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { Porchlight } from "@porchlight/widget/react";

function App() {
  const [{ shown, user, language, count }, set] = useState({ shown: true, user: { name: "Anna" }, language: "en", count: 0 });
  globalThis.set = (more) => set((now) => ({ ...now, ...more }));
  const on = { message: (m) => m.text && set((now) => ({ ...now, count: now.count + 1 })), opened: () => heard.push(["mine", count]) };
  return (
    <>
      <p id="count">{count}</p>
      {shown && <Porchlight service="SERVICE" user={user} language={language} attributes={{ plan: "pro" }} on={on} />}
    </>
  );
}
createRoot(document.getElementById("root")).render(<StrictMode><App /></StrictMode>);
`, ourPackage(t), theirPackage(t, "react@19.3.1"), theirPackage(t, "react-dom@19.3.1"), theirPackage(t, "scheduler@0.28.0"))).URL)
	b.openPanel()
	b.wait(`shown(P("form.ask")) && P("[name=name]").value === "Anna"`)
	b.js(`set({ language: "fr" }), 0`)
	b.wait(`P(".box").lang === "fr"`)
	b.js(`set({ language: "en" }), 0`)
	b.wait(`P(".box").lang === "en"`)
	b.request("", "", "Hello")
	b.wait(`texts().join() === "Hello"`)
	f.join("Olga")
	f.say("Good morning")
	f.say("What is it?")
	b.wait(`document.querySelector("#count").textContent === "2"`)
	b.js(`set({ shown: false }), 0`)
	b.wait(`!shown(B("button")) && !shown(P(".box"))`)
	b.js(`heard = [], set({ shown: true }), 0`)
	b.wait(`shown(B("button"))`)
	b.openPanel()
	b.wait(`names().endsWith("mine")`)
	b.want(`JSON.stringify(heard.filter(([name]) => name === "mine"))`, `[["mine",2]]`)
	b.js(`set({ user: null }), 0`)
	b.wait(`localStorage["porchlight:` + f.URL + `"] === "0"`)
	b.wait(`P("form.ask") && P("[name=name]").value === ""`)
	b.want(`document.querySelectorAll("script[src*=widget]").length`, "1")
	b.noViolations()
}
