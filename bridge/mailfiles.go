package bridge

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Files of a mail are stored by rules of their own: whoever wrote the mail can't be asked to send another kind of
// file, or a smaller one. So every kind is taken, and as many as the reader of mail leaves of one mail (20 files,
// 20 MB). Nobody's browser shows them, since all files are served as attachments.

// Attachment is a file in a mail.
type Attachment struct {
	Name string
	Data []byte
	own  bool // we made it of the mail's text
}

// attach stores the files of a mail that is in a conversation. Those that are stored already are left as they are.
func (m *Mailroom) attach(ctx context.Context, mail InMail, list []Attachment) error {
	for i, f := range list {
		if err := m.attachOne(ctx, mail, i, f); err != nil {
			return fmt.Errorf("store file %d of a mail: %w", i, err)
		}
	}
	return nil
}

// attachOne stores one file and its event.
func (m *Mailroom) attachOne(ctx context.Context, mail InMail, i int, a Attachment) error {
	fs, number, origin := m.bridge.Files, mail.Conversation, fileOrigin(mail.ID, i)
	err := m.bridge.store.View(ctx, func(r Reader) error {
		_, err := r.EventByOrigin(number, origin)
		return err
	})
	if !isNotFound(err) {
		return err
	}
	if !a.own && fs.full() {
		return crowdedFiles()
	}
	f := a.file(number, m.bridge.clock.Now())
	if err := fs.store.Update(ctx, func(tx Tx) error { return tx.CreateFile(f) }); err != nil {
		return err
	}
	repeated := false
	if f.Size, err = fs.receive(ctx, f.ID, bytes.NewReader(a.Data), int64(len(a.Data))); err == nil {
		plan := finder(m.bridge.served(number)).then(Action{Type: VisitorWrites, File: f, Origin: origin, Mail: Heading{Came: true}})
		var out outcome
		out, err = m.bridge.act(ctx, plan, func(tx Tx) error { return tx.CompleteFile(f.ID) })
		repeated = out.Duplicate
	}
	if err != nil || repeated {
		fs.drop(f.ID)
	}
	if phrase.CodeOf(err) == phrase.CodeForbidden { // the visitor was blocked meanwhile
		return nil
	}
	return err
}

// fileOrigin is the origin of the event of a mail's file.
func fileOrigin(mail int64, i int) string {
	return VisitorOrigin(mailOrigin(mail) + "." + strconv.Itoa(i))
}

// file is the File of an attachment. What is not known by its name and content is a file of any type.
func (a Attachment) file(number int64, at time.Time) File {
	if a.own {
		return File{ID: newID() + ".txt", Conversation: number, Name: a.Name, Type: "text/plain", At: at}
	}
	if f, err := newFile(number, a.Name, a.Data[:min(len(a.Data), judged)], at); err == nil {
		return f
	}
	name := strings.TrimLeft(baseName(a.Name), "./")
	if name == "" {
		name = "file"
	}
	extension := strings.ToLower(path.Ext(name))
	if len(extension) > maxExtension || strings.ContainsFunc(extension, func(r rune) bool { return r != '.' && (r < '0' || r > '9') && (r < 'a' || r > 'z') }) {
		extension = ""
	}
	return File{ID: newID() + extension, Conversation: number, Name: shortened(name, path.Ext(name)), Type: anyFile, At: at}
}

const (
	anyFile      = "application/octet-stream" // RFC 2046 §4.5.1
	maxExtension = 10                         // bytes, with the dot, of what is taken for a file's kind
)

// missing lists the names of a mail's files that are not stored.
func (s *sorting) missing() (names []string, err error) {
	for i, f := range s.letter.Files {
		_, err := s.tx.EventByOrigin(s.mail.Conversation, fileOrigin(s.mail.ID, i))
		if isNotFound(err) {
			names = append(names, f.Name)
		} else if err != nil {
			return nil, err
		}
	}
	return names, nil
}

// setAside takes files out of a letter that nothing can be stored of.
func (l *Letter) setAside() {
	var files []Attachment
	for _, f := range l.Files {
		if len(f.Data) > 0 {
			files = append(files, f)
			continue
		}
		if l.Left != "" {
			l.Left += ", "
		}
		l.Left += cleanLine(f.Name) + " (empty)"
	}
	l.Files = files
}
