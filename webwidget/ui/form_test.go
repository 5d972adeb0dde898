package ui_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestForm_SendsWhatOperatorsNeed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	site := newSite(t, f, `data-department="sales" data-language="en-GB" data-plan="pro"`, "")
	b.open(site.URL + "/tour?x=1")
	b.openPanel()
	b.wait(`focused() === P("[name=name]")`)
	b.want(`P("label[for=email]").textContent`, "Email (optional)")
	b.shoot("form-online")
	b.want(`localStorage.length`, "0")
	b.request("Anna", "", "How can I edit my students' information?")
	sent := f.awaitCall(t, "POST /v1/conversations", 1).body
	for key, want := range map[string]any{
		"name": "Anna", "email": "", "reason": "How can I edit my students' information?", "department": "sales", "language": "en-GB",
		"page": object{"url": site.URL + "/tour?x=1", "title": "Bulbs & Lamps", "referrer": ""},
	} {
		if !reflect.DeepEqual(sent[key], want) {
			t.Errorf("%s = %v, want %v", key, sent[key], want)
		}
	}
	if plan := sent["attributes"].(object)["plan"]; plan != "pro" {
		t.Errorf("plan = %v, want pro", plan)
	}
	b.wait(`localStorage["porchlight:` + f.URL + `"]`)
	b.want(`Object.keys(JSON.parse(localStorage["porchlight:`+f.URL+`"])).sort().join()`, "done,email,id,name,number,page,seq,token")
	b.wait(`P(".banner p").textContent === "We are asking our operators…"`)
	b.want(`focused() === P("[name=text]")`, "true")
	b.noViolations()
}

// The form says when somebody is there again: by the clock of the visitor, here in Tokyo, and in the visitor's language.
func TestForm_SaysWhenSomebodyIsBack(t *testing.T) {
	t.Parallel()
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().In(tokyo)
	at := func(days int) time.Time { return time.Date(now.Year(), now.Month(), now.Day()+days, 9, 0, 0, 0, tokyo) }
	f := newFake(t)
	b := newTab(t)
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Asia/Tokyo"})
		return err
	}))
	for _, c := range []struct {
		language, next, want string
		open                 bool
	}{
		{"en", at(1).UTC().Format(time.RFC3339), "Leave your question and we will answer by email. Back tomorrow at 9:00 AM.", false},
		{"de", at(1).UTC().Format(time.RFC3339), "Wieder da: morgen um 9:00.", false},
		{"en", at(4).UTC().Format(time.RFC3339), "Back on " + at(4).Format("Monday, Jan 2") + ", 9:00 AM.", false},
		{"en", at(1).UTC().Format(time.RFC3339), "we will answer by email.", true}, // they should be there now, but are not
		{"en", "", "we will answer by email.", false},
	} {
		f.setStatus("offline")
		f.update(func() { f.status["hours"] = object{"open": c.open, "next": c.next, "zone": "UTC"} })
		b.open(newSite(t, f, `data-language="`+c.language+`"`, "").URL)
		b.openPanel()
		b.wait(`P(".ask p")?.textContent.endsWith(` + strconv.Quote(c.want) + `)`)
	}
	b.noViolations()
}

func TestForm_OfflineNeedsAnAddressAndBecomesATicket(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setStatus("offline")
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.wait(`P(".ask p").textContent.startsWith("Nobody is here right now.")`)
	b.want(`P("label[for=email]").textContent`, "Email")
	b.request("Anna", "", "Do you ship?")
	b.wait(`P("#email-wrong").textContent === "Please fill this in."`)
	b.want(`focused() === P("[name=email]")`, "true")
	b.want(`P("[name=email]").ariaInvalid`, "true")
	b.shoot("form-offline")
	b.keys("anna@example.org" + kb.Enter)
	b.wait(`P(".banner p")?.textContent === "We will answer by email to anna@example.org."`)
	b.want(`shown(P(".banner form"))`, "false")
	b.shoot("ticket")
	f.join("Olga")
	f.say("Yes, we do.")
	b.wait(`texts().at(-1) === "Yes, we do." && P("h2").textContent === "Olga"`)
	b.want(`P(".banner p").textContent`, "Answers come here, and by email to anna@example.org when this page is closed.")
	b.noViolations()
}

func TestForm_FollowsTheStateWhileOpen(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.wait(`P("[name=email]").required === false`)
	f.setStatus("offline")
	b.wait(`P("[name=email]").required`)
}

