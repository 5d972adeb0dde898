package bridge

import (
	"bytes"
	"context"
	"io"
)

// sameFile refuses, under a client id that e came under, anything but the file that e is
// about, byte by byte.
func sameFile(ctx context.Context, b *Bridge, e Event, name string, r io.Reader) error {
	sent, ok := e.Data.(SentFile)
	if !ok {
		return usedBefore()
	}
	stored := &storedFile{ctx: ctx, bridge: b, id: sent.ID, left: sent.Bytes}
	ours, theirs := make([]byte, writePiece), make([]byte, writePiece)
	for first := true; ; first = false {
		n, _, err := readFull(r, theirs)
		if err != nil {
			return err
		}
		if first {
			f, err := b.newFile(e.Conversation, name, theirs[:min(n, judged)])
			if err != nil || f.Name != sent.Name {
				return usedBefore()
			}
		}
		m, _, err := readFull(stored, ours)
		if err != nil {
			return err
		}
		if !bytes.Equal(theirs[:n], ours[:m]) {
			return usedBefore()
		}
		if n < len(theirs) { // both have ended
			return nil
		}
	}
}

// storedFile reads a file from the store.
type storedFile struct {
	ctx    context.Context
	bridge *Bridge
	id     string
	left   int64 // bytes that were not read from the store yet
	next   int64 // part
	data   []byte
}

// Read reads a part at a time.
func (f *storedFile) Read(p []byte) (int, error) {
	if len(f.data) == 0 {
		if f.left <= 0 {
			return 0, io.EOF
		}
		err := f.bridge.store.View(f.ctx, func(r Reader) (err error) {
			f.data, err = r.FilePart(f.id, f.next)
			return err
		})
		if err != nil {
			return 0, err
		}
		f.next++
		f.left -= int64(len(f.data))
	}
	n := copy(p, f.data)
	f.data = f.data[n:]
	return n, nil
}
