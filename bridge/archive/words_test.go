package archive

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestWords_OfAnyScript: what the index knows of a text: words in small letters without accents, and overlapping
// pairs of the characters of scripts without spaces.
func TestWords_OfAnyScript(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"  ?! – ...":                  "",
		"Where's my REFUND, please?":  "where s my refund please",
		"Größe, Straße; Œuvre":        "grosse strasse oeuvre",
		"GRO\u0308\u00dfe":            "grosse",
		"Málaga Ñandú Łódź Øre İzmir": "malaga nandu lodz ore izmir",
		"Άνθρωπος ΆΝΘΡΩΠΟΣ":           "ανθρωποσ ανθρωποσ",
		"Мой ёж и й":                  "мой еж и й",
		"كِتَاب كتاب":                 "كتاب كتاب",
		"שָׁלוֹם":                     "שלום",
		"हिन्दी में":                  "हिन्दी में",
		"한국어 주문":                      "한국어 주문",
		"退款":                          "退款 款",
		"我要退款。谢谢":                     "我要 要退 退款 款 谢谢 谢",
		"iPhone手机 15":                 "iphone 手机 机 15",
		"コーヒー":                        "コー ーヒ ヒー ー",
		"ｺｰﾋｰ":                        "コー ーヒ ヒー ー",
		"ｶﾞｷ":                         "ガキ キ",
		"か\u3099き":                    "がき き",
		"น้ำตาล":                      "น้ํา ําต ตา าล ล",
		"ＡＢＣ１２３ ﬁne":                  "abc123 fine",
		"order_4711 a@b.example":      "order 4711 a b example",
		"x\u0301":                     "x",
		"\u0301x":                     "x",
		"a\xffb\x00c":                 "a b c",
		"½ ㎏ 👍":                       "12",
	} {
		if got := strings.Join(wordsOf(unitsOf(text)), " "); got != want {
			t.Errorf("%q has the words\n\t%q and not\n\t%q", text, got, want)
		}
	}
	long := strings.Repeat("ab", 500)
	if got := wordsOf(unitsOf(long)); len(got) != 1 || got[0] != long[:longestWord] {
		t.Errorf("a very long word is %q", got)
	}
}

// FuzzUnits: whatever the text, each unit is a part of it, they follow each other, and no word has anything in it
// that an index may take for something else.
func FuzzUnits(f *testing.F) {
	for _, s := range []string{"Where's my refund?", "我要退款", "น้ำตาล ก\u0e48", "a\xff\u0301b", "\u0301\u0e31x", "İ ß ﬁ ½", "=o123"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		units := unitsOf(text)
		for _, u := range units {
			if u.from < at || u.upto <= u.from || u.upto > len(text) {
				t.Fatalf("%q: unit %+v after %d", text, u, at)
			}
			at = u.upto
		}
		for _, w := range wordsOf(units) {
			if w == "" || strings.ContainsAny(w, " =\"*\x00\t\n") || !utf8.ValidString(w) || w != strings.ToLower(w) && fmt.Sprint(w) != w {
				t.Fatalf("%q has the word %q", text, w)
			}
		}
	})
}
