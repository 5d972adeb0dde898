package answerfile

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// row is a row with the lines taken out, so that rows of both formats can be compared.
func row(name, whose, language, text string, then ...string) bridge.AnswerRow {
	r := bridge.AnswerRow{For: whose}
	r.Name, r.Language, r.Text, r.Then = name, language, text, then
	return r
}

func withoutLines(rows []bridge.AnswerRow) []bridge.AnswerRow {
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i].Line, rows[i].Lines = 0, nil
	}
	return rows
}

func told(faults []bridge.AnswerFault) string {
	var list []string
	for _, f := range faults {
		list = append(list, fmt.Sprintf("%d %s: %s", f.Line, f.Key, phrase.Of(f.What)))
	}
	return strings.Join(list, "\n")
}

// difficult are answers that a careless format would spoil.
func difficult() []bridge.AnswerRow {
	return []bridge.AnswerRow{
		row("hi", "all", "", "Hello {visitor}!"),
		row("hi", "sales", "pt-br", "Olá, \"você\"\nsegunda linha\n\nquarta"),
		row("quotes", "olga@example.org", "de", `"""`+"\n"+`\n is no line break, \ is one backslash, """"`),
		row("tab", "all", "", "a\tb\x01\x7f ñ 客服 🙂 \u2028"),
		row("cells", "all", "", "a,b;c\n\"d\""),
		row("then", "all", "", "", "tag refund", `close #refund: "paid", all`),
		row("spaces", "all", "", "  in front and behind  "),
		row("equals", "all", "", "=1+1"),
		row("formulas", "all", "", "+34 600", "-x", "@home"),
		row("apostrophes", "all", "", "'=1", "''-1", "'tis", "''", "'"),
	}
}

// No cell of a table is taken for a formula, and what was written so is read as it was.
func TestWriteCSV_HasNoFormulas(t *testing.T) {
	for text, cell := range map[string]string{"=1+1": "'=1+1", "-x": "'-x", "+1": "'+1", "@SUM(1)": "'@SUM(1)", "\t=1": "'\t=1", "＝1": "'＝1",
		"'=1": "''=1", "''=1": "'''=1", "'tis": "'tis", "a=1": "a=1", "": "", "'": "'"} {
		if got := harmless(text); got != cell {
			t.Errorf("%q is written %q, want %q", text, got, cell)
		}
		if got := asMeant(cell); got != text {
			t.Errorf("%q is read as %q, want %q", cell, got, text)
		}
	}
}

