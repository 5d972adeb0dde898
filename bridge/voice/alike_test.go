package voice_test

import (
	"testing"

	"porchlight/bridge/voice"
)

// A word whose letters of another script all look like Latin ones pretends to be Latin; words of other languages don't.
func TestDisguised(t *testing.T) {
	for text, want := range map[string]string{
		"sаles":      "sales", // one Cyrillic letter
		"ѕсоре":      "scope", // all of them
		"büro-sаles": "büro-sales",
		"ρay":        "pay", // Greek
		"sales":      "", "büro": "", "kapı": "", "łódź": "", "продажи": "", "отдел-it": "", "πωλήσεις": "", "营业": "", "販売2": "",
	} {
		latin, yes := voice.Disguised(text)
		if yes != (want != "") || yes && latin != want {
			t.Errorf("%s: %v, %s", text, yes, latin)
		}
	}
}

// Names that people can't tell apart have the same skeleton.
func TestSkeleton(t *testing.T) {
	for _, c := range [][2]string{{"sales", "ѕаlеѕ"}, {"sales", "ｓａｌｅｓ"}, {"Sales", "sa1es"}, {"support", "supp0rt"}, {"fine", "ﬁne"}} {
		if a, b := voice.Skeleton(c[0]), voice.Skeleton(c[1]); a != b {
			t.Errorf("%s and %s differ: %s and %s", c[0], c[1], a, b)
		}
	}
	for _, c := range [][2]string{{"sales", "sale"}, {"büro", "buro"}, {"продажи", "продаж"}} {
		if voice.Skeleton(c[0]) == voice.Skeleton(c[1]) {
			t.Errorf("%s and %s are alike", c[0], c[1])
		}
	}
}
