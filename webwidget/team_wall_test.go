package webwidget_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
)

// crowd is what a board is shown with.
type crowd struct {
	name            string
	waiting, active int
	tickets         int  // as many wait, and as many more are somebody's, one of which is put off
	long            bool // names and titles are long, and some of them Arabic
	calm            bool // no department has targets
}

// crowds are the boards of an empty, of a usual, and of a crowded house.
var crowds = []crowd{{name: "empty"}, {name: "usual", waiting: 2, active: 3}, {name: "tickets", waiting: 2, active: 3, tickets: 7}, {name: "full", waiting: 12, active: 15, tickets: 3},
	{name: "long", waiting: 4, active: 4, tickets: 7, long: true}}

// crowded fills a service with people who wait and people who are talked to.
func crowded(t *testing.T, c crowd) (*service, *clocktest.Clock) {
	t.Helper()
	s, clock := staffed(t)
	people := []bridge.Operator{{JID: olga, Name: "Olga"}, {JID: "pere@example.org", Name: "Pere Puig"}, {JID: "vera@example.org", Name: "Vera"}}
	departments := []bridge.Department{{Name: "support", Title: "Support"}, {Name: "sales", Title: "Sales"}}
	visitors := []string{"Anna", "Bob", "Rita"}
	if c.waiting > 9 {
		people = append(people, bridge.Operator{JID: "uwe@example.org", Name: "Uwe"}, bridge.Operator{JID: "zoe@example.org", Name: "Zoe Zimmer"}, bridge.Operator{JID: "ines@example.org", Name: "Inés"})
		departments = append(departments, bridge.Department{Name: "billing", Title: "Invoices"}, bridge.Department{Name: "returns", Title: "Returns"})
	}
	if c.long {
		people[0].Name, people[1].Name = "Maximiliane-Alexandra von Hohenstein-Oberwiesenfeld", "عبد الرحمن بن عبد العزيز آل سعود"
		departments[0].Title, departments[1].Title = "Invoices, payments and contracts for business customers", "قسم المبيعات والدعم الفني للشركات"
		visitors[0], visitors[1] = "Donaudampfschifffahrtsgesellschaftskapitänswitwe Müller-Lüdenscheidt", "فاطمة الزهراء بنت محمد"
	}
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		for i, d := range departments {
			if !c.calm {
				d.Targets = bridge.Targets{First: time.Duration(4+3*i) * time.Minute, Next: 5 * time.Minute}
			}
			if err := tx.SaveDepartment(d); err != nil {
				return err
			}
		}
		for _, o := range people {
			o.Enabled, o.Departments = true, bridge.Circle{"*"}
			if err := tx.SaveOperator(o); err != nil {
				return err
			}
		}
		return nil
	}))
	for i := range 2 * c.tickets {
		o := s.ticket(toJSON(map[string]string{"name": visitors[i%len(visitors)], "email": "a@example.org", "reason": "How?", "department": departments[i%len(departments)].Name}))
		clock.Move(7 * time.Hour)
		if i < c.tickets {
			continue
		}
		_, err := s.bridge.Take(t.Context(), people[i%len(people)].JID, s.conversation(o).Number)
		s.must(err)
		if i == c.tickets {
			_, err = s.bridge.Defer(t.Context(), people[i%len(people)].JID, bridge.VisitorJID(o.Visitor), clock.Now().Add(48*time.Hour))
			s.must(err)
		}
	}
	for _, o := range people {
		s.must(s.bridge.Reach.Presence(t.Context(), o.JID, "phone", bridge.ShowAvailable))
	}
	asks := func(i int) opened {
		return s.ask(toJSON(map[string]string{"name": visitors[i%len(visitors)], "reason": "How?", "department": departments[i%len(departments)].Name}))
	}
	for i := range c.active {
		o, who := asks(i), people[i%len(people)].JID
		clock.Move(20 * time.Second)
		_, err := s.bridge.Take(t.Context(), who, o.Number)
		s.must(err)
		if i%3 > 0 {
			_, err = s.bridge.OperatorWrites(t.Context(), who, bridge.VisitorJID(o.Visitor), bridge.Said{ID: fmt.Sprint("s", o.Number), Text: "Hello"})
			s.must(err)
		}
	}
	for i := range c.waiting {
		asks(i)
		clock.Move(25 * time.Second)
	}
	s.must(s.bridge.Reach.Presence(t.Context(), "vera@example.org", "phone", bridge.ShowAway))
	return s, clock
}

