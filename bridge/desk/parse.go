package desk

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// parse cuts the text after a command's name into its fields.
func (d *Desk) parse(call Call, c Command, rest string) (map[string]string, error) {
	args := make(map[string]string, len(c.Fields))
	for _, f := range c.Fields {
		if rest == "" {
			if f.Required {
				return nil, refuse("Missing: %s. Write: %s.", f.shown(), c.written(call))
			}
			continue
		}
		word := rest
		switch f.Kind {
		case Who, Where:
			value, after, err := d.whom(call, f.Kind, rest)
			if err != nil && !f.Required && dated(rest) {
				continue
			}
			if err != nil {
				return nil, err
			}
			args[f.Name], rest = value, after
			continue
		case Rest:
			rest = ""
		default:
			word, rest = split(rest)
		}
		if _, ok := span(word); f.Kind == Span && !ok && !f.Required && !numeric(word) {
			rest = strings.TrimSpace(word + " " + rest)
			continue
		}
		if f.Kind == During && !f.Required && len(word) != len("2026") && strings.Trim(word, "0123456789") == "" {
			rest = strings.TrimSpace(word + " " + rest)
			continue
		}
		value, err := d.check(call, c, f, word)
		if err != nil {
			return nil, err
		}
		args[f.Name] = value
	}
	if rest != "" {
		return nil, refuse("%q is too much. Write: %s.", voice.Clip(rest, 40), c.written(call))
	}
	return args, nil
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

// check returns the value of a field in its normal form, or says what is wrong with it.
func (d *Desk) check(call Call, c Command, f Field, word string) (string, error) {
	switch f.Kind {
	case Who, Where:
		value, rest, err := d.whom(call, f.Kind, word)
		if err == nil && rest != "" {
			err = refuse("%q is too much. Write: %s.", voice.Clip(rest, 40), c.written(call))
		}
		return value, err
	case Number:
		n, ok := number(word)
		if !ok {
			return "", refuse("%q is no number of a request. Write: %s, for example %s%s 12.", voice.Clip(word, 40), c.written(call), c.mark(call), c.Name)
		}
		return n, nil
	case Span:
		if _, ok := span(word); !ok {
			return "", refuse("%q is no time such as 30m, 12h, 7d or 4w. Write: %s.", voice.Clip(word, 40), c.written(call))
		}
		return strings.ToLower(word), nil
	case During:
		days, err := bridge.ParseRange(word, d.today(call))
		return days.String(), err
	case OneOf:
		if w := strings.ToLower(word); slices.Contains(f.Options, w) {
			return w, nil
		}
		return "", refuse("%q is none of %s. Write: %s.", voice.Clip(word, 40), strings.Join(f.Options, ", "), c.written(call))
	}
	return word, nil
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
