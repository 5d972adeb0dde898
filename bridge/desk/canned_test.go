package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
)

// dialogue gives lines one after the other and compares each answer with what begins alike, or, after "…", with what it holds.
func (o *office) dialogue(steps []dialogueStep) {
	o.t.Helper()
	for _, s := range steps {
		got := o.say(s.who, s.at, s.line)
		if part, inside := strings.CutPrefix(s.want, "…"); inside && !strings.Contains(got, part) || !inside && got != s.want {
			o.t.Errorf("%s at %q: %s\n%s\nwant\n%s", s.who, s.at, s.line, got, s.want)
		}
	}
}

type dialogueStep struct {
	who        bridge.OperatorJID
	at         bridge.VisitorJID
	line, want string
}

// Answers are stored for all, for a department or for oneself, in several languages; a name means the nearest.
func TestCanned_ScopesAndLanguages(t *testing.T) {
	o := newOffice(t, "sales", "Sales")
	c := o.ask() // Anna, in German, in Support
	o.say(xavi, "", "1")
	o.dialogue([]dialogueStep{
		{xavi, "", "canned-add hi Hello {visitor}!", "hi is stored. !hi in a conversation sends it.\nBack: canned-delete all/hi.default"},
		{xavi, c.Visitor, "hi", "Sent: Hello Anna!"},
		{xavi, "", "canned-add hi.de Hallo {visitor}!", "hi.de is stored. !hi in a conversation sends it.\nBack: canned-delete all/hi.de"},
		{xavi, c.Visitor, "hi", "Sent: Hallo Anna!"},
		{xavi, "", "canned-add hi for=support Hi from support, a=b", "support/hi is stored. !hi in a conversation sends it.\nBack: canned-delete support/hi.default"},
		{xavi, c.Visitor, "hi", "Sent: Hi from support, a=b"},
		{xavi, "", "canned-add hi lang=de for=me Servus!", "me/hi.de is stored. !hi in a conversation sends it.\nBack: canned-delete me/hi.de"},
		{xavi, "", "canned-add sales/hi Not here", "sales/hi is stored. !hi in a conversation sends it.\nBack: canned-delete sales/hi.default"},
		{xavi, c.Visitor, "hi", "Sent: Servus!"},
		{xavi, c.Visitor, "all/hi.default", "Sent: Hello Anna!"},
		{xavi, c.Visitor, "canned support/hi", "Sent: Hi from support, a=b"},
		{xavi, c.Visitor, "sales/hi", "Sent: Not here"},
		{xavi, c.Visitor, "hi.fr", `error: There is no stored answer "hi.fr". canned alone lists them.`},
		{xavi, "", "canned hi.de", "hi.de ×1:\nHallo {visitor}!\nme/hi.de ×1:\nServus!"},
		{olga, "", "canned", "Stored answers, the most used first; !NAME in a conversation sends one:\n  hi (de) ×3 – Hello {visitor}!\n  support/hi ×2 – Hi from support, a=b"},
		{olga, "", "canned sales/hi", `…no stored answer`},
		{olga, "", "canned me/hi", `…no stored answer`},
		{olga, "", "canned-add sales/hi Mine", "error: You may not use canned for others, only for yourself, with me/ in front of the name. A super operator can allow it. Nothing was changed."},
		{olga, "", "canned-add hi for=nobody Mine", `error: "nobody" is none of all, me, support. Nothing was changed.`},
		{olga, "", "canned-add hi lang=klingon Mine", `error: "klingon" is no language such as de or pt-br. Nothing was changed.`},
		{olga, "", "canned-add hi {{ok}}", "error: {{ok}} is not filled in: there are {visitor}, {operator} and {site}. {{ writes a brace: {ok} is written {{ok}. Nothing was changed."},
		{olga, "", "canned-add hi {name}", "error: {name} is not filled in: there are {visitor}, {operator} and {site}. {{ writes a brace. Nothing was changed."},
		{xavi, "", "deny olga canned", "…Olga may no more: canned"},
		{olga, "", "canned-add hi Mine", "error: You may not use canned for others, only for yourself, with me/ in front of the name. A super operator can allow it. Nothing was changed."},
		{olga, "", "canned-add me/hi Mine", "me/hi is stored. !hi in a conversation sends it.\nBack: canned-delete me/hi.default"},
		{olga, "", "canned-edit all/hi text=Mine", "…error: You may not use canned for others"},
		{olga, "", "canned-delete all/hi yes", "…error: You may not use canned for others"},
		{olga, "", "canned-edit hi text=Mine too", "me/hi: text Mine → Mine too.\nBack: canned-edit me/hi.default text=Mine"},
	})
}

