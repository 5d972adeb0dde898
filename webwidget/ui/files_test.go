package ui_test

import (
	"fmt"
	"net/http"
	"testing"
)

// choose gives files to the composer in the way of its dialog.
func (b tab) choose(files ...string) {
	b.Helper()
	b.wait(`shown(P(".clip"))`)
	b.js(`{ const input = P("[type=file]"); input.files = files(` + list(files) + `).files; input.dispatchEvent(new Event("change")) } 0`)
}

// list writes strings as the arguments of a JavaScript function.
func list(files []string) (text string) {
	for _, f := range files {
		text += fmt.Sprintf("%q,", f)
	}
	return text
}

// withFiles opens a chat in which files may be sent. The page's function files makes some.
func withFiles(t *testing.T) (*fake, tab) {
	t.Helper()
	f, b := chatting(t)
	b.want(`shown(P(".clip"))`, "false")
	f.allowFiles(20 << 20)
	b.before(`globalThis.files = (...names) => {
  const all = new DataTransfer();
  for (const n of names) all.items.add(new File([new Uint8Array(n.startsWith("big") ? 12e6 : n.startsWith("huge") ? 21e6 : 2000)], n, {type: "image/png"}));
  return all;
}`)
	b.reload()
	b.wait(`shown(P(".clip")) && P("h2").textContent === "Olga"`)
	return f, b
}

func TestFiles_GoOneAfterTheOther(t *testing.T) {
	t.Parallel()
	f, b := withFiles(t)
	b.want(`P(".clip").ariaLabel + " " + P("[type=file]").accept`, "Attach files image/png,application/pdf")
	release := f.holdFiles()
	b.choose("one.png", "two.png")
	b.wait(`all(".upload").length === 2 && all(".upload progress").every(shown)`)
	release()
	b.wait(`texts().slice(-2).join() === "one.png 2 kB,two.png 2 kB" && all(".upload").length === 0`)
	b.wait(`all(".me").at(-1).innerText.endsWith("Sent")`)
	b.want(`all(".me").slice(-2).every((e) => e.querySelector("a").download) && !shown(P(".pen"))`, "true")
	sent := f.awaitCall(t, "/files", 1)
	if sent.body["first"] != "client_id" || sent.header.Get("Authorization") != "Bearer secret1" {
		t.Errorf("sent %v with %q", sent.body, sent.header.Get("Authorization"))
	}
	if n := f.count("/files"); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
	b.noViolations()
}

func TestFiles_AFailureThatPassesStaysUntilItIsTriedAgainOrDismissed(t *testing.T) {
	t.Parallel()
	f, b := withFiles(t)
	f.refuse("/files", refusal{status: 503, stored: true, problem: object{"detail": "The disk is full."}})
	f.refuse("/files", refusal{status: 429, problem: object{"detail": "Too many files are on their way at the moment."}})
	b.choose("one.png", "two.png")
	b.wait(`all(".upload [role=alert]").map((e) => e.textContent).join() === "The disk is full.,Too many files are on their way at the moment."`)
	b.want(`all("progress").some(shown)`, "false")
	b.want(`all(".upload button").map((e) => shown(e) && (e.ariaLabel ?? e.textContent)).join()`, "Try again,Dismiss,Try again,Dismiss")
	b.click(`all(".upload button").at(-1)`)
	b.wait(`all(".upload").length === 1 && focused() === P("[name=text]")`)
	release := f.holdFiles()
	b.click(`P(".upload button")`)
	b.wait(`!shown(P(".upload button")) && focused().ariaLabel === "Cancel"`)
	release()
	b.wait(`all(".upload").length === 0`)
	b.want(`texts().filter((t) => t.startsWith("one.png")).length`, "1")
	first, again := f.awaitCall(t, "/files", 1).body, f.awaitCall(t, "/files", 3).body
	if first["client_id"] != again["client_id"] || first["client_id"] == f.awaitCall(t, "/files", 2).body["client_id"] {
		t.Error("a file keeps its id at every try, and no other has it")
	}
}

// A file that the service will never take can't be tried again, only dismissed. The panel says why, and which files are taken.
func TestFiles_WhatIsNeverTakenIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	f, b := withFiles(t)
	for _, c := range []struct {
		status int
		says   string
	}{
		{http.StatusUnsupportedMediaType, "Files of this kind are not taken. Send a picture, PDF, text, document, sound, video or ZIP file."},
		{http.StatusRequestEntityTooLarge, "This file is too big. At most 21 MB can be sent."},
		{http.StatusConflict, "No more files can be sent in this chat."},
		{http.StatusForbidden, "No files are taken here."},
	} {
		f.refuse("/files", refusal{status: c.status, problem: object{"detail": "No files are taken here."}})
		b.choose("one.png")
		b.wait(`P(".upload [role=alert]")?.textContent`)
		b.want(`P(".upload [role=alert]").textContent`, c.says)
		b.want(`all(".upload button").filter(shown).map((e) => e.ariaLabel).join()`, "Dismiss")
		b.click(`P(".upload button[aria-label=Dismiss]")`)
		b.wait(`all(".upload").length === 0`)
	}
}

