package ui_test

import (
	"encoding/json"
	"html/template"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"porchlight/bridge/phrase"
)

// tight counts what in the widget is wider than its place.
const tight = `(() => {
	const wide = (e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline" && getComputedStyle(e).textOverflow !== "ellipsis" && e.matches("button,h2,label:not(.star),legend,p,small,strong");
	const out = (e) => { const r = e.getBoundingClientRect(); return r.width && (r.left < -1 || r.right > innerWidth + 1) };
	return [B("button"), ...all("*")].filter((e) => shown(e) && !e.closest(".hide") && (wide(e) || out(e))).map((e) => e.tagName + "." + e.className + " " + e.textContent).join("; ");
})()`

// texts are the widget's texts in a language, by their keys.
func texts(t *testing.T, l *phrase.Language) map[string]string {
	t.Helper()
	text, err := os.ReadFile("words.json")
	var groups map[string]map[string]string
	if err == nil {
		err = json.Unmarshal(text, &groups)
	}
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for _, group := range groups {
		for key, format := range group {
			all[key] = l.Translate(format)
		}
	}
	return all
}

// In each language the button invites, the form asks and the conversation goes on in that language and its direction, whatever
// those of the page are, on the smallest phone, with nothing wider than its place.
func TestLanguages_AllAreSpoken(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	b.do(chromedp.EmulateViewport(320, 568, chromedp.EmulateScale(2)))
	for _, l := range phrase.Languages() {
		t.Run(l.Tag, func(t *testing.T) {
			b := tab{t, b.ctx, b.console}
			f := newFake(t)
			said := texts(t, l)
			b.open(newSite(t, f, `data-language="`+l.Tag+`-XX"`, "").URL)
			other := map[string]string{"ltr": "rtl", "rtl": "ltr"}[l.Dir()]
			b.js(`document.documentElement.dir = "` + other + `", 0`)
			b.wait(`B("strong")?.textContent`)
			b.want(`B("strong").textContent`, said["invite"])
			b.want(`B("button").lang + B("button").dir + getComputedStyle(B("button")).direction`, l.Tag+l.Dir()+l.Dir())
			b.want(tight, "")
			b.shoot("language-" + l.Tag + "-button")
			b.openPanel()
			b.want(`P(".box").lang + P(".box").dir + getComputedStyle(P("form.ask")).direction`, l.Tag+l.Dir()+l.Dir())
			b.want(`P("h2").textContent + P("form.ask .main").textContent + P("[for=reason]").textContent`, said["title"]+said["ask"]+said["reason"])
			b.want(`getComputedStyle(P("[name=reason]")).direction`, l.Dir()) // also where the cursor stands, while there is no text
			b.want(tight, "")
			b.shoot("language-" + l.Tag + "-form")
			b.request("Anna", "", "Help")
			b.wait(`P("[role=log]")`)
			f.join("Olga")
			b.wait(`P("h2").textContent === "Olga"`)
			f.say("Good morning!")
			b.wait(`texts().length === 2`)
			b.want(`getComputedStyle(P("[name=text]")).direction`, l.Dir())
			b.want(`P("[name=text]").placeholder + P("[role=log]").ariaLabel`, said["write"]+said["log"])
			b.want(`P(".box").innerText.includes("`+template.JSEscapeString(strings.ReplaceAll(said["joined"], "%s", "Olga"))+`")`, "true")
			b.want(`getComputedStyle(P(".me p")).borderRadius === getComputedStyle(P(".them p")).borderRadius`, "false")
			b.want(`(P(".me p").getBoundingClientRect().right > innerWidth / 2) + " " + (getComputedStyle(P(".me p")).borderTopRightRadius === "4px")`, map[string]string{"ltr": "true true", "rtl": "false false"}[l.Dir()])
			b.want(tight, "")
			b.shoot("language-" + l.Tag + "-chat")
			f.over(object{"feedback": object{"open": true}, "transcript": true})
			b.wait(`all(".star").length === 5`)
			b.want(`P(".vote legend").textContent`, said["rate"])
			b.want(tight, "")
			b.shoot("language-" + l.Tag + "-over")
			if got := f.awaitCall(t, "/conversations", 1).header.Get("Accept-Language"); got != l.Tag {
				t.Errorf("the service is asked to speak %q", got)
			}
			b.js(`localStorage.clear(), sessionStorage.clear(), 0`)
		})
	}
}

// A language that is not there is none that begins with the same letters.
func TestLanguages_OthersAreEnglish(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	for tag, want := range map[string]string{"den": "en", "sv-SE": "en", "arn": "en", "zh-TW": "zh", "pt-BR": "pt"} {
		b.open(newSite(t, newFake(t), `data-language="`+tag+`"`, "").URL)
		b.wait(`B("strong")?.textContent`)
		b.want(`B("button").lang`, want)
	}
}
