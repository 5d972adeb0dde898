package bridge_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

func (h *house) files(number int64) []bridge.File {
	h.t.Helper()
	var list []bridge.File
	if err := h.store.View(h.t.Context(), func(r bridge.Reader) (err error) {
		list, err = r.Files(number, 10)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return list
}

// What an upload left behind when the program ended is deleted at the next start; whole files
// stay.
func TestFiles_BrokenOnesGoAtTheStart(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("c1")
	if _, _, err := h.VisitorSends(t.Context(), c.Number, "f1", "a.pdf", strings.NewReader("%PDF-1.7 "+strings.Repeat("x", 600))); err != nil {
		t.Fatal(err)
	}
	h.clock.Move(-time.Minute)
	broken := bridge.File{ID: "b.pdf", Conversation: c.Number, Name: "b.pdf", Type: "application/pdf", At: h.Now()}
	if err := h.store.Update(t.Context(), func(tx bridge.Tx) error {
		return errors.Join(tx.CreateFile(broken), tx.AppendFile(broken.ID, 0, []byte("x")))
	}); err != nil {
		t.Fatal(err)
	}
	h.clock.Move(time.Minute)
	h.close()
	h.open()
	for end := time.Now().Add(5 * time.Second); len(h.files(c.Number)) > 1 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if list := h.files(c.Number); len(list) != 1 || list[0].Name != "a.pdf" || !list[0].Whole || list[0].Size != 609 {
		t.Errorf("left: %+v", list)
	}
}

// An upload that breaks off is refused, and nothing of it is left.
func TestFiles_BrokenOffIsRefused(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("c1")
	for _, cause := range []error{io.ErrUnexpectedEOF, errors.New("connection reset")} {
		r := io.MultiReader(strings.NewReader("%PDF-1.7 "+strings.Repeat("x", 300_000)), failing{cause})
		if _, _, err := h.VisitorSends(t.Context(), c.Number, "f1", "a.pdf", r); phrase.CodeOf(err) != phrase.CodeInvalid {
			t.Errorf("%v: %v", cause, err)
		}
	}
	if list := h.files(c.Number); len(list) != 0 {
		t.Errorf("left: %+v", list)
	}
}

// The log has the whole media type of a visitor's file and the whole name of an operator's. A very
// long name is cut in front of its extension, and a media type that is too long is left out.
func TestFiles_AreCalledWhole(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("c1")
	e, _, err := h.VisitorSends(t.Context(), c.Number, "f1", "a.docx", strings.NewReader("PK\x03\x04"+strings.Repeat("x", 600)))
	const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	if sent, _ := e.Data.(bridge.SentFile); err != nil || sent.Media != word || sent.Name != "a.docx" {
		t.Errorf("%+v, %v", e, err)
	}
	name, long := strings.Repeat("terms ", 30)+".docx", strings.Repeat("x", 300)
	for id, f := range map[string]struct{ sent, want bridge.File }{
		"as it is": {bridge.File{Name: name, Type: word}, bridge.File{Name: name, Type: word}},
		"cut":      {bridge.File{Name: "../" + long + ".docx", Type: long}, bridge.File{Name: long[:195] + ".docx"}},
	} {
		f.sent.URL = "https://f.example.org/x"
		h.writes(xavi, c, bridge.Said{ID: id, File: f.sent})
		log, err := h.Events(t.Context(), c.Number, 0, 100)
		if want := (bridge.SentFile{URL: f.sent.URL, Name: f.want.Name, Media: f.want.Type}); err != nil || log[len(log)-1].Data != want {
			t.Errorf("%s: %+v, want %+v; %v", id, log[len(log)-1].Data, want, err)
		}
	}
}

// When a stored file can't be read, the same upload again fails with a fault of ours, and is not
// taken for one that broke off.
func TestFiles_WhatCantBeReadIsAFault(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("c1")
	b := h.with(lossy{parts: true})
	send := func() error {
		_, _, err := b.VisitorSends(t.Context(), c.Number, "f1", "a.pdf", strings.NewReader("%PDF-1.7"))
		return err
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	if err := send(); phrase.CodeOf(err) != phrase.CodeInternal || !strings.Contains(err.Error(), "disk I/O error") {
		t.Errorf("the same again, which is compared with what is stored: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// A block of a range covers every address in it and no other, and ends for all of them.
func TestBlocks_Ranges(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	h.keep = true
	h.close()
	h.open()
	h.come(xavi)
	ask := func(id, address string) (bridge.Opened, error) {
		return h.Ask(t.Context(), bridge.Inquiry{ClientID: id, Request: bridge.Request{Name: "Anna", Reason: "How?", Address: address}})
	}
	for _, c := range []struct{ first, near, far, covers string }{
		{"192.0.2.7", "192.0.2.200", "192.0.3.7", "192.0.2.0/24"},
		{"2001:db8:1:2::3", "2001:db8:1:3::3", "2001:db8:2:2::3", "2001:db8:1::/48"},
	} {
		o, err := ask("first "+c.first, c.first)
		if err != nil {
			t.Fatal(err)
		}
		neighbour, err := ask("neighbour "+c.near, c.near)
		if err != nil {
			t.Fatal(err)
		}
		list, err := h.BlockVisitor(t.Context(), xavi, o.Visitor, true, 0, "spam")
		if err != nil || len(list) != 2 || list[1].Target != c.covers {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, _, err := h.VisitorWrites(t.Context(), neighbour.Number, "m "+c.near, "me, too"); phrase.CodeOf(err) != phrase.CodeForbidden {
			t.Errorf("a conversation from %s after a block of %s: %v", c.near, c.covers, err)
		}
		if _, err := ask("near "+c.near, c.near); phrase.CodeOf(err) != phrase.CodeForbidden {
			t.Errorf("%s after a block of %s: %v", c.near, c.covers, err)
		}
		if _, err := ask("far "+c.far, c.far); err != nil {
			t.Errorf("%s after a block of %s: %v", c.far, c.covers, err)
		}
		if _, err := h.Blocks.Unblock(t.Context(), c.covers); err != nil {
			t.Fatal(err)
		}
		if err := h.VisitorCloses(t.Context(), neighbour.Number); err != nil {
			t.Fatal(err)
		}
		if _, err := ask("again "+c.near, c.near); err != nil {
			t.Errorf("after the end of the block: %v", err)
		}
	}
}

// A block ends when its time is over.
func TestBlocks_End(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	o := h.mustAsk("c1")
	if _, err := h.BlockVisitor(t.Context(), xavi, o.Visitor, false, 2*time.Hour, ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.VisitorWrites(t.Context(), o.Number, "m1", "again"); phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("blocked: %v", err)
	}
	h.clock.Move(3 * time.Hour)
	h.come(xavi)
	if _, _, err := h.VisitorWrites(t.Context(), o.Number, "m1", "again"); err != nil {
		t.Errorf("after the time: %v", err)
	}
	if len(h.Blocks.List()) != 0 {
		t.Errorf("blocks: %+v", h.Blocks.List())
	}
}
