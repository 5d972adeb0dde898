package ui_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// contrast lists the texts of the panel, or of other elements, whose contrast to the background is less than 4.5 to 1 (WCAG 2.2 §1.4.3).
const contrast = `globalThis.faint = (list = all("*")) => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return text.startsWith("color") ? [r, g, b, a] : [r / 255, g / 255, b / 255, a];
  };
  const behind = (e) => {
    for (; e instanceof Element; e = e.parentNode) if (parse(getComputedStyle(e).backgroundColor)[3] === 1) return parse(getComputedStyle(e).backgroundColor);
  };
  const light = (c) => {
    const [r, g, b] = c.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  return list.filter((e) => shown(e) && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).flatMap((e) => {
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => a - b);
    return b / a < 4.5 ? [e.textContent + " " + b / a] : [];
  });
}`

// everything fills a conversation with answers, changes and files of every kind.
func everything(f *fake, b tab) {
	b.Helper()
	one := f.emit(object{"type": "message", "from": "operator", "name": "Olga", "text": "Open the class, then the pencil beside the name.", "reply_to": 2})
	f.emit(object{"type": "correction", "replaces": one, "text": "Open the class, then the pencil beside the student's name.", "from": "operator", "name": "Olga"})
	two := f.say("wrong window")
	f.emit(object{"type": "retraction", "replaces": two, "from": "operator", "name": "Olga"})
	f.send(object{"id": "a", "name": "Editing a student.png", "type": "image/png", "size": 81920, "url": "/v1/conversations/c1/files/a"})
	f.send(object{"id": "b", "name": "Handbook of the school's administration, second edition.pdf", "type": "application/pdf", "size": 4200000, "url": "https://files.example/b.pdf"})
	b.wait(`P("p img")?.naturalWidth`)
	f.say("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " + strings.Repeat("w", 60) + " שלום")
	b.write("Now I see it, thank you!")
	mine := f.awaitSeq(b.T, "Now I see it, thank you!")
	f.emit(object{"type": "reaction", "to": mine, "from": "operator", "name": "Olga", "text": "👍 ❤️"})
	f.emit(object{"type": "reaction", "to": mine, "from": "operator", "name": "Xavi", "text": "🎉"})
	b.wait(`all(".chips span").length === 3 && shown(P(".pen"))`)
}

// Nothing is wider than the panel, and everything that can be pressed is large enough.
func TestLooks_Everything(t *testing.T) {
	t.Parallel()
	for _, look := range []struct {
		name, scheme  string
		width, height int64
	}{{"wide-light", "light", 1000, 800}, {"wide-dark", "dark", 1000, 800}, {"phone-light", "light", 360, 640}, {"phone-dark", "dark", 360, 640},
		{"zoomed", "light", 640, 400}, {"zoomed-400", "light", 320, 256}} {
		f := newFake(t)
		b := newTab(t)
		b.prefer("prefers-color-scheme", look.scheme)
		b.do(chromedp.EmulateViewport(look.width, look.height, chromedp.EmulateScale(2)))
		b.before(contrast)
		b.before(`globalThis.files = (...names) => { const all = new DataTransfer(); for (const n of names) all.items.add(new File([new Uint8Array(9e6)], n)); return all }`)
		b.open(newSite(t, f, "", "").URL)
		b.js(`document.documentElement.style.colorScheme = "` + look.scheme + `", 0`)
		b.openPanel()
		b.request("Anna", "", "How can I edit my students' information?")
		b.wait(`P("[role=log]")`)
		f.allowFiles(20 << 20)
		f.join("Olga")
		b.wait(`P("h2").textContent === "Olga"`)
		f.cutStreams(t) // so that the widget reads a snapshot, which allows files
		b.wait(`shown(P(".clip"))`)
		everything(f, b)
		b.shoot(look.name + "-chat")
		b.js(`P("[role=log]").scrollTop = 0`)
		b.shoot(look.name + "-top")
		b.js(`P("[role=log]").scrollTop = 1e6`)

		f.refuse("/files", refusal{status: 415})
		b.choose("setup.exe")
		b.wait(`P(".upload [role=alert]")?.textContent`)
		release := f.holdFiles()
		b.choose("A screenshot of the class.png")
		b.wait(`all("progress").at(-1).value > 0`)
		b.shoot(look.name + "-upload")
		b.want(`all(".entry, .bar, .quote, p").every((e) => e.getBoundingClientRect().right <= P(".box").getBoundingClientRect().right)`, "true")
		b.want(`all("button").filter(shown).filter((e) => e.offsetHeight < 44).map((e) => e.textContent).join()`, "")
		b.want(`faint().join()`, "")
		b.js(`P(".log").dispatchEvent(new DragEvent("dragover", {dataTransfer: files("a.png"), bubbles: true, cancelable: true}))`)
		b.wait(`P(".drop")`)
		b.shoot(look.name + "-drag")
		b.want(`faint().join()`, "")
		b.js(`P(".drop").dispatchEvent(new DragEvent("dragleave"))`)
		release()
		b.wait(`all(".upload").length === 1`)
		b.click(`all(".upload button").at(-1)`)
		b.write("It wroks now")
		b.wait(`shown(P(".pen"))`)
		b.press(kb.ArrowUp)
		b.wait(`P(".composer .bar")`)
		b.want(`P(".composer").getBoundingClientRect().bottom <= innerHeight`, "true")
		if look.height > 300 { // there is no room for more than the bar and the composer in a desktop window at 400 %
			b.wait(`all(".meta").at(-1).getBoundingClientRect().bottom < P(".composer").getBoundingClientRect().top`) // the bar does not hide the message
		}
		b.shoot(look.name + "-editing")
		b.want(`faint().join()`, "")
		b.keys("!" + kb.Enter)
		b.wait(`texts().at(-1) === "It wroks now! (edited)" && shown(P(".pen"))`)
		b.shoot(look.name + "-edited")
		b.noViolations()
	}
}
