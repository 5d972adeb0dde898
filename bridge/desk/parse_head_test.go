package desk

import "testing"

// A subject ends at a colon that ends a word.
func TestHeaded(t *testing.T) {
	for text, want := range map[string][2]string{
		"Invoice: It is paid.":    {"Invoice", " It is paid."},
		"http://x.example/: url":  {"http://x.example/", " url"},
		"At 12:30 today:\nplease": {"At 12:30 today", "\nplease"},
		"Invoice:":                {"Invoice", ""},
		"http://x.example":        {"", ""},
		"Invoice\nIt is: paid":    {"", ""},
	} {
		head, rest, ok := headed(text)
		if head != want[0] || rest != want[1] || ok != (head != "") {
			t.Errorf("%q: %q and %q, %v", text, head, rest, ok)
		}
	}
}
