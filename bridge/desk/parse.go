package desk

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// parse cuts the text after a command's name into its fields, and returns what follows the last one.
func (d *Desk) parse(call Call, c Command, rest string) (args map[string]string, left string, err error) {
	args = make(map[string]string, len(c.Fields))
	for i, f := range c.Fields {
		if f.Form {
			continue
		}
		if rest == "" {
			if f.Required {
				return nil, "", refuse("Missing: %s. Write: %s.", f.shown(), c.written(call))
			}
			continue
		}
		if c.begins(rest) && (f.Bare || !f.Required && f.Kind == Word && c.pairs(rest)) {
			continue
		}
		value, left, err := d.read(call, c, i, rest)
		if err != nil {
			return nil, "", err
		}
		if value != "" {
			args[f.Name] = value
		}
		rest = left
	}
	return args, rest, nil
}

// begins reports whether a text begins with a key of the command's record and a =.
func (c Command) begins(text string) bool {
	m := assigned.FindStringSubmatchIndex(text)
	if m == nil || m[2] != 0 || c.Record == nil {
		return false
	}
	_, known := Subject{Keys: c.Record.Keys()}.key(text[:m[3]])
	return known
}

// pairs reports whether a text has several keys of the command's record, each with a =.
func (c Command) pairs(text string) bool {
	n := 0
	for _, m := range assigned.FindAllStringSubmatch(text, -1) {
		if _, known := (Subject{Keys: c.Record.Keys()}).key(m[1]); known {
			n++
		}
	}
	return n > 1
}

// read takes the value of a command's field i from the beginning of a text. The value is "" if the field is left out.
func (d *Desk) read(call Call, c Command, i int, text string) (value, rest string, err error) {
	f := c.Fields[i]
	mayLack := !f.Required && i < len(c.Fields)-1
	if mayLack && (f.Kind == Where || f.Kind == During) && claims(c.Fields[i+1:], text) {
		return "", text, nil
	}
	switch f.Kind {
	case Who, Where, Department, Whose:
		value, rest, err = d.whom(call, f, text, i < len(c.Fields)-1)
		if mayLack && phrase.CodeOf(err) == phrase.CodeNotFound && c.Fields[i+1].mayBe(text) {
			return "", text, nil
		}
		return value, rest, err
	case Whos:
		return d.whos(call, c, i, text)
	case Head:
		head, tail, ok := headed(text)
		if !ok {
			return "", "", refuse("Missing: the colon behind %s. Write: %s.", f.Name, c.written(call))
		}
		value, err = d.check(call, c, f, head)
		return value, strings.TrimSpace(tail), err
	case Addresses:
		return addresses(text)
	case Several:
		text, rest = beforeFlag(c.Fields[i+1:], text)
		value, err = d.check(call, c, f, text)
		return value, rest, err
	case Text, Lines, Rest:
		if c.Confirm != nil {
			text, rest = beforeFlag(c.Fields[i+1:], text)
		}
		value, err = d.check(call, c, f, text)
		return value, rest, err
	}
	word, rest := split(text)
	for f.Kind == Numbers && rest != "" && (strings.HasSuffix(word, ",") || strings.HasPrefix(rest, ",")) {
		next, after := split(rest)
		word, rest = word+next, after
	}
	if _, ok := span(word); f.Kind == Span && !ok && !f.Required && !numeric(word) {
		return "", text, nil
	}
	if f.Kind == During && !f.Required && len(word) != len("2026") && strings.Trim(word, "0123456789") == "" {
		return "", text, nil
	}
	if f.Kind == Page && !numeric(word) {
		return "", text, nil
	}
	if f.Kind == Flag && !strings.EqualFold(word, f.Name) {
		return "", text, nil
	}
	value, err = d.check(call, c, f, word)
	if mayLack && f.Kind == OneOf && err != nil {
		return "", text, nil
	}
	return value, rest, err
}

// beforeFlag cuts the name of a Flag among the fields that follow off the end of a text.
func beforeFlag(fields []Field, text string) (value, flag string) {
	at := strings.LastIndexFunc(text, unicode.IsSpace)
	word := strings.TrimSpace(text[at+1:])
	if at > 0 && slices.ContainsFunc(fields, func(f Field) bool { return f.Kind == Flag && strings.EqualFold(word, f.Name) }) {
		return strings.TrimSpace(text[:at]), word
	}
	return text, ""
}

// whos takes the names of operators from the beginning of a text, up to the word of a Flag that follows, or, if a field
// of another kind follows, up to a word that is no operator.
func (d *Desk) whos(call Call, c Command, i int, text string) (value, rest string, err error) {
	var found []string
	rest = strings.ReplaceAll(text, ",", ", ")
	for rest != "" {
		word, _ := split(rest)
		more := slices.IndexFunc(c.Fields[i+1:], func(f Field) bool { return f.Kind != Flag })
		if flag := slices.IndexFunc(c.Fields[i+1:], func(f Field) bool { return f.Kind == Flag && strings.EqualFold(word, f.Name) }); flag >= 0 {
			break
		}
		one, left, err := d.whom(call, c.Fields[i], rest, false)
		if len(found) > 0 && more >= 0 && phrase.CodeOf(err) == phrase.CodeNotFound {
			break
		}
		if err != nil {
			return "", "", err
		}
		if !slices.Contains(found, one) {
			found = append(found, one)
		}
		rest = left
	}
	if len(found) == 0 && c.Fields[i].Required {
		return "", "", refuse("Missing: %s. Write: %s.", c.Fields[i].shown(), c.written(call))
	}
	return strings.Join(found, " "), rest, nil
}

