package desk_test

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
)

// shelf is a record with a key of each kind.
type shelf struct {
	title, places, note, colour, code string
	limit                             int
	open, locked                      bool
}

// hand is a Value made of two functions.
type hand struct {
	get func() string
	set func(string) error
}

// String returns what the shelf has.
func (h hand) String() string { return h.get() }

// Set changes the shelf.
func (h hand) Set(s string) error { return h.set(s) }

// keys are those of a shelf: who has no permission may change only the note of their own.
func (s *shelf) keys() []desk.Key {
	limit := hand{func() string { return strconv.Itoa(s.limit) }, func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 99 {
			return phrase.Fail(phrase.CodeInvalid, "%q is no number from 1 to 99.", text)
		}
		s.limit = n
		return nil
	}}
	free := func(p *string) desk.Value { return desk.TextOf(p, 60) }
	places := func(*desk.Desk, context.Context, desk.Call) ([]desk.Choice, error) {
		return []desk.Choice{{"*", "all, later ones too"}, {"sales", "Sales and more"}, {"support", "Support"}, {"billing", "Billing"}}, nil
	}
	return []desk.Key{
		{Field: desk.Field{Name: "title", Label: "Title", Kind: desk.Text, Required: true}, Heading: "Shelf", Permission: bridge.MayBlock, Value: free(&s.title)},
		{Field: desk.Field{Name: "colour", Label: "Colour", Help: "What it is painted with.", Kind: desk.OneOf, Options: []string{"red", "blue"}}, Permission: bridge.MayBlock, Value: free(&s.colour)},
		{Field: desk.Field{Name: "places", Label: "Places", Kind: desk.Several, Choices: places}, Permission: bridge.MayBlock, Heading: "Work", Value: free(&s.places)},
		{Field: desk.Field{Name: "limit", Label: "At most", Kind: desk.Word, Required: true}, Permission: bridge.MayBlock, Value: limit},
		{Field: desk.Field{Name: "open", Label: "Open", Kind: desk.Flag}, Permission: bridge.MayBlock, Value: desk.FlagOf(&s.open, true)},
		{Field: desk.Field{Name: "note", Label: "Note", Kind: desk.Lines}, Permission: bridge.MayBlock, Own: true, Value: free(&s.note)},
		{Field: desk.Field{Name: "code", Label: "Code", Kind: desk.Secret}, Permission: bridge.MayBlock, Value: free(&s.code)},
		{Field: desk.Field{Name: "locked", Label: "Locked", Kind: desk.Flag}, Heading: "Safety", Permission: bridge.MaySuper, Value: desk.FlagOf(&s.locked, true)},
	}
}

// shop is an office with shelves, one for each operator.
type shop struct {
	*office
	shelves map[string]shelf
	changes []desk.Change // what the last edit told
	edits   int           // how many edits were stored
}

var errStore = errors.New("the disk is full")

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{office: newOffice(t), shelves: map[string]shelf{}}
	for _, who := range []bridge.OperatorJID{xavi, olga} {
		s.shelves[string(who)] = shelf{title: "Top", places: "sales,support", limit: 4, open: true, colour: "red", code: "uQiRzpo4DXgh9f"}
	}
	people := func(_ *desk.Desk, _ context.Context, call desk.Call) ([]desk.Choice, error) {
		list := []desk.Choice{{string(olga), "Olga"}}
		if call.Operator.May(bridge.MayBlock) {
			list = append(list, desk.Choice{string(xavi), "Xavi"})
		}
		return list, nil
	}
	subject := func(call desk.Call, sh *shelf) desk.Subject {
		who := call.Arg("who")
		local, _, _ := strings.Cut(who, "@")
		return desk.Subject{Name: strings.ToUpper(local[:1]) + local[1:], Arg: local, Own: who == string(call.Operator.JID), Keys: sh.keys()}
	}
	record := &desk.Record{
		Keys: func() []desk.Key { return new(shelf).keys() },
		Read: func(_ *desk.Desk, _ context.Context, call desk.Call) (desk.Subject, error) {
			sh := s.shelves[call.Arg("who")]
			return subject(call, &sh), nil
		},
		Edit: func(_ *desk.Desk, _ context.Context, call desk.Call, change func(desk.Subject) ([]desk.Change, error)) (string, error) {
			for range 2 { // a transaction may run more than once
				sh := s.shelves[call.Arg("who")]
				changes, err := change(subject(call, &sh))
				if err != nil {
					return "", err
				}
				if sh.title == "full" {
					return "", errStore
				}
				s.changes = changes
				defer func() { s.shelves[call.Arg("who")] = sh }()
			}
			s.edits++
			return "", nil
		},
		Last: func(d *desk.Desk, _ context.Context, call desk.Call) (string, time.Time, error) {
			return "Xavi", s.bridge.Now().Add(-20 * time.Second), nil
		},
	}
	s.Desk = desk.With(s.bridge, []desk.Command{
		{Name: "shelf-edit", Title: "Change a shelf", Help: "As you like.", Record: record,
			Fields: []desk.Field{{Name: "who", Label: "Whose", Kind: desk.Who, Required: true, Choices: people}}},
		{Name: "shelf-delete", Title: "Delete shelves", Confirm: func(_ *desk.Desk, _ context.Context, call desk.Call) (string, error) {
			if strings.Contains(call.Arg("who"), "olga") {
				return "Olga has 3 books.", nil
			}
			return "", nil
		}, Run: func(_ *desk.Desk, _ context.Context, call desk.Call) (string, error) {
			for _, who := range strings.Fields(call.Arg("who")) {
				delete(s.shelves, who)
			}
			return "Deleted: " + call.Arg("who"), nil
		}, Fields: []desk.Field{{Name: "who", Label: "Whose", Kind: desk.Whos, Required: true, Choices: people}}},
	})
	return s
}