// What is changed can be taken back with the line that says so; several are deleted only after a yes.
func TestCanned_EditsAndDeletes(t *testing.T) {
	o := newOffice(t)
	before := func() string { return o.say(xavi, "", "canned hi") + o.say(xavi, "", "canned servus") }
	for _, line := range []string{"canned-add hi Hello {visitor}!", "canned-add hi.de Hallo!", "canned-add bye text=for=me"} {
		o.say(xavi, "", line)
	}
	for _, step := range []struct{ line, want string }{
		{"canned-edit hi text=Hi! then=note greeted; close", "hi: text Hello {visitor}! → Hi!; then none → note greeted; close."},
		{"canned-edit hi.de name=servus for=me lang=de-at text=Servus!", "hi.de: name hi → servus; for all → me; lang de → de-at; text Hallo! → Servus!."},
		{"canned-edit bye text=", "error: An empty answer was not stored. Nothing was changed."},
		{"canned-edit hi name=bye", "error: There is such an answer already. Nothing was changed."},
		{"canned-edit hi name=close", "error: close is a command, so !close would not send the answer. Choose another name. Nothing was changed."},
		{"canned-edit hi then=fly away", `error: "fly" is nothing that an answer can do.`},
		{"canned-edit hi then=canned bye", `error: "canned" is nothing that an answer can do.`},
		{"canned-edit hi then=transfer nobody", "error: There is no operator or department"},
		{"canned-edit hi shout=loud", `error: "shout" is no key. There are: text, then, name, for, lang. Write KEY=VALUE. Nothing was changed.`},
		{"canned-edit nothing text=x", `error: There is no stored answer "nothing".`},
	} {
		was := before()
		got := o.say(xavi, "", step.line)
		if !strings.HasPrefix(got, step.want) {
			t.Errorf("%s: %s, want %s", step.line, got, step.want)
		}
		_, back, ok := strings.Cut(got, "Back: ")
		if ok {
			o.say(xavi, "", back)
		}
		if before() != was || strings.HasPrefix(got, "error") == ok {
			t.Errorf("%s: %s\nBack makes of it %s, not %s", step.line, got, before(), was)
		}
	}
	o.dialogue([]dialogueStep{
		{xavi, "", "canned-delete hi", "2 answers would go: hi, hi.de.\nThis can't be taken back. Send within 5 minutes: canned-delete hi yes"},
		{xavi, "", "canned-delete hi.default", "hi is deleted.\nBack: canned-add hi Hello {visitor}!"},
		{xavi, "", "canned-delete bye", "bye is deleted.\nBack: canned-add bye text=for=me"},
		{xavi, "", "canned-add bye text=for=me", "bye is stored. !bye in a conversation sends it.\nBack: canned-delete all/bye.default"},
		{xavi, "", "canned-delete hi, bye", "2 answers would go: hi.de, bye.\nThis can't be taken back. Send within 5 minutes: canned-delete hi, bye yes"},
		{xavi, "", "canned-delete hi, bye yes", "Deleted: hi.de, bye."},
		{xavi, "", "canned", "There are no stored answers yet. canned-add NAME TEXT makes one."},
	})
}

