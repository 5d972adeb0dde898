package ui_test

import (
	"fmt"
	"testing"
)

// contrasts computes the contrast of the text in elements of the button and the panel with what stands behind it (WCAG 2.2).
const contrasts = `globalThis.contrast = (e) => {
	const rgb = (c) => { const p = document.createElement("canvas").getContext("2d"); p.fillStyle = c; p.fillRect(0, 0, 1, 1); return [...p.getImageData(0, 0, 1, 1).data]; };
	const light = (c) => c.slice(0, 3).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	let back = e;
	while (rgb(getComputedStyle(back).backgroundColor)[3] < 255) back = back.parentElement;
	const [a, b] = [rgb(getComputedStyle(e).color), rgb(getComputedStyle(back).backgroundColor)].map(light);
	return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}, 0`

// Whatever colour a page or a site names, texts can be read: in each theme, on light and dark pages.
func TestDress_EveryColourCanBeRead(t *testing.T) {
	t.Parallel()
	for _, theme := range []string{"porch", "paper", "lamp"} {
		for _, colour := range []string{"", "#ffff00", "#777777", "#0a0a0a", "#ffffff"} {
			f := newFake(t)
			f.setSettings(object{"theme": theme, "colour": colour})
			b := newTab(t)
			b.open(newSite(t, f, "", "").URL)
			b.js(contrasts)
			b.openPanel()
			b.request("Anna", "", "How can I edit my students' information?")
			b.wait(`P("[role=log]")`)
			f.join("Olga")
			f.say("Good morning, Anna!")
			b.wait(`texts().at(-1) === "Good morning, Anna!"`)
			for _, scheme := range []string{"light", "dark"} {
				b.js(`document.documentElement.style.colorScheme = "` + scheme + `", 0`)
				b.want(`[B("strong"), B("span"), P("h2"), P("header small"), P("header button"), P(".me p"), P(".them p"), P(".who"), P(".meta"), P(".note"), P(".composer .main")]
					.map((e) => [e.className || e.tagName, contrast(e)]).filter(([, c]) => c < 4.5).join()`, "")
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
