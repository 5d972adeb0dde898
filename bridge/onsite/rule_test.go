package onsite_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge/onsite"
)

// A pattern means a page and all below it; * stands for any letters, and what stands behind ? counts for nothing.
func TestOnPage(t *testing.T) {
	const shop = "https://www.example.org"
	for _, c := range []struct {
		pattern, address string
		want             bool
	}{
		{"", shop + "/x", true}, {"", "", true},
		{"/pricing", shop + "/pricing", true}, {"/pricing", shop + "/pricing/", true}, {"/pricing", shop + "/pricing/eu?x=1", true}, {"/pricing/", shop + "/pricing", true},
		{"/pricing", shop + "/pricing-old", false}, {"/pricing", shop + "/en/pricing", false}, {"/pricing", shop, false}, {"/", shop, true}, {"/", shop + "/x", true},
		{"/shop/*/reviews", shop + "/shop/7/reviews", true}, {"/shop/*/reviews", shop + "/shop/reviews", false}, {"*/cart", shop + "/en/cart", true}, {"*/cart", shop + "/en/cart/2", false},
		{"/a*b*c", shop + "/aXbYc", true}, {"/a*b*c", shop + "/aXcYb", false}, {"/aa*aa", shop + "/aaa", false}, {"*", shop + "/", true},
		{"https://www.example.org/cart", shop + "/cart/2", true}, {"https://shop.example.org/cart", shop + "/cart", false}, {"https://*.example.org/cart", shop + "/cart", true},
		{"/x", "::", false}, {"/é", shop + "/%C3%A9", true},
	} {
		if got := onsite.OnPage(c.pattern, c.address); got != c.want {
			t.Errorf("OnPage(%q, %q) = %t", c.pattern, c.address, got)
		}
	}
}

// Of the rules that fit, the one with the narrowest page invites. Who has not been on the page for long enough is told to
// tell again when the time has come.
func TestChoose(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	monday := time.Date(2026, 11, 30, 10, 0, 0, 0, madrid)
	rules := []onsite.Rule{
		{Name: "all", After: 2 * time.Minute},
		{Name: "back", Page: "/cart", Returning: true},
		{Name: "night", Page: "/night", Hours: "Mon-Fri 22-6"},
		{Name: "sale", Page: "/sale", Department: "sales"},
		{Name: "deutsch", Page: "/de", Language: "de"},
		{Name: "often", Page: "/often", Once: onsite.AVisit},
		{Name: "pricing", Page: "/pricing", After: 45 * time.Second},
	}
	for _, c := range []struct {
		does, path string
		change     func(*onsite.Facts)
		want       string
		wait       time.Duration
	}{
		{"somebody has just come", "/", nil, "", 2 * time.Minute},
		{"somebody is there for two minutes", "/", func(f *onsite.Facts) { f.Since = monday.Add(-2 * time.Minute) }, "all", 0},
		{"the sooner of two rules counts for the wait", "/pricing", func(f *onsite.Facts) { f.Since = monday.Add(-10 * time.Second) }, "", 35 * time.Second},
		{"the narrower of two rules", "/pricing", func(f *onsite.Facts) { f.Since = monday.Add(-5 * time.Minute) }, "pricing", 0},
		{"somebody new is not back", "/cart", nil, "", 2 * time.Minute},
		{"somebody is back", "/cart", func(f *onsite.Facts) { f.Returning = true }, "back", 0},
		{"it is day", "/night", nil, "", 2 * time.Minute},
		{"it is night", "/night", func(f *onsite.Facts) { f.Now = monday.Add(13 * time.Hour); f.Since = f.Now }, "night", 0},
		{"somebody of sales is there", "/sale", nil, "sale", 0},
		{"nobody of sales is there", "/sale", func(f *onsite.Facts) { f.Online = func(d string) bool { return d != "sales" } }, "", 2 * time.Minute},
		{"nobody is there at all", "/pricing", func(f *onsite.Facts) { f.Online = func(string) bool { return false } }, "", 0},
		{"an Austrian", "/de", func(f *onsite.Facts) { f.Language = "de-AT" }, "deutsch", 0},
		{"a Frenchman", "/de", func(f *onsite.Facts) { f.Language = "fr" }, "", 2 * time.Minute},
		{"the rule has had this browser today", "/sale", func(f *onsite.Facts) { f.Had = func(r string) bool { return r == "sale" } }, "", 2 * time.Minute},
		{"a rule for each visit does not care", "/often", func(f *onsite.Facts) { f.Had = func(string) bool { return true } }, "often", 0},
	} {
		f := onsite.Facts{Now: monday, URL: "https://www.example.org" + c.path, Since: monday, Language: "en", Online: func(string) bool { return true }, Had: func(string) bool { return false }, Zone: madrid}
		if c.change != nil {
			c.change(&f)
		}
		r, wait, ok := onsite.Choose(rules, f)
		if r.Name != c.want || wait != c.wait || ok != (c.want != "") {
			t.Errorf("%s: %q, wait %s, want %q, wait %s", c.does, r.Name, wait, c.want, c.wait)
		}
	}
}

// No pattern and no address breaks OnPage, and a page is on itself.
func FuzzOnPage(f *testing.F) {
	f.Add("/a*b", "https://example.org/ab")
	f.Fuzz(func(t *testing.T, pattern, address string) {
		onsite.OnPage(pattern, address)
		if page, err := onsite.ParsePage(pattern); err == nil && page != "" && !strings.Contains(page, "*") && page[0] == '/' && !strings.ContainsAny(page, "%\\") && !strings.Contains(page, "//") && strings.ToValidUTF8(page, "") == page {
			for _, r := range page {
				if r < ' ' || r == 0x7f {
					return
				}
			}
			if !onsite.OnPage(page, "https://example.org"+page) {
				t.Errorf("%q is not on itself", page)
			}
		}
	})
}
