package ui_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// stamps gives the times below the messages, "" where there is none.
const stamps = `globalThis.stamps = () => all(".entry:not(.note) .meta").map((e) => [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join())`

// What one side writes within a minute has one time, below the last of it. A line with the date, in the visitor's language, stands where the
// day changes, and nowhere else.
func TestTimes_AreGroupedAndDaysSeparated(t *testing.T) {
	t.Parallel()
	for _, look := range []struct {
		scheme string
		width  int64
	}{{"light", 1000}, {"dark", 360}} {
		f := newFake(t)
		b := newTab(t)
		b.before(stamps)
		b.do(chromedp.EmulateViewport(look.width, 760, chromedp.EmulateScale(2)))
		b.open(newSite(t, f, `data-language="de-AT"`, "").URL)
		b.js(`document.documentElement.style.colorScheme = "` + look.scheme + `", 0`)
		b.openPanel()
		b.request("Anna", "", "Hello")
		b.wait(`P("[role=log]")`)
		f.join("Olga")
		b.wait(`P("h2").textContent === "Olga"`)
		b.want(`all(".day").length`, "0")
		say := func(name, at, text string) {
			f.emit(object{"type": "message", "from": "operator", "name": name, "text": text, "at": at})
		}
		say("Olga", "2030-01-02T12:00:05Z", "one")
		say("Olga", "2030-01-02T12:00:50Z", "two")
		say("Olga", "2030-01-02T12:01:10Z", "three")
		say("Xavi", "2030-01-02T12:01:20Z", "four")
		f.emit(object{"type": "message", "from": "visitor", "client_id": "x", "text": "five", "at": "2030-01-02T12:01:30Z"})
		say("Xavi", "2030-01-02T12:01:40Z", "six")
		f.emit(object{"type": "operator", "name": "Olga", "action": "left", "at": "2030-01-02T12:01:45Z"})
		say("Xavi", "2030-01-02T12:01:50Z", "seven")
		say("Xavi", "2030-01-03T12:01:55Z", "eight")
		b.wait(`texts().at(-1) === "eight"`)
		for range 2 { // the second time as the log of a page that was loaded again
			b.want(`[0, 2, 3, 4, 5, 6, 7, 8].every((n) => stamps()[n]) && stamps()[1]`, "")
			b.want(`stamps()[2]`, b.js(`new Date("2030-01-02T12:00:50Z").toLocaleTimeString([], {timeStyle: "short"})`))
			b.want(`all(".day").map((e) => e.textContent).join()`, "Mittwoch, 2. Januar 2030,Donnerstag, 3. Januar 2030")
			b.want(`all(".day").map((e) => e.nextElementSibling.querySelector("p").textContent).join()`, "one,eight")
			b.want(`all(".day + .first").length`, "2")
			b.shoot(fmt.Sprintf("times-%s", look.scheme))
			b.reload()
			b.wait(`P("[role=log]")`)
			if look.width < 480 {
				b.openPanel()
			}
			b.wait(`texts().at(-1) === "eight" && shown(P("[role=log]"))`)
		}
		b.noViolations()
	}
}
