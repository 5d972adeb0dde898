package archive

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// This file finds what names a person outside their conversations.

// deskAtOnce is how many entries of a desk log are read, or deleted, at once.
const deskAtOnce = 500

// noticesAfter is for how long after the end of a conversation mails to operators may have been made about it.
const noticesAfter = time.Hour

// eraseBeside deletes what names a person outside their conversations: notices to operators, mails that were not taken
// into a conversation, and names in blocks of ranges.
func (a *Archive) eraseBeside(ctx context.Context, p Person) error {
	var notices []bridge.DeskEntry
	var mails []int64
	err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
		if notices, err = noticesAbout(r, p); err == nil {
			mails, err = strayMails(r, p.emails())
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("find notices about a visitor: %w", err)
	}
	err = a.store.UpdateArchive(ctx, func(tx Tx) error {
		for _, id := range mails {
			if err := tx.EmptyMail(id); err != nil {
				return err
			}
		}
		for _, c := range p.Conversations {
			_, begun, err := tx.Begun(c.Number)
			if err == nil {
				err = tx.EmptyNotices(begun, c.ClosedAt.Add(noticesAfter))
			}
			if err != nil {
				return err
			}
		}
		if err := tx.DeleteSearchLinks(); err != nil { // their words may be the person's
			return err
		}
		return anonymousBlocks(tx, p)
	})
	if err != nil {
		return err
	}
	return a.eraseNotices(ctx, notices)
}

// eraseNotices deletes entries of desk logs.
func (a *Archive) eraseNotices(ctx context.Context, list []bridge.DeskEntry) error {
	for part := range slices.Chunk(list, deskAtOnce) {
		err := a.store.UpdateArchive(ctx, func(tx Tx) error {
			for _, e := range part {
				if err := tx.DeleteDeskEntry(e.Operator, e.Seq); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("delete notices: %w", err)
		}
	}
	return nil
}

// notices calls f with the entries of all desk logs that belong to no conversation, until it returns false for
// one of an operator.
func notices(r Reader, f func(bridge.DeskEntry) bool) error {
	operators, err := r.Bridge().Operators()
	for _, o := range operators {
		for after, more := int64(0), true; more && err == nil; {
			var list []bridge.DeskEntry
			if list, err = r.Bridge().DeskEntries(o.JID, after, deskAtOnce); err != nil {
				break
			}
			more = len(list) == deskAtOnce
			for _, e := range list {
				after = e.Seq
				if e.Conversation == 0 && !f(e) {
					more = false
					break
				}
			}
		}
	}
	return err
}

// noticesAbout lists the notices to operators that name a conversation or an email address of a person.
func noticesAbout(r Reader, p Person) (list []bridge.DeskEntry, err error) {
	emails, numbers := p.emails(), make(map[int64]bool)
	for _, c := range p.Conversations {
		numbers[c.Number] = true
	}
	err = notices(r, func(e bridge.DeskEntry) bool {
		text := strings.ToLower(e.Phrase.String())
		about := slices.ContainsFunc(numbersIn(text), func(n int64) bool { return numbers[n] }) ||
			slices.ContainsFunc(emails, func(email string) bool { return strings.Contains(text, email) })
		if about {
			list = append(list, e)
		}
		return true
	})
	return list, err
}

// named matches the number of a conversation in a text, as #12.
var named = regexp.MustCompile(`#([0-9]{1,18})`)

// numbersIn lists the conversations that a text names.
func numbersIn(text string) (list []int64) {
	for _, match := range named.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.ParseInt(match[1], 10, 64) // 18 digits fit
		list = append(list, n)
	}
	return list
}

// strayMails lists the mails that belong to no conversation and in which one of some email addresses stands.
func strayMails(r Reader, emails []string) (list []int64, err error) {
	for after, more := int64(0), len(emails) > 0; more; {
		ids, err := r.StrayMails(after, deskAtOnce)
		if err != nil {
			return nil, err
		}
		more = len(ids) == deskAtOnce
		for _, id := range ids {
			after = id
			m, err := r.Bridge().InMail(id)
			if err == nil && m.Apart != "" {
				m.Raw, err = r.Bridge().MailParts(m.Apart)
			}
			if err != nil && phrase.CodeOf(err) != phrase.CodeNotFound {
				return nil, err
			}
			raw := bytes.ToLower(m.Raw)
			if slices.ContainsFunc(emails, func(email string) bool { return bytes.Contains(raw, []byte(email)) }) {
				list = append(list, id)
			}
		}
	}
	return list, nil
}

// anonymousBlocks takes the name and the reason out of the blocks of ranges that were made because of a person. The ranges
// stay blocked, since others use them, too.
func anonymousBlocks(tx Tx, p Person) error {
	blocks, err := tx.BridgeTx().Blocks()
	if err != nil || len(blocks) == 0 {
		return err
	}
	for _, c := range p.Conversations {
		q, err := tx.Request(c.Number)
		if err != nil {
			return err
		}
		from, bad := netip.ParsePrefix(q.Address)
		for _, b := range blocks {
			if wide, other := netip.ParsePrefix(b.Target); bad == nil && other == nil && wide.Overlaps(from) && b.Name == q.Name {
				b.Name, b.Reason = "", ""
				if err := tx.BridgeTx().SaveBlock(b); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
