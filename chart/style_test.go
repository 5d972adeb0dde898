package chart

import (
	"fmt"
	"regexp"
	"testing"
)

// Each role has in a PNG the colour that its class has in a page in light.
func TestStyle_IsThatOfPictures(t *testing.T) {
	for r := paper; r <= lineText; r++ {
		l := r.look()
		variable := regexp.MustCompile(regexp.QuoteMeta("."+l.class) + `\{[^}]*?var\((--chart-[a-z-]+)\)`).FindStringSubmatch(Style)
		if variable == nil {
			t.Errorf("Style has no colour for .%s", l.class)
			continue
		}
		want := regexp.MustCompile(regexp.QuoteMeta(variable[1]) + ":(#[0-9a-f]{6})").FindStringSubmatch(Style) // the first is light
		if got := fmt.Sprintf("#%02x%02x%02x", l.colour.R, l.colour.G, l.colour.B); want == nil || got != want[1] {
			t.Errorf(".%s is %s in a PNG and %v in Style", l.class, got, want)
		}
	}
}
