package webwidget

import (
	"porchlight/bridge"
	"porchlight/bridge/setting"
)

// siteAnswer is what the site has set at the desk (docs/settings.md). What is as usual is left out.
type siteAnswer struct {
	Colour     string                       `json:"colour,omitempty" doc:"the colour of the button and the panel's head"`
	DarkColour string                       `json:"colour_dark,omitempty" doc:"the same on dark screens; absent: the same colour"`
	Side       string                       `json:"side,omitempty" doc:"'left'; absent: right"`
	Theme      string                       `json:"theme,omitempty" doc:"'paper' or 'lamp'; absent: porch"`
	Icon       string                       `json:"icon,omitempty" doc:"what stands on the button: 'chat' or 'question'; absent: the bulb"`
	Sounds     bool                         `json:"sounds,omitempty" doc:"whether operators' messages make a sound"`
	Offline    string                       `json:"offline,omitempty" doc:"what is seen while nobody is there: 'hide' for nothing, 'mail' for the address; absent: the form"`
	Mail       string                       `json:"mail,omitempty" doc:"that address"`
	Name       string                       `json:"name,omitempty" doc:"whether the form asks for a name: 'off' or 'required'; absent: it may be left empty"`
	Email      string                       `json:"email,omitempty" doc:"whether it asks for an address: the same"`
	Phone      string                       `json:"phone,omitempty" doc:"whether it asks for a phone number: 'optional' or 'required'; absent: it does not"`
	Fields     []fieldAnswer                `json:"fields,omitempty" doc:"what else the form asks"`
	OnSite     string                       `json:"on_site,omitempty" doc:"which pages tell of themselves by POST /v1/visits: 'open' for those whose panel was opened, 'loaded' for all; absent: none"`
	Query      bool                         `json:"on_site_query,omitempty" doc:"whether they tell what stands behind the ? of their address"`
	Texts      map[string]map[string]string `json:"texts,omitempty" doc:"texts by language under 'greeting', 'launcher', 'launcher_offline', 'offline', 'consent' and 'notice'; the one under \"\" is for all other languages"`
}

type fieldAnswer struct {
	Name     string   `json:"name" doc:"what it is called, and what its answer is kept under"`
	Type     string   `json:"type" doc:"'text', 'list' or 'yes/no'"`
	Options  []string `json:"options,omitempty" doc:"the values of a list"`
	Required bool     `json:"required,omitempty" doc:"whether it has to be filled in; of 'yes/no': whether the box must be ticked"`
}

// siteOf is what the site has set, as pages that ask for a department see it; nil if all is as usual.
func siteOf(b *bridge.Bridge, department string) *siteAnswer {
	v := b.Settings.Values()
	if len(v) == 0 {
		return nil
	}
	other := func(n setting.Name) string {
		if s := v.Text(n); s != setting.Of(n).Default {
			return s
		}
		return ""
	}
	a := siteAnswer{Colour: other(setting.AccentColour), DarkColour: other(setting.DarkColour), Side: other(setting.Side), Theme: other(setting.Theme), Icon: other(setting.Icon), Sounds: v.On(setting.Sounds),
		Offline: other(setting.WhenOffline), Name: other(setting.AskName), Email: other(setting.AskEmail), Phone: other(setting.AskPhone)}
	if a.OnSite = other(setting.OnSite); a.OnSite != "" {
		a.Query = v.On(setting.OnSiteQuery)
	}
	if a.Offline == setting.OfflineMail {
		a.Mail = b.Mail.Address(department)
	}
	for _, f := range v.Fields(setting.OwnFields) {
		a.Fields = append(a.Fields, fieldAnswer{f.Label, string(f.Type), f.Options, f.Required})
	}
	for name, texts := range map[string]map[string]string{
		"greeting": v.Languages(setting.Greeting), "launcher": v.Languages(setting.LauncherText), "launcher_offline": v.Languages(setting.LauncherAway),
		"offline": v.Languages(setting.OfflineText), "consent": v.Binding(setting.ConsentText), "notice": b.Settings.Notice(),
	} {
		if texts != nil {
			if a.Texts == nil {
				a.Texts = make(map[string]map[string]string)
			}
			a.Texts[name] = texts
		}
	}
	if a.plain() {
		return nil
	}
	return &a
}

// plain reports whether nothing of it is set.
func (a siteAnswer) plain() bool {
	return a.Colour+a.DarkColour+a.Side+a.Theme+a.Icon+a.Offline+a.Name+a.Email+a.Phone+a.OnSite == "" && !a.Sounds && a.Fields == nil && a.Texts == nil
}