// A table that has a column too many is a table all the same.
func TestGuess_ATableWithAnUnknownColumn(t *testing.T) {
	for text, want := range map[string]string{"name,text,bogus\na,b,c": CSV, "name;text\na;b": CSV, "a, b, c": TOML, "name = \"a, text\"": TOML, "[[answer]]": TOML} {
		if got := Guess([]byte(text)); got != want {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
}

// What is written is read as the same, in both formats.
func TestWrite_IsReadAsTheSame(t *testing.T) {
	for _, format := range []string{TOML, CSV} {
		file := Write(format, difficult())
		rows, faults := Read(format, file)
		if len(faults) > 0 || !reflect.DeepEqual(withoutLines(rows), difficult()) {
			t.Errorf("%s: %s\n%+v\n%s", format, told(faults), withoutLines(rows), file)
		}
		if got := Guess(file); got != format {
			t.Errorf("a %s is taken for %s", format, got)
		}
		if rows, faults := Read(format, Write(format, nil)); len(rows)+len(faults) > 0 {
			t.Errorf("an empty %s has %v, %s", format, rows, told(faults))
		}
	}
}

// A file is read as people and spreadsheets write it; what is wrong is said with line and key.
func TestRead_SaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ format, file, rows, faults string }{
		{TOML, "[[answer]]\nname = 'hi'\ntext = '''\nHello'''\nthen = \"close\"\n", "hi all - Hello [close]", ""},
		{TOML, "\uFEFF[[answer]]\nname=\"hi\"\ntext=\"x\"", "hi all - x []", ""},
		{TOML, "[[answer]]\nname = \"hi\"\n\nlang = \"de\"\ntext = 5\nthen = [1]\n", "hi all -  []",
			"4 lang: There is no such key. There are: name, for, language, text, then.\n5 text: This is no text in quotation marks.\n6 then: This is no text in quotation marks."},
		{TOML, "name = \"hi\"\n[other]\nx=1\n", "", "1 name: There is no such key. Each answer begins with a line [[answer]].\n2 other: There is no such key. Each answer begins with a line [[answer]]."},
		{TOML, "answer = 5\n", "", "1 answer: There is no such key. Each answer begins with a line [[answer]]."},
		{TOML, "[[answer]]\nname = \"hi\ntext = \"x\"\n", "", "2 : This is no TOML: strings cannot contain newlines."},
		{TOML, "[[answer]]\nname = \"a\"\nname = \"b\"\n", "", "3 : This is no TOML: Key 'answer.name' has already been defined."},
		{CSV, "Name,Text\r\nhi,\"Hello\r\nyou\"\r\n", "hi all - Hello\nyou []", ""},
		{CSV, "\uFEFFname;language;text\nhi;de;Hallo, du\n", "hi all de Hallo, du []", ""},
		{CSV, "text,name,then\nx,hi,\"close a\ntag b\"\n\ny,ho\n", "hi all - x [close a tag b]\nho all - y []", ""},
		{CSV, "name,lang,text,text\nhi,de,Hallo,x\n", "", "1 lang: There is no such key. There are: name, for, language, text, then.\n1 text: There is no such key. There are: name, for, language, text, then."},
		{CSV, "name,language\nhi,de\n", "", "1 : The first row names the columns: name,for,language,text,then."},
		{CSV, "", "", "1 : The first row names the columns: name,for,language,text,then."},
		{CSV, "name,text\nhi,x,y\n", "hi all - x []", "2 : The row has 3 cells, and the first row 2."},
		{CSV, "name,text\nhi,\"x\n", "", "2 : A cell that begins with \" does not end with one, or goes on behind it. Write \"\" for each within it."},
		{CSV, "name,text\nhi,x\"y\"\n", "", "2 : There is a \" within a cell that does not begin with one. Write the cell in quotation marks, and \"\" for each within it."},
	} {
		rows, faults := Read(c.format, []byte(c.file))
		var got []string
		for _, r := range rows {
			got = append(got, fmt.Sprintf("%s %s %s %s %v", r.Name, or(r.For, "all"), or(r.Language, "-"), r.Text, r.Then))
		}
		if strings.Join(got, "\n") != c.rows || told(faults) != c.faults {
			t.Errorf("%q is\n%s\nand\n%s\nwant\n%s\nand\n%s", c.file, strings.Join(got, "\n"), told(faults), c.rows, c.faults)
		}
	}
	if rows, faults := Read(TOML, []byte("[[answer]]\nname = \"a\"\n\n[[answer]]\n")); len(faults) > 0 || len(rows) != 2 || rows[1].Line != 4 {
		t.Errorf("an empty table is %+v %s", rows, told(faults))
	}
	if _, faults := Read(CSV, make([]byte, MostBytes+1)); len(faults) != 1 || phrase.CodeOf(faults[0].What) != phrase.CodeTooLarge {
		t.Errorf("a file that is too large: %s", told(faults))
	}
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// Each key of each answer is known by its line.
func TestRead_KnowsTheLines(t *testing.T) {
	for format, file := range map[string]string{
		TOML: "# a comment\n\n[[answer]]\nname = \"a\"\ntext = \"\"\"\n1\n2\"\"\"\n\n[[answer]]\ntext = \"b\"\nname = \"b\"\n",
		CSV:  "name,text\na,\"1\n2\n3\n\"\n\n\n\nb,\"b\n\"\n",
	} {
		rows, faults := Read(format, []byte(file))
		want := map[string][3]int{TOML: {4, 10, 11}, CSV: {2, 9, 9}}[format]
		if len(faults) > 0 || len(rows) != 2 || [3]int{rows[0].Line, rows[1].Line, rows[1].Lines["name"]} != want {
			t.Errorf("%s: %+v %s", format, rows, told(faults))
		}
	}
}

func TestFormatOf(t *testing.T) {
	for name, want := range map[string]string{"a.toml": TOML, "/x/a.b.CSV": CSV, "a": "", "-": "", "a.xlsx": ""} {
		if got := FormatOf(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Whatever a file holds, reading it ends in rows or in faults that say where; and what was read is written and read again
// as the same.
func fuzz(f *testing.F, format string) {
	f.Add(Write(format, difficult()))
	for _, seed := range []string{"", "\uFEFF", "name,text\na,b\n", "name;text\n\"", "[[answer]]\nname='a'\n", "[[answer.x]]\n", "answer=[{name=\"a\"}]", "[answer]\na.b=1\n", "\x00", "[[answer]]\nthen=[[\"a\"]]", "[[answer]]\ntext=1979-05-27T07:32:00Z"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, faults := Read(format, data)
		for _, fault := range faults {
			if fault.What == nil || phrase.CodeOf(fault.What) == phrase.CodeInternal || fault.Line < 0 {
				t.Fatalf("%q: %+v", data, fault)
			}
		}
		if len(faults) > 0 {
			return
		}
		again, faults := Read(format, Write(format, rows))
		if len(faults) > 0 || !reflect.DeepEqual(withoutLines(again), normal(rows)) {
			t.Fatalf("%q is read as\n%+v\nand after that as\n%+v\n%s", data, normal(rows), withoutLines(again), told(faults))
		}
	})
}

// normal takes out of rows what no file keeps: bytes that are no text, and line breaks of two characters.
func normal(rows []bridge.AnswerRow) []bridge.AnswerRow {
	rows = withoutLines(rows)
	for i := range rows {
		for _, s := range []*string{&rows[i].Name, &rows[i].For, &rows[i].Language, &rows[i].Text} {
			*s = strings.ReplaceAll(*s, "\r\n", "\n")
		}
	}
	return rows
}

func FuzzRead_TOML(f *testing.F) { fuzz(f, TOML) }
func FuzzRead_CSV(f *testing.F)  { fuzz(f, CSV) }
