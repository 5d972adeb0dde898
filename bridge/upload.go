package bridge

import (
	"bytes"
	"context"
	"io"
	"strings"

	"porchlight/bridge/phrase"
)

// upload is a file on its way into a conversation.
type upload struct {
	bridge *Bridge
	number int64  // the conversation's number
	origin string // see Event.Origin
	name   string // the file's name, as the browser gave it
}

// VisitorSends stores a file and its event; r is read to its end or to the limit. The same file again
// under the same client id returns the event that was stored the first time, and repeated is true;
// another file under that id gets CodeConflict. Nothing is kept of a file that is refused or breaks
// off.
func (b *Bridge) VisitorSends(ctx context.Context, number int64, clientID, name string, r io.Reader) (e Event, repeated bool, err error) {
	if err := ClientIDFits(clientID); err != nil {
		return Event{}, false, err
	}
	if clientID == "" {
		clientID = newID()
	}
	r = arriving{r}
	u := upload{b, number, VisitorOrigin(clientID), name}
	e, err = u.before(ctx)
	if err == nil {
		return e, true, u.same(ctx, e, r)
	}
	if phrase.CodeOf(err) != phrase.CodeNotFound {
		return Event{}, false, err
	}
	head := make([]byte, judged)
	n, last, err := readFull(r, head)
	if err != nil {
		return Event{}, false, err
	}
	head = head[:n]
	if last {
		r = strings.NewReader("")
	}
	f, err := newFile(number, name, head, b.clock.Now())
	if err != nil {
		return Event{}, false, err
	}
	if err := b.Files.create(ctx, f); err != nil {
		return Event{}, false, err
	}
	if f.Size, err = b.Files.receive(ctx, f.ID, io.MultiReader(bytes.NewReader(head), r), b.Files.limits.File); err == nil {
		e, repeated, err = u.enter(ctx, f)
	}
	if err == nil && repeated { // another copy of the upload was faster
		err = u.same(ctx, e, b.Files.open(ctx, f.ID, f.Size))
	}
	if err != nil || repeated {
		b.Files.drop(f.ID)
	}
	return e, repeated, err
}

// before finds the event that was stored under the origin already. It refuses a conversation that takes
// no files before any of the file is read.
func (u upload) before(ctx context.Context) (e Event, err error) {
	err = u.bridge.store.View(ctx, func(r Reader) error {
		if e, err = r.EventByOrigin(u.number, u.origin); phrase.CodeOf(err) != phrase.CodeNotFound {
			return err
		}
		if _, bad := u.open(r); bad != nil {
			return bad
		}
		if bad := u.bridge.Files.room(r, u.number); bad != nil {
			return bad
		}
		return err // CodeNotFound: nothing was stored yet
	})
	return e, err
}

// open finds the conversation, if it is open and its visitor is served.
func (u upload) open(r Reader) (Conversation, error) {
	c, err := u.bridge.served(u.number)(r)
	if err == nil && c.State == Closed {
		err = phrase.Fail(phrase.CodeConflict, "This conversation has ended. Write a message to go on with it.")
	}
	return c, err
}

// enter makes a stored file part of the conversation. If another copy of the upload was faster, this
// one stays incomplete, and the second result is true.
func (u upload) enter(ctx context.Context, f File) (Event, bool, error) {
	plan := finder(u.open).then(Action{Type: VisitorWrites, File: f, Origin: u.origin})
	out, err := u.bridge.act(ctx, plan, func(tx Tx) error { return tx.CompleteFile(f.ID) })
	return out.of(u.origin), out.Duplicate, err
}

// same refuses every file under the client id of e except the one that e is about, compared byte by
// byte.
func (u upload) same(ctx context.Context, e Event, r io.Reader) error {
	sent, ok := e.Data.(SentFile)
	if !ok {
		return usedBefore()
	}
	stored := u.bridge.Files.open(ctx, sent.ID, sent.Bytes)
	ours, theirs := make([]byte, writePiece), make([]byte, writePiece)
	for first := true; ; first = false {
		n, _, err := readFull(r, theirs)
		if err != nil {
			return err
		}
		if first {
			f, err := newFile(u.number, u.name, theirs[:min(n, judged)], e.At)
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
