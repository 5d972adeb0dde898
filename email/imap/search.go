package imap

import (
	"time"

	"github.com/emersion/go-imap/v2"
)

// batch is how many mails are looked for at once, however many the server finds.
const batch = 1000

// search returns the UIDs from next on, or the first of them, in their order. With until, only those below it;
// with since, only mails that the mailbox got on that day or later. For a range past the end the server answers
// with the last mail, which is left out.
func (s *session) search(next, until uint32, since time.Time) (uids []uint32, err error) {
	var all imap.UIDSet
	last := imap.UID(0) // the end
	if until > 0 {
		last = imap.UID(until - 1)
	}
	all.AddRange(imap.UID(next), last)
	err = s.within(stepLimit, Reading, func() error {
		found, err := s.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{all}, Since: since}, nil).Wait()
		set, _ := found.All.(imap.UIDSet)
		uids = upTo(batch, set, next, until)
		return err
	})
	return uids, err
}

// upTo returns the first n UIDs of a set that are not below next, and below until if that is not 0. It takes
// them one by one: a server may send the range 1:4294967295.
func upTo(n int, set imap.UIDSet, next, until uint32) (uids []uint32) {
	for _, r := range set { // in the order of the UIDs
		if r.Stop == 0 {
			continue // "*" is no answer
		}
		for uid := max(uint64(r.Start), uint64(next)); uid <= uint64(r.Stop) && len(uids) < n && (until == 0 || uid < uint64(until)); uid++ {
			uids = append(uids, uint32(uid))
		}
	}
	return uids
}

// nextUID returns the UID that the next mail will get, also from servers that don't say it (RFC 2060).
func (s *session) nextUID() (uint32, error) {
	if s.box.UIDNext != 0 {
		return uint32(s.box.UIDNext), nil
	}
	var highest uint32
	err := s.within(stepLimit, Selecting, func() error {
		var last imap.UIDSet
		last.AddNum(0) // the last
		found, err := s.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{last}}, nil).Wait()
		set, _ := found.All.(imap.UIDSet)
		for _, r := range set {
			highest = max(highest, uint32(r.Stop))
		}
		return err
	})
	return highest + 1, err
}
