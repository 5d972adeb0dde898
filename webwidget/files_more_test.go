package webwidget_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// Each kind of file in the table can be sent.
func TestFiles_OfEveryKind(t *testing.T) {
	heads := map[string]string{
		".png": "\x89PNG\r\n\x1a\n", ".jpg": "\xff\xd8\xff\xe0", ".gif": "GIF89a", ".webp": "RIFF\x00\x00\x00\x00WEBPVP8 ", ".pdf": "%PDF-1.7",
		".mp3": "ID3\x03", ".ogg": "OggS\x00", ".mp4": "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", ".webm": "\x1a\x45\xdf\xa3",
		".txt": "words", ".csv": "a,b", ".zip": "PK\x03\x04", ".docx": "PK\x03\x04", ".xlsx": "PK\x03\x04", ".odt": "PK\x03\x04", ".ods": "PK\x03\x04",
	}
	if len(heads) != len(bridge.FileTypes()) {
		t.Errorf("%d kinds are tried, there are %d", len(heads), len(bridge.FileTypes()))
	}
	s := start(t, func(c *setup) { c.limits.Files = 100 }).online()
	o := s.ask("")
	for extension, head := range heads {
		var e event
		s.send(o, "", "file"+extension, append([]byte(head), bytes.Repeat([]byte{' '}, 40)...)).into(t, http.StatusCreated, &e)
		if e.File.Name != "file"+extension || e.File.Type == "" {
			t.Errorf("%s: %+v", extension, e.File)
		}
	}
}

// A file that is a picture and a program does not keep the name of a program.
func TestFiles_NameFitsTheContent(t *testing.T) {
	s := start(t, func(c *setup) { c.limits.Files = 100 }).online()
	o := s.ask("")
	for name, want := range map[string]string{"evil.js": "evil.js.gif", "evil.hta": "evil.hta.gif", "noname": "noname.gif", "a.GIF": "a.GIF"} {
		var e event
		s.send(o, "", name, []byte("GIF89a=1;alert(1)")).into(t, http.StatusCreated, &e)
		if e.File.Name != want {
			t.Errorf("%s is called %s, want %s", name, e.File.Name, want)
		}
	}
}

// The log holds one event for the pages that a visitor visits within a second, and none for
// a page that is hidden or shown.
func TestPage_MovesAreFew(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	before := s.conversation(o).Seq
	for _, body := range []string{
		toJSON(map[string]any{"hidden": false, "url": "https://shop.example/a", "title": strings.Repeat("ä", 900)}),
		`{"hidden":true,"url":"https://shop.example/a"}`, `{"hidden":false,"url":"https://shop.example/b"}`, `{"hidden":false,"url":"https://shop.example/c"}`,
	} {
		s.call(o, "POST", "/page", body).want(t, http.StatusNoContent)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.bridge.Run(ctx) }()
	for end := time.Now().Add(10 * time.Second); s.conversation(o).Seq == before && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
	}
	stop()
	s.must(<-done)
	if n := s.conversation(o).Seq - before; n != 1 {
		t.Errorf("%d events of one second's moves, want 1", n)
	}
	s.call(o, "POST", "/page", toJSON(map[string]any{"url": strings.Repeat("x", 3000)})).refused(t, http.StatusRequestEntityTooLarge, "too-large")
}