// Keys are changed in a line of KEY=VALUE, all of them or none, and the line that takes the change back does.
func TestRecord_Line(t *testing.T) {
	for _, step := range []struct{ line, want string }{
		{"limit=3 places=*,-billing", "Olga: limit 4 → 3; places sales, support → *, -billing.\nBack: shelf-edit olga limit=4 places=sales,support"},
		{"places=+billing", "Olga: places sales, support → sales, support, billing.\nBack: shelf-edit olga places=sales,support"},
		{"places=+billing,-sales", "Olga: places sales, support → support, billing."},
		{"places=-sales -support +billing", "Olga: places sales, support → billing."},
		{"places=Sales and more, BILLING", "Olga: places sales, support → sales, billing."},
		{"places=billing support", "Olga: places sales, support → billing, support."},
		{"places=", "Olga: places sales, support → none.\nBack: shelf-edit olga places=sales,support"},
		{"places=sales,+billing", `"sales,+billing" is a list and a change of the list`},
		{"places=sales,-billing", `is a list and a change of the list`},
		{"places=+mars", `error: "mars" is none of *, sales, support, billing. Nothing was changed.`},
		{"title=Olga  Petrova limit=3", "Olga: title Top → Olga Petrova; limit 4 → 3."},
		{"TITLE=Ñandú Limit=5", "Olga: title Top → Ñandú; limit 4 → 5."},
		{"note=Open a=b? https://x.example/?q=1", "Olga: note none → Open a=b? https://x.example/?q=1.\nBack: shelf-edit olga note="},
		{"note=one\ntwo limit=2", "Olga: note none → one two; limit 4 → 2."},
		{"open=off colour=", "Olga: open on → off; colour red → none.\nBack: shelf-edit olga open=on colour=red"},
		{"open=perhaps", `error: "perhaps" is neither on nor off. Nothing was changed.`},
		{"open=on limit=4", "Olga: that is how it was. Nothing was changed."},
		{"colour=green", `error: "green" is none of red, blue. Nothing was changed.`},
		{"code=0123456789abc", "Olga: code uQ…9f → 01…bc."},
		{"code=short limit=5", "Olga: code uQ…9f → …; limit 4 → 5.\nDelete your message here: the key stands in it.\nBack: shelf-edit olga limit=4"},
		{"limit=3 limit=4", "error: limit= is there twice. Nothing was changed."},
		{"limit=", "error: limit can't be empty. Nothing was changed."},
		{"limit=many title=x", `error: "many" is no number from 1 to 99. Nothing was changed.`},
		{"title=x limit=0", `error: "0" is no number from 1 to 99. Nothing was changed.`},
		{"shade=3", `error: "shade" is no key. There are: title, colour, places, limit, open, note, code, locked. Write KEY=VALUE. Nothing was changed.`},
		{"limit=3 shade=4", `error: "shade" is no key.`},
		{"title=Olga limits=3", `error: "limits" is no key.`},
		{"note=see colour =red", "Olga: note none → see colour =red."},
		{"limit 3", `error: Write limit=3. Nothing was changed.`},
		{"x limit=3", `error: "x" is no key.`},
		{"", "error: Missing: KEY=VALUE. Write: shelf-edit WHO KEY=VALUE …. Nothing was changed."},
		{"title=" + strings.Repeat("é", 61), "has 61 letters; there is room for 60. Nothing was changed."},
	} {
		s := newShop(t)
		before := s.shelves[string(olga)]
		got := s.say(xavi, "", "shelf-edit olga "+step.line)
		if !strings.Contains(got, step.want) {
			t.Errorf("%q gives %q, which lacks %q", step.line, got, step.want)
		}
		if after := s.shelves[string(olga)]; strings.Contains(got, "Nothing was changed.") != (after == before) {
			t.Errorf("%q gives %q and makes %+v", step.line, got, after)
		}
		if _, back, ok := strings.Cut(got, "\nBack: "); ok {
			s.say(xavi, "", back)
			after := s.shelves[string(olga)]
			after.code = before.code // a secret does not come back
			if after != before {
				t.Errorf("%q takes %q back to %+v", back, step.line, after)
			}
		}
	}
}

