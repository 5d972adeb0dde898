package ui_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press presses a key that types no character.
func (b tab) press(key string) {
	b.Helper()
	b.do(chromedp.KeyEvent(key))
}

// editing sends "Helo" and begins to edit it.
func editing(t *testing.T) (f *fake, b tab, seq int) {
	t.Helper()
	f, b = chatting(t)
	b.write("Helo")
	seq = f.awaitSeq(t, "Helo")
	b.wait(`shown(P(".pen"))`)
	b.press(kb.ArrowUp)
	b.wait(`P("[name=text]").value === "Helo" && P(".composer .bar").innerText.startsWith("Editing your message")`)
	b.want(`focused() === P("[name=text]")`, "true")
	return f, b, seq
}

func TestEdit_GoesTheWayOfMessages(t *testing.T) {
	t.Parallel()
	f, b, seq := editing(t)
	f.refuse("/messages", refusal{status: 502, stored: true})
	b.do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.keys("Hello" + kb.Enter)
	b.wait(`texts().at(-1) === "Hello (edited)" && all(".me").at(-1).innerText.endsWith("Sent")`)
	b.want(`!!P(".composer .bar") || P("[name=text]").value !== ""`, "false")
	first, second := f.awaitCall(t, "/messages", 2).body, f.awaitCall(t, "/messages", 3).body
	if first["replaces"] != float64(seq) || second["replaces"] != float64(seq) || first["client_id"] != second["client_id"] {
		t.Errorf("sent %v, then %v; want seq %d twice with one id", first, second, seq)
	}
	f.emit(object{"type": "receipt", "upto": seq, "status": "seen"})
	f.emit(object{"type": "typing", "active": true, "name": "Olga"})
	b.wait(`P(".typing").textContent`)
	b.want(`all(".me").at(-1).innerText.endsWith("Sent")`, "true") // the receipt is for the old text
	b.click(`P(".pen")`)
	b.wait(`P("[name=text]").value === "Hello"`) // the visitor may edit the message again
	b.noViolations()
}

// The visitor can edit a message as soon as the answer says that the service has it, even if its event comes later.
func TestEdit_BeforeTheEventHasCome(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.update(func() { f.held = true })
	b.write("Helo")
	b.wait(`shown(P(".pen")) && all(".me").at(-1).innerText.endsWith("Sent")`)
	b.press(kb.ArrowUp)
	b.wait(`P("[name=text]").value === "Helo"`)
	b.keys("!" + kb.Enter)
	b.wait(`texts().at(-1) === "Helo! (edited)" && all(".me").at(-1).innerText.endsWith("Sent")`)
	b.press(kb.ArrowUp)
	b.wait(`P("[name=text]").value === "Helo!"`)
	b.press(kb.Escape)
	f.update(func() { f.held = false })
	f.say("How can I help?")
	b.wait(`texts().at(-1) === "How can I help?"`)
	b.want(`texts().at(-2)`, "Helo! (edited)")
	if n := f.count("/messages"); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
	b.noViolations()
}

func TestEdit_EscapeGivesBackWhatWasBeingWritten(t *testing.T) {
	t.Parallel()
	f, b, _ := editing(t)
	b.press(kb.Escape)
	b.wait(`!P(".composer .bar") && shown(P(".box")) && P("[name=text]").value === ""`)
	b.keys("draft")
	b.press(kb.ArrowUp)
	b.want(`!!P(".composer .bar")`, "false") // the arrow begins an edit only in an empty composer
	b.click(`P(".pen")`)
	b.wait(`P("[name=text]").value === "Helo"`)
	b.click(`P(".composer .bar button")`)
	b.wait(`P("[name=text]").value === "draft" && focused() === P("[name=text]")`)
	if n := f.count("/messages"); n != 1 {
		t.Errorf("%d messages were sent, want 1", n)
	}
}

func TestEdit_ARefusalRestoresTheOldText(t *testing.T) {
	t.Parallel()
	for _, status := range []int{409, 422} {
		f, b, _ := editing(t)
		f.refuse("/messages", refusal{status: status, problem: object{"detail": "Too late."}})
		b.keys("!" + kb.Enter)
		b.wait(`P(".chat > [role=alert]").textContent === "Too late."`)
		b.want(`texts().at(-1)`, "Helo")
		b.want(`P("[name=text]").value`, "Helo!")
		b.wait(`all(".me").at(-1).innerText.endsWith("Sent") && shown(P(".pen"))`)
	}
}

func TestEdit_OnlyTheLastMessageAndWhileItCanBe(t *testing.T) {
	t.Parallel()
	f, b, _ := editing(t)
	b.press(kb.Escape)
	b.want(`!P(".log").contains(P(".pen")) && all(".pen").length === 1`, "true")
	b.want(`P(".pen").ariaLabel`, "Edit message")
	for range 10 {
		f.refuse("/messages", refusal{status: 503})
	}
	b.write("under way")
	b.wait(`!shown(P(".pen"))`)
	f.update(func() { clear(f.refusals) })
	b.js(`dispatchEvent(new Event("online"))`)
	seq := f.awaitSeq(t, "under way")
	b.wait(`shown(P(".pen"))`)
	f.emit(object{"type": "retraction", "replaces": seq, "from": "visitor", "name": "Anna"})
	b.wait(`!shown(P(".pen"))`)
	b.write("last")
	b.wait(`shown(P(".pen"))`)
	f.state("closed", "solved")
	b.wait(`!shown(P(".pen"))`)
	b.click(`P("[name=text]")`)
	b.press(kb.ArrowUp)
	b.want(`P("[name=text]").value`, "")
}

