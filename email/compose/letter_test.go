package compose_test

import (
	"html"
	"slices"
	"strings"
	"testing"

	"porchlight/bridge/phrase"
	"porchlight/email/compose"
	"porchlight/email/letter"
)

// Another porchlight reads of each mail what it is: so it answers an operator, and never an acknowledgement or
// anything else that a program wrote.
func TestBytes_OtherPorchlightsKnowWhatItIs(t *testing.T) {
	kinds := map[compose.Kind]letter.Kind{compose.Answer: letter.Normal, compose.Acknowledgement: letter.Automatic, compose.Closed: letter.Automatic}
	for name, m := range mails() {
		raw, err := compose.Bytes(m)
		if err != nil {
			t.Fatal(err)
		}
		l := letter.Read(raw, letter.Options{})
		if m.Picture != nil { // the test's one is small, which is what decorations are
			l.Flaws = slices.DeleteFunc(l.Flaws, func(f letter.Flaw) bool { return f == letter.Decoration })
		}
		kind, ok := kinds[m.Kind]
		if !ok {
			kind = letter.Generated
		}
		if l.Kind != kind || l.Quiet != (kind != letter.Normal) || l.Loop != m.Loop || len(l.Flaws) != 0 || l.Fault != nil {
			t.Errorf("%s: %s, quiet %t, loop %q, flaws %v, %v", name, l.Kind, l.Quiet, l.Loop, l.Flaws, l.Fault)
		}
		if l.ID != m.MessageID || !slices.Equal(l.References, m.References) || l.InReplyTo != m.InReplyTo || l.From.Addr != m.From.Addr || l.From.Name != m.From.Name ||
			l.ReplyTo.Addr != m.ReplyTo || m.Subject != "" && l.Subject != m.Subject || !l.Date.Equal(m.Date) || l.Language != m.Language {
			t.Errorf("%s: read as %+v", name, l)
		}
	}
}

// What an operator wrote is all that another porchlight shows of an answer in its chat: what was quoted, and the
// signature, are known as such.
func TestBytes_QuotesAreKnownAsSuch(t *testing.T) {
	for _, l := range phrase.Languages() {
		language := l.Tag
		raw, err := compose.Bytes(answer(language))
		if err != nil {
			t.Fatal(err)
		}
		l := letter.Read(raw, letter.Options{})
		if !strings.Contains(l.Chat, "And here is the drawing.") || strings.Contains(l.Chat, "A moment, I measure it.") || strings.Contains(l.Chat, "Example Support") {
			t.Errorf("%s: %q", language, l.Chat)
		}
	}
}

// A mail to a visitor is in each language: its header and both of its bodies say so, and the HTML goes in the direction of the
// language, also the line beside what is quoted.
func TestBytes_InEveryLanguage(t *testing.T) {
	for _, l := range phrase.Languages() {
		header, leaves := write(t, answer(l.Tag+"-XX"))
		if got := header.Get("Content-Language"); got != l.Tag {
			t.Errorf("%s: Content-Language %q", l.Tag, got)
		}
		for i, leaf := range leaves[:2] {
			for _, format := range []string{"Continue the conversation on our website", "Earlier in this conversation:"} {
				if said := l.Translate(format); !strings.Contains(html.UnescapeString(leaf.body), said) {
					t.Errorf("%s: body %d lacks %q", l.Tag, i, said)
				}
			}
		}
		side := map[string]string{"ltr": "border-left:3px", "rtl": "border-right:3px"}[l.Dir()]
		for _, want := range []string{`<html lang="` + l.Tag + `" dir="` + l.Dir() + `">`, side} {
			if !strings.Contains(leaves[1].body, want) {
				t.Errorf("%s: the HTML lacks %s", l.Tag, want)
			}
		}
	}
}
