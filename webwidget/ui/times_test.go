package ui_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
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
			b.want(`stamps()[2]`, b.js(`new Date("2030-01-02T12:00:50Z").toLocaleTimeString("de", {timeStyle: "short"})`))
			b.wait(`all(".day").map((e) => e.textContent).join() === "Mittwoch, 2. Januar 2030,Donnerstag, 3. Januar 2030"`)
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

// Times, days and sizes are written as in the language that the widget speaks, whatever the browser's own is (here English), and in the
// visitor's time zone.
func TestTimes_AreInTheWidgetsLanguage(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{
		"en": "Wednesday, January 2, 2030|3:00 PM|1.2 MB",
		"de": "Mittwoch, 2. Januar 2030|15:00|1,2 MB",
		"ar": "الأربعاء، 2 يناير 2030|3:00 م|1.2 م.ب",
		"fa": "۱۴۰۸ دی ۱۳, چهارشنبه|۱۵:۰۰|۱٫۲ MB",
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			f, b := newFake(t), newTab(t)
			b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
				_, err := cdp.Call(ctx, target, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Europe/Athens"})
				return err
			}))
			b.before(stamps)
			b.open(newSite(t, f, `data-language="`+language+`"`, "").URL)
			b.openPanel()
			b.request("Anna", "", "Hello")
			b.wait(`P("[role=log]")`)
			f.emit(object{"type": "file", "from": "operator", "name": "Olga", "at": "2030-01-02T13:00:00Z",
				"file": object{"id": "a", "name": "a.pdf", "type": "application/pdf", "size": 1234567, "url": "https://files.example/a.pdf"}})
			b.wait(`P(".them p a")?.textContent.length > 6`)
			b.wait(`P(".day")?.textContent`)
			b.want(`(P(".day").textContent + "|" + stamps().at(-1) + "|" + P(".them p a").lastChild.data.trim()).replace(/\s/g, " ")`, want)
			b.noViolations()
		})
	}
}
