package ui_test

import (
	"fmt"
	"testing"
)

// Whatever colour a page or a site names, texts can be read: in each theme, on light and dark pages.
func TestDress_EveryColourCanBeRead(t *testing.T) {
	t.Parallel()
	for _, theme := range []string{"porch", "paper", "lamp"} {
		for _, colour := range []string{"", "#ffff00"} { // the unit tests have others
			f := newFake(t)
			f.setSettings(object{"theme": theme, "colour": colour})
			b := newTab(t)
			b.before(contrast)
			b.talk(f, "", "How can I edit my students' information?")
			f.say("Good morning, Anna!")
			b.wait(`texts().at(-1) === "Good morning, Anna!"`)
			for _, scheme := range []string{"light", "dark"} {
				b.js(`document.documentElement.style.colorScheme = "` + scheme + `", 0`)
				b.want(`[...faint(), ...faint([B("strong"), B("span")])].join()`, "")
				b.shoot(fmt.Sprintf("dress-%s-%s-%s", theme, colour, scheme))
			}
		}
	}
}

// A page's tag says how its widget looks. That goes before what is set at the desk, since one service may have several sites,
// and operators don't see it among the facts about the visitor.
func TestDress_TheTagGoesFirst(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setSettings(object{"colour": "#7a1fa2", "side": "right", "icon": "chat", "texts": object{"launcher": object{"": "Ask us"}}})
	b := newTab(t)
	b.open(newSite(t, f, `data-accent="#006644" data-side="left" data-theme="paper" data-icon="question" data-launcher="Talk to a gardener" data-plan="pro"`, "").URL)
	b.wait(`B("strong").textContent === "Talk to a gardener"`)
	b.want(`B("button").ariaLabel`, "Talk to a gardener: ONLINE")
	b.want(`getComputedStyle(B("button")).backgroundColor`, "rgb(0, 102, 68)")
	b.want(`B("button").getBoundingClientRect().left`, "20")
	b.want(`B("svg").dataset.icon`, "question")
	b.openPanel()
	b.want(`getComputedStyle(P("header")).backgroundColor`, "rgba(0, 0, 0, 0)")
	b.request("Anna", "", "Hello")
	b.wait(`P("[role=log]")`)
	if got := f.awaitCall(t, "POST /v1/conversations", 1).body["attributes"]; fmt.Sprint(got) != "map[plan:pro]" {
		t.Errorf("operators see %v", got)
	}
	b.noViolations()
}

// Nothing that a page or a setting says gets into the styles as something else.
func TestDress_NamesThatAreNone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, `data-accent="red;}*{display:none" data-side="up" data-theme="constructor" data-icon="__proto__"`, "").URL)
	b.wait(`shown(B("button.lit"))`)
	b.want(`getComputedStyle(B("button")).backgroundColor`, "rgb(39, 51, 107)")
	b.want(`!!B("svg .rays")`, "true")
	b.openPanel()
	b.noViolations()
}
