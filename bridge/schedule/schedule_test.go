package schedule

import (
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

var words = []string{"repeat", "room", "super"}

func parse(text string) (Schedule, error) { return Parse(text, words, "1m repeat") }

// A schedule is read in any order, and written in the order of time and without needless units.
func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"1m repeat, 2m room":          "1m repeat, 2m room",
		" 90s ROOM ,60s repeat":       "1m repeat, 1m30s room",
		"1h super":                    "1h super",
		"2m room, 2m super":           "2m room, 2m super",
		"1m repeat,2m repeat,4m room": "1m repeat, 2m repeat, 4m room",
		"off":                         "off",
		" OFF ":                       "off",
	} {
		s, err := parse(text)
		if err != nil || s.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, s, err, want)
		}
		if again, err := parse(s.String()); err != nil || !slices.Equal(again, s) {
			t.Errorf("%q is not read back: %v", s, err)
		}
	}
}

// What is wrong is refused with what is wrong and with how it is written right.
func TestParse_SaysWhatIsRight(t *testing.T) {
	for text, says := range map[string]string{
		"":                               "no time with a word",
		"1m":                             `"1m" is no time with a word`,
		"repeat":                         "no time with a word",
		"1m repeat room":                 "no time with a word",
		"1m repeat,, 2m room":            "no time with a word",
		"1 repeat":                       `"1" is no time such as`,
		"-1m repeat":                     "too short or too long",
		"1s repeat":                      "too short or too long",
		"25h repeat":                     "too short or too long",
		"1m rooom":                       `"rooom" is none of repeat, room, super`,
		"1m room, 60s room":              `"60s room" stands there twice`,
		strings.Repeat("1m room, ", 200): "twice",
	} {
		s, err := parse(text)
		if s != nil || phrase.CodeOf(err) != phrase.CodeInvalid || !strings.Contains(err.Error(), says) || !strings.HasSuffix(err.Error(), "Write for example: 1m repeat.") {
			t.Errorf("%q: %v, %v", text, s, err)
		}
	}
	if s, err := parse("1m repeat, 2m room, "); err != nil || len(s) != 2 {
		t.Errorf("with a comma at its end: %v, %v", s, err)
	}
	long := "10s room"
	for i := 11; i < 30; i++ {
		long += ", " + (time.Duration(i) * time.Second).String() + " room"
	}
	if _, err := parse(long); err == nil || !strings.Contains(err.Error(), "room for 12") {
		t.Errorf("many steps: %v", err)
	}
}

// Steps come one time after the other, those of the same time together, and each once.
func TestNext(t *testing.T) {
	s, err := parse("1m repeat, 2m room, 2m super, 4m room")
	if err != nil {
		t.Fatal(err)
	}
	var taken []string
	for reached, list := s.Next(0); reached > 0; reached, list = s.Next(reached) {
		taken = append(taken, reached.String()+" "+strings.Join(list, "+"))
	}
	if want := []string{"1m0s repeat", "2m0s room+super", "4m0s room"}; !slices.Equal(taken, want) {
		t.Errorf("taken %q, want %q", taken, want)
	}
	if s.Taken("super", time.Minute) || !s.Taken("super", 2*time.Minute) || s.Taken("else", time.Hour) {
		t.Error("what was taken is wrong")
	}
	if after, _ := Schedule(nil).Next(0); after != 0 {
		t.Error("the empty schedule has a step")
	}
}