func TestForm_ShowsTheServicesComplaintsBesideTheFields(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	f.refuse("POST /v1/conversations", refusal{status: 422, problem: object{"type": "invalid", "errors": object{"email": "No such domain."}}})
	f.refuse("POST /v1/conversations", refusal{status: 422, problem: object{"type": "invalid", "detail": "Not today."}})
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "anna@nowhere.invalid", "Hello")
	b.wait(`P("#email-wrong").textContent === "No such domain."`)
	b.want(`focused() === P("[name=email]")`, "true")
	b.click(`P("form.ask button")`)
	b.wait(`P("[role=alert]").textContent === "Not today."`)
	b.want(`P("[name=reason]").value`, "Hello")
	first, second := f.awaitCall(t, "POST /v1/conversations", 1), f.awaitCall(t, "POST /v1/conversations", 2)
	if first.body["client_id"] == second.body["client_id"] {
		t.Error("a refused request's id was used again")
	}
}

// What tells the visitor what is wrong is fetched only then. If it did not come, that is said, and the next try fetches it again.
func TestForm_WhatIsWrongIsSaidLaterIfItDidNotCome(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	files, err := filepath.Glob("../dist/amiss-*.js")
	if err != nil || len(files) != 1 {
		t.Fatalf("found %q (%v)", files, err)
	}
	amiss := filepath.Base(files[0])
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	f.refuse(amiss, refusal{status: 404})
	b.request("Anna", "", "")
	b.wait(`P("[role=alert]").textContent === "Part of this chat did not load. Please try again, or reload the page."`)
	b.request("", "", "")
	b.wait(`P("#reason-wrong").textContent === "Please fill this in." && focused() === P("[name=reason]") && !P("[role=alert]").textContent`)
	b.noViolations()
}

// A try that fails is said to have failed even if nothing more can be fetched, and the next one is no other request.
func TestForm_AFailureIsSaidWithoutMoreParts(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.fill(`P("[name=name]")`, "Anna")
	f.await(t, "the conversation's part", func() bool { return f.countParts("talk") == 2 }) // and its words
	f.update(func() { f.refusals[".js"] = slices.Repeat([]refusal{{status: 404}}, 50) })
	f.refuse("POST /v1/conversations", refusal{status: 503, stored: true})
	b.request("", "", "Hello")
	b.wait(`P("[role=alert]").textContent === "That did not work. Please try again."`)
	b.click(`P("form.ask button")`)
	b.wait(`P("[role=log]")`)
	first, second := f.awaitCall(t, "POST /v1/conversations", 1), f.awaitCall(t, "POST /v1/conversations", 2)
	if first.body["client_id"] != second.body["client_id"] {
		t.Errorf("ids %v and %v, want the same", first.body["client_id"], second.body["client_id"])
	}
	b.noViolations()
}

func TestForm_TriesAgainWithTheSameID(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	f.refuse("POST /v1/conversations", refusal{status: 503, stored: true})
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`P("[role=alert]").textContent === "That did not work. Please try again."`)
	b.click(`P("form.ask button")`)
	b.wait(`P("[role=log]")`)
	first, second := f.awaitCall(t, "POST /v1/conversations", 1), f.awaitCall(t, "POST /v1/conversations", 2)
	if first.body["client_id"] != second.body["client_id"] {
		t.Errorf("ids %v and %v, want the same", first.body["client_id"], second.body["client_id"])
	}
	f.look(func() {
		if len(f.conversations) != 1 {
			t.Errorf("%d conversations, want 1", len(f.conversations))
		}
	})
}

// What was changed after a try whose answer was lost is another request, which the service would refuse under the first one's id.
func TestForm_OtherWordsHaveAnotherID(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	f.refuse("POST /v1/conversations", refusal{status: 503, stored: true})
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	b.wait(`P("[role=alert]").textContent === "That did not work. Please try again."`)
	b.request("", "anna@example.org", "")
	b.wait(`P("[role=log]")`)
	first, second := f.awaitCall(t, "POST /v1/conversations", 1), f.awaitCall(t, "POST /v1/conversations", 2)
	if first.body["client_id"] == second.body["client_id"] {
		t.Errorf("other content is sent under %v, too", first.body["client_id"])
	}
}