// Words find answers, hits in the name first; a list of more than 15 has pages; what was sent is counted.
func TestCanned_SearchPagesAndCounts(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	for i := range 40 {
		o.say(xavi, "", fmt.Sprintf("canned-add a%02d Text %d about refunds", i, i))
	}
	o.say(xavi, "", "canned-add refund The money is on its way")
	o.say(xavi, c.Visitor, "a39")
	o.say(xavi, c.Visitor, "a39")
	o.say(xavi, c.Visitor, "refund")
	for _, at := range []bridge.VisitorJID{"", c.Visitor} {
		first := strings.Split(o.say(xavi, at, "canned"), "\n")
		if len(first) != 17 || first[1] != "  a39 ×2 – Text 39 about refunds" || first[2] != "  refund ×1 – The money is on its way" || first[3] != "  a00 – Text 0 about refunds" || first[16] != "canned 2 shows more." {
			t.Errorf("the list at %q: %q", at, first)
		}
		if got := strings.Split(o.say(xavi, at, "canned 3"), "\n"); len(got) != 12 {
			t.Errorf("page 3 at %q: %q", at, got)
		}
		found := strings.Split(o.say(xavi, at, "canned refunds text"), "\n")
		if len(found) != 17 || found[0] != `Stored answers with "refunds text"; !NAME in a conversation sends one:` || found[16] != "canned refunds text 2 shows more." {
			t.Errorf("found at %q: %q", at, found)
		}
		if got := o.say(xavi, at, "canned money REFUND"); got != "Stored answers with \"money REFUND\"; !NAME in a conversation sends one:\n  refund ×1 – The money is on its way" {
			t.Errorf("found at %q: %s", at, got)
		}
		if got := o.say(xavi, at, "canned refun"); !strings.HasPrefix(got, "Stored answers with \"refun\"; !NAME in a conversation sends one:\n  refund ×1 – The money") {
			t.Errorf("found at %q: %s", at, got)
		}
	}
}

// An answer does what it is to do after its text, with the rights of who sends it. If it can't, nothing is sent.
func TestCanned_Then(t *testing.T) {
	o := newOffice(t, "sales", "Sales")
	first, second := o.ask(), o.ask()
	o.say(xavi, "", "1")
	o.say(olga, "", "2")
	o.dialogue([]dialogueStep{
		{xavi, "", "canned-add solved then=note was solved; close solved text=You're welcome, {visitor}!", "solved is stored. !solved in a conversation sends it.\nThen: note was solved; close solved\nBack: canned-delete all/solved.default"},
		{xavi, "", "canned-add pass then=transfer olga text=", "pass is stored. !pass in a conversation sends it.\nThen: transfer olga\nBack: canned-delete all/pass.default"},
		{xavi, "", "canned-add bad then=close", "error: Write text= in front of the words: canned-add NAME then=… text=…. Nothing was changed."},
		{xavi, "", "canned-add bad then=help text=x", `…"help" is nothing that an answer can do. There are: `},
		{xavi, "", "canned-add bad then=junk; close text=x", "error: junk ends the conversation, so close can't follow it. Nothing was changed."},
		{xavi, "", "canned-add bad then=close done; later 2h text=x", "error: close ends the conversation, so later can't follow it. Nothing was changed."},
		{xavi, "", "canned-add bad then=transfer olga; tag passed text=x", "error: After transfer the conversation is not yours any more, so tag can't follow it. Nothing was changed."},
		{xavi, "", "canned-add bad then=leave; note gone text=x", "error: After leave the conversation is not yours any more, so note can't follow it. Nothing was changed."},
		{xavi, "", "canned-add bad then=set email nope text=x", `error: "nope" is no email address. One looks like ann@example.org. Nothing was changed.`},
		{xavi, "", "canned-add bad then=set phone 12 text=x", `error: "12" is no phone number: write it with +, as +34600000000. Nothing was changed.`},
		{xavi, "", "canned-add bad then=later 1000y text=x", "…\"1000y\" is no moment such as 20m"},
		{xavi, "", "canned-add bad then=note text=x", "error: Missing: TEXT. Write: !note TEXT. Nothing was changed."},
		{olga, "", "canned-add bad then=block 2h text=x", "error: You may not use block. A super operator can allow it. Nothing was changed."},
		{xavi, "", "canned", "Stored answers, the most used first; !NAME in a conversation sends one:\n  pass – → transfer olga\n  solved – You're welcome, {visitor}! → note was solved; clos…"},
		{xavi, first.Visitor, "solved", "Sent: You're welcome, Anna!\nNoted, for operators only.\n#1 is closed."},
		{xavi, "", "deny olga transfer", "…Olga may no more: transfer"},
		{olga, second.Visitor, "pass", "error: pass was not sent, since it can't do this: transfer olga. You may not use transfer. A super operator can allow it."},
	})
	log, err := o.bridge.Events(t.Context(), first.Number, 0, 100)
	var said []string
	for _, e := range log {
		said = append(said, string(e.Type)+" "+e.Text)
	}
	if got := strings.Join(said, "\n"); err != nil || !strings.Contains(got, "message You're welcome, Anna!\nnote was solved\n") {
		t.Errorf("the log: %s, %v", got, err)
	}
	list, err := o.bridge.Answers.List(t.Context())
	if err != nil || list[0].Uses != 0 || list[1].Uses != 1 {
		t.Errorf("counted: %+v, %v", list, err)
	}
	o.dialogue([]dialogueStep{ // what fails when it is carried out ends the rest, and is said
		{xavi, "", "canned-add both then=close; note too late text=Bye", "…both is stored."},
		{xavi, "", "take 2", "…was taken by Olga"},
		{olga, second.Visitor, "both", "…Sent: Bye\n#2 is closed.\n"},
	})
}

