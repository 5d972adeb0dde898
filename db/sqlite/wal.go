package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Unused describes what SQLite will not take from a write-ahead log although it was
// committed: SQLite reads the log up to the first frame that does not match its checksum,
// and ignores the rest silently. The zero value means that the log is whole.
type Unused struct {
	From    int64  // byte at which the log ends early: the end of the last whole commit
	Bytes   int64  // from there to the end of the last commit in the file
	Commits int    // transactions that end in these bytes
	Copy    string // where the log was copied to; "" if it was not
}

// String describes the loss for people.
func (u Unused) String() string {
	s := fmt.Sprintf("the write-ahead log ends early: %d bytes from byte %d on, with %d commits, do not fit their checksums and are not used", u.Bytes, u.From, u.Commits)
	if u.Copy != "" {
		s += "; the log as it was is kept in " + u.Copy
	}
	return s
}

// Sizes in the file (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
const (
	logHeader   = 32
	frameHeader = 24
)

// unusedLog looks for commits behind the first bad frame of a write-ahead log that nobody
// has open. Bad frames without a commit don't count: a crash in the middle of a write
// leaves them, and nobody was told that the write was stored. Frames from before the log
// began anew don't count either; these have another salt.
func unusedLog(name string) (Unused, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return Unused{}, nil
	}
	if err != nil {
		return Unused{}, fmt.Errorf("read write-ahead log: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Unused{}, fmt.Errorf("read write-ahead log: %w", err)
	}
	if info.Size() <= logHeader {
		return Unused{}, nil
	}
	u, err := scanLog(io.NewSectionReader(f, 0, info.Size()), info.Size())
	if err != nil {
		return Unused{}, fmt.Errorf("read write-ahead log: %w", err)
	}
	return u, nil
}

// scanLog does the work of unusedLog on a reader.
func scanLog(r io.Reader, size int64) (Unused, error) {
	head := make([]byte, logHeader)
	if _, err := io.ReadFull(r, head); err != nil {
		return Unused{}, err
	}
	l := newJournal(head)
	if !l.whole {
		return Unused{Bytes: size, Commits: 1}, nil // without the page size commits can't be counted
	}
	frame := make([]byte, frameHeader+l.page)
	u := Unused{From: logHeader}
	for at, good := int64(logHeader), true; ; at += int64(len(frame)) {
		if _, err := io.ReadFull(r, frame); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		} else if err != nil {
			return Unused{}, err
		}
		end := at + int64(len(frame))
		good = good && l.fits(frame)
		switch {
		case good && commits(frame):
			u.From = end
		case !good && l.ours(frame) && commits(frame):
			u.Bytes = end - u.From
			u.Commits++
		}
	}
	if u.Commits == 0 {
		return Unused{}, nil
	}
	return u, nil
}

// journal holds the part of a write-ahead log against which frames are checked.
type journal struct {
	whole  bool // the header fits its own checksum
	order  binary.ByteOrder
	page   int
	salts  [8]byte
	s0, s1 uint32 // checksum of everything read so far
}

func newJournal(head []byte) journal {
	magic, page := binary.BigEndian.Uint32(head), binary.BigEndian.Uint32(head[8:])
	l := journal{order: binary.LittleEndian, page: int(page)}
	if magic&1 == 1 {
		l.order = binary.BigEndian
	}
	l.sum(head[:24])
	copy(l.salts[:], head[16:])
	l.whole = magic&^1 == 0x377f0682 && page >= 512 && page <= 65536 && page&(page-1) == 0 && l.sums(head[24:])
	return l
}

// fits reports whether a frame is the next one, and takes it into the checksum.
func (l *journal) fits(frame []byte) bool {
	l.sum(frame[:8])
	l.sum(frame[frameHeader:])
	return string(frame[8:16]) == string(l.salts[:]) && binary.BigEndian.Uint32(frame) != 0 && l.sums(frame[16:])
}

// ours reports whether a frame was written since the log last began anew. Beginning anew
// changes both salts. One salt that matches is enough, since the other may be damaged.
func (l *journal) ours(frame []byte) bool {
	return string(frame[8:12]) == string(l.salts[:4]) || string(frame[12:16]) == string(l.salts[4:])
}

// commits reports whether a frame is the last of a transaction.
func commits(frame []byte) bool { return binary.BigEndian.Uint32(frame[4:]) != 0 }

func (l *journal) sums(b []byte) bool {
	return binary.BigEndian.Uint32(b) == l.s0 && binary.BigEndian.Uint32(b[4:]) == l.s1
}

func (l *journal) sum(b []byte) {
	for ; len(b) >= 8; b = b[8:] {
		l.s0 += l.order.Uint32(b) + l.s1
		l.s1 += l.order.Uint32(b[4:]) + l.s0
	}
}