// While very many ask, the browser proves that it has worked. It does so on a plain http page too, and with a text of several
// blocks of SHA-256.
func TestForm_ProvesWork(t *testing.T) {
	for _, challenge := range []string{"AAABnKlFCgDZve13iEoS9LFbQBoajzI7XHDofQ", strings.Repeat("c", 53), strings.Repeat("c", 130)} {
		f := newFake(t)
		b := newTab(t)
		wanted := object{"type": "urn:porchlight:problem:proof-wanted", "detail": "Send this again with proof.", "challenge": challenge, "bits": 9}
		f.refuse("POST /v1/conversations", refusal{status: 428, problem: wanted})
		f.refuse("POST /v1/conversations", refusal{status: 428, problem: wanted})
		b.open(newSite(t, f, "", "").URL)
		b.openPanel()
		b.request("Anna", "", "Hello")
		b.wait(`P("[role=log]")`)
		first := f.awaitCall(t, "POST /v1/conversations", 1)
		for n := 2; n <= 3; n++ {
			again := f.awaitCall(t, "POST /v1/conversations", n)
			proof, _ := again.body["proof"].(object)
			sum := sha256.Sum256(fmt.Appendf(nil, "%v:%v", proof["challenge"], proof["nonce"]))
			if proof["challenge"] != challenge || sum[0] != 0 || sum[1] > 127 {
				t.Errorf("proof %v of %q has the hash %x", proof, challenge, sum)
			}
			if again.body["client_id"] != first.body["client_id"] || again.body["reason"] != "Hello" {
				t.Errorf("sent again: %v, first %v", again.body, first.body)
			}
		}
	}
}

// From the click to the live stream there are two calls, and one preflight: the answer to the first one says where the
// conversation stands, and the first one needs no leave of the service's.
func TestForm_TwoCallsToTheLiveStream(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.request("Anna", "", "Hello")
	f.await(t, "a stream", func() bool { return f.opened == 1 })
	b.wait(`P(".banner").checkVisibility() && texts().length === 1`)
	f.join("Olga")
	b.wait(`P("h2").textContent === "Olga"`)
	var calls []string
	for _, path := range f.paths() {
		if strings.Contains(path, "/conversations") {
			calls = append(calls, path)
		}
	}
	if want := []string{"POST /v1/conversations", "GET /v1/conversations/c1/events"}; !slices.Equal(calls, want) {
		t.Errorf("calls: %q, want %q", calls, want)
	}
	f.mu.Lock()
	asked := slices.Clone(f.preflights)
	f.mu.Unlock()
	if want := []string{"/v1/conversations/c1/events"}; !slices.Equal(asked, want) {
		t.Errorf("preflights: %q, want %q", asked, want)
	}
}

func TestForm_LetsTheVisitorChooseADepartment(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setStatus("online", object{"name": "sales", "title": "Sales", "status": "online"}, object{"name": "tech", "title": "Technicians", "status": "offline"})
	b := newTab(t)
	b.open(newSite(t, f, "", "").URL)
	b.openPanel()
	b.want(`P("[name=department]").selectedOptions[0].textContent`, "Sales (online)")
	b.want(`P("[name=email]").required`, "false")
	b.js(`P("[name=department]").value = "tech", P("[name=department]").dispatchEvent(new Event("change"))`)
	b.want(`P("[name=email]").required`, "true")
	b.request("Anna", "anna@example.org", "It is dark")
	if d := f.awaitCall(t, "POST /v1/conversations", 1).body["department"]; d != "tech" {
		t.Errorf("department = %v, want tech", d)
	}
}

func TestForm_SignedIdentityNeedsNoNameAndAddress(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.setStatus("offline")
	f.refuse("POST /v1/conversations", refusal{status: 422, problem: object{"errors": object{"identity": "Expired."}, "detail": "Expired."}})
	b := newTab(t)
	b.open(newSite(t, f, `data-identity="a.b.c"`, "").URL)
	b.openPanel()
	b.want(`shown(P("[name=name]")) || shown(P("[name=email]"))`, "false")
	b.want(`focused() === P("[name=reason]")`, "true")
	b.request("", "", "Hello")
	if got := f.awaitCall(t, "POST /v1/conversations", 1).body["identity"]; got != "a.b.c" {
		t.Errorf("identity = %v, want a.b.c", got)
	}
	b.wait(`shown(P("[name=email]"))`)
	b.want(`P("[role=alert]").textContent`, "Expired.")
}

func TestForm_SpeaksTheVisitorsLanguage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for language, button := range map[string]string{"de-AT": "Support anfragen", "es": "Solicitar ayuda", "fr-CA": "Demander de l’aide", "pt-BR": "Pedir apoio", "eo": "Request support"} {
		b := newTab(t)
		b.open(newSite(t, f, `data-language="`+language+`"`, "").URL)
		b.openPanel()
		b.want(`P("form.ask button").textContent`, button)
	}
}
