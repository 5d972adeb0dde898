package bridge

import (
	"context"
	"io"

	"porchlight/bridge/phrase"
)

// filePart is how many bytes of a file are stored at a time.
const filePart = 256 << 10

// receive stores what it reads, at most so many bytes, one part at a time so that other writers are not held
// up.
func (fs *Files) receive(ctx context.Context, id string, r io.Reader, most int64) (size int64, err error) {
	buf := make([]byte, filePart)
	for part := int64(0); ; part++ {
		n, last, err := readFull(r, buf)
		if size += int64(n); size > most {
			return size, phrase.Fail(phrase.CodeTooLarge, "The file is too large. At most %d bytes are allowed.", most)
		}
		if err != nil {
			return size, err
		}
		if n > 0 {
			if err := fs.store.Update(ctx, func(tx Tx) error { return tx.AppendFile(id, part, buf[:n]) }); err != nil {
				return size, err
			}
			fs.held.Add(int64(n))
		}
		if last {
			return size, nil
		}
	}
}

// writePiece is how many bytes of a file are written at a time.
const writePiece = 16 << 10

// Write writes a file's content to w in pieces, since w may have a time limit for each Write.
func (fs *Files) Write(ctx context.Context, f File, w io.Writer) error {
	_, err := io.CopyBuffer(struct{ io.Writer }{w}, fs.open(ctx, f.ID, f.Size), make([]byte, writePiece))
	return err
}

// open reads a file of size bytes from the store.
func (fs *Files) open(ctx context.Context, id string, size int64) io.Reader {
	return &storedFile{ctx: ctx, store: fs.store, id: id, left: size}
}

// storedFile reads a file from the store, one part at a time.
type storedFile struct {
	ctx   context.Context
	store Store
	id    string
	left  int64 // bytes that are still to be read from the store
	next  int64 // the part that is read next
	data  []byte
}

// Read implements io.Reader.
func (f *storedFile) Read(p []byte) (int, error) {
	if len(f.data) == 0 {
		if f.left <= 0 {
			return 0, io.EOF
		}
		err := f.store.View(f.ctx, func(r Reader) (err error) {
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

// readFull reads until buf is full or r ends; last reports that r has ended. io.ReadFull would
// not do: it takes an upload that broke off for one that ended.
func readFull(r io.Reader, buf []byte) (n int, last bool, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	if err == io.EOF {
		return n, true, nil
	}
	return n, false, err
}

// arriving is a visitor's upload; the visitor is told if it breaks off.
type arriving struct{ io.Reader }

// Read implements io.Reader.
func (a arriving) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = phrase.Fail(phrase.CodeInvalid, "The file did not arrive whole. Please send it again.")
	}
	return n, err
}
