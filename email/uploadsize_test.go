package email

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/email/compose"
)

// However much was written, and however large the files are, a mail with files is one that a relay takes.
func TestCompose_FilesLeaveTheMailSmallEnough(t *testing.T) {
	p, err := NewPost("support@example.org", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	const host = "https://upload.example.org/"
	for name, c := range map[string]struct {
		texts    int // of 8 kB
		sizes    []int
		attached []bool
	}{
		"two of the largest": {0, []int{uploadMost, uploadMost}, []bool{true, false}},
		"as much as may go":  {0, []int{uploadMost, uploadsMost - uploadMost}, []bool{true, true}},
		"with much text":     {30, []int{uploadMost, uploadsMost - uploadMost}, []bool{true, false}},
	} {
		d := bridge.Draft{Kind: bridge.AnswerMail, Conversation: bridge.Conversation{Number: 1}, To: "anna@example.net", ReplyTo: "support@example.org", MessageID: "1@example.org", At: at, Files: make(map[string][]byte)}
		for range c.texts {
			d.Lines = append(d.Lines, bridge.Entry{Event: bridge.Event{Type: bridge.EventMessage, From: bridge.FromOperator, Name: "Xavi", At: at, Text: strings.Repeat("ä", 4096)}})
		}
		for i, size := range c.sizes {
			url := host + string(rune('a'+i))
			d.Files[url] = make([]byte, size)
			d.Lines = append(d.Lines, bridge.Entry{Event: bridge.Event{Type: bridge.EventFile, From: bridge.FromOperator, Name: "Xavi", At: at, Data: bridge.SentFile{URL: url, Name: "a.zip", Media: "application/zip"}}})
		}
		raw, err := p.Compose(d)
		if err != nil || len(raw) >= mailMost {
			t.Errorf("%s: %d bytes, %v", name, len(raw), err)
		}
		for i, attached := range c.attached {
			if link := strings.Contains(string(raw), host+string(rune('a'+i))); link == attached {
				t.Errorf("%s: file %d is a link: %v", name, i, link)
			}
		}
	}
	if room := roomForFiles(compose.Mail{Lines: make([]compose.Line, 20)}); room != uploadsMost {
		t.Errorf("with 20 short messages there is room for %d bytes", room)
	}
}