// The forms hold all there is to an answer.
func TestCanned_Forms(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	op, _ := o.bridge.Team.Operator(xavi)
	fill := func(name string, at bridge.VisitorJID, values map[string][]string) (string, *desk.Form) {
		t.Helper()
		answer, form, err := o.Fill(t.Context(), name, desk.Call{Operator: op, Visitor: at}, desk.Filled{Values: values})
		if err != nil {
			t.Fatal(err)
		}
		return answer, form
	}
	fill("canned-add", "", map[string][]string{"name": {"bye"}, "for": {"me"}, "lang": {"de"}, "then": {"note said bye", "close done"}, "text": {"Tschüss,", "for=ever"}})
	if got := o.say(xavi, "", "canned bye"); got != "me/bye.de:\nTschüss,\nfor=ever\nThen: note said bye; close done" {
		t.Errorf("stored by the form: %s", got)
	}
	_, form := fill("canned-edit", "", map[string][]string{"answer": {"me/bye.de"}})
	shown := map[string]string{}
	for _, f := range form.Fields {
		shown[f.Name] = strings.Join(f.Values, "|")
	}
	if shown["text"] != "Tschüss,|for=ever" || shown["then"] != "note said bye|close done" || shown["for"] != "me" || shown["lang"] != "de" || shown["name"] != "bye" {
		t.Errorf("the form has %v", shown)
	}
	_, form = fill("canned", c.Visitor, nil)
	if f := form.Fields[0]; f.Name != "name" || len(f.Choices) != 2 || f.Choices[1].Value != "bye" {
		t.Errorf("the form in a conversation has %+v", form.Fields)
	}
	if got, _ := fill("canned", c.Visitor, map[string][]string{"name": {"bye"}}); got != "Sent: Tschüss,\nfor=ever\nNoted, for operators only.\n#1 is closed." {
		t.Errorf("the form says %s", got)
	}
	o.say(xavi, "", "canned-add bye.es Adiós")
	answer, form := fill("canned-delete", "", map[string][]string{"name": {"me/bye.de", "all/bye.es"}})
	if answer != "" || form == nil || !strings.HasPrefix(form.Above, "2 answers would go: me/bye.de, bye.es.") {
		t.Errorf("two are deleted by a form: %q, %+v", answer, form)
	}
	if got, _ := fill("canned-delete", "", map[string][]string{"name": {"me/bye.de", "all/bye.es"}, "yes": {"1"}}); got != "Deleted: me/bye.de, bye.es." {
		t.Errorf("two are deleted by a form: %q", got)
	}
}

