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

// besideAtOnce is how many mails one transaction empties.
const besideAtOnce = 20

// eraseBeside deletes what names a person outside their conversations: notices to operators, mails that were not taken
// into a conversation, and names in blocks of ranges. It does so in many small transactions, since there may be much.
func (a *Archive) eraseBeside(ctx context.Context, p Person) error {
	var notices []bridge.DeskEntry
	err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
		notices, err = noticesAbout(r, p)
		return err
	})
	if err == nil {
		err = a.eraseStrayMails(ctx, p.emails())
	}
	for _, c := range p.Conversations {
		if err == nil {
			err = a.eraseNoticeMails(ctx, c)
		}
	}
	if err == nil {
		err = a.anonymousBlocks(ctx, p)
	}
	if err != nil {
		return fmt.Errorf("erase what is beside conversations: %w", err)
	}
	return a.eraseNotices(ctx, notices)
}

// eraseNoticeMails empties the mails with notices to operators that were made while a conversation was under way.
func (a *Archive) eraseNoticeMails(ctx context.Context, c bridge.Conversation) error {
	for more := true; more; {
		err := a.store.UpdateArchive(ctx, func(tx Tx) error {
			_, begun, err := tx.Begun(c.Number)
			if err == nil {
				more, err = tx.EmptyNotices(begun, c.ClosedAt.Add(noticesAfter), besideAtOnce)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
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

// eraseStrayMails empties the mails that belong to no conversation and in which one of some email addresses stands. It reads
// each mail in a transaction of its own, since a mail may be large.
func (a *Archive) eraseStrayMails(ctx context.Context, emails []string) error {
	for after, more := int64(0), len(emails) > 0; more; {
		var ids []int64
		err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
			ids, err = r.StrayMails(after, deskAtOnce)
			return err
		})
		if err != nil {
			return err
		}
		more = len(ids) == deskAtOnce
		for _, id := range ids {
			after = id
			about := false
			err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
				about, err = mailAbout(r, id, emails)
				return err
			})
			if err == nil && about {
				err = a.store.UpdateArchive(ctx, func(tx Tx) error { return tx.EmptyMail(id) })
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// mailAbout reports whether one of some email addresses stands in a mail.
func mailAbout(r Reader, id int64, emails []string) (bool, error) {
	m, err := r.Bridge().InMail(id)
	if err == nil && m.Apart != "" {
		m.Raw, err = r.Bridge().MailParts(m.Apart)
	}
	if err != nil && phrase.CodeOf(err) != phrase.CodeNotFound {
		return false, err
	}
	raw := bytes.ToLower(m.Raw)
	return slices.ContainsFunc(emails, func(email string) bool { return bytes.Contains(raw, []byte(email)) }), nil
}

// anonymousBlocks takes the name and the reason out of the blocks of ranges that were made because of a person. The ranges
// stay blocked, since others use them, too. All links to searches that were not opened yet go as well: no rule knows whose words a query
// has, in whatever spelling, and such a link works once within a quarter of an hour, so that search makes another one costs nothing.
func (a *Archive) anonymousBlocks(ctx context.Context, p Person) error {
	var about []bridge.Block
	err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
		about, err = blocksAbout(r, p)
		return err
	})
	if err != nil {
		return err
	}
	return a.store.UpdateArchive(ctx, func(tx Tx) error {
		blocks, err := tx.BridgeTx().Blocks() // as they are now
		for _, b := range blocks {
			if err == nil && slices.ContainsFunc(about, func(was bridge.Block) bool { return was.Target == b.Target && was.Name == b.Name }) {
				b.Name, b.Reason = "", ""
				err = tx.BridgeTx().SaveBlock(b)
			}
		}
		if err != nil {
			return err
		}
		return tx.DeleteSearchLinks()
	})
}

// blocksAbout lists the blocks of ranges that were made because of a person.
func blocksAbout(r Reader, p Person) (list []bridge.Block, err error) {
	blocks, err := r.Bridge().Blocks()
	if err != nil || len(blocks) == 0 {
		return nil, err
	}
	for _, c := range p.Conversations {
		q, err := r.Request(c.Number)
		if err != nil {
			return nil, err
		}
		from, bad := netip.ParsePrefix(q.Address)
		for _, b := range blocks {
			if wide, other := netip.ParsePrefix(b.Target); bad == nil && other == nil && wide.Overlaps(from) && b.Name == q.Name {
				list = append(list, b)
			}
		}
	}
	return list, nil
}