func TestEdit_SurvivesAReload(t *testing.T) {
	t.Parallel()
	f, b, _ := editing(t)
	for range 20 {
		f.refuse("/messages", refusal{status: 503})
	}
	b.keys("!" + kb.Enter)
	b.wait(`all(".me").at(-1).innerText.endsWith("Not sent yet, trying again…")`)
	b.reload()
	b.wait(`texts().at(-1) === "Helo! (edited)"`)
	f.update(func() { clear(f.refusals) })
	f.awaitSeq(t, "Helo!")
	b.wait(`texts().at(-1) === "Helo! (edited)" && all(".me").at(-1).innerText.endsWith("Sent")`)
}

// A refused edit goes back into the composer even before the log is there. What the visitor writes next is a message.
func TestEdit_ARefusalBeforeTheLogIsThere(t *testing.T) {
	t.Parallel()
	f, b, _ := editing(t)
	shop := b.js(`location.href`)
	f.update(func() { f.refusals["/messages"] = slices.Repeat([]refusal{{status: 503}}, 50) })
	b.keys("!" + kb.Enter)
	b.wait(`all(".me").at(-1).innerText.endsWith("Not sent yet, trying again…")`)
	b.open("about:blank")
	f.update(func() {
		f.refusals["/messages"] = []refusal{{status: 409, problem: object{"detail": "Too late."}}}
		f.refusals["c1/events"] = slices.Repeat([]refusal{{status: 503}}, 50)
	})
	b.open(shop)
	b.wait(`P(".chat > [role=alert]")?.textContent === "Too late." && P("[name=text]").value === "Helo!"`)
	f.update(func() { clear(f.refusals) })
	b.js(`dispatchEvent(new Event("online"))`)
	b.wait(`texts().at(-1) === "Helo"`)
	b.write(" And on")
	f.awaitSeq(t, "Helo! And on")
	b.noViolations()
}

// countParts counts how often parts were fetched whose names begin so. The lock is held.
func (f *fake) countParts(name string) (n int) {
	for _, c := range f.calls {
		if strings.HasPrefix(c.path, "/widget/"+name+"-") {
			n++
		}
	}
	return n
}

// A conversation of texts needs neither the extras nor the part for files; each comes once, when it is first used.
func TestExtras_ComeWhenTheyAreUsed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`texts().length === 1`)
	f.join("Olga")
	f.say("Good morning")
	b.write("Good morning")
	b.wait(`shown(P(".pen"))`)
	counts := func() (extras, files int) {
		f.look(func() { extras, files = f.countParts("extras"), f.countParts("files") })
		return extras, files
	}
	if extras, files := counts(); extras+files != 0 {
		t.Errorf("extras %d, files %d fetched for nothing", extras, files)
	}
	for _, id := range []string{"a", "b"} {
		f.send(object{"id": id, "name": id + ".pdf", "type": "application/pdf", "size": 0, "url": "https://files.example/" + id + ".pdf"})
		f.emit(object{"type": "reaction", "to": 2, "from": "operator", "name": "Olga", "text": id})
	}
	b.wait(`all(".them a").length === 2 && P(".chips").textContent === "b"`)
	b.click(`P("header button")`)
	b.wait(`P(".sure")`)
	if extras, files := counts(); extras != 2 || files != 2 { // each with its words
		t.Errorf("extras %d, files %d, want both once", extras, files)
	}
	b.noViolations()
}

// When the extras did not come, their first use says so: a file in the log, or a click. The next use tries again.
func TestExtras_ItIsSaidWhenTheyDidNotCome(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.wait(`shown(P("form.ask"))`)
	b.request("Anna", "", "Hello")
	b.wait(`texts().length === 1`)
	f.update(func() { f.refusals[".js"] = slices.Repeat([]refusal{{status: 404}}, 50) })
	lacking := `P(".chat > [role=alert]").textContent === "Part of this chat did not load. Please try again, or reload the page."`
	f.join("Olga")
	b.wait(`P("h2").textContent === "Olga"`)
	b.want(`P(".chat > [role=alert]").textContent`, "") // nothing has used the extras yet
	f.send(object{"id": "a", "name": "a.pdf", "type": "application/pdf", "size": 0, "url": "https://files.example/a.pdf"})
	b.wait(lacking)
	b.shoot("lacking")
	b.write("Helo")
	b.wait(`shown(P(".pen")) && !P(".chat > [role=alert]").textContent`)
	b.click(`P(".pen")`)
	b.wait(lacking)
	b.want(`!P(".composer .bar")`, "true")
	f.update(func() { clear(f.refusals) })
	b.click(`P(".pen")`)
	b.wait(`P(".composer .bar")`)
	b.noViolations()
}

// Events that wait for the extras are drawn in the order in which they came.
func TestExtras_KeepTheirOrder(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.update(func() {
		for i := range 40 {
			f.only().append(object{"type": "reaction", "to": 2, "from": "operator", "name": "Olga", "text": string(rune('a' + i%26))})
		}
	})
	b.wait(`P(".chips span")`)
	b.wait(`P(".chips").textContent === "n"`)
	b.reload()
	b.wait(`P(".chips")?.textContent === "n"`)
}