// sizes are those of a wall, a laptop, a tablet and a phone.
var sizes = []struct{ width, height int64 }{{1920, 1080}, {1280, 800}, {768, 1024}, {360, 740}}

// overflowing lists the page if it is wider than the window, and each text that is wider than its room.
const overflowing = `[document.documentElement, ...document.querySelectorAll("body *:not(svg *, option)")].filter((e) => e.checkVisibility() &&
  (e === document.documentElement || getComputedStyle(e).overflowX !== "visible" || [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) &&
  e.clientWidth && e.scrollWidth > e.clientWidth + 1).map((e) => e.tagName + " " + e.className + " " + e.textContent.slice(0, 40)).join("; ")`

// broken lists the times in the tables of a board that stand on two lines. Until when something is put off is said in words, which may.
const broken = `[...document.querySelectorAll(".waits td:last-child, .talks td:nth-last-child(-n + 2), ul.tiles b")].filter((e) => !e.querySelector("small")).filter((e) => {
  const range = document.createRange();
  range.selectNodeContents(e.firstChild);
  return new Set([...range.getClientRects()].map((r) => r.top)).size > 1;
}).map((e) => e.textContent).join("; ")`

// says reports what an expression lists that should be empty.
func (w *window) says(what, expression string) {
	w.Helper()
	if v, err := w.eval(expression); v != "" || err != nil {
		w.Errorf("%s: %s %v", what, v, err)
	}
}

// Whoever looks at a board sees all of it, however many people wait and whatever they are called: nothing is cut or wider than
// its room, no time is broken, nothing is faint, and what is late has a sign and not a colour alone. On a wall all stands on
// the screen at once, in figures of a twentieth of its height at least.
func TestBrowser_BoardIsSeenWhole(t *testing.T) {
	for _, c := range crowds {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, _ := crowded(t, c)
			wall := s.teamWall(xavi)
			w := s.window(1920, 1080, true)
			for _, size := range sizes {
				for _, scheme := range []string{"light", "dark"} {
					what := fmt.Sprintf("board-%s-%d-%s", c.name, size.width, scheme)
					w.prefer(scheme, "")
					w.do(chromedp.EmulateViewport(size.width, size.height))
					w.do(chromedp.Navigate(s.url + wall))
					w.there(".tiles")
					w.whole(what)
					w.says(what+" is cut", overflowing)
					w.says(what+" has broken times", broken)
					w.says(what+" is faint", faint)
					if size.width >= 1280 {
						w.wait(`document.documentElement.scrollHeight <= innerHeight`)
						w.wait(`[...document.querySelectorAll("ul.tiles b")].every((e) => parseFloat(getComputedStyle(e).fontSize) >= innerHeight / 20)`)
					}
					w.wait(`[...document.querySelectorAll("tr.late td:last-child")].every((e) => (getComputedStyle(e, "::before").content + e.textContent).includes("⚠"))`)
				}
			}
			w.quiet()
		})
	}
}

// A usual board is on the wall as a whole without script, too.
func TestBrowser_WallWithoutScript(t *testing.T) {
	s, _ := crowded(t, crowds[1])
	w := s.window(1920, 1080, false)
	w.do(chromedp.Navigate(s.url + s.teamWall(xavi)))
	w.there(".talks")
	w.wait(`document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth`)
	w.wait(`parseFloat(getComputedStyle(document.querySelector(".talks td")).fontSize) >= 30`)
}

