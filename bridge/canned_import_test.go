package bridge_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// fileRow is a row of a file: WHOSE NAME.LANGUAGE TEXT, in a line.
func fileRow(line int, text string) bridge.AnswerRow {
	part := strings.SplitN(text, " ", 3)
	r := bridge.AnswerRow{For: strings.TrimPrefix(part[0], "-"), Line: line, Lines: map[string]int{"text": line + 1}}
	r.Name, r.Language, _ = strings.Cut(part[1], ".")
	r.Text = part[2]
	return r
}

func fileRows(texts ...string) (rows []bridge.AnswerRow) {
	for i, text := range texts {
		rows = append(rows, fileRow(10*i, text))
	}
	return rows
}

// An import stores all answers of a file or none, counts what it did, and deletes only what it is told to. How often an
// answer was used stays.
func TestAnswers_Import(t *testing.T) {
	h := newHouse(t)
	by, _ := h.Team.Operator(olga)
	for _, a := range answersOf("hi", "bye", "olga@example.org/mine") {
		if _, err := h.Answers.Save(t.Context(), by, a); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Answers.Used(t.Context(), answer("hi").AnswerKey); err != nil {
		t.Fatal(err)
	}
	stored := func() string {
		list, err := h.Answers.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, a := range list {
			all = append(all, fmt.Sprintf("%s/%s%s.%s=%s*%d", a.Owner, a.Department, a.Name, a.Language, a.Text, a.Uses))
		}
		return strings.Join(all, " ")
	}
	before := stored()
	for _, c := range []struct {
		by           bridge.OperatorJID
		replace      bool
		rows         []bridge.AnswerRow
		done, faults string
		stored       string
	}{
		{olga, false, fileRows("all hi hi", "me mine olga@example.org/mine"), "{0 0 2 0}", "", before},
		{olga, false, fileRows("all hi New", "sales new x", "xavi@example.org new x", "nobody new x", "all 9x {name}", "all hi.klingon x", "all hi.de x", "all HI.de y", "all close x"), "{0 0 0 0}",
			`10 for: "sales" is neither all nor a department nor the address of an operator. There are: all, support.|` +
				"20 for: Another operator's own answers are theirs to change.|" +
				`30 for: "nobody" is neither all nor a department nor the address of an operator. There are: all, support.|` +
				`40 name: "9x" is no name for an answer: it begins with a letter and has letters, digits, - and _ only.|` +
				"41 text: {name} is not filled in: there are {visitor}, {operator} and {site}. {{ writes a brace.|" +
				`50 language: "klingon" is no language such as de or pt-br.|` +
				"70 name: This answer is in line 60, too.|80 name: no", before},
		{"", false, fileRows("me hi x"), "{0 0 0 0}", `0 for: "me" is neither all nor a department nor the address of an operator. There are: all, support.`, before},
		{olga, false, fileRows("- hi Hello", "support hi.de Hallo", "olga@example.org mine olga@example.org/mine"), "{1 1 1 0}", "", "/bye.=bye*0 /hi.=Hello*1 /supporthi.de=Hallo*0 olga@example.org/mine.=olga@example.org/mine*0"},
		{"", true, fileRows("- hi Hello"), "{0 0 1 3}", "", "/hi.=Hello*1"},
		{"", true, fileRows("xavi@example.org his x", "olga@example.org hers y"), "{2 0 0 1}", "", "olga@example.org/hers.=y*0 xavi@example.org/his.=x*0"},
		{"", true, nil, "{0 0 0 0}", "0 : There are no answers in the file, so all 2 that are stored would be deleted.", "olga@example.org/hers.=y*0 xavi@example.org/his.=x*0"},
		{"", false, nil, "{0 0 0 0}", "", "olga@example.org/hers.=y*0 xavi@example.org/his.=x*0"},
	} {
		in := bridge.AnswerImport{Rows: c.rows, Most: 100, Check: func(key, value string) error {
			if key == "name" && value == "close" {
				return phrase.Fail(phrase.CodeInvalid, "no")
			}
			return nil
		}}
		var done bridge.Imported
		var faults []bridge.AnswerFault
		var err error
		if c.by == "" {
			err = h.store.Update(t.Context(), func(tx bridge.Tx) error {
				store := bridge.ImportAnswers
				if c.replace {
					store = bridge.ReplaceAnswers
				}
				done, faults, err = store(tx, in, h.clock.Now())
				return err
			})
		} else {
			in.By, _ = h.Team.Operator(c.by)
			done, faults, err = h.Answers.Import(t.Context(), in)
		}
		var told []string
		for _, f := range faults {
			told = append(told, fmt.Sprintf("%d %s: %s", f.Line, f.Key, phrase.Of(f.What)))
		}
		if err != nil || fmt.Sprint(done) != c.done || strings.Join(told, "|") != c.faults || stored() != c.stored {
			t.Errorf("%q imports %+v: %v, %+v\n%s\nstored %s, want %s", c.by, c.rows, err, done, strings.Join(told, "\n"), stored(), c.stored)
		}
	}
}

// Rows are what a file has of answers; those of the reader are theirs by the word me.
func TestRowsOf(t *testing.T) {
	var got []string
	for _, r := range bridge.RowsOf(answersOf("hi.de", "hi", "support/hi", "xavi@example.org/hi", "olga@example.org/hi", "bye"), olga) {
		got = append(got, r.For+" "+r.Name+"."+r.Language)
		if r.Owner != "" || r.Department != "" {
			t.Errorf("%+v", r)
		}
	}
	if want := "all bye.|me hi.|xavi@example.org hi.|support hi.|all hi.|all hi.de"; strings.Join(got, "|") != want {
		t.Errorf("%s, want %s", strings.Join(got, "|"), want)
	}
}

// Nobody has more answers than there is room for, in however many files they come; what a file only changes needs none.
func TestImport_HasOneLimit(t *testing.T) {
	h := newHouse(t)
	in := func(by bridge.OperatorJID, replace bool, name string, n int) (bridge.Imported, string) {
		t.Helper()
		x := bridge.AnswerImport{Most: 100}
		for i := range n {
			x.Rows = append(x.Rows, bridge.AnswerRow{Answer: bridge.Answer{AnswerKey: bridge.AnswerKey{Name: fmt.Sprint(name, i)}, Text: "x"}, For: string(by), Line: i + 1})
		}
		var done bridge.Imported
		var faults []bridge.AnswerFault
		store := bridge.ImportAnswers
		if replace {
			store = bridge.ReplaceAnswers
		}
		err := h.store.Update(t.Context(), func(tx bridge.Tx) (err error) {
			done, faults, err = store(tx, x, h.clock.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, f := range faults {
			told = append(told, fmt.Sprintf("%d %s", f.Line, phrase.Of(f.What)))
		}
		return done, strings.Join(told, "|")
	}
	for i, c := range []struct {
		by      bridge.OperatorJID
		replace bool
		name    string
		n       int
		done    bridge.Imported
		faults  string
	}{
		{xavi, false, "a", 2001, bridge.Imported{}, "2001 The file has 2001 answers for xavi@example.org, and there is room for 2000: at most 2000 are kept."},
		{xavi, false, "a", 1990, bridge.Imported{Added: 1990}, ""},
		{xavi, false, "b", 11, bridge.Imported{}, "11 The file has 11 answers for xavi@example.org, and there is room for 10: at most 2000 are kept."},
		{xavi, false, "b", 10, bridge.Imported{Added: 10}, ""},
		{xavi, false, "a", 1990, bridge.Imported{Unchanged: 1990}, ""},
		{olga, false, "c", 11, bridge.Imported{Added: 11}, ""},
		{xavi, true, "c", 2000, bridge.Imported{Added: 2000, Deleted: 2011}, ""},
	} {
		if done, faults := in(c.by, c.replace, c.name, c.n); done != c.done || faults != c.faults {
			t.Errorf("import %d: %+v, %q", i+1, done, faults)
		}
	}
}
