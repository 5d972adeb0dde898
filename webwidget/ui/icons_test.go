package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/chromedp/chromedp"
)

// What looks like a picture is drawn. A sign of a font is an empty box where no font has it.
func TestIcons_NoneIsOfAFont(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../dist/*.js*")
	if err != nil || len(files) < 10 {
		t.Fatalf("found %d files (%v)", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".br") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range string(text) {
			if r > unicode.MaxASCII && unicode.In(r, unicode.So, unicode.Sm, unicode.Sk) {
				t.Errorf("%s has %q", file, r)
			}
		}
	}
}

// Icons have the colour of the text around them, also where the system chooses the colours, and fit into their buttons in both
// directions. Screen readers know only the buttons' names.
func TestIcons_AreDrawn(t *testing.T) {
	t.Parallel()
	for _, look := range []struct {
		name, scheme, direction string
		width                   int64
		forced                  bool
	}{{"light", "light", "ltr", 1000, false}, {"dark-rtl", "dark", "rtl", 360, false}, {"forced", "light", "ltr", 1000, true}} {
		f := newFake(t)
		b := newTab(t)
		if look.forced {
			b.prefer("forced-colors", "active")
		}
		b.do(chromedp.EmulateViewport(look.width, 640, chromedp.EmulateScale(2)))
		b.open(newSite(t, f, "", "").URL)
		b.js(`document.documentElement.style.colorScheme = "` + look.scheme + `", 0`)
		b.openPanel()
		b.js(`P(".box").dir = "` + look.direction + `"`)
		b.request("Anna", "", "Hello")
		b.wait(`P("[role=log]")`)
		f.allowFiles(20 << 20)
		f.join("Olga")
		b.wait(`P("h2").textContent === "Olga"`)
		f.cutStreams(t) // so that the widget reads a snapshot, which allows files
		f.say("Hello Anna")
		b.wait(`shown(P(".clip")) && texts().length === 2`)
		b.write("Hello Olga")
		f.emit(object{"type": "receipt", "upto": f.awaitSeq(t, "Hello Olga"), "status": "seen"})
		b.wait(`P("[aria-live=off]").textContent === "Seen" && shown(P("[aria-live=off] svg")) && shown(P(".pen"))`)
		b.shoot("icons-" + look.name)
		for _, button := range []string{".shut", ".clip", ".pen", ".composer > .main"} {
			b.want(`P("`+button+`").textContent + !!P("`+button+`").ariaLabel`, "true")
			b.want(`(() => {
  const [icon, e] = [P("`+button+` svg"), P("`+button+`")];
  const [a, z] = [icon.getBoundingClientRect(), e.getBoundingClientRect()];
  return a.left >= z.left && a.right <= z.right && a.width >= 24 && Math.abs(a.left + a.right - z.left - z.right) < 2;
})()`, "true")
		}
		b.want(`all("svg").every((e) => e.ariaHidden === "true" && getComputedStyle(e).stroke === getComputedStyle(e.parentNode).color)`, "true")
		b.noViolations()
	}
}