// mayBe reports whether a text that names nobody may be meant for the field instead.
func (f Field) mayBe(text string) bool {
	switch f.Kind {
	case During, Page:
		return dated(text)
	case Flag:
		word, _ := split(text)
		return strings.EqualFold(word, f.Name)
	}
	return true
}

// dated reports whether a text begins like a range of days or a number.
func dated(text string) bool {
	word, _ := split(strings.ToLower(text))
	return numeric(word) || word == "today" || word == "yesterday"
}

// numeric reports whether a word is meant as a number, with or without a sign.
func numeric(word string) bool {
	first := strings.TrimLeft(word, "+-−–")
	return first != "" && first[0] >= '0' && first[0] <= '9'
}

// check returns the value of a field in its normal form, or says what is wrong with it. A form's several values come with
// a line for each.
func (d *Desk) check(call Call, c Command, f Field, text string) (string, error) {
	switch f.Kind {
	case Who, Where, Department, Whose:
		value, rest, err := d.whom(call, f, text, false)
		if err == nil && rest != "" {
			err = tooMuch(call, c, rest)
		}
		return value, err
	case Number:
		n, ok := number(text)
		if !ok {
			return "", refuse("%q is no number of a request. Write: %s, for example %s%s 12.", voice.Clip(text, 40), c.written(call), c.mark(call), c.Name)
		}
		return n, nil
	case Numbers:
		return counts(text)
	case Addresses:
		value, rest, err := addresses(text)
		if err == nil && rest != "" {
			err = noAddress(rest)
		}
		return value, err
	case Page:
		_, err := count(text)
		return text, err
	case Span:
		if _, ok := span(text); !ok {
			return "", refuse("%q is no time such as 30m, 12h, 7d or 4w. Write: %s.", voice.Clip(text, 40), c.written(call))
		}
		return strings.ToLower(text), nil
	case During:
		days, err := bridge.ParseRange(text, d.bridge.Hours.Today())
		return days.String(), err
	case OneOf:
		if w := strings.ToLower(text); slices.Contains(f.Options, w) || len(f.Options) == 0 {
			return w, nil
		}
		return "", refuse("%q is none of %s. Write: %s.", voice.Clip(text, 40), strings.Join(f.Options, ", "), c.written(call))
	case Flag:
		return flag(f, text)
	case Head, Text, Lines:
		if text = bridge.CleanText(text); text == "" && f.Required {
			return "", refuse("Missing: %s. Write: %s.", f.shown(), c.written(call))
		}
		if f.Kind == Lines {
			return text, nil
		}
		text = strings.Join(strings.Fields(text), " ")
		return text, tooLong(text)
	case Word:
		return text, tooLong(text)
	}
	return text, nil
}

// mostLetters is how long a word or a line may be: longer than any name that somebody has.
const mostLetters = 200

func tooLong(text string) error {
	if len([]rune(text)) > mostLetters {
		return refuse("%q is too long.", voice.Clip(text, 40))
	}
	return nil
}

// flag reads a Flag: its name, or one of the words for on and off, in any case.
func flag(f Field, text string) (string, error) {
	switch strings.ToLower(text) {
	case strings.ToLower(f.Name), "on", "yes", "true", "1":
		return on, nil
	case "off", "no", "false", "0":
		return "", nil
	}
	return "", refuse("%q is neither on nor off.", voice.Clip(text, 40))
}

// on is the value of a Flag that is set.
const on = "on"

func tooMuch(call Call, c Command, text string) error {
	return refuse("%q is too much. Write: %s.", voice.Clip(text, 40), c.written(call))
}

// split cuts off the first word. Any space ends it: phones write no-break spaces, and pasted
// lines have tabs.
func split(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}

// Visible returns a text without the invisible characters around it, which come along when
// a text is pasted: spaces of all kinds, and format characters (Unicode category Cf, such as
// U+200B and U+FEFF).
func Visible(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
}

// number reads "12" or "#12" and returns "12".
func number(s string) (string, bool) {
	s = strings.TrimPrefix(s, "#")
	n, err := strconv.ParseInt(s, 10, 64)
	return strconv.FormatInt(n, 10), err == nil && n > 0 && s[0] != '+'
}

// edits is how many letters of a have to be changed, added, left out or swapped with the next
// one to get b (optimal string alignment). For words of more than 30 letters it is their length.
func edits(a, b string) int {
	if len(a) > 30 {
		return len(a)
	}
	var before, last, row []int
	for i := range len(a) + 1 {
		before, last, row = last, row, make([]int, len(b)+1)
		for j := range row {
			switch {
			case i == 0 || j == 0:
				row[j] = i + j
			case a[i-1] == b[j-1]:
				row[j] = last[j-1]
			default:
				row[j] = 1 + min(last[j-1], last[j], row[j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], 1+before[j-2])
			}
		}
	}
	return row[len(b)]
}

// nearest is the word that somebody may have meant by a mistyped one: the one with the fewest mistakes, of which a short
// word has one and a longer one two, or one that begins so; "" if there is none.
func nearest(typed string, words []string) (best string) {
	least := 4
	for _, w := range words {
		n, begins := edits(typed, w), strings.HasPrefix(w, typed)
		if n >= len(w) || n > least || n == least && !begins || n > 1+len(w)/6 && !(begins && n <= 3) {
			continue
		}
		best, least = w, n
	}
	return best
}

// headed parts a text behind the first colon of its first line that ends a word: those within a time or a link do not.
func headed(text string) (head, rest string, ok bool) {
	line, _, _ := strings.Cut(text, "\n")
	for i := range len(line) {
		if line[i] == ':' && (i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t') {
			return text[:i], text[i+1:], true
		}
	}
	return "", "", false
}
