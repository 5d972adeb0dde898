package page

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/setting"
)

// siteView is what the site has set at the desk, as far as a page without script shows it.
type siteView struct {
	Look   string // the address of the style sheet with the site's colours, below Base; "": as usual
	Notice string // what is to be told on all pages; "": nothing
}

// askView is what the site wants the request form to be like. A text that is "" is as usual.
type askView struct {
	Hint, Consent      string
	Agreed             bool // the box beside Consent is ticked
	Name, Email, Phone string
	PhoneValue         string
	Fields             []fieldView
	Gone               bool   // there is no form, since nobody is there
	Mail               string // the address that is shown then; "": none
}

// fieldView is a field of the site's own.
type fieldView struct {
	setting.Field
	ID, Key, Value string
	Wrong          string // what is wrong with the value
}

// IsList reports whether a visitor chooses one of several values.
func (f fieldView) IsList() bool { return f.Type == setting.OneOf }

// IsBox reports whether a visitor ticks a box.
func (f fieldView) IsBox() bool { return f.Type == setting.Tick }

// Asks reports whether the form asks for something.
func (a askView) Asks(how string) bool { return how != setting.NotAsked }

// Needs reports whether something has to be filled in.
func (a askView) Needs(how string) bool { return how == setting.Required }

// site is what the site has set, for a reader of a language.
func (p *Page) site(r *http.Request) siteView {
	v := p.bridge.Settings.Values()
	s := siteView{Notice: setting.Choose(p.bridge.Settings.Notice(), language(r))}
	light, dark, theme := v[string(setting.AccentColour)], v[string(setting.DarkColour)], v[string(setting.Theme)]
	if light != "" || dark != "" || theme != "" {
		s.Look = "/chat/look.css?" + url.Values{"light": {strings.TrimPrefix(light, "#")}, "dark": {strings.TrimPrefix(cmp.Or(dark, light), "#")}, "theme": {theme}}.Encode()
	}
	return s
}

// asks is what the site wants of a form that was posted, or is asked for; department is the one that is asked for.
func (p *Page) asks(r *http.Request, online bool, department string) askView {
	v, tag := p.bridge.Settings.Values(), language(r)
	a := askView{Consent: setting.Choose(v.Binding(setting.ConsentText), tag), Name: v.Text(setting.AskName), Email: v.Text(setting.AskEmail), Phone: v.Text(setting.AskPhone)}
	a.Hint = v.Words(setting.Greeting, tag)
	if !online {
		a.Hint, a.Email = v.Words(setting.OfflineText, tag), setting.Required
		a.Gone = v.Text(setting.WhenOffline) != setting.OfflineForm
		if v.Text(setting.WhenOffline) == setting.OfflineMail {
			a.Mail = p.bridge.Mail.Address(department)
		}
	}
	a.PhoneValue, a.Agreed = r.PostForm.Get("phone"), a.Consent != "" && r.PostForm.Get("consent") != ""
	for i, f := range v.Fields(setting.OwnFields) {
		key := bridge.FieldKey(f.Label)
		a.Fields = append(a.Fields, fieldView{Field: f, ID: "own" + strconv.Itoa(i), Key: key, Value: r.PostForm.Get(key)})
	}
	return a
}

// filled is what a posted form has of that.
func (p *Page) filled(r *http.Request) *bridge.Filled {
	f := &bridge.Filled{Phone: r.PostForm.Get("phone"), Consent: r.PostForm.Get("consent"), Fields: make(map[string]string)}
	for _, own := range p.bridge.Settings.Values().Fields(setting.OwnFields) {
		f.Fields[own.Label] = r.PostForm.Get(bridge.FieldKey(own.Label))
	}
	return f
}

// digits matches a colour in the address of a style sheet.
var digits = regexp.MustCompile(`^[0-9a-f]{6}$`)

// themes are the style sheets of the setting theme, in the same colours as the widget's (webwidget/ui/dress.ts).
var themes = map[string]string{
	"paper": ":root{--ink:#26221c;--soft:#6b6255;--line:#ddd5c8;--page:#f3eee4;--card:#fffdf8;--theirs:#efe9de}\n" +
		"@media (prefers-color-scheme: dark){:root{--ink:#f0ebe2;--soft:#b3a999;--line:#45403a;--page:#131210;--card:#1c1a17;--theirs:#2e2a26}}\n",
	"lamp": ":root{--ink:#f2efe8;--soft:#a9abb3;--line:#363a45;--page:#0b0d12;--card:#12151c;--theirs:#232731;--mine:#ffb938;--upon:#1d1503;--wrong:#ff9d94;color-scheme:dark}\n",
}

// Look answers GET /chat/look.css with the theme and the colours of its query, which the page names.
func (p *Page) Look(w http.ResponseWriter, r *http.Request) {
	sheet := themes[r.URL.Query().Get("theme")]
	for _, c := range []struct{ name, around string }{{"light", ":root{--mine:#%s;--upon:#fff}\n"}, {"dark", "@media (prefers-color-scheme: dark){:root{--mine:#%s;--upon:#fff}}\n"}} {
		if colour := r.URL.Query().Get(c.name); digits.MatchString(colour) {
			sheet += fmt.Sprintf(c.around, colour)
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(sheet)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write([]byte(sheet)) // an error means that the client's connection is gone
}
