package webwidget_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
)

// faint lists the texts of a page whose contrast to the background is less than 4.5 to 1 (WCAG 2.2 §1.4.3).
// Texts of the chart are measured by its own test.
const faint = `(() => {
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number); return text.startsWith("color") ? [r, g, b, a] : [r / 255, g / 255, b / 255, a] };
  const behind = (e) => { for (; e instanceof Element; e = e.parentNode) if (parse(getComputedStyle(e).backgroundColor)[3] === 1) return parse(getComputedStyle(e).backgroundColor) };
  const light = (c) => { const [r, g, b] = c.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05 };
  return [...document.querySelectorAll("body *:not(svg *)")].filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())).flatMap((e) => {
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => a - b);
    return b / a < 4.5 ? [e.textContent + " " + b / a] : [];
  }).join("; ");
})()`

// prefer makes the window prefer a colour scheme, or print.
func (w *window) prefer(scheme, media string) {
	w.Helper()
	w.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media,
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	}))
}

// whole takes a picture of all of the page into a file, if -shots names a folder.
func (w *window) whole(name string) {
	w.Helper()
	if *shots == "" {
		return
	}
	b, err := chromedp.Run(w.ctx, chromedp.FullScreenshot(100))
	w.must(err)
	w.must(os.WriteFile(*shots+"/"+name+".png", b, 0o644))
}

// busyTeam fills a service with four operators, hours, and a week of conversations and votes.
func busyTeam(t *testing.T) (*service, *clocktest.Clock) {
	t.Helper()
	s, clock := staffed(t)
	team := []bridge.Operator{
		{JID: olga, Name: "Olga", Departments: bridge.Circle{"support"}, Hours: "Mon-Fri 9-12:30,13:30-18; Europe/Madrid"},
		{JID: "pere@example.org", Name: "Pere Puig", Departments: bridge.Circle{"sales"}, Hours: "Mon-Thu 8-16; Sat 22-2; Europe/Madrid"},
		{JID: "vera@example.org", Name: "Vera", Departments: bridge.Circle{"sales", "support"}},
	}
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		if err := tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales", Hours: "Mon-Sat 8-20; Europe/Madrid"}); err != nil {
			return err
		}
		for _, o := range team {
			o.Enabled = true
			if err := tx.SaveOperator(o); err != nil {
				return err
			}
		}
		return tx.SaveSetting(bridge.SiteHours, "Mon-Fri 9-18; 2026-11-25 closed; Europe/Madrid")
	}))
	clock.Move(-6 * 24 * time.Hour)
	people := []bridge.OperatorJID{olga, olga, "pere@example.org", xavi, olga, "vera@example.org"}
	said := []string{"Quick, but the link was wrong.", "", "Very kind, thank you!", "I waited for long.", "", "¡Gracias! Todo claro ahora."}
	for _, o := range people {
		s.must(s.bridge.Reach.Presence(t.Context(), o, "phone", bridge.ShowAvailable))
	}
	for day, conversations := range []int{6, 9, 5, 12, 8, 3, 7} {
		for i := range conversations {
			n := (day + i) % len(people)
			clock.Move(time.Duration(3+i%4) * time.Minute)
			c := s.ask(toJSON(map[string]string{"name": []string{"Anna", "Bob", "Rita", "Uwe"}[i%4], "reason": "How?", "department": []string{"support", "support", "sales", "sales", "support", "sales"}[n]}))
			clock.Move(time.Duration(20+25*n) * time.Second)
			_, err := s.bridge.Take(t.Context(), people[n], c.Number)
			s.must(err)
			clock.Move(time.Duration(10+8*i) * time.Second)
			_, err = s.bridge.OperatorWrites(t.Context(), people[n], bridge.VisitorJID(c.Visitor), bridge.Said{ID: fmt.Sprint("s", c.Number), Text: "Hello"})
			s.must(err)
			if i%2 == 0 {
				s.must(s.bridge.VisitorVotes(t.Context(), c.Number, int64(5-(i+day)%4), said[n]))
			}
			clock.Move(5 * time.Minute)
			_, err = s.bridge.Close(t.Context(), people[n], bridge.VisitorJID(c.Visitor), "")
			s.must(err)
		}
		clock.Move(time.Date(2026, 11, 23+day, 9, 10, 0, 0, time.UTC).Sub(clock.Now()))
	}
	for i, name := range []string{"Anna", "Bob", "Rita"} {
		s.ask(toJSON(map[string]string{"name": name, "reason": "How?", "department": []string{"support", "sales"}[i%2]}))
		clock.Move(80 * time.Second)
	}
	s.must(s.bridge.Reach.Presence(t.Context(), "vera@example.org", "phone", bridge.ShowAway))
	return s, clock
}