// What an operator may not change is neither listed nor changed, in a line and in a form.
func TestRecord_Permissions(t *testing.T) {
	s := newShop(t)
	for _, step := range []struct {
		who        bridge.OperatorJID
		line, want string
	}{
		{olga, "shelf-edit me note=mine", "Olga: note none → mine."},
		{olga, "shelf-edit xavi note=mine", "error: You may not change note of others, only your own. A super operator can allow it. Nothing was changed."},
		{olga, "shelf-edit me note=x limit=3", "error: You may not change limit. A super operator can allow it. Nothing was changed."},
		{olga, "shelf-edit me locked=on", "error: You may not change locked: only super operators may. Nothing was changed."},
		{olga, "shelf-edit me shade=1", `error: "shade" is no key. There are: note. Write KEY=VALUE.`},
		{xavi, "shelf-edit olga locked=on", "Olga: locked off → on."},
	} {
		if got := s.say(step.who, "", step.line); !strings.Contains(got, step.want) {
			t.Errorf("%s: %q gives %q, which lacks %q", step.who, step.line, got, step.want)
		}
	}
	_, form, err := s.fill(olga, "shelf-edit", false, "who", string(olga))
	if err != nil || named(form) != "who version heading-note note" {
		t.Errorf("Olga's form: %s, %v", named(form), err)
	}
	if _, form, err := s.fill(olga, "shelf-edit", false, "who", string(xavi)); form != nil || phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("Olga gets a form about Xavi: %+v, %v", form, err)
	}
	version := filledIn(form)
	version["limit"], version["version"] = []string{"9"}, []string{`{"note":"mine","limit":"4"}`}
	if answer, _, err := s.send(olga, "shelf-edit", version); err != nil || s.shelves[string(olga)].limit != 4 {
		t.Errorf("a forged form changes the limit: %q, %v", answer, err)
	}
}

// fill sends a form with the given fields, each name followed by its value.
func (s *shop) fill(who bridge.OperatorJID, name string, back bool, fields ...string) (string, *desk.Form, error) {
	s.t.Helper()
	var values map[string][]string
	for i := 0; i+1 < len(fields); i += 2 {
		if values == nil {
			values = map[string][]string{}
		}
		values[fields[i]] = append(values[fields[i]], fields[i+1])
	}
	op, _ := s.bridge.Team.Operator(who)
	return s.Fill(context.Background(), name, desk.Call{Operator: op}, desk.Filled{Values: values, Back: back})
}

// send sends a form with the given values.
func (s *shop) send(who bridge.OperatorJID, name string, values map[string][]string) (string, *desk.Form, error) {
	s.t.Helper()
	op, _ := s.bridge.Team.Operator(who)
	return s.Fill(context.Background(), name, desk.Call{Operator: op}, desk.Filled{Values: values})
}

// named lists the names of a form's fields.
func named(f *desk.Form) string {
	var names []string
	for _, field := range f.Fields {
		names = append(names, field.Name)
	}
	return strings.Join(names, " ")
}

// filledIn is what a client sends of a form that is left as it is.
func filledIn(f *desk.Form) map[string][]string {
	values := map[string][]string{}
	for _, field := range f.Fields {
		if field.Kind != desk.Heading {
			values[field.Name] = field.Values
		}
	}
	return values
}

