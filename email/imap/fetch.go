package imap

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// How much of a mail is read.
const (
	maxMail   = 25 << 20  // a larger one is not read whole
	maxHeader = 256 << 10 // of a mail that is not read whole, its header
	maxText   = 64 << 10  // and so much of its text
)

// errGone says that a mail is no longer in the mailbox.
var errGone = errors.New("the mail is no longer there")

// fetch reads one mail, or returns errGone. Only what is needed is asked for: an odd ENVELOPE or BODYSTRUCTURE
// makes the library end the connection, each time anew.
func (s *session) fetch(uid uint32) (Raw, error) {
	raw, err := s.sizes(uid)
	if err != nil {
		return raw, err
	}
	return s.body(raw)
}

// beginning reads what it can of a mail whose fetch has failed, without asking for its size and date.
func (s *session) beginning(uid uint32, now time.Time) (Raw, error) {
	return s.body(Raw{Validity: s.box.UIDValidity, UID: uid, Received: now.UTC(), Size: maxMail + 1})
}

// sizes asks for all but the body.
func (s *session) sizes(uid uint32) (raw Raw, err error) {
	raw = Raw{Validity: s.box.UIDValidity, UID: uid}
	err = s.ask(uid, func(which imap.NumSet) (bool, error) {
		all, err := s.client.Fetch(which, &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true}).Collect()
		for _, m := range all {
			if m.UID == imap.UID(uid) && !m.InternalDate.IsZero() {
				raw.Received, raw.Size = m.InternalDate.UTC(), m.RFC822Size
				s.place = place{uid, m.SeqNum}
				return true, err
			}
		}
		return false, err
	}, stepLimit)
	return raw, err
}

// body adds the body to a mail: the whole one, or the beginning of one that is too large.
func (s *session) body(raw Raw) (Raw, error) {
	limit := int64(maxMail)
	if raw.Size > maxMail {
		limit = maxHeader + maxText
	}
	err := s.ask(raw.UID, func(which imap.NumSet) (found bool, err error) {
		raw.Body, found, err = s.literal(raw.UID, which, limit)
		return found, err
	}, bodyLimit)
	raw.Whole = int64(len(raw.Body)) <= limit
	switch {
	case err != nil:
		raw.Body, raw.Whole = nil, false
	case raw.Whole:
		raw.Size = int64(len(raw.Body)) // the server's may have been an estimate
	default:
		raw.Body = cut(raw.Body)
	}
	return raw, err
}

// cut leaves the header of a mail and the first maxText bytes of its text.
func cut(mail []byte) []byte {
	header := bytes.Index(mail, []byte("\r\n\r\n"))
	if header < 0 || header > maxHeader {
		return mail[:min(len(mail), maxHeader)]
	}
	return mail[:min(len(mail), header+len("\r\n\r\n")+maxText)]
}

// place is where a mail stood in the mailbox when its size was asked for.
type place struct{ uid, seq uint32 }

// ask fetches something of one mail. f says whether the server sent it. If it did not, the mail is gone, or
// a change of its flags by somebody else was taken for the answer, or the server sends the UID behind the
// text. The library drops that answer to a fetch by UID, so the second try is by the mail's place, for which f
// has to look at the UID that comes.
func (s *session) ask(uid uint32, f func(which imap.NumSet) (found bool, err error), limit time.Duration) error {
	for try := range 3 {
		var which imap.NumSet = imap.UIDSetNum(imap.UID(uid))
		byPlace := try == 1 && s.place.uid == uid
		if byPlace {
			which = imap.SeqSetNum(s.place.seq)
		}
		found := false
		err := s.within(limit, Reading, func() (err error) {
			found, err = f(which)
			return err
		})
		var no refused
		if err != nil && !errors.As(err, &no) || err == nil && found {
			return err
		}
		there, searchErr := s.has(uid)
		switch {
		case searchErr != nil:
			return searchErr
		case !there:
			return errGone
		case err != nil && !byPlace: // places change when mails are deleted
			return err
		}
	}
	return s.server.fail(Reading, fmt.Errorf("the server says that mail %d is there, and does not send it", uid))
}

// has asks whether a mail is in the mailbox.
func (s *session) has(uid uint32) (there bool, err error) {
	err = s.within(stepLimit, Reading, func() error {
		found, err := s.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{imap.UIDSetNum(imap.UID(uid))}}, nil).Wait()
		set, _ := found.All.(imap.UIDSet)
		there = set.Contains(imap.UID(uid))
		return err
	})
	return there, err
}

// literal fetches the first limit+1 bytes of a mail, without marking it as read (PEEK). found says that they came, and
// that it is this mail.
func (s *session) literal(uid uint32, which imap.NumSet, limit int64) (body []byte, found bool, err error) {
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: limit + 1}}
	cmd := s.client.Fetch(which, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	named, came := false, false
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for item := msg.Next(); item != nil; item = msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				named = named || uint32(item.UID) == uid
			case imapclient.FetchItemDataBodySection:
				if item.Literal == nil || came {
					continue // Next reads it to its end
				}
				came = true
				body, err = readAll(item.Literal, limit+1)
				if err != nil {
					// Next and Close would read on in what the library's reader already reads.
					s.hangUp()
					return nil, false, err
				}
			}
		}
	}
	return body, named && came, cmd.Close()
}

// readAll reads a literal to its end, for which the library's reader waits, and returns its first bytes. On a lost
// connection the library lets a literal end early without an error, so its length is compared with what the
// server announced (not with RFC822.SIZE, which some servers only estimate).
func readAll(lit imap.LiteralReader, most int64) ([]byte, error) {
	var body bytes.Buffer
	body.Grow(int(min(lit.Size(), most)) + bytes.MinRead) // so that it is never copied into a larger one
	n, err := io.Copy(&body, io.LimitReader(lit, most))
	if err == nil && n == most {
		var rest int64
		rest, err = io.Copy(io.Discard, lit)
		n += rest
	}
	switch {
	case err != nil:
		return nil, err
	case n != lit.Size():
		return nil, fmt.Errorf("%d of %d bytes came: %w", n, lit.Size(), io.ErrUnexpectedEOF)
	}
	return body.Bytes(), nil
}
