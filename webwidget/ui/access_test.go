package ui_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var update = flag.Bool("update", false, "write the golden files")

// axe is the text of axe-core, which make types has fetched.
func axe(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(cache, "porchlight/types/node_modules/axe-core/axe.min.js"))
	if err != nil {
		t.Skipf("SKIPPED, NOTHING TESTED: make types has not fetched axe-core: %v", err)
	}
	return string(text)
}

// state is something that the widget shows, which a visitor must be able to use without eyes or hands.
type state struct {
	name string
	into func(f *fake, b tab) // from the one before
}

// states are gone through one after the other, in one page.
var states = []state{
	{"button", func(_ *fake, b tab) { b.wait(`shown(B("button.lit"))`) }},
	{"form", func(f *fake, b tab) {
		f.update(func() { f.team = team(2) })
		b.openPanel()
		b.wait(`all(".ask .one").length === 2`)
	}},
	{"wrong form", func(_ *fake, b tab) {
		b.request("Anna", "no address", "")
		b.wait(`P("#reason-wrong").textContent`)
	}},
	{"form while nobody is there", func(f *fake, b tab) {
		f.setStatus("offline")
		b.wait(`P("#email").required`)
	}},
	{"waiting", func(f *fake, b tab) {
		f.setStatus("online")
		b.wait(`!P("#email").required`)
		b.js(`P("#email").value = "", 0`)
		b.request("Anna", "", "How can I edit my students' information?")
		b.wait(`P("[role=log]")`)
		f.emit(object{"type": "position", "position": 2, "wait": 180})
		b.wait(`P(".banner small").textContent && P(".bell")`)
	}},
	{"everything", func(f *fake, b tab) {
		f.join("Olga")
		b.wait(`!shown(P(".banner"))`)
		everything(f, b)
		f.emit(object{"type": "typing", "active": true, "name": "Olga"})
		b.wait(`P(".typing").textContent`)
	}},
	{"editing", func(_ *fake, b tab) {
		b.click(`P(".pen")`)
		b.wait(`shown(P(".bar"))`)
	}},
	{"the end, sure?", func(_ *fake, b tab) {
		b.keys(kb.Escape)
		b.wait(`!shown(P(".composer .bar"))`)
		b.click(`P("header button")`)
		b.wait(`shown(P(".sure"))`)
	}},
	{"unread", func(f *fake, b tab) {
		b.click(`all(".sure button").at(-1)`)
		b.click(`P(".shut")`)
		f.say("One more thing")
		b.wait(`shown(document.querySelector("porchlight-teaser").shadowRoot.querySelector(".words"))`)
	}},
	{"over", func(f *fake, b tab) {
		b.openPanel()
		f.over(object{"feedback": object{"open": true}, "mail": true})
		b.wait(`all(".star").length === 5 && P(".transcript button")`)
		b.click(`all(".star")[4]`)
		b.click(`P(".transcript button")`)
		b.wait(`P(".transcript input")`)
	}},
	{"list of conversations", func(f *fake, b tab) {
		b.click(`P(".banner button")`)
		b.wait(`P("form.ask")`)
		b.request("Anna", "", "Where is my bill?")
		b.wait(`shown(P(".back")) && P("[role=log]")`)
		f.in("c1", object{"type": "message", "from": "operator", "name": "Olga", "text": "Did it work?"})
		b.click(`P(".back")`)
		b.wait(`all(".talk").length === 2 && P(".count")`)
	}},
}

// axe-core finds nothing in any state: WCAG 2.2 AA, and what it calls best practices. On a desktop and on a phone, light and dark.
func TestAccess_AxeFindsNothing(t *testing.T) {
	t.Parallel()
	script := axe(t)
	for _, look := range []struct {
		scheme        string
		width, height int64
	}{{"light", 1280, 800}, {"dark", 390, 844}} {
		t.Run(look.scheme, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			b := newTab(t)
			b.do(chromedp.EmulateViewport(look.width, look.height))
			b.before(script)
			b.open(newSite(t, f, "", "").URL)
			b.js(`document.documentElement.style.colorScheme = "` + look.scheme + `", 0`)
			for _, s := range states {
				s.into(f, b)
				b.still()
				// What the page itself has is not ours, so only findings in our elements count.
				b.want(`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]}).then((r) => r.violations.flatMap((v) =>
					v.nodes.filter((n) => n.target.flat()[0].startsWith("porchlight-")).map((n) => "`+s.name+`: " + v.id + " " + n.target + " " + n.failureSummary)).join("\n"))`, "")
			}
		})
	}
}

