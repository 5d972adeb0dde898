package webwidget_test

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"porchlight/bridge"
	"porchlight/bridge/setting"
	"porchlight/webwidget/hostiletest"
)

// ours are the addresses to which a link may lead.
var ours = regexp.MustCompile(`^(https?://|mailto:|[/?#])`)

// elements counts the elements of a page by their way from the root and the names of their attributes, but for links, which a text may have.
func elements(t *testing.T, page string) map[string]int {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	var walk func(n *html.Node, way string)
	walk = func(n *html.Node, way string) {
		if n.Type == html.ElementNode && n.Data != "a" {
			way += ">" + n.Data
			for _, a := range n.Attr {
				way += " " + a.Key
			}
			count[way]++
		}
		if n.Data == "a" && !ours.MatchString(address(n)) {
			t.Errorf("a link to %q", address(n))
		}
		if n.Data == "noscript" && n.FirstChild != nil && n.FirstChild.Type == html.TextNode { // the parser has scripts, these readers have none
			maps.Copy(count, elements(t, n.FirstChild.Data))
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, way)
		}
	}
	walk(root, "")
	return count
}

func address(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "href" {
			return a.Val
		}
	}
	return "/"
}

// On the pages of the service, too, what others write is only shown: each has the elements that it has with harmless texts.
func TestPages_HostileTextsAreOnlyShown(t *testing.T) {
	tell := func(texts []string) map[string]map[string]int {
		s, _ := staffed(t)
		one := strings.Join(texts, " ")
		_, err := s.bridge.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Name = bridge.Cut(one, 900) })
		s.must(err)
		s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
			return tx.SaveDepartment(bridge.Department{Name: "support", Title: bridge.Cut(one, 900)})
		}))
		s.helped(olga, bridge.Cut(one, 70), bridge.Cut(one, 2000), 1)
		o := s.ask(toJSON(map[string]string{"name": texts[0], "reason": texts[1]}))
		b := s.browser()
		b.has(o)
		pages := map[string]map[string]int{}
		for _, text := range texts {
			s.answer(o, "lamp "+text)
		}
		pages["chat"] = elements(t, b.open("/chat").doc.body)
		pages["news"] = elements(t, b.open("/chat/news?after=0").doc.body)
		form := s.browser().open("/chat").send("/chat", map[string]string{"name": one, "email": one, "reason": strings.Repeat(one, 9)})
		pages["form"] = elements(t, form.doc.body)
		s.siteSetting(setting.OnSite, setting.OnSiteLoaded)
		for n, some := range slices.Collect(slices.Chunk(texts, 100)) { // so many are listed
			for i, text := range some {
				open := s.ask(toJSON(map[string]string{"name": bridge.Cut("A "+text, 80), "reason": "How?"}))
				page := toJSON(map[string]string{"title": "At " + text, "referrer": "https://search.example/" + url.PathEscape(text)})
				s.comes(fmt.Sprint(i), "/"+url.PathEscape(text), strings.Trim(page, "{}"), `,"open":true,"conversation":"`+open.ID+`"`, "Authorization: Bearer "+open.Token)
			}
			pages[fmt.Sprint("visitors ", n)] = elements(t, s.team(xavi, "/team/visitors").body)
		}
		for _, path := range []string{"/team", "/team/board", "/team?range=2026&sort=-vote", "/team/search?q=lamp", fmt.Sprint("/team/transcript/", o.Number)} {
			pages[path] = elements(t, s.team(xavi, path).body)
		}
		return pages
	}
	var hostile, harmless []string
	for _, text := range hostiletest.Texts() {
		if strings.TrimSpace(bridge.CleanText(text)) != "" {
			hostile, harmless = append(hostile, text), append(harmless, hostiletest.Harmless(text))
		}
	}
	usual := tell(harmless)
	for path, page := range tell(hostile) {
		for _, way := range slices.Sorted(maps.Keys(page)) {
			if usual[path][way] != page[way] {
				t.Errorf("%s: %d of %s, %d with harmless texts", path, page[way], way, usual[path][way])
			}
		}
		if len(page) < 5 {
			t.Errorf("%s: only %d kinds of elements", path, len(page))
		}
	}
}
