package ui_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// setSettings gives the state what a site has set at the desk.
func (f *fake) setSettings(s object) {
	f.update(func() {
		status := object{}
		for key, value := range f.status {
			status[key] = value
		}
		status["settings"] = s
		f.status = status
	})
}

// scheme lets a tab prefer dark or light pages.
func (b *tab) scheme(name string) {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
		return err
	}))
}

// A site's colours, side and words are there when the button is seen first. Without settings the module for them is not fetched.
func TestCustom_ButtonAndPanelLookAsTheSiteWants(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	plain := newTab(t)
	plain.open(newSite(t, f, "", "").URL)
	plain.openPanel()
	plain.want(`performance.getEntriesByType("resource").some((e) => e.name.includes("/custom-"))`, "false")

	f.setSettings(object{"colour": "#7a1fa2", "colour_dark": "#5b1a80", "side": "left", "texts": object{"launcher": object{"": "Ask us", "de": "Fragen Sie"}}})
	b := newTab(t)
	b.scheme("light")
	b.open(newSite(t, f, `data-language="de-CH" data-scheme="auto"`, "").URL)
	b.wait(`B("strong").textContent === "Fragen Sie" && B("span").textContent === "ONLINE"`)
	b.want(`getComputedStyle(B("button")).backgroundColor`, "rgb(122, 31, 162)")
	b.want(`B("button").getBoundingClientRect().left`, "20")
	b.want(`B("button").ariaLabel`, "Fragen Sie: ONLINE")
	b.openPanel()
	b.want(`getComputedStyle(P("header")).backgroundColor`, "rgb(122, 31, 162)")
	b.want(`P(".box").getBoundingClientRect().left`, "20")
	b.shoot("custom-button")
	b.scheme("dark")
	b.wait(`getComputedStyle(P("header")).backgroundColor === "rgb(91, 26, 128)"`)
	b.shoot("custom-dark")
	b.noViolations()
}

// What the page itself sets by custom properties goes before what the site has set.
func TestCustom_ThePageGoesFirst(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setSettings(object{"colour": "#7a1fa2"})
	b := newTab(t)
	b.scheme("light")
	b.open(newSite(t, f, "", "").URL)
	b.js(`document.documentElement.style.setProperty("--porchlight-accent", "#006644"), 0`)
	b.wait(`getComputedStyle(B("button")).backgroundColor === "rgb(0, 102, 68)"`)
}

// When nobody is there, the button may be gone; who has a chat under way keeps it.
func TestCustom_HidesTheButton(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setSettings(object{"offline": "hide"})
	b := newTab(t)
	site := newSite(t, f, "", "")
	b.open(site.URL)
	b.wait(`shown(B("button"))`)
	away := func(status string) {
		f.setStatus(status)
		f.setSettings(object{"offline": "hide"})
	}
	away("offline")
	b.wait(`!shown(B("button"))`)
	away("online")
	b.wait(`shown(B("button"))`)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`P("[role=log]")`)
	away("offline")
	b.wait(`B("span").textContent === "OFFLINE"`)
	b.want(`shown(B("button"))`, "true")
}

// The form asks what the site wants to know, and sends it.
func TestCustom_FormAsksWhatTheSiteWants(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setSettings(object{"name": "required", "email": "off", "phone": "optional", "fields": []object{{"name": "Order number", "type": "text", "required": true}, {"name": "Product", "type": "list", "options": []string{"Shop", "App"}}, {"name": "News", "type": "yes/no"}, {"name": "__proto__", "type": "text"}},
		"texts": object{"greeting": object{"": "Hello!\nWhat can we do for you?"}, "consent": object{"": "I agree that this is stored."}}})
	b := newTab(t)
	b.open(newSite(t, f, `data-plan="pro"`, "").URL)
	b.openPanel()
	b.wait(`P(".ask p").textContent === "Hello!\nWhat can we do for you?"`)
	b.want(`[...P("form").querySelectorAll("label")].filter(shown).map((l) => l.textContent).join("|")`,
		"I agree that this is stored.|Name|Phone (optional)|Order number|Product (optional)|News (optional)|__proto__ (optional)|How can we help?")
	b.shoot("custom-form")
	b.request("", "", "Hello")
	b.wait(`P("#own0-wrong").textContent === "Please fill this in." && P("#consent-wrong").textContent === "Please fill this in."`)
	b.want(`focused() === P("#consent")`, "true")
	b.want(`P("#own1-wrong").textContent + P("#phone-wrong").textContent`, "")
	b.js(`P("[name=name]").value = "Anna", P("#own0").value = "7", P("#own1").value = "App", P("#own2").click(), P("#own3").value = "x", P("#consent").click()`)
	f.refuse("POST /v1/conversations", refusal{status: 422, problem: object{"type": "invalid", "errors": object{"fields.Order number": "No such order."}}})
	b.click(`P("form.ask button")`)
	b.wait(`P("#own0-wrong").textContent === "No such order."`)
	b.click(`P("form.ask button")`)
	b.wait(`P("[role=log]")`)
	sent := f.awaitCall(t, "POST /v1/conversations", 2).body
	for key, want := range map[string]any{"name": "Anna", "phone": "", "consent": "I agree that this is stored.",
		"fields": object{"Order number": "7", "Product": "App", "News": "yes", "__proto__": "x"}, "attributes": object{"plan": "pro"}} {
		if !reflect.DeepEqual(sent[key], want) {
			t.Errorf("%s = %v, want %v", key, sent[key], want)
		}
	}
	b.noViolations()
}

