package bridge

import "testing"

// Readers who come later find nothing of what was taken back, and no name of a file.
func TestBlanked(t *testing.T) {
	log := []Event{{Seq: 1, Type: EventMessage, Text: "words"}, {Seq: 2, Type: EventFile, Data: SentFile{URL: "https://x/a.pdf", Name: "Dismissal of Mr Smith.pdf"}},
		{Seq: 3, Type: EventCorrection, Data: Amended{1}, Text: "other words"}, {Seq: 4, Type: EventMessage, Text: "kept"},
		{Seq: 5, Type: EventRetraction, Data: Amended{1}}, {Seq: 6, Type: EventRetraction, Data: Amended{2}}}
	var left []string
	for _, e := range Blanked(log) {
		file, _ := e.Data.(SentFile)
		if words := e.Text + file.URL + file.Name; words != "" {
			left = append(left, words)
		}
	}
	if len(left) != 1 || left[0] != "kept" {
		t.Errorf("what is left: %q", left)
	}
}
