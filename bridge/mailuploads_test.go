package bridge_test

import (
	"fmt"
	"slices"
	"testing"

	"porchlight/bridge"
)

// depot is a Uploads whose files are there when the test says so.
type depot struct {
	ready  bool
	wanted []string
	forgot []string
}

// Want implements bridge.Uploads.
func (d *depot) Want(urls []string) (map[string][]byte, bool) {
	d.wanted = urls
	return map[string][]byte{urls[0]: []byte("PDF")}, d.ready
}

// Forget implements bridge.Uploads.
func (d *depot) Forget(urls []string) { d.forgot = append(d.forgot, urls...) }

// packer is a pen whose mails tell which files go with them.
type packer struct{ pen }

// Compose implements bridge.Post.
func (packer) Compose(d bridge.Draft) ([]byte, error) {
	return fmt.Appendf(nil, "%d lines, %d files", len(d.Lines), len(d.Files)), nil
}

// A mail waits for the files that operators sent, and goes once, with all that was said meanwhile. The
// visitor's own files, and what was sent before, are not asked for.
func TestMail_WaitsForFiles(t *testing.T) {
	o := newOffice(t)
	d := &depot{}
	o.mail.Post, o.mail.Uploads = packer{}, d
	o.close()
	o.open()
	o.halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	opened := bridge.Opened{Conversation: c}
	o.writes(xavi, opened, bridge.Said{ID: "s1", Text: "Look.", ByMail: true})
	const link = "https://upload.example.org/a.pdf"
	o.writes(xavi, opened, bridge.Said{ID: "s2", File: bridge.File{URL: link, Name: "a.pdf"}})
	for range 3 {
		o.goes(0)
	}
	if !slices.Equal(d.wanted, []string{link}) || d.forgot != nil {
		t.Errorf("wanted %q, forgot %q", d.wanted, d.forgot)
	}
	d.ready = true
	o.sent(o.goes(0, "2 lines, 1 files"))
	if !slices.Equal(d.forgot, []string{link}) {
		t.Errorf("forgot %q", d.forgot)
	}
	d.wanted = nil
	o.writes(xavi, opened, bridge.Said{ID: "s3", Text: "Read?", ByMail: true})
	o.goes(0, "1 lines, 0 files")
	if d.wanted != nil {
		t.Errorf("wanted %q again", d.wanted)
	}
}
