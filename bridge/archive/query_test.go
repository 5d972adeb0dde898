package archive

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

var noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// brief is a query in one line.
func (q Query) brief() string {
	var list []string
	for _, t := range q.terms {
		var words []string
		for _, u := range t.units {
			words = append(words, u.text)
		}
		line := strings.Join(words, "+")
		if t.prefix {
			line += "*"
		}
		list = append(list, line)
	}
	for key, values := range map[string][]string{"o": q.Operators, "t": q.Tags, "d": q.Departments} {
		for _, v := range values {
			list = append(list, key+":"+v)
		}
	}
	if q.During != nil {
		list = append(list, q.During.From.Format(time.DateOnly)+"/"+q.During.Until.Format(time.DateOnly))
	}
	return strings.Join(list, " | ")
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"Refund please":       "refund | please",
		"refund*":             "refund*",
		`"Exact  words" then`: "exact+words | then",
		`“exact words” „so auch“ «et ainsi»`:   "exact+words | so+auch | et+ainsi",
		`"never closed and more`:               "never+closed+and+more",
		`"with a star*"`:                       "with+a+star",
		"operator:olga refund":                 "refund | o:olga",
		`OPERATOR:"Olga Petrova"`:              "o:Olga Petrova",
		"tag:#refund":                          "t:refund",
		"department:sales":                     "d:sales",
		"other:thing":                          "other+thing",
		"ORDER-4711":                           "order+4711",
		"退款 手机坏":                               "退+款 | 手+机+坏",
		"x 2026-11-01..2026-11-15":             "x | 2026-11-01/2026-11-16",
		"x 2026-10..":                          "x | 2026-10-01/3000-01-01",
		"x ..2026-10":                          "x | 1970-01-02/2026-11-01",
		"2026":                                 "2026",
		"hello..world":                         "hello+world",
		"x ? !":                                "x",
		"error: ? !":                           "There is nothing to look for: a word has letters or digits.",
		"error: ":                              "There is nothing to look for: a word has letters or digits.",
		`error: ""`:                            "There is nothing to look for: a word has letters or digits.",
		"error: operator: x":                   `Something is missing after "operator:".`,
		"error: 2026-13-01..":                  `"2026-13-01.." is no range: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15.`,
		"error: ..2026-02-30":                  `"..2026-02-30" is no range: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15.`,
		"error: 2026-13..2027":                 `"2026-13..2027" is no range: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15.`,
		"error: re*":                           `Before * at least 3 letters are needed: "re*" would find nearly everything.`,
		"주문* של*":                              "주문* | של*",
		"退*":                                   "退*",
		"error: 2025..2026 2024..2026":         `Only one range of days can be looked at: "2024..2026" is the second.`,
		"error:" + strings.Repeat(" x", 21):    "At most 20 words can be looked for at once.",
		`error:"` + strings.Repeat(" x", 61):   "At most 60 words can be looked for at once.",
		"error: " + strings.Repeat("退", 61):    "At most 60 words can be looked for at once.",
		"error: tag:\"\" operator:\"olga\"  x": `Something is missing after "tag:".`,
	} {
		text, wrong := strings.CutPrefix(text, "error:")
		q, err := Parse(text, noon)
		got := q.brief()
		if err != nil {
			got = phrase.Of(err).String()
		}
		if got != want || wrong != (err != nil) || wrong && phrase.CodeOf(err) != phrase.CodeInvalid {
			t.Errorf("%q is read as\n\t%s (%v) and not\n\t%s", text, got, err, want)
		}
	}
}

// TestLookup_SaysWhenTheIndexKnowsAll: what the index is asked, and whether the logs have to be read as well.
func TestLookup_SaysWhenTheIndexKnowsAll(t *testing.T) {
	for text, want := range map[string]string{
		"refund please":         "[refund please] [] true",
		"refund*":               "[] [refund] true",
		`"refund please"`:       "[refund please] [] false",
		"退款":                    "[退款] [] true",
		"退":                     "[] [退] true",
		"我要退款":                  "[我要 要退 退款] [] false",
		`"我要 退"`:                "[我要] [退] false",
		"iPhone手机":              "[iphone 手机] [] false",
		"4711-abc*":             "[4711] [abc] false",
		strings.Repeat("x", 90): "[" + strings.Repeat("x", longestWord) + "] [] false",
	} {
		q, err := Parse(text, noon)
		if err != nil {
			t.Fatal(err)
		}
		l, exact := q.lookup()
		if got := fmt.Sprint(l.Words, l.Begins, exact); strings.ReplaceAll(got, "][", "] [") != want {
			t.Errorf("%q asks for %s and not %s", text, got, want)
		}
	}
}