// The refusal of a file in an ended chat does not read like that in a full one: a message opens the chat again for files.
func TestFiles_AnEndedChatIsNotAFullOne(t *testing.T) {
	t.Parallel()
	f, b := withFiles(t)
	f.state("closed", "solved")
	b.wait(`shown(P(".banner"))`)
	f.refuse("/files", refusal{status: http.StatusConflict, problem: object{"detail": "This conversation has ended. Write a message to go on with it."}})
	b.choose("one.png")
	b.wait(`P(".upload [role=alert]")?.textContent`)
	b.want(`P(".upload [role=alert]").textContent`, "This chat has ended.")
	b.want(`P("[name=text]").placeholder`, "Write to continue this chat…")
}

// The browser asks a visitor who leaves the page only while a file is under way, since the browser keeps no files for us.
func TestFiles_WhoLeavesIsAskedWhileOneIsUnderWay(t *testing.T) {
	t.Parallel()
	f, b := withFiles(t)
	asked := `!dispatchEvent(new Event("beforeunload", {cancelable: true}))`
	b.want(asked, "false")
	release := f.holdFiles()
	b.choose("one.png", "two.png")
	b.wait(asked)
	b.click(`all(".upload button[aria-label=Cancel]").at(-1)`)
	b.wait(`all(".upload").length === 1`)
	b.want(asked, "true")
	release()
	b.wait(`all(".upload").length === 0 && !` + "(" + asked + ")")
	f.refuse("/files", refusal{status: 503})
	b.choose("three.png")
	b.wait(`shown(P(".upload button"))`)
	b.want(asked, "false") // the file is not under way, it waits for the visitor
}

func TestFiles_ShowHowFarTheyAreAndCanBeCancelled(t *testing.T) {
	t.Parallel()
	f, b := withFiles(t)
	release := f.holdFiles()
	b.choose("big.png", "next.png")
	b.wait(`P("progress").value > 0 && P("progress").value < 1`)
	b.want(`P("progress").ariaLabel`, "Sending big.png")
	b.click(`P(".upload button[aria-label=Cancel]")`)
	b.wait(`all(".upload").length === 1`)
	release()
	b.wait(`all(".upload").length === 0`)
	b.wait(`texts().at(-1) === "next.png 2 kB"`)
	b.want(`texts().some((t) => t.startsWith("big.png"))`, "false")
}

func TestFiles_TooBigIsSaidBeforeItIsSent(t *testing.T) {
	t.Parallel()
	f, b := withFiles(t)
	b.choose("huge.png")
	b.wait(`P(".upload [role=alert]").textContent === "This file is too big. At most 21 MB can be sent."`)
	if n := f.count("/files"); n != 0 {
		t.Error("it was sent")
	}
}

func TestFiles_ArePastedAndDropped(t *testing.T) {
	t.Parallel()
	_, b := withFiles(t)
	b.js(`P("[name=text]").dispatchEvent(new ClipboardEvent("paste", {clipboardData: files("pasted.png"), bubbles: true, cancelable: true}))`)
	b.wait(`texts().at(-1) === "pasted.png 2 kB"`)
	b.js(`{ const both = files("table.png"); both.setData("text/plain", "a table"); P("[name=text]").dispatchEvent(new ClipboardEvent("paste", {clipboardData: both, bubbles: true, cancelable: true})) } 0`)
	drag := func(kind string) string {
		return `P("header").dispatchEvent(new DragEvent("` + kind + `", {dataTransfer: files("dropped.png"), bubbles: true, cancelable: true}))`
	}
	b.want(drag("dragover"), "false") // the panel takes the drag
	b.want(drag("drop"), "false")
	b.wait(`texts().at(-1) === "dropped.png 2 kB"`)
	b.want(`texts().some((t) => t.startsWith("table.png"))`, "false")
}

// The panel says that files can be dropped as long as files are over it. It does not say so for other things.
func TestFiles_ThePanelSaysThatTheyCanBeDropped(t *testing.T) {
	t.Parallel()
	_, b := withFiles(t)
	drag := func(over, kind, what string) {
		b.js(over + `.dispatchEvent(new DragEvent("` + kind + `", {dataTransfer: ` + what + `, bubbles: true, cancelable: true}))`)
	}
	words := `{ const all = new DataTransfer(); all.setData("text/plain", "words"); globalThis.words = all } 0`
	b.js(words)
	drag(`P("header")`, "dragover", "words")
	for _, end := range []string{"dragleave", "drop", "pointermove"} {
		b.want(`!P(".drop")`, "true")
		drag(`P("header")`, "dragover", `files("a.png")`)
		b.wait(`shown(P(".drop")) && P(".drop").textContent === "Drop files here to send them"`)
		drag(`P(".drop")`, "dragover", `files("a.png")`)
		b.want(`all(".drop").length`, "1")
		b.want(`P(".drop").offsetWidth === P(".box").clientWidth && P(".drop").offsetHeight === P(".box").clientHeight`, "true")
		drag(`P(".drop")`, end, `files("a.png")`)
		b.wait(`!P(".drop")`)
	}
	b.wait(`texts().at(-1) === "a.png 2 kB" && texts().length === 2`) // one file was dropped
}
