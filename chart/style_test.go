package chart

import (
	"strings"
	"testing"
)

// Each role has in a page the colour that it has in a PNG: the rule of its class takes the variable of that colour,
// and the variable has the colour's two shades.
func TestStyle_IsThatOfPictures(t *testing.T) {
	light, dark, _ := strings.Cut(Style(), "@media")
	for r := paper; r <= lineText; r++ {
		l := r.look()
		_, rule, found := strings.Cut(Style(), "."+l.class+"{")
		rule, _, _ = strings.Cut(rule, "}")
		if !found || !strings.Contains(rule, "var(--chart-"+l.name+")") {
			t.Errorf(".%s does not have the colour %s: %q", l.class, l.name, rule)
		}
		if !strings.Contains(light, "--chart-"+l.name+":#"+l.light+";") || !strings.Contains(dark, "--chart-"+l.name+":#"+l.dark+";") {
			t.Errorf("Style does not have the shades of %s", l.name)
		}
	}
}
