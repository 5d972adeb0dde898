package ui_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// TestWords_AKeyHasOneText: a panel keeps the texts of all groups together, and two parts may need the same one.
func TestWords_AKeyHasOneText(t *testing.T) {
	text, err := os.ReadFile("words.json")
	if err != nil {
		t.Fatal(err)
	}
	var groups map[string]map[string]string
	if err := json.Unmarshal(text, &groups); err != nil {
		t.Fatal(err)
	}
	in := make(map[string]string)
	for group, texts := range groups {
		for key, text := range texts {
			if in[key] != "" && in[key] != text {
				t.Errorf("%q in %s is %q, and elsewhere %q", key, group, text, in[key])
			}
			in[key] = text
		}
	}
}

// TestWords_NoKeyTwice: JSON takes the later of two equal keys without a word, and the other text is lost.
func TestWords_NoKeyTwice(t *testing.T) {
	text, err := os.ReadFile("words.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := repeated(text); err != nil {
		t.Errorf("words.json: %v", err)
	}
	for text, ok := range map[string]bool{`{"a": "1", "b": {"a": "2"}}`: true, `{"a": "1", "b": "2", "a": "1"}`: false, `{"b": [{"a": 1, "a": 2}]}`: false} {
		if err := repeated([]byte(text)); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// repeated returns an error if an object of the text has a key twice.
func repeated(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	var value func() error
	value = func() error {
		token, err := d.Token()
		open, nested := token.(json.Delim)
		if err != nil || !nested {
			return err
		}
		seen := make(map[any]bool)
		for d.More() {
			if open == '{' {
				key, err := d.Token()
				if err != nil {
					return err
				}
				if seen[key] {
					return fmt.Errorf("%q is there twice", key)
				}
				seen[key] = true
			}
			if err := value(); err != nil {
				return err
			}
		}
		_, err = d.Token() // the closing bracket
		return err
	}
	return value()
}
