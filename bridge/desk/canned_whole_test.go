package desk_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// An answer is sent whole or not at all: what is refused only when it is carried out, after the text, leaves no word of it,
// blocks nobody, counts no use.
func TestCanned_AllOrNothing(t *testing.T) {
	o := newOffice(t, "sales", "Sales")
	o.ask()
	second := o.ask()
	o.say(xavi, "", "1")
	o.say(xavi, "", "2")
	o.say(xavi, "", "department-edit support tags=on")
	chief, _ := o.bridge.Team.Operator(xavi)
	for name, then := range map[string]string{
		"a transfer to nobody":  "note passed on; transfer sales",
		"a close without a tag": "note closed; close",
		"a guest's close":       "note closed; close #done",
		"an early end":          "close #done; transfer olga",
		"a block, and more":     "block 2h; later 2h",
	} {
		t.Run(name, func(t *testing.T) {
			by := xavi
			if name == "a guest's close" {
				by = olga
				o.say(xavi, second.Visitor, "invite olga")
			}
			a := bridge.Answer{AnswerKey: bridge.AnswerKey{Name: "whole"}, Text: "Here you are", Then: strings.Split(then, "; ")}
			if _, err := o.bridge.Answers.Save(t.Context(), chief, a); err != nil { // as it may have been stored before
				t.Fatal(err)
			}
			before := o.logged(second.Number)
			got := o.say(by, second.Visitor, "whole")
			if !strings.Contains(got, "whole was not sent, since it can't do this") {
				t.Errorf("the answer: %s", got)
			}
			if strings.Contains(got, "is closed") {
				t.Errorf("it says of what is open: %s", got)
			}
			if after := o.logged(second.Number); after != before {
				t.Errorf("the log was\n%s\nand is\n%s", before, after)
			}
			if list, err := o.bridge.Answers.List(t.Context()); err != nil || list[0].Uses != 0 {
				t.Errorf("counted: %+v, %v", list, err)
			}
			if list := o.bridge.Blocks.List(); len(list) > 0 {
				t.Errorf("blocked: %+v", list)
			}
		})
	}
	o.say(xavi, "", "canned-add whole then=note done; close #done text=Here you are")
	if got := o.say(xavi, second.Visitor, "whole"); !strings.HasPrefix(got, "Sent: Here you are\n") || !strings.Contains(o.logged(second.Number), "note done") {
		t.Errorf("the whole of it: %s", got)
	}
}

// logged is a conversation's log as lines.
func (o *office) logged(number int64) string {
	o.t.Helper()
	events, err := o.bridge.Events(o.t.Context(), number, 0, 500)
	if err != nil {
		o.t.Fatal(err)
	}
	var lines []string
	for _, e := range events {
		lines = append(lines, string(e.Type)+" "+e.Words(phrase.Tongue()))
	}
	return strings.Join(lines, "\n")
}