// Files of answers come as a link that only the desk makes, and go as text: all of it or nothing.
func TestCanned_Files(t *testing.T) {
	o := newOffice(t)
	o.Desk = desk.New(o.bridge, desk.AnswerFiles(answerLists()))
	o.dialogue([]dialogueStep{
		{xavi, "", "canned-add hi Hello", "…hi is stored"},
		{olga, "", "canned-import a=1\nb=2>close", "Answers: 2 added, 0 changed, 0 unchanged."},
		{olga, "", "canned-import a=1\nb=3", "Answers: 0 added, 1 changed, 1 unchanged."},
		{olga, "", "canned-import c=1\nclose={x}\nd=>block", "error: Line 2: text – {x} is not filled in: there are {visitor}, {operator} and {site}. {{ writes a brace.\n" +
			"Line 2: name – close is a command, so !close would not send the answer. Choose another name.\nLine 3: then – You may not use block. A super operator can allow it. Nothing was changed."},
		{olga, "", "canned-import d=>close>later 2h", "error: Line 1: then – close ends the conversation, so later can't follow it. Nothing was changed."},
		{olga, "", "canned", "Stored answers, the most used first; !NAME in a conversation sends one:\n  hi – Hello\n  me/a – 1\n  me/b – 3"},
	})
	got := o.say(olga, "", "canned-export csv")
	link, ok := strings.CutPrefix(got, "3 stored answers: https://chat.example.org/answers/")
	name, rest, _ := strings.Cut(link, "/")
	if !ok || rest != "answers.csv\nThe link works for 15 minutes." || strings.Contains(link, "olga") {
		t.Fatalf("canned-export: %s", got)
	}
	is := func(name, want string) {
		t.Helper()
		if file, err := o.AnswersNow(t.Context(), name, "csv"); string(file) != want || (want == "") != (phrase.CodeOf(err) == phrase.CodeNotFound) {
			t.Errorf("the file is %q, %v, want %q", file, err, want)
		}
	}
	is(name, "csv me/a me/b all/hi")
	other := byte('A')
	if name[len(name)-2] == other {
		other = 'B'
	}
	is(name[:len(name)-2]+string(other)+name[len(name)-1:], "")
	is("", "")
	o.clock.move(14 * time.Minute)
	is(name, "csv me/a me/b all/hi")
	o.clock.move(time.Minute)
	is(name, "")
	link, _ = strings.CutPrefix(o.say(olga, "", "canned-export"), "3 stored answers: https://chat.example.org/answers/")
	name, _, _ = strings.Cut(link, "/")
	o.say(xavi, "", "operator-disable olga")
	is(name, "")
}

// answerLists is a simple format of files of answers: own answers as NAME=TEXT>THEN, a line each.
func answerLists() desk.AnswerFile {
	return desk.AnswerFile{
		URL: "https://chat.example.org",
		Read: func(text string) (rows []bridge.AnswerRow, faults []bridge.AnswerFault) {
			for i, line := range strings.Split(text, "\n") {
				r := bridge.AnswerRow{Line: i + 1, For: "me"}
				r.Name, r.Text, _ = strings.Cut(line, "=")
				if name, then, ok := strings.Cut(r.Text, ">"); ok {
					r.Text, r.Then = name, strings.Split(then, ">")
				}
				rows = append(rows, r)
			}
			return rows, nil
		},
		Write: func(format string, rows []bridge.AnswerRow) []byte {
			for _, r := range rows {
				format += " " + r.For + "/" + r.Name
			}
			return []byte(format)
		},
	}
}
