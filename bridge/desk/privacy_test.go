package desk_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
)

// TestPrivacy_Erase: erase says what would go and asks once; what is open is refused with the remedy, a name that several
// have gets a list, and whoever lacks the right may do nothing of it.
func TestPrivacy_Erase(t *testing.T) {
	o := newMailOffice(t)
	o.counting()
	ask := func(name, email string) bridge.Opened {
		c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: name, Email: email, Reason: "How?"}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := ask("Anna", "anna@example.net")
	again := ask("Anna", "ANNA@example.net")
	ask("Berta", "berta@example.net")
	o.steps([]line{
		{olga, "erase #1", "error: You may not use erase. A super operator can allow it."},
		{olga, "export #1", "error: You may not use export. A super operator can allow it."},
		{xavi, "erase #1", "error: #1 is still open, and what is under way can't be erased. Close it first: take 1 and !close."},
		{xavi, "erase nobody", `error: There is no visitor "nobody".`},
		{xavi, "erase #9", "error: There is no conversation #9."},
		{xavi, "erase", "error: Missing: VISITOR. Write: erase VISITOR [yes]."},
		{xavi, "erase anna", "Several visitors are found by \"anna\". Which one? erase #2\n  Anna (2), ANNA@example.net – #2 on"},
		{xavi, "take 1", ""}, {xavi, "take 2", ""},
	})
	o.say(xavi, first.Visitor, "close")
	o.steps([]line{
		{xavi, "erase #1 yes", "Anna, anna@example.net: 1 conversation (#1), files: 0, mails: "}, // nobody was asked, so nothing is done
		{xavi, "erase anna@example.net", "error: #2 is still open"},
	})
	o.say(xavi, again.Visitor, "close")
	o.steps([]line{
		{xavi, "erase #1", "Anna, anna@example.net: 1 conversation (#1), files: 0, mails: "},
		{xavi, "erase anna@example.net", "Anna (2) / Anna, anna@example.net: 2 conversations (#1, #2), files: 0, mails: "},
	})
	more := ask("Anna", "anna@example.net")
	o.say(xavi, "", "take 4")
	o.say(xavi, more.Visitor, "close")
	figures := func() string {
		text, _, _ := strings.Cut(o.say(xavi, "", "stats all 7d text"), "Tickets: ") // a link, which is another one each time
		return text
	}
	counted := figures()
	if !strings.Contains(counted, "4 conversations") {
		t.Error(counted)
	}
	o.steps([]line{
		{xavi, "erase anna@example.net yes", "Anna / Anna (2), anna@example.net: 3 conversations (#1, #2, #4)"}, // that was not asked
		{xavi, "erase anna@example.net yes", "Erased: 3 conversations (#1, #2, #4), files: 0, mails: "},
		{xavi, "erase #1", "error: There is no conversation #1."},
		{xavi, "clients anna", `No client is found by "anna".`},
		{xavi, "clients berta", "1 client:"},
		{xavi, "audit 7d", "21 Nov 12:00 Xavi: erase conversations 3 → –"},
	})
	for range 2 { // the statistics stay as they are, also when they are counted anew
		if got := figures(); got != counted {
			t.Errorf("before:\n%s\nafter:\n%s", counted, got)
		}
		o.say(xavi, "", "stats-rebuild")
	}
	if got := o.say(xavi, "", "erase #3"); strings.Contains(got, "among them") {
		t.Errorf("nobody else gave the address: %s", got)
	}
	if got := o.say(xavi, "", "audit 7d"); strings.Contains(strings.ToLower(got), "anna") {
		t.Errorf("the audit log names who was erased: %s", got)
	}
}

// TestPrivacy_Merged: of what was merged because of an address that somebody has typed, export and erase mean one person, and
// name the other one; by the address both are meant and both are named.
func TestPrivacy_Merged(t *testing.T) {
	o := newMailOffice(t)
	o.counting()
	var asked []bridge.Opened
	for _, name := range []string{"Anna", "Berta"} {
		c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: name, Email: "anna@example.net", Reason: "How?"}})
		if err != nil {
			t.Fatal(err)
		}
		asked = append(asked, c)
	}
	o.say(xavi, "", "take 1")
	o.say(xavi, "", "take 2")
	o.say(xavi, asked[0].Visitor, "merge 2") // asks, since the address proves nothing
	if got := o.say(xavi, asked[0].Visitor, "merge 2 yes"); !strings.HasPrefix(got, "#1 goes on here.") {
		t.Fatal(got)
	}
	o.say(xavi, asked[0].Visitor, "close")
	const apart = "Merged with it, but perhaps somebody else's, and not among them: "
	for _, s := range []struct{ command, begins, has string }{
		{"export #1", "Anna, anna@example.net: 1 conversation (#1)", apart + "#2 Berta."},
		{"export #2", "Berta, anna@example.net: 1 conversation (#2)", apart + "#1 Anna."},
		{"erase #2", "Berta, anna@example.net: 1 conversation (#2)", apart + "#1 Anna."},
		{"erase anna@example.net", "Berta / Anna, anna@example.net: 2 conversations (#1, #2)", "The statistics stay, without the person."},
	} {
		if got := o.say(xavi, "", s.command); !strings.HasPrefix(got, s.begins) || !strings.Contains(got, s.has) {
			t.Errorf("%s: %s", s.command, got)
		}
	}
}