// A board moves nothing when news come: what stood on the screen stands where it stood. While porchlight can't be reached the
// board says so and keeps what it showed; when porchlight is there again, it goes on by itself.
func TestBrowser_BoardGoesOn(t *testing.T) {
	s, _ := crowded(t, crowds[1])
	front := newFront(t, s.web)
	w := s.window(1920, 1080, true)
	w.do(chromedp.Navigate(front.url + s.teamWall(xavi)))
	w.there(".waits")
	const places = `[...document.querySelectorAll("header, .tiles > li, .waits tr:nth-child(-n + 2) > *, .lists > div, .talks th, .about > div, .today")].map((e) => [e.tagName, ...["x", "y", "width"].map((k) => Math.round(e.getBoundingClientRect()[k]))].join(" ")).join("; ")`
	before, err := w.eval(places)
	s.must(err)
	w.wait(`document.querySelector(".waits").parentNode.focus() === undefined && (window.first = "1") === "1"`)
	s.ask("")
	w.wait("document.querySelectorAll(`.waits tbody tr`).length === 3")
	if after, err := w.eval(places); after != before || err != nil {
		t.Errorf("the board moved from %s to %s %v", before, after, err)
	}
	w.wait(`document.activeElement === document.querySelector(".waits").parentNode`)
	front.down()
	w.wait("document.querySelector(`.old`).checkVisibility() && document.querySelectorAll(`.waits tbody tr`).length === 3")
	w.shot("board-old")
	w.says("faint", faint)
	s.ask("")
	front.up()
	w.wait("!document.querySelector(`.old`).checkVisibility() && document.querySelectorAll(`.waits tbody tr`).length === 4")
	w.wait(`window.first === "1"`) // the page was not loaded again
}

// front stands before a server, as a proxy does, and can be as if it were not there.
type front struct {
	*httptest.Server
	url  string
	gone atomic.Bool
}

func newFront(t *testing.T, behind *httptest.Server) *front {
	t.Helper()
	to, err := url.Parse(behind.URL)
	if err != nil {
		t.Fatal(err)
	}
	f := &front{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.FlushInterval = -1
	proxy.ErrorLog = log.New(io.Discard, "", 0)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.gone.Load() {
			panic(http.ErrAbortHandler) // closes the connection without an answer
		}
		proxy.ServeHTTP(w, r)
	}))
	f.Config.ErrorLog = proxy.ErrorLog
	f.url = f.URL
	t.Cleanup(func() {
		f.CloseClientConnections()
		f.Close()
	})
	return f
}

// down ends all connections, and each new one at once.
func (f *front) down() {
	f.gone.Store(true)
	f.CloseClientConnections()
}

func (f *front) up() { f.gone.Store(false) }

