package desk_test

import (
	"slices"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/desk"
)

// All of one's own settings are one form, and KEY=VALUE; the words that set one thing stay.
func TestStatus_IsARecord(t *testing.T) {
	o := newTeam(t)
	o.steps([]line{
		{olga, "status", "You are Olga, olga@example.org.\n"},
		{olga, "status satellite=on invitation=May I help you? about=Knows it", "Olga: satellite off → on; invitation none → May I help you?; about none → Knows it.\nYou are Olga, olga@example.org.\n"},
		{olga, "status satellite=on", "Olga: that is how it was. Nothing was changed."},
		{olga, "status room=off offers=off", "Olga: room on → off; offers on → off.\nYou are Olga"},
		{olga, "back", "You are Olga"},
		{olga, "status whatsapp=12", "error: \"12\" is no phone number: write it with +, as +34600000000. Nothing was changed."},
		{olga, "status limit=3", "error: \"limit=3\" is no setting. There are: away, back, satellite on,"},
		{olga, "status name=xavi", "error: Somebody else is called xavi. Choose another name. Nothing was changed."},
		{olga, "status name=Xa\u200bvi", "error: Somebody else is called Xa"},
		{olga, "status name=", "error: name can't be empty. Nothing was changed."},
		{olga, "status satellite off", "You are Olga"},
		{olga, "status language=de", "Olga: language keine → de.\nDu bist Olga, "},
	})
	op, _ := o.bridge.Team.Operator(olga)
	if op.Satellite || !op.NoRoom || op.Paused || op.Invitation != "May I help you?" || op.About != "Knows it" || op.Language != "de" {
		t.Errorf("Olga has %+v", op)
	}
	o.say(olga, "", "status language=")
	op, _ = o.bridge.Team.Operator(olga)
	call := desk.Call{Operator: op}
	_, form, err := o.Fill(t.Context(), "status", call, desk.Filled{})
	if err != nil || form == nil || form.First || form.Second {
		t.Fatalf("%+v, %v", form, err)
	}
	var keys []string
	for _, f := range form.Fields {
		if f.Kind != desk.Hidden && f.Kind != desk.Heading {
			keys = append(keys, f.Name)
		}
	}
	if want := []string{"offers", "satellite", "room", "face", "name", "language", "about", "whatsapp", "greeting", "invitation"}; !slices.Equal(keys, want) {
		t.Errorf("the form has %q, want %q", keys, want)
	}
	values := filledIn(form)
	values["room"], values["name"] = []string{"1"}, []string{"Olga Petrova"}
	answer, form, err := o.Fill(t.Context(), "status", call, desk.Filled{Values: values})
	if err != nil || form != nil || !strings.HasPrefix(answer, "Olga: room off → on; name Olga → Olga Petrova.\nYou are Olga Petrova, ") || !strings.HasSuffix(answer, "\nBack: status room=off name=Olga") {
		t.Errorf("%q, %+v, %v", answer, form, err)
	}
	if op, _ := o.bridge.Team.Operator(olga); op.NoRoom || op.Name != "Olga Petrova" {
		t.Errorf("Olga has %+v", op)
	}
	if other, _ := o.bridge.Team.Operator(vera); other.Departments.String() != (bridge.Circle{"sales"}).String() {
		t.Errorf("Vera has %+v", other)
	}
}