// clocks matches the times of messages, which differ from run to run.
var clocks = regexp.MustCompile(`\d{1,2}:\d\d\s?[AP]M`)

// What a screen reader is told in each state stands in a golden file: names and roles as the browser gives them.
func TestAccess_Tree(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	var out strings.Builder
	for _, s := range states {
		s.into(f, b)
		b.still()
		fmt.Fprintf(&out, "== %s\n%s\n", s.name, b.tree())
	}
	name := "testdata/access.txt"
	got := clocks.ReplaceAllString(out.String(), "TIME")
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(old) || old[i] != line {
			t.Fatalf("%s, line %d: want %q, got %q; -update writes it anew", name, i+1, append(old, "")[min(i, len(old))], line)
		}
	}
	if n := strings.Count(got, "\n"); n < len(old)-1 {
		t.Errorf("%s has %d lines more", name, len(old)-1-n)
	}
}

// tree is the accessibility tree of the page, without nodes that say nothing.
func (b tab) tree() string {
	b.Helper()
	var out strings.Builder
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		r, err := cdp.Call(ctx, target, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		if err != nil {
			return err
		}
		nodes := make(map[accessibility.NodeID]*accessibility.Node)
		for _, n := range r.Nodes {
			nodes[n.NodeID] = n
		}
		var walk func(n *accessibility.Node, depth int)
		walk = func(n *accessibility.Node, depth int) {
			if role, name := told(n.Role), told(n.Name); !n.Ignored && role != "InlineTextBox" && role != "generic" && role != "none" && (role != "StaticText" || name != "") {
				fmt.Fprintf(&out, "%s%s", strings.Repeat("  ", depth), role)
				if name != "" {
					fmt.Fprintf(&out, " “%s”", name)
				}
				for _, p := range n.Properties {
					switch p.Name {
					case "live", "expanded", "modal", "invalid", "required", "checked", "pressed", "disabled":
						if v := told(p.Value); v != "false" && v != "" {
							fmt.Fprintf(&out, " %s=%s", p.Name, v)
						}
					}
				}
				out.WriteString("\n")
				depth++
			}
			for _, id := range n.ChildIDs {
				if c := nodes[id]; c != nil {
					walk(c, depth)
				}
			}
		}
		walk(r.Nodes[0], 0)
		return nil
	}))
	return out.String()
}

// told is a value of the tree.
func told(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s string
	if json.Unmarshal(v.Value, &s) != nil {
		return string(v.Value)
	}
	return s
}

// Everything that can be done is done by keyboard, in the order in which it is seen. In a panel that covers the page the focus goes round.
func TestAccess_KeyboardWalk(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.do(chromedp.EmulateViewport(390, 844))
	b.open(newSite(t, f, "", "").URL)
	walk := func(steps int) string {
		var names []string
		for range steps {
			b.keys(kb.Tab)
			names = append(names, b.js(`focused().ariaLabel || focused().labels?.[0]?.textContent || focused().textContent`))
		}
		return strings.Join(names, "|")
	}
	for _, s := range states {
		s.into(f, b)
		want := map[string]string{
			"form":    "Email (optional)|How can we help?|Request support|Minimise|Name (optional)",
			"waiting": "Send|End chat|Sound and notifications|Minimise|Messages|Edit message|Write a message…",
			"everything": "Send|End chat|Sound and notifications|Minimise|Messages|In reply to: YouHow can I edit my students' information?|Editing a student.png 81.9 kB|" +
				"Handbook of the school's administration, second edition.pdf 4.2 MB|Edit message|Write a message…",
		}[s.name]
		if want == "" {
			continue
		}
		if got := walk(strings.Count(want, "|") + 1); got != want {
			t.Errorf("%s: Tab leads to %s, want %s", s.name, got, want)
		}
		if s.name == "everything" {
			return
		}
	}
}