// TestPrivacy_Export: export links to two files, which have all that is stored and no token; the links are good for those who may
// export, for 15 minutes.
func TestPrivacy_Export(t *testing.T) {
	o := newMailOffice(t)
	o.counting()
	c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "How?", Attributes: `{"order":"4711"}`}})
	if err != nil {
		t.Fatal(err)
	}
	o.say(xavi, "", "take 1")
	o.say(xavi, c.Visitor, "note odd one")
	got := o.say(xavi, "", "export anna")
	if !strings.HasPrefix(got, "Anna, anna@example.net: 1 conversation (#1), files: 0, mails: ") || !strings.Contains(got, "\nTo read: https://chat.example.org/exports/") {
		t.Fatal(got)
	}
	_, link, _ := strings.Cut(got, "As JSON: https://chat.example.org/exports/")
	name, _, _ := strings.Cut(link, "/visitor.json")
	text, err := desk.Exports(o.Desk)(t.Context(), name, "txt")
	if err != nil || !strings.Contains(string(text), "How?") || !strings.Contains(string(text), "Note by Xavi: odd one") {
		t.Errorf("%v: %s", err, text)
	}
	raw, err := desk.Exports(o.Desk)(t.Context(), name, "json")
	var all struct {
		Format        string
		Version       int
		Visitors      []struct{ Email string }
		Conversations []struct {
			Number     int
			Attributes map[string]string
			Events     []struct{ Type, Text string }
		}
	}
	if err == nil {
		err = json.Unmarshal(raw, &all)
	}
	if err != nil || all.Format != "porchlight-visitor" || all.Version != 1 || len(all.Visitors) != 1 || all.Visitors[0].Email != "anna@example.net" || len(all.Conversations) != 1 ||
		all.Conversations[0].Attributes["order"] != "4711" || !strings.Contains(string(raw), "odd one") {
		t.Errorf("%v: %s", err, raw)
	}
	for _, secret := range []string{c.Token, string(c.ID), "xavi@example.org"} {
		if strings.Contains(string(raw), secret) {
			t.Errorf("the export has %q: %s", secret, raw)
		}
	}
	if got := o.say(xavi, "", "audit 7d"); !strings.Contains(got, "Xavi: export 1") {
		t.Error(got)
	}
	for _, wrong := range []string{"", "x", name + "x", name[1:]} {
		if _, err := desk.Exports(o.Desk)(t.Context(), wrong, "json"); phrase.CodeOf(err) != phrase.CodeNotFound {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	o.clock.move(15 * time.Minute)
	if _, err := desk.Exports(o.Desk)(t.Context(), name, "json"); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("after 15 minutes: %v", err)
	}
}

// TestPrivacy_TypedAddress: an address that somebody has only typed hands out nobody's data beside that of the one for whom it is proved, and of
// several who typed it export asks for one; erase says for whom it is proved, who typed it, and from when on that is.
func TestPrivacy_TypedAddress(t *testing.T) {
	o := newMailOffice(t)
	o.counting()
	ask := func(name, verified string) {
		c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: name, Email: "anna@example.net", Reason: name + " asks", Verified: verified}})
		if err != nil {
			t.Fatal(err)
		}
		o.say(xavi, "", fmt.Sprint("take ", c.Number))
		o.say(xavi, c.Visitor, "close")
	}
	ask("Berta", "")
	o.has("export anna@example.net", "Berta, anna@example.net: 1 conversation (#1)", "It was only typed, which anybody can, by: #1 Berta.", "As JSON: ")
	ask("Carla", "")
	o.has("export anna@example.net", "Several visitors have typed anna@example.net", "it is proved for none: ", "#1 Berta", "#2 Carla", "Which one? export #")
	ask("Anna", "customer 7")
	got := o.has("export anna@example.net", "Anna, anna@example.net: 1 conversation (#3)", "for: #3 Anna.", "only typed, which anybody can, by: ", "Not among them")
	_, link, _ := strings.Cut(got, "As JSON: https://chat.example.org/exports/")
	name, _, _ := strings.Cut(link, "/visitor.json")
	file, err := desk.Exports(o.Desk)(t.Context(), name, "json")
	if err != nil || !strings.Contains(string(file), "Anna asks") || strings.Contains(string(file), "Berta") || strings.Contains(string(file), "Carla") {
		t.Errorf("%v: %s", err, file)
	}
	o.has("erase anna@example.net", "3 conversations (#1, #2, #3)", "for: #3 Anna.", "#1 Berta", "#2 Carla", "\nFrom 21 Nov 12:00 to 21 Nov 12:00.")
}

// has sends a command of Xavi's, and looks for some words in the answer.
func (o *office) has(command string, words ...string) string {
	o.t.Helper()
	got := o.say(xavi, "", command)
	for _, w := range words {
		if !strings.Contains(got, w) {
			o.t.Errorf("%s lacks %q: %s", command, w, got)
		}
	}
	return got
}
