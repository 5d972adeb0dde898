package component_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/component/stream"
)

// echo is what a client sends of a form: what it has, with some fields changed, each name followed by its value. As Gajim does
// (nbxmpp, dataforms.py get_purged), it leaves out what is empty, and headings.
func echo(x *stream.Element, changed ...string) string {
	fields := ""
	for f := range x.All("", "field") {
		values := ""
		if i := slices.Index(changed, f.Get("var")); i >= 0 {
			if changed[i+1] != "" {
				values = string(stream.Text("", "value", changed[i+1]).Append(nil))
			}
		} else {
			for v := range f.All("", "value") {
				values += string(v.Append(nil))
			}
		}
		if values != "" && f.Get("type") != "fixed" {
			fields += fmt.Sprintf("<field var='%s'>%s</field>", f.Get("var"), values)
		}
	}
	return "<x xmlns='jabber:x:data' type='submit'>" + fields + "</x>"
}

// step sends one step of operator-edit with a form, or without one.
func (s *script) step(action, x string) *stream.Element {
	s.t.Helper()
	if action != "" {
		action = " action='" + action + "'"
	}
	return s.request("set", "desk@"+s.domain, fmt.Sprintf("<command xmlns='%s' node='operator-edit' sessionid='1'%s>%s</command>", nsCommands, action, x)).Child(nsCommands, "command")
}

// offers checks which actions a form has; the first named one is the default.
func (s *script) offers(c *stream.Element, want ...string) {
	s.t.Helper()
	var got []string
	actions := c.Child("", "actions")
	for _, a := range actions.Children {
		got = append(got, a.Local)
	}
	if c.Get("status") != "executing" || actions.Get("execute") != want[0] || len(got) != len(want) || !slices.Contains(got, want[0]) || !slices.Contains(got, want[len(want)-1]) {
		s.t.Fatalf("got %s, want the actions %v", c.Append(nil), want)
	}
}

// A record is edited in two steps: the first asks whose, the second has all of it. Nothing is remembered between them; what a
// client leaves out is empty, and the step before can be had again.
func TestAdhoc_TwoSteps(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	if err := s.bridge.Team.Add(t.Context(), bridge.Operator{JID: "pere@example.org", Name: "Pere", Enabled: true, Satellite: true, About: "Knows\n\nit all", Departments: bridge.Circle{"support"}}); err != nil {
		t.Fatal(err)
	}
	first := s.step("execute", "")
	s.offers(first, "next")
	who := first.Child(nsData, "x").Child("", "field")
	if who.Get("type") != "list-single" || who.Get("var") != "who" {
		t.Fatalf("the first step asks %s", who.Append(nil))
	}
	for _, action := range []string{"next", "complete", "execute", ""} { // clients differ: Profanity sends no action
		second := s.step(action, echo(first.Child(nsData, "x"), "who", "pere@example.org"))
		s.offers(second, "complete", "prev")
	}
	second := s.step("next", echo(first.Child(nsData, "x"), "who", "pere@example.org"))
	types := map[string]string{}
	for f := range second.Child(nsData, "x").All("", "field") {
		types[f.Get("var")] = f.Get("type")
		empty := false
		for v := range f.All("", "value") {
			empty = empty || v.Text == ""
		}
		for o := range f.All("", "option") {
			empty = empty || o.ChildText("", "value") == "" || o.Get("label") == ""
		}
		if f.Get("var") == "" || empty && f.Get("type") != "text-multi" || f.Get("label") == "" && f.Get("type") != "hidden" && f.Get("type") != "fixed" {
			t.Errorf("a client stumbles over %s", f.Append(nil))
		}
	}
	for name, want := range map[string]string{"who": "hidden", "version": "hidden", "heading-name": "fixed", "name": "text-single", "about": "text-multi", "departments": "list-multi", "satellite": "boolean", "language": "list-single"} {
		if types[name] != want {
			t.Errorf("%s is of the type %q, want %q", name, types[name], want)
		}
	}
	s.offers(s.step("prev", ""), "next") // Gajim sends no form then
	back := s.step("prev", echo(second.Child(nsData, "x")))
	if chosen := back.Child(nsData, "x").Child("", "field").ChildText("", "value"); chosen != "pere@example.org" {
		t.Errorf("the step before has %q chosen", chosen)
	}
	if got := s.note(s.step("", echo(second.Child(nsData, "x"))), "info"); !strings.Contains(got, "Nothing was changed.") {
		t.Errorf("sent back as it was: %q", got)
	}
	if got := s.again(s.step("complete", echo(second.Child(nsData, "x"), "limit", "many", "name", "Pere Puig"))); !strings.HasSuffix(got, " Nothing was changed.") {
		t.Errorf("a wrong limit: %q", got)
	}
	if _, err := s.bridge.Team.Change(t.Context(), "pere@example.org", func(o *bridge.Operator) { o.Limit = 7 }); err != nil {
		t.Fatal(err)
	}
	old := s.step("complete", echo(second.Child(nsData, "x"), "name", "Pere Puig", "satellite", ""))
	if got := s.again(old); !strings.Contains(got, "(limit none → 7). Here is the form again with both.") {
		t.Errorf("somebody else was faster: %q", got)
	}
	got := s.note(s.step("complete", echo(old.Child(nsData, "x"))), "info")
	if !strings.Contains(got, "name Pere → Pere Puig; satellite on → off.") || !strings.Contains(got, "\nBack: operator-edit pere name=Pere satellite=on") {
		t.Errorf("got %q", got)
	}
	if o, _ := s.bridge.Team.Operator("pere@example.org"); o.Name != "Pere Puig" || o.Limit != 7 || o.Satellite || o.About != "Knows\n\nit all" {
		t.Errorf("stored is %+v", o)
	}
}
