package component

import (
	"strings"
	"testing"

	"porchlight/bridge/desk"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// Each kind of field has its type (XEP-0004 §3.3), and what clients stumble over is not sent: an option or a list with an
// empty value, a field without a name, a box without a value.
func TestForm_Kinds(t *testing.T) {
	choices := []desk.Choice{{Value: "-", Label: "–"}, {Value: "a", Label: "Anna & Bob"}}
	for _, c := range []struct {
		field desk.FormField
		want  string
	}{
		{desk.FormField{Name: "n", Label: "Name", Help: "Of <you>.", Required: true, Values: []string{"x"}, Kind: desk.Text},
			`<field type="text-single" var="n" label="Name"><desc>Of &lt;you&gt;.</desc><required/><value>x</value></field>`},
		{desk.FormField{Name: "n", Label: "Name", Kind: desk.Word}, `<field type="text-single" var="n" label="Name"/>`},
		{desk.FormField{Name: "n", Label: "Name", Kind: desk.Lines, Values: []string{"a", "", "b"}}, `<field type="text-multi" var="n" label="Name"><value>a</value><value></value><value>b</value></field>`},
		{desk.FormField{Name: "n", Label: "Name", Kind: desk.Rest}, `<field type="text-multi" var="n" label="Name"/>`},
		{desk.FormField{Name: "n", Label: "Name", Kind: desk.Secret}, `<field type="text-private" var="n" label="Name"/>`},
		{desk.FormField{Name: "n", Label: "Name", Kind: desk.Flag}, `<field type="boolean" var="n" label="Name"><value>0</value></field>`},
		{desk.FormField{Name: "n", Label: "Name", Kind: desk.Flag, Values: []string{"on"}}, `<field type="boolean" var="n" label="Name"><value>1</value></field>`},
		{desk.FormField{Name: "n", Label: "Name", Kind: desk.OneOf, Choices: choices, Values: []string{"-"}},
			`<field type="list-single" var="n" label="Name"><value>-</value><option label="–"><value>-</value></option><option label="Anna &amp; Bob"><value>a</value></option></field>`},
		{desk.FormField{Name: "n", Label: "Name", Kind: desk.Whos, Choices: choices[1:]}, `<field type="list-multi" var="n" label="Name"><option label="Anna &amp; Bob"><value>a</value></option></field>`},
		{desk.FormField{Name: "n", Label: "Name", Kind: desk.Several, Choices: choices[1:], Values: []string{"a"}},
			`<field type="list-multi" var="n" label="Name"><value>a</value><option label="Anna &amp; Bob"><value>a</value></option></field>`},
		{desk.FormField{Name: "n", Kind: desk.Hidden, Values: []string{`{"a":"b"}`}}, `<field type="hidden" var="n"><value>{"a":"b"}</value></field>`},
		{desk.FormField{Name: "heading-n", Kind: desk.Heading, Values: []string{"Work"}}, `<field type="fixed" var="heading-n"><value>Work</value></field>`},
	} {
		got := strings.NewReplacer(`'`, `"`, "&quot;", "&#34;", "<value/>", "<value></value>").Replace(string(formField(c.field).Append(nil)))
		if got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}

// The first of two steps goes on and has nothing before it; the second goes back or is completed (XEP-0050 §3.4). Gajim takes
// a form whose default action is not among its actions for broken (nbxmpp, adhoc.py _parse_actions).
func TestForm_Steps(t *testing.T) {
	for _, c := range []struct {
		form desk.Form
		want string
	}{
		{desk.Form{Title: "T"}, "complete of complete"},
		{desk.Form{Title: "T", First: true}, "next of next"},
		{desk.Form{Title: "T", Second: true}, "complete of prev complete"},
	} {
		command := (&adhoc{}).asks(run{answer: stream.New(stanza.NSCommands, "command")}, &c.form, nil)
		actions := command.Child("", "actions")
		var names []string
		for _, a := range actions.Children {
			names = append(names, a.Local)
		}
		if got := actions.Get("execute") + " of " + strings.Join(names, " "); got != c.want || command.Child("", "note") != nil || command.Get("status") != "executing" {
			t.Errorf("got %s in %s, want %s", got, command.Append(nil), c.want)
		}
	}
}

// The values of a field come in the order in which the client sent them; a field without any is there, too.
func TestForm_Submitted(t *testing.T) {
	x := stream.New(stanza.NSData, "x",
		stream.New("", "field", stream.Text("", "value", "b"), stream.New("", "value"), stream.Text("", "value", "a")).With("var", "list"),
		stream.New("", "field").With("var", "empty"), stream.New("", "other").With("var", "other"))
	got := stanza.Submitted(x)
	if strings.Join(got["list"], "|") != "b||a" || len(got) != 2 || got["empty"] != nil || len(stanza.Submitted(nil)) != 0 {
		t.Errorf("got %q", got)
	}
}
