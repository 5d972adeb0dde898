package ui_test

import "testing"

func TestWhere_TellsThePageAndWhetherItIsLookedAt(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.js(`history.pushState(0, "", "/lamps"), document.title = "Lamps", 0`)
	told := f.awaitCall(t, "/page", 1)
	if told.body["url"] != b.js(`location.href`) || told.body["title"] != "Lamps" || told.body["hidden"] != false {
		t.Errorf("told %v", told.body)
	}
	if got := told.header.Get("Authorization"); got != "Bearer secret1" {
		t.Errorf("page came with %q", got)
	}
	f.refuse("/page", refusal{status: 404})
	b.js(`Object.defineProperty(document, "hidden", {get: () => globalThis.asleep, configurable: true}), globalThis.asleep = true, 0`)
	if hidden := f.awaitCall(t, "/page", 2).body["hidden"]; hidden != true {
		t.Errorf("hidden = %v, want true", hidden)
	}
	b.js(`globalThis.asleep = false, 0`)
	if hidden := f.awaitCall(t, "/page", 3).body["hidden"]; hidden != false {
		t.Errorf("hidden = %v, want false", hidden)
	}
	b.open(b.js(`new URL("/two", location).href`))
	if url := f.awaitCall(t, "/page", 4).body["url"]; url != b.js(`location.href`) {
		t.Errorf("url = %v, want that of the next page", url)
	}
	b.noViolations()
}

// A hidden page says so again when the line is back, since a service that was restarted does not know.
func TestWhere_HiddenIsToldAgainWhenTheLineIsBack(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	reopen := func() {
		opened := 0
		f.look(func() { opened = f.opened })
		f.cutStreams(t)
		f.await(t, "another stream", func() bool { return f.opened > opened })
	}
	reopen()
	if n := f.count("/page"); n != 0 {
		t.Errorf("%d calls from a page that is shown, want none", n)
	}
	b.js(`Object.defineProperty(document, "hidden", {get: () => true}), 0`)
	f.awaitCall(t, "/page", 1)
	reopen()
	if body := f.awaitCall(t, "/page", 2).body; body["hidden"] != true || body["url"] != b.js(`location.href`) {
		t.Errorf("told %v, want that the page is hidden", body)
	}
}

// The widget does not tell a page that the request told already, nor one that lasts less than a second, nor any page after
// the end.
func TestWhere_SaysNothingTwice(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.before(`globalThis.looks = 0; const real = setInterval; globalThis.setInterval = (f, ms) => real(() => { f(); looks++; globalThis.after?.() }, ms === 1000 ? 20 : ms)`)
	b.reload()
	b.wait(`P("h2")?.textContent === "Olga" && looks > 20`)
	b.js(`looks = 0, history.pushState(0, "", "/x"), globalThis.after = () => { after = undefined; history.replaceState(0, "", "/") }, 0`)
	b.wait(`looks > 20 && location.pathname === "/"`)
	f.state("closed", "solved")
	b.wait(`P(".banner p").textContent === "This request has been solved."`)
	b.js(`looks = 0, history.pushState(0, "", "/y"), 0`)
	b.wait(`looks > 20`)
	if n := f.count("/page"); n != 0 {
		t.Errorf("%d calls, want none", n)
	}
}
