package component_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/component/stream"
)

const (
	nsCommands = "http://jabber.org/protocol/commands"
	nsData     = "jabber:x:data"
)

// request sends an IQ of Xavi's and returns the answer.
func (s *script) request(kind, to, payload string) *stream.Element {
	s.t.Helper()
	s.asked++
	id := fmt.Sprint("iq", s.asked)
	s.conn.Send(fmt.Sprintf("<iq type='%s' id='%s' from='xavi@example.org/phone' to='%s'>%s</iq>", kind, id, to, payload))
	return s.conn.Expect(func(e *stream.Element) bool { return e.Local == "iq" && e.Get("id") == id })
}

// command sends one step of a command, with the fields of a form if there are any.
func (s *script) command(to, node, action string, fields ...string) *stream.Element {
	s.t.Helper()
	x := ""
	for i := 0; i+1 < len(fields); i += 2 {
		x += fmt.Sprintf("<field var='%s'><value>%s</value></field>", fields[i], fields[i+1])
	}
	if len(fields) > 0 {
		x = "<x xmlns='jabber:x:data' type='submit'>" + x + "</x>"
	}
	if action != "" {
		action = " action='" + action + "'"
	}
	return s.request("set", to, fmt.Sprintf("<command xmlns='%s' node='%s'%s>%s</command>", nsCommands, node, action, x)).Child(nsCommands, "command")
}

// note returns what a completed command says.
func (s *script) note(c *stream.Element, kind string) string {
	s.t.Helper()
	if c.Get("status") != "completed" || len(c.Children) != 1 || c.Child("", "note").Get("type") != kind {
		s.t.Fatalf("got %s, want one note of the type %s", c.Append(nil), kind)
	}
	return c.ChildText("", "note")
}

// again returns the error in a form that comes back.
func (s *script) again(c *stream.Element) string {
	s.t.Helper()
	x := c.Child(nsData, "x")
	if c.Get("status") != "executing" || x.Get("type") != "form" || c.Child("", "note").Get("type") != "error" || x.ChildText("", "instructions") != c.ChildText("", "note") {
		s.t.Fatalf("got %s, want the form again", c.Append(nil))
	}
	return c.ChildText("", "note")
}