// A notice is shown at once on open pages, above the form and above a chat, and goes when it ends.
func TestCustom_Notice(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, `data-language="fr"`, "").URL)
	b.openPanel()
	f.setSettings(object{"texts": object{"notice": object{"": "Payments are down, we know.", "fr": "Les paiements sont en panne."}}})
	b.wait(`P(".told")?.textContent === "Les paiements sont en panne." && shown(P(".told"))`)
	b.shoot("custom-notice")
	b.request("Anna", "", "Hello")
	b.wait(`P("[role=log]") && shown(P(".told"))`)
	f.setStatus("online")
	b.wait(`!shown(P(".told"))`)
}

// When nobody is there, the form may give way to the address for mail, with a text of the site's.
func TestCustom_OffersMail(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setStatus("offline")
	f.update(func() { f.status["hours"] = object{"open": false, "next": "2040-01-02T08:00:00Z", "zone": "UTC"} })
	f.setSettings(object{"offline": "mail", "mail": "help@example.org", "texts": object{"offline": object{"": "Nobody is home.", "en-gb": "Nobody is in."}}})
	b := newTab(t)
	b.open(newSite(t, f, `data-language="en-GB"`, "").URL)
	b.openPanel()
	b.wait(`P(".ask p").textContent.startsWith("Nobody is in. Back on ")`)
	b.want(`P(".ask a").href + shown(P(".ask a"))`, "mailto:help@example.orgtrue")
	b.want(`shown(P("[name=reason]")) || shown(P("form.ask button"))`, "false")
	b.shoot("custom-mail")
	f.setStatus("online")
	b.wait(`shown(P("[name=reason]")) && shown(P("form.ask button")) && !shown(P(".ask a"))`)
	b.want(`P(".ask p").textContent`, "Somebody will be with you in a moment.")
}

// On a phone, in the dark, a form with everything that a site can ask stays within the screen's width.
func TestCustom_FitsAPhone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setSettings(object{"colour": "#7a1fa2", "phone": "required", "fields": []object{{"name": "Order number", "type": "text", "required": true}, {"name": "News", "type": "yes/no"}},
		"texts": object{"launcher": object{"": "Ask us whatever you want to"}, "greeting": object{"": "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselloch"},
			"consent": object{"": "I agree that what I write here is stored for thirty days, and read by those who answer."}, "notice": object{"": "Payments are down, we know."}}})
	b := newTab(t)
	b.scheme("dark")
	b.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulateTouch))
	b.open(newSite(t, f, "", "").URL)
	b.wait(`shown(B("button"))`)
	b.shoot("custom-phone-button")
	b.openPanel()
	b.wait(`shown(P("#consent")) && shown(P(".told"))`)
	b.shoot("custom-phone")
	b.want(`document.documentElement.scrollWidth <= 390 && P(".ask").scrollWidth <= 390`, "true")
	b.want(`P(".tick").getBoundingClientRect().height >= 44`, "true")
}

// Where no question can be left while nobody is there, an open form doesn't say that one can.
func TestCustom_WithoutAFormNoQuestionIsAskedFor(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setSettings(object{"offline": "hide"})
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.fill(`P("[name=reason]")`, "Hello")
	f.update(func() { f.status["status"] = "offline" })
	b.wait(`!shown(P("[name=reason]")) && P(".ask p").textContent === "Nobody is here at the moment."`)
	f.update(func() { f.status["status"] = "online" })
	b.wait(`shown(P("[name=reason]")) && P(".ask p").textContent === "Somebody will be with you in a moment."`)
	b.want(`P("[name=reason]").value`, "Hello")
}

// A form in another language keeps the answers to what the site asks; but who has agreed to one text has not agreed to its translation.
func TestCustom_AnotherLanguageAsksForConsentAnew(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setSettings(object{"fields": []object{{"name": "Order number", "type": "text", "required": true}, {"name": "News", "type": "yes/no"}},
		"texts": object{"consent": object{"": "I agree.", "de": "Ich willige ein."}}})
	b := newTab(t)
	b.scripted(newSite(t, f, "", "").URL, "")
	b.openPanel()
	b.click(`P("#consent")`)
	b.fill(`P("#own0")`, "42")
	b.click(`P("#own1")`)
	state := `[P(".box").lang, P("#consent").checked, P("#own0").value, P("#own1").checked].join()`
	b.js(`porchlight.setLanguage("fr").then(() => 0)`)
	b.wait(state + ` === "fr,true,42,true"`)
	b.js(`porchlight.setLanguage("de").then(() => 0)`)
	b.wait(state + ` === "de,false,42,true"`)
	b.want(`P("#consent").value`, "Ich willige ein.")
	b.noViolations()
}
