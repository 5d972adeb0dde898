package bridge

import (
	"context"
	"log/slog"
	"path"
	"strings"
	"sync/atomic"
	"time"

	"porchlight/bridge/phrase"
)

// Files keeps the files that visitors send. Its methods may be called by any goroutine.
type Files struct {
	store  Store
	clock  Clock
	log    *slog.Logger
	limits Limits
	url    string // see Options.PublicURL
	tokens *Tokens
	held   atomic.Int64 // bytes of all stored files
}

// count counts the bytes of all files.
func (fs *Files) count(ctx context.Context) error {
	return fs.store.View(ctx, func(r Reader) error {
		n, err := r.FileBytes()
		fs.held.Store(n)
		return err
	})
}

// File is a file that a visitor or an operator sent. An operator's file lies elsewhere, and
// porchlight does not fetch it. The hash of sayingOrigin covers the fields in this order.
type File struct {
	ID           string // random, with an extension; "" for an operator's file
	Conversation int64
	URL          string // where an operator's file lies
	Name         string // "" for an operator's file that is called as its URL says
	Type         string // media type
	Size         int64  // bytes
	At           time.Time
	Whole        bool // the file has arrived and is part of the log
}

// sent reports whether there is a file.
func (f File) sent() bool { return f.ID != "" || f.URL != "" }

// shown is an operator's file as the log holds it.
func (f File) shown() File {
	f.Name = strings.TrimLeft(baseName(f.Name), "./")
	f.Name = shortened(f.Name, path.Ext(f.Name))
	if len(f.Type) > maxMedia {
		f.Type = ""
	}
	return f
}

// shortened is a file's name, cut to maxFileName bytes in front of its extension.
func shortened(name, extension string) string {
	if len(name) <= maxFileName || len(extension) >= maxFileName {
		return Cut(name, maxFileName)
	}
	return Cut(name, maxFileName-len(extension)) + extension
}

// maxMedia is how many bytes a media type has at most (RFC 6838 §4.2).
const maxMedia = 127 + len("/") + 127

// room refuses a file that is one too many, counting the uploads under way.
func (fs *Files) room(r FileReader, number int64) error {
	files, err := r.Files(number, fs.limits.Files)
	switch {
	case err != nil:
		return err
	case len(files) >= fs.limits.Files || fs.limits.File == 0:
		return phrase.Fail(phrase.CodeConflict, "No more files are taken in this conversation.")
	case fs.full():
		return crowdedFiles()
	}
	return nil
}

// full reports whether there is no room for another file in any conversation.
func (fs *Files) full() bool {
	return fs.limits.AllFiles > 0 && fs.held.Load() >= fs.limits.AllFiles
}

func crowdedFiles() error {
	return phrase.Fail(phrase.CodeBusy, "No more files are taken at the moment.")
}

// create begins a file, if there is still room for it: that may have changed since its upload
// began.
func (fs *Files) create(ctx context.Context, f File) error {
	return fs.store.Update(ctx, func(tx Tx) error {
		if err := fs.room(tx, f.Conversation); err != nil {
			return err
		}
		return tx.CreateFile(f)
	})
}

// drop deletes a file whose upload failed. If that fails, dropBroken does it later.
func (fs *Files) drop(id string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := fs.delete(ctx, id); err != nil && phrase.CodeOf(err) != phrase.CodeNotFound {
		fs.log.Warn("drop file", "err", err)
	}
}

// delete deletes a file, a few parts at a time so that other writers are not held up.
func (fs *Files) delete(ctx context.Context, id string) error {
	for {
		var freed int64
		err := fs.store.Update(ctx, func(tx Tx) (err error) {
			if freed, err = tx.DeleteFileParts(id, dropParts); err == nil && freed == 0 {
				err = tx.DeleteFile(id)
			}
			return err
		})
		fs.held.Add(-freed)
		if err != nil || freed == 0 {
			return err
		}
	}
}

// dropParts is how many parts of a file are deleted at a time.
const dropParts = 4

// dropBroken deletes the files whose upload ended with the program and those that drop could
// not delete. Files that were begun at before or later may be under way and stay.
func (fs *Files) dropBroken(ctx context.Context, before time.Time) error {
	var broken []File
	err := fs.store.View(ctx, func(r Reader) (err error) {
		broken, err = r.BrokenFiles(dueBatch)
		return err
	})
	for _, f := range broken {
		if err == nil && f.At.Before(before) {
			err = fs.delete(ctx, f.ID)
		}
	}
	return err
}

// uploadLimit is how long an upload may take at most.
const uploadLimit = time.Hour

// Find returns a whole file of a conversation; CodeNotFound says that the conversation has no
// such file.
func (fs *Files) Find(ctx context.Context, number int64, id string) (File, error) {
	var f File
	err := fs.store.View(ctx, func(r Reader) (err error) {
		f, err = r.File(id)
		if phrase.CodeOf(err) == phrase.CodeNotFound || err == nil && (f.Conversation != number || !f.Whole) {
			err = notFound()
		}
		return err
	})
	return f, err
}