func TestAdhoc_ListsWhatAnAddressHas(t *testing.T) {
	s := newScript(t)
	c := s.active()
	for to, visitor := range map[string]bool{s.domain: false, "desk@" + s.domain: false, string(c.Visitor): true, string(c.Visitor) + "/web": true} {
		var want, got []string
		for _, cmd := range desk.New(s.bridge).Commands() {
			if cmd.Both || cmd.Visitor == visitor {
				want = append(want, cmd.Name)
			}
		}
		q := s.request("get", to, "<query xmlns='http://jabber.org/protocol/disco#items' node='"+nsCommands+"'/>").Child("http://jabber.org/protocol/disco#items", "query")
		for _, item := range q.Children {
			got = append(got, item.Get("node"))
			if len(item.Attr) != 3 || item.Get("jid") != to || strings.Contains(item.Get("name"), ": ") == visitor {
				t.Errorf("%s: item %s", to, item.Append(nil))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s lists %v, want %v", to, got, want)
		}
		info := s.request("get", to, "<query xmlns='http://jabber.org/protocol/disco#info' node='"+want[0]+"'/>")
		if id := info.Child("http://jabber.org/protocol/disco#info", "query").Child("", "identity"); id.Get("type") != "command-node" {
			t.Errorf("%s: %s is described as %s", to, want[0], info.Append(nil))
		}
	}
}

func TestAdhoc_TakeFromAListAndClose(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	d := "desk@" + s.domain
	if got := s.note(s.command(d, "take", ""), "error"); got != "Nobody waits." {
		t.Errorf("got %q", got)
	}
	c, err := s.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}})
	if err != nil {
		t.Fatal(err)
	}
	form := s.command(d, "take", "execute")
	field := form.Child(nsData, "x").Child("", "field")
	if form.Get("status") != "executing" || form.Get("sessionid") == "" || form.Child("", "actions").Get("execute") != "complete" || form.Child("", "note") != nil ||
		form.Child(nsData, "x").Get("type") != "form" || field.Get("type") != "list-single" || field.ChildText("", "value") != "1" || !strings.Contains(field.Child("", "option").Get("label"), "Anna") {
		t.Fatalf("form: %s", form.Append(nil))
	}
	if got := s.again(s.command(d, "take", "complete", "number", "x")); !strings.Contains(got, "no number") {
		t.Errorf("got %q", got)
	}
	if got := s.again(s.command(d, "take", "complete", "number", "")); !strings.Contains(got, "Missing: The request's number.") {
		t.Errorf("got %q", got)
	}
	if got := s.note(s.command(d, "take", "", "number", "1"), "info"); !strings.Contains(got, "#1 is yours") {
		t.Errorf("got %q", got)
	}
	if got := s.note(s.command(string(c.Visitor)+"/web", "note", "execute", "text", "keeps asking"), "info"); !strings.Contains(got, "operators only") {
		t.Errorf("got %q", got)
	}
	if got := s.command(string(c.Visitor), "close", "cancel"); got.Get("status") != "canceled" {
		t.Errorf("got %s", got.Append(nil))
	}
	for _, action := range []string{"complete", "execute", "next", ""} { // a cancelled form cancels the command with every action
		canceled := s.request("set", string(c.Visitor), "<command xmlns='"+nsCommands+"' node='close' sessionid='1' action='"+action+"'><x xmlns='jabber:x:data' type='cancel'/></command>")
		if got := canceled.Child(nsCommands, "command"); got.Get("status") != "canceled" || len(got.Children) != 0 {
			t.Errorf("a cancelled form with %q: %s", action, canceled.Append(nil))
		}
	}
	if got := s.note(s.command(string(c.Visitor), "close", "complete", "reason", "done"), "info"); got != "#1 is closed." {
		t.Errorf("got %q", got)
	}
	now, err := s.bridge.Snapshot(t.Context(), c.Number)
	if err != nil || now.State != bridge.Closed {
		t.Errorf("%+v, %v", now, err)
	}
}

// An action that there is not is refused, and nothing is done (XEP-0050 §4.4).
func TestAdhoc_UnknownAction(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	answer := s.request("set", "desk@"+s.domain, "<command xmlns='"+nsCommands+"' node='canned-add' action='bogus'><x xmlns='jabber:x:data' type='submit'><field var='name'><value>hi</value></field><field var='text'><value>Hello</value></field></x></command>")
	e := answer.Child("", "error")
	if answer.Get("type") != "error" || e.Get("type") != "modify" || e.Child("urn:ietf:params:xml:ns:xmpp-stanzas", "bad-request") == nil || e.Child(nsCommands, "malformed-action") == nil {
		t.Errorf("got %s", answer.Append(nil))
	}
	if stored, err := s.bridge.Answers.List(t.Context()); err != nil || len(stored) > 0 {
		t.Errorf("stored is %+v, %v", stored, err)
	}
}

// A form with a wrong field comes back with everything that was filled in. It can be sent
// again with all it holds, as Cheogram does.
func TestAdhoc_NothingIsTypedTwice(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	d := "desk@" + s.domain
	form := s.command(d, "canned-add", "complete", "name", "9x", "text", "Hello</value><value>and welcome")
	if got := s.again(form); !strings.Contains(got, "is no name") {
		t.Errorf("got %q", got)
	}
	x := form.Child(nsData, "x")
	var values []string
	for _, f := range x.Children {
		for _, v := range f.Children {
			if v.Local == "value" {
				values = append(values, f.Get("var")+"="+v.Text)
			}
		}
	}
	if want := []string{"name=9x", "text=Hello", "text=and welcome", "for=-"}; !slices.Equal(values, want) {
		t.Errorf("the form holds %v, want %v", values, want)
	}
	x = x.With("type", "submit")
	echo := strings.ReplaceAll(string(x.Append(nil)), "9x", "hi")
	answer := s.request("set", d, fmt.Sprintf("<command xmlns='%s' node='canned-add' sessionid='%s' action='complete'>%s</command>", nsCommands, form.Get("sessionid"), echo))
	if got := s.note(answer.Child(nsCommands, "command"), "info"); !strings.Contains(got, "hi is stored") {
		t.Errorf("got %q", got)
	}
	if c, err := s.bridge.Answers.List(t.Context()); err != nil || len(c) != 1 || c[0].Text != "Hello\nand welcome" {
		t.Errorf("stored is %+v, %v", c, err)
	}
}

