package page

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestLinked_AsTheWidget holds the page without script to the texts that hold the widget.
func TestLinked_AsTheWidget(t *testing.T) {
	data, err := os.ReadFile("../ui/unit/address.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts [][2]any
	if err := json.Unmarshal(data, &texts); err != nil || len(texts) < 30 {
		t.Fatalf("%d texts, %v", len(texts), err)
	}
	for _, pair := range texts {
		text := pair[0].(string)
		want := []string{}
		for _, address := range pair[1].([]any) {
			want = append(want, address.(string))
		}
		got, whole := []string{}, ""
		for _, p := range linked(text) {
			whole += p.Text
			if p.Link != "" {
				got = append(got, p.Text)
			}
		}
		if !slices.Equal(got, want) || whole != text {
			t.Errorf("%q: links %q, want %q; the text is %q", text, got, want, whole)
		}
	}
}

func TestLinked_LeadsToTheWeb(t *testing.T) {
	for text, want := range map[string]string{"www.a.example/x": "http://www.a.example/x", "HTTPS://A.EXAMPLE/x": "HTTPS://A.EXAMPLE/x"} {
		if got := linked(text); len(got) != 1 || got[0].Link != want {
			t.Errorf("%q: %+v, want %q", text, got, want)
		}
	}
}

func FuzzLinked(f *testing.F) {
	f.Add("see (https://a.example/b_(c)&d;).")
	f.Add("看www.a.example，HTTP://b")
	f.Fuzz(func(t *testing.T, text string) {
		whole := ""
		for _, p := range linked(text) {
			whole += p.Text
			if p.Link != "" && !strings.HasPrefix(strings.ToLower(p.Link), "http") {
				t.Errorf("%q leads to %q", p.Text, p.Link)
			}
		}
		if whole != text {
			t.Errorf("%q became %q", text, whole)
		}
	})
}