// The pages for looking back are seen whole on each screen: no field runs into another, and a chart has its last bar, which is
// today's, on a phone, too.
func TestBrowser_TeamPagesAreSeenWhole(t *testing.T) {
	s, _ := crowded(t, crowds[3])
	o := s.ask(toJSON(map[string]string{"name": "Donaudampfschifffahrtsgesellschaftskapitänswitwe Müller-Lüdenscheidt", "reason": "Where is my refund? " + strings.Repeat("x", 300), "department": "support"}))
	_, err := s.bridge.Take(t.Context(), xavi, o.Number)
	s.must(err)
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveSetting(bridge.SiteHours, "Mon-Fri 9-12:30,13:30-18; Sat 22-2; 2026-11-25 closed; Europe/Madrid")
	}))
	_, err = s.bridge.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Hours = "Mon-Sun 0-1,2-3,4-5,6-7; America/Argentina/Buenos_Aires" })
	s.must(err)
	_, err = s.bridge.OperatorWrites(t.Context(), xavi, bridge.VisitorJID(o.Visitor), bridge.Said{ID: "s", Text: "It is on its way:\nhttps://example.org/" + strings.Repeat("abc/", 60)})
	s.must(err)
	s.must(s.bridge.VisitorVotes(t.Context(), o.Number, 4, "شكرا جزيلا"))
	w := s.window(1200, 900, false)
	w.do(chromedp.Navigate(s.url + s.teamLink(xavi)))
	w.there("form button")
	w.click("form button")
	w.there("#stats")
	pages := map[string]string{"team": "/team", "search": "/team/search?q=refund", "transcript": fmt.Sprint("/team/transcript/", o.Number)}
	for _, size := range sizes {
		for _, scheme := range []string{"light", "dark"} {
			w.prefer(scheme, "")
			w.do(chromedp.EmulateViewport(size.width, size.height))
			for name, path := range pages {
				what := fmt.Sprintf("%s-%d-%s", name, size.width, scheme)
				w.do(chromedp.Navigate(s.url + path))
				w.there("section")
				w.whole(what)
				w.says(what+" is cut", overflowing)
				w.says(what+" has broken times", broken)
				w.says(what+" is faint", faint)
				w.says(what+" has fields that run together", together)
			}
		}
	}
	w.do(chromedp.Navigate(s.url + "/team"))
	w.there("svg.chart.narrow")
	w.wait(`[...document.querySelectorAll(".drawing")].every((d) => [...d.querySelectorAll(".chart")].filter((c) => c.checkVisibility()).length === 1)`)
	w.wait(`[...document.querySelectorAll(".chart.narrow .chart-bar")].every((b) => b.getBoundingClientRect().right < innerWidth)`)
	w.wait(`[...document.querySelectorAll(".chart.narrow text")].every((e) => parseFloat(getComputedStyle(e).fontSize) * e.ownerSVGElement.getScreenCTM().a >= 12)`)
}

// together lists the fields and buttons of a page that stand less than 4 pixels apart.
const together = `(() => {
  const list = [...document.querySelectorAll("input:not([type=hidden]), select, button")].filter((e) => e.checkVisibility());
  const apart = (a, b) => Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
  return list.flatMap((a, i) => list.slice(i + 1).filter((b) => apart(a.getBoundingClientRect(), b.getBoundingClientRect()) < 4).map((b) => a.name + " and " + b.name)).join("; ");
})()`

// A wall lists as many requests as it has room for, with script and without, and counts those that it leaves out. On a phone all are
// listed.
func TestBrowser_WallListsWhatThereIsRoomFor(t *testing.T) {
	s, _ := crowded(t, crowd{waiting: 9, active: 9, calm: true})
	wall := s.teamWall(xavi)
	for _, script := range []bool{true, false} {
		w := s.window(1280, 900, script)
		for _, at := range []struct{ width, height, lines, without int64 }{{1280, 900, 9, 7}, {1920, 1080, 6, 6}, {1280, 800, 6, 6}, {1280, 960, 9, 9}, {360, 740, 9, 9}} {
			what, want := fmt.Sprintf("room-%d-%d-%v", at.width, at.height, script), at.lines
			w.do(chromedp.EmulateViewport(at.width, at.height))
			w.do(chromedp.Navigate(s.url + wall))
			w.there(".talks")
			if script {
				w.wait(`document.body.matches("[class*=' list']")`)
			} else {
				want = at.without
			}
			w.shot(what)
			for _, table := range []string{".waits", ".talks"} {
				got, err := w.eval(fmt.Sprintf(`((box) => box.querySelectorAll("tbody tr").length + " lines, shown "
					+ [...box.querySelectorAll("tbody tr")].filter((e) => e.checkVisibility()).length + "; "
					+ [...box.querySelectorAll(":scope > p")].filter((e) => e.checkVisibility()).map((e) => e.textContent).join(" "))(document.querySelector("%s").closest(".lists > div"))`, table))
				left := ""
				if want < 9 {
					left = fmt.Sprintf("More chats: %d. queue at the desk lists them.", 9-want)
				}
				if want := fmt.Sprintf("9 lines, shown %d; %s", want, left); got != want || err != nil {
					t.Errorf("%s, %s: %v, want %q: %v", what, table, got, want, err)
				}
			}
			if script && at.width > 1000 {
				w.wait(`document.documentElement.scrollHeight <= innerHeight`)
			}
		}
	}
}