// An operator who leaves a list at "–" chooses nothing, also if the client sends the label.
func TestAdhoc_NothingIsChosen(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	d := "desk@" + s.domain
	first := s.command(d, "help", "execute").Child(nsData, "x").Child("", "field").Child("", "option")
	if first.ChildText("", "value") != "-" || first.Get("label") != "–" {
		t.Fatalf("the first choice is %s", first.Append(nil))
	}
	want := s.note(s.command(d, "help", "complete", "name", ""), "info")
	for _, none := range []string{"-", "–"} {
		if got := s.note(s.command(d, "help", "complete", "name", none), "info"); got != want {
			t.Errorf("%s gives %q", none, got)
		}
	}
	for _, text := range []string{"-", "–"} {
		if got := s.note(s.command(d, "canned-add", "complete", "name", "dash", "text", text), "info"); !strings.Contains(got, "dash is") {
			t.Errorf("a text that is typed is what it is: %q", got)
		}
	}
}

// Every choice of every form has a value: Profanity 0.13 crashes at one without.
func TestAdhoc_EveryChoiceHasAValue(t *testing.T) {
	s := newScript(t)
	c := s.active()
	if _, err := s.bridge.Answers.Save(t.Context(), bridge.Operator{JID: xavi, Super: true}, bridge.Answer{AnswerKey: bridge.AnswerKey{Name: "hours"}, Text: "From 9 to 5."}); err != nil {
		t.Fatal(err)
	}
	forms := 0
	for _, at := range []string{"desk@" + s.domain, string(c.Visitor)} {
		for _, item := range s.request("get", at, "<query xmlns='http://jabber.org/protocol/disco#items' node='"+nsCommands+"'/>").Children[0].Children {
			node := item.Get("node")
			if node == "leave" || node == "info" { // these have no form and are done at once
				continue
			}
			form := s.command(at, node, "execute")
			x := form.Child(nsData, "x")
			fields := slices.Collect(x.All("", "field"))
			if form.Child("", "actions").Get("execute") == "next" {
				second := s.request("set", at, fmt.Sprintf("<command xmlns='%s' node='%s' action='next'>%s</command>", nsCommands, node, echo(x))).Child(nsCommands, "command")
				fields = slices.AppendSeq(fields, second.Child(nsData, "x").All("", "field"))
			}
			for _, f := range fields {
				forms++
				var values []string
				for o := range f.All("", "option") {
					values = append(values, o.ChildText("", "value"))
					if values[len(values)-1] == "" || o.Get("label") == "" {
						t.Errorf("%s at %s has the choice %s", node, at, o.Append(nil))
					}
				}
				chosen := f.ChildText("", "value")
				if none := chosen == "" && f.Get("type") == "list-multi"; len(values) > 0 && !slices.Contains(values, chosen) && !none {
					t.Errorf("%s at %s: %s has %q chosen of %q", node, at, f.Get("var"), chosen, values)
				}
			}
		}
	}
	if forms < 60 {
		t.Errorf("only %d fields were looked at", forms)
	}
}

func TestAdhoc_WithoutFieldsIsDoneAtOnce(t *testing.T) {
	s := newScript(t)
	s.come("xavi@example.org")
	if got := s.note(s.command("desk@"+s.domain, "who", "execute"), "info"); !strings.Contains(got, "Xavi") {
		t.Errorf("got %q", got)
	}
	if got := s.request("set", "desk@"+s.domain, "<command xmlns='"+nsCommands+"' node='close'/>"); got.Get("type") != "error" {
		t.Errorf("a command of conversations at the desk: %s", got.Append(nil))
	}
}