// A form asks first whose record is meant, and then for all of it, in groups and filled in. Only what the operator changes is
// changed. A client may leave out what is empty.
func TestRecord_Form(t *testing.T) {
	s := newShop(t)
	_, form, err := s.fill(xavi, "shelf-edit", false)
	if err != nil || named(form) != "who" || !form.First || form.Second || len(form.Fields[0].Choices) != 2 {
		t.Fatalf("the first form: %+v, %v", form, err)
	}
	_, form, err = s.fill(xavi, "shelf-edit", false, "who", string(olga))
	if err != nil || form.First || !form.Second || named(form) != "who version heading-title title colour heading-places places limit open note code heading-locked locked" {
		t.Fatalf("the second form: %s, %v", named(form), err)
	}
	values := filledIn(form)
	for name, want := range map[string][]string{"who": {string(olga)}, "heading-title": nil, "title": {"Top"}, "colour": {"red"}, "places": {"sales", "support"}, "limit": {"4"}, "open": {"on"}, "note": nil, "code": nil, "locked": nil} {
		if !slices.Equal(values[name], want) {
			t.Errorf("%s is filled in with %q, want %q", name, values[name], want)
		}
	}
	if strings.Contains(values["version"][0], "uQiR") {
		t.Errorf("the form shows the secret: %s", values["version"])
	}
	if answer, _, err := s.send(xavi, "shelf-edit", values); err != nil || answer != "Olga: that is how it was. Nothing was changed." || s.edits != 0 {
		t.Errorf("as it was: %q, %v", answer, err)
	}
	values["places"] = []string{"support", "sales"} // a list has no order
	delete(values, "open")                          // Gajim leaves out a box that is not ticked
	values["note"] = []string{"one", "", "two"}
	answer, _, err := s.send(xavi, "shelf-edit", values)
	if err != nil || answer != "Olga: open on → off; note none → one two.\nBack: shelf-edit olga open=on note=" {
		t.Errorf("got %q, %v", answer, err)
	}
	if got := s.shelves[string(olga)]; got.note != "one\n\ntwo" || got.places != "sales,support" || got.code == "" {
		t.Errorf("stored is %+v", got)
	}
	if want := []desk.Change{{"open", "on", ""}, {"note", "", "one\n\ntwo"}}; !slices.Equal(s.changes, want) {
		t.Errorf("told is %+v", s.changes)
	}
	_, form, err = s.fill(xavi, "shelf-edit", true, "who", string(olga))
	if err != nil || named(form) != "who" || !slices.Equal(form.Fields[0].Values, []string{string(olga)}) {
		t.Errorf("the step before: %+v, %v", form, err)
	}
}

// A form that is wrong comes back with all that was filled in, and nothing is changed.
func TestRecord_FormIsWrong(t *testing.T) {
	for _, c := range []struct {
		field, value, want string
	}{
		{"limit", "many", `"many" is no number from 1 to 99. Nothing was changed.`},
		{"title", "", "title can't be empty. Nothing was changed."},
		{"colour", "green", `"green" is none of red, blue. Nothing was changed.`},
		{"places", "mars", `"mars" is none of`},
		{"open", "perhaps", `"perhaps" is neither on nor off.`},
		{"note", "x limit=3", `"x limit=3" holds what a line would take for a key`},
		{"version", "{", "This form is damaged. Here it is anew. Nothing was changed."},
		{"version", "null", "This form is damaged."},
		{"who", "nobody", `There is no operator "nobody".`},
		{"who", "", "Missing: Whose. Nothing was changed."},
	} {
		s := newShop(t)
		_, form, err := s.fill(xavi, "shelf-edit", false, "who", string(olga))
		if err != nil {
			t.Fatal(err)
		}
		values := filledIn(form)
		values["note"] = []string{"kept"}
		values[c.field] = []string{c.value}
		_, again, err := s.send(xavi, "shelf-edit", values)
		if err == nil || again == nil || !strings.Contains(phrase.Of(err).String(), c.want) || s.edits != 0 {
			t.Errorf("%s=%q: %v and the form %v", c.field, c.value, err, again)
			continue
		}
		if now := filledIn(again); c.field != "who" && c.field != "version" && now["note"][0] != cmp.Or(map[bool]string{true: c.value}[c.field == "note"], "kept") {
			t.Errorf("%s=%q: the form comes back with the note %q", c.field, c.value, now["note"])
		}
	}
}

