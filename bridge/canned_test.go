package bridge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// answer is a stored answer with the words [WHOSE/]NAME[.LANGUAGE] as its text.
func answer(ref string) bridge.Answer {
	a := bridge.Answer{Text: ref}
	whose, name, ok := strings.Cut(ref, "/")
	if !ok {
		whose, name = "", ref
	}
	a.Name, a.Language, _ = strings.Cut(name, ".")
	if strings.Contains(whose, "@") {
		a.Owner = bridge.OperatorJID(whose)
	} else {
		a.Department = whose
	}
	return a
}

func answersOf(refs ...string) (list []bridge.Answer) {
	for _, ref := range refs {
		list = append(list, answer(ref))
	}
	return list
}

func refs(list []bridge.Answer) string {
	var texts []string
	for _, a := range list {
		texts = append(texts, a.Text)
	}
	return strings.Join(texts, " ")
}

// Of the answers of one name the nearest is sent: one's own, the department's, everybody's; and of its languages the
// visitor's, else the one without a language.
func TestAnswers_NearestAndBestLanguage(t *testing.T) {
	for _, c := range []struct{ stored, language, want string }{
		{"hi", "de", "hi"},
		{"hi hi.de", "de", "hi.de"},
		{"hi hi.de", "de-AT", "hi.de"},
		{"hi hi.de", "DE_at", "hi.de"},
		{"hi hi.de hi.de-at", "de-AT", "hi.de-at"},
		{"hi hi.de hi.de-at", "de-CH", "hi.de"},
		{"hi hi.de-at", "de", "hi.de-at"},
		{"hi hi.de", "fr", "hi"},
		{"hi hi.de", "", "hi"},
		{"hi.de hi.en hi.es", "fr", "hi.en"},
		{"hi.es hi.de", "fr", "hi.de"}, // some text is better than none; the first by its tag
		{"hi hi.deu", "de", "hi"},      // another language, though it begins with the same letters
		{"hi sales/hi", "de", "sales/hi"},
		{"hi.de sales/hi", "de", "sales/hi"}, // the nearest wins before the language
		{"olga@example.org/hi sales/hi hi", "de", "olga@example.org/hi"},
		{"xavi@example.org/hi support/hi hi", "de", "hi"}, // others' answers are nobody else's
		{"xavi@example.org/hi support/hi", "de", ""},
		{"bye hi hi.de", "de", "bye hi.de"},
		{"olga@example.org/hi.de hi", "fr", "hi"}, // one's own in another language hides nothing that the visitor reads
		{"olga@example.org/hi.de hi", "de", "olga@example.org/hi.de"},
	} {
		list := answersOf(strings.Fields(c.stored)...)
		for range 4 { // in whatever order they come
			list = append(list[1:], list[0])
			got := bridge.AnswersFor(list, olga, "sales", c.language)
			slices.SortFunc(got, func(a, b bridge.Answer) int { return strings.Compare(a.Name, b.Name) })
			if refs(got) != c.want {
				t.Errorf("of %v for %q: %q, want %q", refs(list), c.language, refs(got), c.want)
			}
		}
	}
}

