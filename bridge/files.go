package bridge

import (
	"context"
	"crypto/hmac"
	"io"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// File is what a visitor sent, or what an operator did: that lies elsewhere, and
// porchlight fetches nothing. The hash of sayingOrigin covers the fields in this order.
type File struct {
	ID           string // random, with an extension; empty for an operator's
	Conversation int64
	URL          string // of an operator's
	Name         string // "" for an operator's that is called as its URL is
	Type         string // media type
	Size         int64  // bytes
	At           time.Time
	Whole        bool // it has arrived and is part of the log
}

// sent reports whether there is a file at all.
func (f File) sent() bool { return f.ID != "" || f.URL != "" }

// shown is an operator's file as the log holds it.
func (f File) shown() File {
	f.Name = strings.TrimLeft(baseName(f.Name), "./")
	if f.Name = shortened(f.Name, path.Ext(f.Name)); len(f.Type) > maxMedia {
		f.Type = ""
	}
	return f
}

// shortened is a file's name within maxFileName, with its extension.
func shortened(name, extension string) string {
	if len(name) <= maxFileName || len(extension) >= maxFileName {
		return cut(name, maxFileName)
	}
	return cut(name, maxFileName-len(extension)) + extension
}

// maxMedia is the longest media type there can be, in bytes (RFC 6838 §4.2).
const maxMedia = 127 + len("/") + 127

// filePart is how much of a file is stored at a time, in bytes.
const filePart = 256 << 10

// VisitorSends stores a file and its event; r is read to its end or to the limit.
// The same file under the same client id again returns what was stored the first
// time. Nothing is kept of a file that is refused or breaks off.
func (b *Bridge) VisitorSends(ctx context.Context, number int64, clientID, name string, r io.Reader) (e Event, repeated bool, err error) {
	if len(clientID) > maxClientID {
		return Event{}, false, tooLong("client_id", maxClientID)
	}
	if clientID == "" {
		clientID = newID()
	}
	e, err = b.sentBefore(ctx, number, VisitorOrigin(clientID))
	if err == nil {
		return e, true, sameFile(ctx, b, e, name, r)
	}
	if phrase.CodeOf(err) != phrase.CodeNotFound {
		return Event{}, false, err
	}
	head := make([]byte, judged)
	n, last, err := readFull(r, head)
	if err != nil {
		return Event{}, false, err
	}
	if head = head[:n]; last {
		r = strings.NewReader("")
	}
	f, err := b.newFile(number, name, head)
	if err != nil {
		return Event{}, false, err
	}
	if err := b.store.Update(ctx, func(tx Tx) error { return b.createFile(tx, f) }); err != nil {
		return Event{}, false, err
	}
	if f.Size, err = b.storeParts(ctx, f.ID, io.MultiReader(strings.NewReader(string(head)), r)); err == nil {
		e, repeated, err = b.logFile(ctx, f, clientID)
	}
	if err == nil && repeated { // another copy of the upload was faster
		err = sameFile(ctx, b, e, name, &storedFile{ctx: ctx, bridge: b, id: f.ID, left: f.Size})
	}
	if err != nil || repeated {
		b.dropFile(f.ID)
	}
	return e, repeated, err
}

// sentBefore finds what was stored under an origin, and refuses a conversation
// that takes no files, before any of one is read.
func (b *Bridge) sentBefore(ctx context.Context, number int64, origin string) (e Event, err error) {
	err = b.store.View(ctx, func(r Reader) error {
		if e, err = r.EventByOrigin(number, origin); phrase.CodeOf(err) != phrase.CodeNotFound {
			return err
		}
		c, bad := b.served(number)(r)
		if bad != nil {
			return bad
		}
		if c.State == Closed {
			return phrase.Fail(phrase.CodeConflict, "This conversation has ended. Write a message to go on with it.")
		}
		if bad = b.roomForFile(r, number); bad != nil {
			return bad
		}
		return err
	})
	return e, err
}

// roomForFile refuses a file that is one too many; those under way count.
func (b *Bridge) roomForFile(r Reader, number int64) error {
	files, err := r.Files(number, b.opts.Limits.Files)
	switch {
	case err != nil:
		return err
	case len(files) >= b.opts.Limits.Files || b.opts.Limits.File == 0:
		return phrase.Fail(phrase.CodeConflict, "No more files are taken in this conversation.")
	case b.opts.Limits.AllFiles > 0 && b.filed.Load() >= b.opts.Limits.AllFiles:
		return phrase.Fail(phrase.CodeBusy, "No more files are taken at the moment.")
	}
	return nil
}

// createFile begins a file if there is room for it, which may have changed since
// its upload began.
func (b *Bridge) createFile(tx Tx, f File) error {
	if err := b.roomForFile(tx, f.Conversation); err != nil {
		return err
	}
	return tx.CreateFile(f)
}

// newFile names and judges a file by its beginning.
func (b *Bridge) newFile(number int64, name string, head []byte) (File, error) {
	name = baseName(name)
	if len(head) == 0 {
		return File{}, phrase.Invalid("file", "The file is empty.")
	}
	kind, extension, err := judge(name, head)
	if err != nil {
		return File{}, err
	}
	if name = strings.TrimLeft(name, "./"); name == "" || strings.EqualFold("."+name, extension) {
		name = "file" + extension
	}
	if !strings.EqualFold(path.Ext(name), extension) { // else a picture that is a program, too, would keep its name
		name += extension
	}
	return File{ID: newID() + extension, Conversation: number, Name: shortened(name, extension), Type: kind.media, At: b.clock.Now()}, nil
}

// judged is how much of a file it is judged by, in bytes.
const judged = 512

// baseName is foreign text as the name of a file, without folders.
func baseName(name string) string {
	return cleanLine(path.Base(strings.ReplaceAll(name, `\`, "/")))
}

// maxFileName bounds a file's name, in bytes.
const maxFileName = 200

// readFull reads until buf is full or there is no more, which last says. io.ReadFull
// would not do: it takes an upload that broke off for one that ended.
func readFull(r io.Reader, buf []byte) (n int, last bool, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	if err != nil && err != io.EOF {
		return n, false, phrase.Fail(phrase.CodeInvalid, "The file did not arrive whole. Please send it again.")
	}
	return n, err == io.EOF, nil
}

// storeParts stores what comes, a part at a time, so that other writers are not
// held up by it.
func (b *Bridge) storeParts(ctx context.Context, id string, r io.Reader) (size int64, err error) {
	buf := make([]byte, filePart)
	for part := int64(0); ; part++ {
		n, last, err := readFull(r, buf)
		if size += int64(n); size > b.opts.Limits.File {
			return size, tooLong("file", int(b.opts.Limits.File))
		}
		if err != nil {
			return size, err
		}
		if n > 0 {
			if err := b.store.Update(ctx, func(tx Tx) error { return tx.AppendFile(id, part, buf[:n]) }); err != nil {
				return size, err
			}
			b.filed.Add(int64(n))
		}
		if last {
			return size, nil
		}
	}
}

// logFile makes a stored file part of the conversation.
func (b *Bridge) logFile(ctx context.Context, f File, clientID string) (Event, bool, error) {
	out, err := b.act(ctx, func(r Reader) (Conversation, error) {
		c, err := b.served(f.Conversation)(r)
		if err == nil && c.State == Closed {
			err = phrase.Fail(phrase.CodeConflict, "This conversation has ended. Write a message to go on with it.")
		}
		if err != nil {
			return c, err
		}
		if _, err = r.EventByOrigin(f.Conversation, VisitorOrigin(clientID)); phrase.CodeOf(err) != phrase.CodeNotFound {
			return c, err // another copy of the upload was faster: this one stays broken, and is dropped
		}
		return c, r.(Tx).CompleteFile(f.ID) // within act r is always one
	}, exactly(Action{Type: VisitorWrites, File: f, Origin: VisitorOrigin(clientID)}))
	if err != nil {
		return Event{}, false, err
	}
	return out.Events[len(out.Events)-1], out.Duplicate, nil
}

// dropFile forgets a file that came to nothing. What can't be deleted now is in
// the next round of dropBrokenFiles.
func (b *Bridge) dropFile(id string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := b.deleteFile(ctx, id); err != nil && phrase.CodeOf(err) != phrase.CodeNotFound {
		b.log.Warn("drop file", "err", err)
	}
}

// deleteFile deletes a file a few parts at a time, so that other writers are not
// held up by it.
func (b *Bridge) deleteFile(ctx context.Context, id string) error {
	for {
		var freed int64
		err := b.store.Update(ctx, func(tx Tx) (err error) {
			if freed, err = tx.DeleteFileParts(id, dropParts); err == nil && freed == 0 {
				err = tx.DeleteFile(id)
			}
			return err
		})
		b.filed.Add(-freed)
		if err != nil || freed == 0 {
			return err
		}
	}
}

// dropParts is how many parts of a file are deleted at a time.
const dropParts = 4

// dropBrokenFiles forgets the files whose upload ended with the program, or which
// could not be dropped then; those that began lately may be under way.
func (b *Bridge) dropBrokenFiles(ctx context.Context, before time.Time) error {
	var broken []File
	err := b.store.View(ctx, func(r Reader) (err error) {
		broken, err = r.BrokenFiles(dueBatch)
		return err
	})
	for _, f := range broken {
		if err == nil && f.At.Before(before) {
			err = b.deleteFile(ctx, f.ID)
		}
	}
	return err
}

// uploadLimit is how long an upload may take at most.
const uploadLimit = time.Hour

// File finds a file of a conversation. CodeNotFound if it is another one's.
func (b *Bridge) File(ctx context.Context, number int64, id string) (File, error) {
	var f File
	err := b.store.View(ctx, func(r Reader) (err error) {
		f, err = r.File(id)
		if phrase.CodeOf(err) == phrase.CodeNotFound || err == nil && (f.Conversation != number || !f.Whole) {
			err = notFound()
		}
		return err
	})
	return f, err
}

// writePiece is how much of a file is written at a time, in bytes.
const writePiece = 16 << 10

// WriteFile writes a file's content to w.
func (b *Bridge) WriteFile(ctx context.Context, f File, w io.Writer) error {
	for part, left := int64(0), f.Size; left > 0; part++ {
		var data []byte
		err := b.store.View(ctx, func(r Reader) (err error) {
			data, err = r.FilePart(f.ID, part)
			return err
		})
		if err != nil {
			return err
		}
		left -= int64(len(data))
		for len(data) > 0 { // in pieces, since each has its own time limit
			n := min(len(data), writePiece)
			if _, err := w.Write(data[:n]); err != nil {
				return err
			}
			data = data[n:]
		}
	}
	return nil
}

// operatorsLink is for how long operators can open a file from their history.
const operatorsLink = 30 * 24 * time.Hour

// FileURL is where operators find the file of an event.
func (b *Bridge) FileURL(id ConversationID, e Event) string {
	f, _ := e.Data.(SentFile)
	if e.From == FromOperator {
		return f.URL
	}
	return b.opts.PublicURL + b.FileLink(id, f.ID, b.clock.Now().Add(operatorsLink))
}

// Called is what a file is called: an operator's without a name as its URL ends.
func (f SentFile) Called() string {
	if f.Name != "" {
		return f.Name
	}
	u, err := url.Parse(f.URL)
	if err != nil || path.Base(u.Path) == "/" || path.Base(u.Path) == "." {
		return f.URL
	}
	return path.Base(u.Path)
}

// FileLink is the path, below Options.PublicURL, and query by which anybody can
// read a file until a time: for links that go where no header can.
func (b *Bridge) FileLink(id ConversationID, file string, until time.Time) string {
	ends := strconv.FormatInt(until.Unix(), 10)
	q := url.Values{"expires": {ends}, "signature": {b.pepper.fileSignature(id, file, ends)}}
	return "/v1/conversations/" + url.PathEscape(string(id)) + "/files/" + url.PathEscape(file) + "?" + q.Encode()
}

// AdmitLink returns the conversation's number if a link's particulars are those of
// FileLink and its time has not come.
func (b *Bridge) AdmitLink(ctx context.Context, id ConversationID, file, expires, signature string) (int64, error) {
	ends, err := strconv.ParseInt(expires, 10, 64)
	if err != nil || b.clock.Now().Unix() >= ends || !b.pepper.signedFile(signature, id, file, expires) {
		return 0, notFound()
	}
	key, err := b.key(ctx, id)
	return key.number, err
}

func (p pepper) fileSignature(id ConversationID, file, expires string) string {
	return mac(p.key("file link"), string(id)+"\x00"+file+"\x00"+expires)
}

// signedFile reports whether a signature is good. Those of before each use had a key
// of its own stay so until they expire: nobody can have new ones made.
func (p pepper) signedFile(signature string, id ConversationID, file, expires string) bool {
	earlier := mac(p, "file\x00"+string(id)+"\x00"+file+"\x00"+expires)
	return hmac.Equal([]byte(signature), []byte(p.fileSignature(id, file, expires))) || hmac.Equal([]byte(signature), []byte(earlier))
}
