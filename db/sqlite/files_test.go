package sqlite

import (
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// A file's parts make its size; it is broken until it is complete; without its
// conversation or after its deletion nothing is left of it.
func TestFiles_RoundTrip(t *testing.T) {
	d := openNew(t)
	number := create(t, d, sample(1)).Number
	f := bridge.File{ID: "a.png", Conversation: number, Name: "chart.png", Type: "image/png", At: at(1)}
	update(t, d, func(tx bridge.Tx) error { return tx.CreateFile(f) })
	update(t, d, func(tx bridge.Tx) error { return tx.AppendFile(f.ID, 0, []byte(strings.Repeat("x", 1000))) })
	update(t, d, func(tx bridge.Tx) error { return tx.AppendFile(f.ID, 1, []byte("end")) })
	f.Size, f.At = 1003, stored(at(1))
	view(t, d, func(r bridge.Reader) error {
		expect(t, f)(r.File(f.ID))
		expect(t, []bridge.File{f})(r.BrokenFiles(10))
		expect(t, []byte("end"))(r.FilePart(f.ID, 1))
		_, err := r.FilePart(f.ID, 2)
		expectCode(t, phrase.CodeNotFound, err)
		return nil
	})
	update(t, d, func(tx bridge.Tx) error { return tx.CompleteFile(f.ID) })
	f.Whole = true
	view(t, d, func(r bridge.Reader) error {
		expect(t, []bridge.File{f})(r.Files(number, 10))
		expect(t, []bridge.File(nil))(r.BrokenFiles(10))
		return nil
	})
	expectCode(t, phrase.CodeNotFound, d.Update(t.Context(), func(tx bridge.Tx) error { return tx.AppendFile("nothing", 0, nil) }))
	update(t, d, func(tx bridge.Tx) error { return tx.DeleteFile(f.ID) })
	view(t, d, func(r bridge.Reader) error {
		_, err := r.FilePart(f.ID, 0)
		expectCode(t, phrase.CodeNotFound, err)
		return nil
	})
}

func TestBlocks_RoundTrip(t *testing.T) {
	d := openNew(t)
	b := bridge.Block{Target: "anna-7k2f@support.example.org", Name: "Anna", Reason: "spam", By: "xavi@example.org", At: at(1), Ends: at(2)}
	forever := bridge.Block{Target: "192.0.2.0/24", At: at(3)}
	update(t, d, func(tx bridge.Tx) error {
		if err := tx.SaveBlock(b); err != nil {
			return err
		}
		b.Reason = "more spam"
		if err := tx.SaveBlock(b); err != nil {
			return err
		}
		return tx.SaveBlock(forever)
	})
	b.At, b.Ends, forever.At = stored(at(1)), stored(at(2)), stored(at(3))
	view(t, d, func(r bridge.Reader) error { expect(t, []bridge.Block{b, forever})(r.Blocks()); return nil })
	update(t, d, func(tx bridge.Tx) error { return tx.DeleteBlock(b.Target) })
	expectCode(t, phrase.CodeNotFound, d.Update(t.Context(), func(tx bridge.Tx) error { return tx.DeleteBlock(b.Target) }))
	view(t, d, func(r bridge.Reader) error { expect(t, []bridge.Block{forever})(r.Blocks()); return nil })
}