// An operator opens the page by the button, sorts a table, looks at it on a phone, in the dark and on
// paper, and is logged out when disabled. Nothing is faint or wider than the window, no policy is broken,
// and no script is needed.
func TestBrowser_TeamPage(t *testing.T) {
	s, _ := busyTeam(t)
	w := s.window(1200, 900, false)
	link := s.teamLink(xavi)
	w.prefer("light", "")
	w.do(chromedp.Navigate(s.url + link))
	w.there("form button")
	w.shot("team-button")
	w.wait(faint + ` === ""`)
	w.click("form button")
	w.there("#stats")
	w.wait(`location.pathname === "/team" && document.cookie === ""`)
	w.there("svg.chart")
	w.do(chromedp.Navigate(s.url + "/team?sort=-conversations#stats"))
	w.wait(`document.querySelector("[aria-sort=descending]")?.textContent === "Conversations"`)
	w.wait(`document.querySelector(".figures tbody th").textContent.includes("Olga")`)
	for _, look := range []struct {
		name, scheme  string
		width, height int64
	}{{"team-light", "light", 1280, 900}, {"team-dark", "dark", 1280, 900}, {"team-phone", "light", 360, 740}, {"team-phone-dark", "dark", 360, 740}} {
		w.prefer(look.scheme, "")
		w.do(chromedp.EmulateViewport(look.width, look.height))
		w.do(chromedp.Navigate(s.url + "/team"))
		w.there("#votes")
		w.whole(look.name)
		if look.name == "team-light" { // docs/team-page.png
			w.do(chromedp.EmulateViewport(1280, 2950))
			w.shot("team-page")
			w.do(chromedp.EmulateViewport(look.width, look.height))
		}
		if v, err := w.eval(faint); v != "" || err != nil {
			t.Errorf("%s: too faint: %s %v", look.name, v, err)
		}
		w.says(look.name+" is cut", overflowing)
		w.wait(`[...document.querySelectorAll("button, nav a, .choose a, .file a, input:not([type=hidden])")].every((e) => e.offsetHeight >= 24)`) // WCAG 2.2 §2.5.8
		w.wait(`[...document.querySelectorAll("h1, h2")].map((e) => e.tagName).join() === "H1,H2,H2,H2,H2"`)
	}
	w.do(chromedp.EmulateViewport(1050, 800))
	w.prefer("light", "print")
	w.wait(`!document.querySelector("nav").checkVisibility() && !document.querySelector("form").checkVisibility()`)
	w.whole("team-print")
	w.do(chromedp.Navigate(s.url + link))
	w.wait(`document.body.innerText.includes("Send team to the desk")`)
	w.shot("team-used")

	w.do(chromedp.Navigate(s.url + s.teamLink(olga)))
	w.there("form button")
	w.click("form button")
	w.there("#stats")
	w.wait(`!document.body.innerText.includes("All together")`)
	_, err := s.bridge.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Enabled = false })
	s.must(err)
	w.do(chromedp.Navigate(s.url + "/team"))
	w.wait(`document.body.innerText.includes("not logged in") && !document.querySelector("table")`)
	w.quiet("status of 40") // the two refusals
}

// A screen follows what happens, with a script and without, can be read from three metres, and does not pretend to be up to
// date when porchlight is gone.
func TestBrowser_Board(t *testing.T) {
	s, _ := busyTeam(t)
	wall := s.teamWall(xavi)
	for _, script := range []bool{false, true} {
		w := s.window(1280, 720, script)
		w.prefer("dark", "")
		w.do(chromedp.Navigate(s.url + wall))
		w.there("dl.tiles")
		w.whole("team-wall")
		w.wait(faint + ` === ""`)
		if script {
			w.wait(`(window.first = "1") === "1"`) // it goes away when the page is loaded again
		}
		by, _ := s.bridge.Team.Operator(xavi)
		open, err := s.bridge.OpenFor(t.Context(), by, 1)
		s.must(err)
		_, err = s.bridge.Take(t.Context(), xavi, open[0].Number)
		s.must(err)
		w.wait(fmt.Sprintf("[...document.querySelectorAll(`.talks th`)].some((e) => e.textContent === `#%d`)", open[0].Number))
		w.do(chromedp.EmulateViewport(1920, 1080))
		w.wait(`parseFloat(getComputedStyle(document.querySelector(".talks td")).fontSize) >= 30 && document.documentElement.scrollWidth <= innerWidth`)
		w.shot("team-wall-wide")
		if !script {
			continue
		}
		w.wait(`window.first === "1"`) // the page was not loaded again
		s.Server.Close()
		s.web.Close()
		w.wait(`dispatchEvent(new Event("online")) && document.querySelector(".old").checkVisibility()`)
		w.shot("team-wall-old")
	}
}