// A search finds all words in name and text, in any case; hits in the name are first, and of these the most used.
func TestAnswers_Find(t *testing.T) {
	list := []bridge.Answer{
		{AnswerKey: bridge.AnswerKey{Name: "bank"}, Text: "The REFUND takes 3 days, Übrigens"},
		{AnswerKey: bridge.AnswerKey{Name: "refund"}, Text: "Your money is on its way"},
		{AnswerKey: bridge.AnswerKey{Name: "refund-late"}, Text: "It takes longer", Uses: 9},
		{AnswerKey: bridge.AnswerKey{Name: "hello"}, Text: "Hi"},
	}
	for words, want := range map[string]string{
		"refund": "refund-late refund bank", "Refund TAKES": "refund-late bank", "takes": "refund-late bank", "übrigens": "bank",
		"refund hi": "", "zzz": "", "": "refund-late bank hello refund",
	} {
		var got []string
		for _, a := range bridge.FindAnswers(list, words) {
			got = append(got, a.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %v, want %s", words, got, want)
		}
	}
}

// What is filled in is filled in once; two braces are one; a name can't bring a placeholder in.
func TestAnswer_Fill(t *testing.T) {
	for text, want := range map[string]string{
		"Hi {visitor}, {operator} of {site}":  "Hi {site}, Olga of shop.example",
		"{{visitor} is a word, {{ a brace":    "{visitor} is a word, { a brace",
		"p { margin: 0 } a{} {{ \"x\": {1} }": "p { margin: 0 } a{} { \"x\": {1} }",
		"{":                                   "{",
		"{{":                                  "{",
		"{{{visitor}":                         "{{site}",
		"{visitor}{visitor}":                  "{site}{site}",
		"ñ{operator}é🙂":                       "ñOlgaé🙂",
	} {
		if got := (bridge.Answer{Text: text}).Fill("{site}", "Olga", "shop.example"); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

// Who gave no name is called nothing, in any language.
func TestAnswer_FillNameless(t *testing.T) {
	for text, want := range map[string]string{
		"Guten Tag {visitor}, ich bin {operator}.": "Guten Tag, ich bin Olga.",
		"Bonjour {visitor} ! Un moment.":           "Bonjour ! Un moment.",
		"Hello, {visitor}, one moment.":            "Hello, one moment.",
		"{visitor}, one moment.":                   "one moment.",
		"Thanks, {visitor}!":                       "Thanks!",
		"{visitor}":                                "",
	} {
		if got := (bridge.Answer{Text: text}).Fill(bridge.Nameless, "Olga", ""); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

// An answer is stored by those whose it is, is whole, and says what is wrong with it.
func TestAnswers_Save(t *testing.T) {
	h := newHouse(t)
	op := func(jid bridge.OperatorJID) bridge.Operator { o, _ := h.Team.Operator(jid); return o }
	denied := op(olga)
	denied.Permissions = bridge.Permissions{"not-canned"}
	for _, c := range []struct {
		by     bridge.Operator
		answer bridge.Answer
		want   phrase.Code
	}{
		{op(olga), answer("hi"), ""}, {op(olga), answer("support/hi"), ""}, {op(olga), answer("olga@example.org/hi"), ""},
		{op(olga), answer("sales/hi"), phrase.CodeForbidden}, // she is not in it
		{op(olga), answer("xavi@example.org/hi"), phrase.CodeForbidden},
		{op(xavi), answer("olga@example.org/hi"), phrase.CodeForbidden}, // not even super operators
		{denied, answer("hi"), phrase.CodeForbidden}, {denied, answer("support/hi"), phrase.CodeForbidden}, {denied, answer("olga@example.org/hi"), ""},
		{op(xavi), answer("9x"), phrase.CodeInvalid}, {op(xavi), answer("hi.english"), phrase.CodeInvalid}, {op(xavi), answer("hi.PT_br"), ""},
		{op(xavi), bridge.Answer{AnswerKey: bridge.AnswerKey{Name: "x"}}, phrase.CodeInvalid},
		{op(xavi), bridge.Answer{AnswerKey: bridge.AnswerKey{Name: "x"}, Then: []string{"close"}}, ""},
		{op(xavi), bridge.Answer{AnswerKey: bridge.AnswerKey{Name: "x"}, Text: "{name}"}, phrase.CodeInvalid},
		{op(xavi), bridge.Answer{AnswerKey: bridge.AnswerKey{Name: "x"}, Text: "{{visitor}}"}, phrase.CodeInvalid},
		{op(xavi), bridge.Answer{AnswerKey: bridge.AnswerKey{Name: "x"}, Text: strings.Repeat("x", 101)}, phrase.CodeTooLarge},
		{op(xavi), bridge.Answer{AnswerKey: bridge.AnswerKey{Name: "x"}, Then: strings.Fields("a b c d e f")}, phrase.CodeInvalid},
	} {
		before, err := h.Answers.Save(t.Context(), c.by, c.answer)
		if phrase.CodeOf(err) != c.want || before.Name != "" && !(c.answer.Name == "x" || c.answer.Owner == olga) {
			t.Errorf("%s stores %+v: %v, before %+v", c.by.JID, c.answer, err, before)
		}
	}
	list, err := h.Answers.List(t.Context())
	if err != nil || refs(list) != "hi hi.PT_br support/hi olga@example.org/hi " {
		t.Errorf("stored: %q, %v", refs(list), err)
	}
}

// What is changed of shared answers is in the audit log, what is changed of one's own is not.
func TestAnswers_AreAudited(t *testing.T) {
	h := newHouse(t)
	by, _ := h.Team.Operator(olga)
	own := answer("olga@example.org/mine")
	edit := func(k bridge.AnswerKey, f func(*bridge.Answer)) {
		if err := h.Answers.Edit(t.Context(), by, k, func(a *bridge.Answer) error { f(a); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range []bridge.Answer{answer("hi"), answer("hi"), own} {
		if _, err := h.Answers.Save(t.Context(), by, a); err != nil {
			t.Fatal(err)
		}
	}
	edit(own.AnswerKey, func(a *bridge.Answer) { a.Text = "Other" })
	edit(answer("hi").AnswerKey, func(a *bridge.Answer) { a.Then, a.Language = []string{"close"}, "de" })
	edit(own.AnswerKey, func(a *bridge.Answer) { a.Owner = "" }) // everybody has it from now on
	if err := h.Answers.Delete(t.Context(), by, []bridge.AnswerKey{answer("hi.de").AnswerKey}); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := h.store.View(t.Context(), func(r bridge.Reader) error {
		list, err := r.Audits("", h.clock.Now().Add(-time.Second), h.clock.Now().Add(time.Second), 9)
		for _, a := range list {
			got = append(got, fmt.Sprint(a.ByName, ": ", a.Line, " ", a.Changes))
		}
		return err
	})
	want := "Olga: canned-delete hi [{name hi } {for all } {lang de } {text hi } {then close }]\n" +
		"Olga: canned-edit mine [{for olga@example.org all}]\n" +
		"Olga: canned-edit hi [{lang  de} {then  close}]\n" +
		"Olga: canned-add hi [{name  hi} {for  all} {text  hi}]"
	if err != nil || strings.Join(got, "\n") != want {
		t.Errorf("audited, %v:\n%s\nwant:\n%s", err, strings.Join(got, "\n"), want)
	}
}

// The answers of a department that is deleted go to the one that follows it, or to all; those of an operator go with them.
func TestAnswers_OutliveDepartments(t *testing.T) {
	h := newHouse(t)
	by, _ := h.Team.Operator(xavi)
	if err := h.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		for _, name := range []string{"billing", "sales"} {
			if err := tx.SaveDepartment(bridge.Department{Name: name, Title: name}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, a := range answersOf("hi", "sales/hi", "sales/bye", "sales/refund", "billing/refund") {
		if _, err := h.Answers.Save(t.Context(), by, a); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct{ gone, to, want string }{
		{"sales", "billing", "bye=billing hi= hi=billing refund=billing"},
		{"billing", "", "bye= hi= refund="},
	} {
		if err := h.Team.CloseDepartment(t.Context(), step.gone, bridge.Department{Name: step.to}, func(bridge.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
		list, err := h.Answers.List(t.Context())
		var got []string
		for _, a := range list {
			got = append(got, a.Name+"="+a.Department)
		}
		if err != nil || strings.Join(got, " ") != step.want {
			t.Errorf("after %s went to %q: %v, %v, want %s", step.gone, step.to, got, err, step.want)
		}
		if step.to != "" && list[len(list)-1].Text != "billing/refund" {
			t.Errorf("the answer that was there has become %q", list[len(list)-1].Text)
		}
	}
}