// What is filled in before the whole record was shown, or in a form that has lost its version, is not saved, but is there when the record is
// shown, with a note.
func TestRecord_FormWithoutVersion(t *testing.T) {
	s := newShop(t)
	_, form, err := s.fill(xavi, "shelf-edit", false, "who", string(olga), "note", "kept", "limit", "many")
	if phrase.Of(err).String() != "This form is damaged. Here it is anew. Nothing was changed." || form == nil || s.edits != 0 {
		t.Fatalf("%v, after %d edits", err, s.edits)
	}
	if now := filledIn(form); now["note"][0] != "kept" || now["limit"][0] != "many" || len(now["version"]) == 0 {
		t.Errorf("the form comes as %v", now)
	}
	values := filledIn(form)
	values["limit"] = []string{"3"}
	if answer, _, err := s.send(xavi, "shelf-edit", values); err != nil || !strings.Contains(answer, "note none → kept") {
		t.Errorf("%q, %v", answer, err)
	}
}

// If somebody changed the record since the form was shown, nothing is saved, and the form comes again with what both
// changed. Sent once more, it is saved.
func TestRecord_TwoAtOnce(t *testing.T) {
	s := newShop(t)
	_, form, err := s.fill(xavi, "shelf-edit", false, "who", string(olga))
	if err != nil {
		t.Fatal(err)
	}
	mine := filledIn(form)
	mine["title"] = []string{"Mine"}
	s.say(xavi, "", "shelf-edit olga limit=3 code=otherothers")
	_, form, err = s.send(xavi, "shelf-edit", mine)
	if want := "Xavi changed Olga 20 s ago (limit 4 → 3; code). Here is the form again with both."; err == nil || phrase.Of(err).String() != want {
		t.Fatalf("got %v, want %s", err, want)
	}
	if got := s.shelves[string(olga)]; got.title != "Top" || got.limit != 3 {
		t.Errorf("saved is %+v", got)
	}
	both := filledIn(form)
	if both["title"][0] != "Mine" || both["limit"][0] != "3" {
		t.Errorf("the form has %q", both)
	}
	if answer, _, err := s.send(xavi, "shelf-edit", both); err != nil || !strings.HasPrefix(answer, "Olga: title Top → Mine.\n") {
		t.Errorf("once more: %q, %v", answer, err)
	}
}

// What can't be taken back is asked first, and is done by a yes within five minutes, by the operator who was asked about it.
func TestConfirm(t *testing.T) {
	s := newShop(t)
	asks := "Olga has 3 books.\nThis can't be taken back. Send within 5 minutes: shelf-delete olga, xavi yes"
	for _, step := range []struct {
		who        bridge.OperatorJID
		line, want string
		later      time.Duration
	}{
		{xavi, "shelf-delete olga, xavi yes", asks, 0}, // nobody has been asked yet
		{olga, "shelf-delete olga, xavi yes", asks, 0}, // others were asked
		{xavi, "shelf-delete olga yes", "Send within 5 minutes: shelf-delete olga yes", 0},
		{xavi, "shelf-delete olga xavi YES", "Deleted: olga@example.org xavi@example.org", 5 * time.Minute},
		{xavi, "shelf-delete olga xavi yes", "This can't be taken back.", 0},
		{xavi, "shelf-delete olga xavi yes", "This can't be taken back.", 5*time.Minute + time.Second},
		{xavi, "shelf-delete xavi", "Deleted: xavi@example.org", 0},
		{xavi, "shelf-delete", "error: Missing: WHO …. Write: shelf-delete WHO … [yes]. Nothing was changed.", 0},
		{xavi, "shelf-delete olga nobody yes", `error: There is no operator "nobody".`, 0},
	} {
		s.clock.move(step.later)
		if got := s.say(step.who, "", step.line); !strings.Contains(got, step.want) {
			t.Errorf("%s: %q gives %q, which lacks %q", step.who, step.line, got, step.want)
		}
	}
	s = newShop(t)
	_, form, err := s.fill(xavi, "shelf-delete", false)
	if err != nil || named(form) != "who yes" || form.Fields[1].Kind != desk.Flag || form.Fields[1].Label != "Yes, delete" {
		t.Fatalf("the form: %+v, %v", form, err)
	}
	_, form, err = s.fill(xavi, "shelf-delete", false, "who", string(olga), "who", string(xavi), "yes", "0")
	if err != nil || form == nil || form.Above != "Olga has 3 books. This can't be taken back." || len(form.Fields[0].Values) != 2 {
		t.Errorf("without the tick: %+v, %v", form, err)
	}
	if answer, _, err := s.fill(xavi, "shelf-delete", false, "who", string(olga), "who", string(xavi), "yes", "1"); err != nil || answer != "Deleted: olga@example.org xavi@example.org" {
		t.Errorf("with the tick: %q, %v", answer, err)
	}
	if got := slices.Collect(maps.Keys(s.shelves)); len(got) != 0 {
		t.Errorf("left are %v", got)
	}
}
