package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
)

// Erase implements archive.Tx. All that belongs to a conversation goes with its row, since the tables refer to it
// with ON DELETE CASCADE; what is kept is taken out before.
func (t *ArchiveTx) Erase(number int64) error {
	apart, err := t.largeMails(number)
	if err != nil {
		return err
	}
	for _, do := range []func(int64) error{t.keepVote, t.keepTags, t.emptyMails} {
		if err := do(number); err != nil {
			return fmt.Errorf("erase conversation: %w", err)
		}
	}
	if _, err := t.s.exec(`UPDATE conversations SET merged_into = NULL WHERE merged_into = ?`, number); err != nil {
		return fmt.Errorf("erase conversation: %w", err)
	}
	if _, err := t.s.exec(`DELETE FROM conversations WHERE number = ?`, number); err != nil {
		return fmt.Errorf("erase conversation: %w", err)
	}
	for _, name := range apart {
		if _, err := t.s.exec(`DELETE FROM mail_parts WHERE apart = ?`, name); err != nil {
			return fmt.Errorf("erase large mail: %w", err)
		}
	}
	return nil
}

// largeMails lists the names of the parts of a conversation's large mails.
func (t *ArchiveTx) largeMails(number int64) ([]string, error) {
	in, err := list(t.s, "large mails", scanText, `SELECT apart FROM mails WHERE conversation = ? AND apart IS NOT NULL`, number)
	if err != nil {
		return nil, err
	}
	out, err := list(t.s, "large mails", scanText, `SELECT apart FROM posts WHERE conversation = ? AND apart IS NOT NULL`, number)
	return append(in, out...), err
}

// keepVote counts the vote of a conversation among the past ones, unless it was deleted or the conversation was junk. What the audit log says of
// a deleted vote names the visitor, so that is emptied.
func (t *ArchiveTx) keepVote(number int64) error {
	const hour = int64(time.Hour / time.Millisecond)
	_, err := t.s.exec(`INSERT INTO past_votes (operator, hour, score, n) SELECT operator, created_at / ? * ?, score, 1 FROM votes WHERE conversation = ? AND deleted_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.number = votes.conversation AND c.reason = 'junk')
		ON CONFLICT (operator, hour, score) DO UPDATE SET n = past_votes.n + 1`, hour, hour, number)
	if err != nil {
		return err
	}
	votes, err := list(t.s, "votes", scanVote, selectVote+`WHERE conversation = ?`, number)
	for _, v := range votes {
		if err == nil {
			_, err = t.s.exec(`UPDATE audits SET changes = '' WHERE about = ? AND line = ?`, string(v.Operator), fmt.Sprint("feedback-delete ", v.ID))
		}
	}
	return err
}

// keepTags counts the tags of a conversation among the past ones, unless it was junk, of which no tags are counted. A tag
// that no other conversation has or had may be a name, and is not kept.
func (t *ArchiveTx) keepTags(number int64) error {
	const day = int64(24 * time.Hour / time.Millisecond)
	_, err := t.s.exec(`INSERT INTO past_tags (day, tag, kind, department, owner, n) SELECT t.added_at / ? * ?, t.tag, c.kind, c.department, coalesce(c.owner, ''), 1
		FROM tags t JOIN conversations c ON c.number = t.conversation WHERE t.conversation = ? AND c.reason <> 'junk'
		AND (EXISTS (SELECT 1 FROM tags o WHERE o.tag = t.tag AND o.conversation <> t.conversation) OR EXISTS (SELECT 1 FROM past_tags p WHERE p.tag = t.tag))
		ON CONFLICT (day, tag, kind, department, owner) DO UPDATE SET n = past_tags.n + 1`, day, day, number)
	return err
}

// emptyMails leaves of the mails that came into a conversation what keeps them from coming once more when a mailbox is
// read anew: their places in it, and the hashes of their bytes.
func (t *ArchiveTx) emptyMails(number int64) error {
	_, err := t.s.exec(`UPDATE mails SET raw = ?, message_id = NULL, received_at = NULL, state = 'done', fate = 'erased', conversation = NULL, apart = NULL, kept_at = NULL, due_at = NULL
		WHERE conversation = ?`, []byte{}, number)
	return err
}

// DeleteVisitor implements archive.Tx.
func (t *ArchiveTx) DeleteVisitor(v bridge.VisitorJID) (gone bool, err error) {
	n, err := t.s.exec(`DELETE FROM visitors WHERE jid = ? AND NOT EXISTS (SELECT 1 FROM conversations WHERE visitor = visitors.jid)`, string(v))
	if err != nil {
		return false, fmt.Errorf("erase visitor: %w", err)
	}
	return n > 0, nil
}

// DeleteDeskEntry implements archive.Tx.
func (t *ArchiveTx) DeleteDeskEntry(o bridge.OperatorJID, seq int64) error {
	if _, err := t.s.exec(`DELETE FROM desk_entries WHERE operator = ? AND seq = ?`, string(o), seq); err != nil {
		return fmt.Errorf("erase desk entry: %w", err)
	}
	return nil
}

// DeleteSearchLinks implements archive.Tx. The name of a link's pass is the page that it opens, as search?q=anna.
func (t *ArchiveTx) DeleteSearchLinks() error {
	if _, err := t.s.exec(`DELETE FROM passes WHERE kind = 'link' AND name LIKE ?`, "%?q=%"); err != nil {
		return fmt.Errorf("erase links to searches: %w", err)
	}
	return nil
}

// EmptyMail implements archive.Tx.
func (t *ArchiveTx) EmptyMail(id int64) error {
	apart, err := list(t.s, "large mail", scanText, `SELECT apart FROM mails WHERE id = ? AND apart IS NOT NULL`, id)
	if err == nil {
		_, err = t.s.exec(`UPDATE mails SET raw = ?, message_id = NULL, received_at = NULL, apart = NULL, kept_at = NULL WHERE id = ?`, []byte{}, id)
	}
	for _, name := range apart {
		if err == nil {
			_, err = t.s.exec(`DELETE FROM mail_parts WHERE apart = ?`, name)
		}
	}
	if err != nil {
		return fmt.Errorf("erase mail: %w", err)
	}
	return nil
}

// EmptyNotices implements archive.Tx.
func (t *ArchiveTx) EmptyNotices(from, until time.Time, limit int) (more bool, err error) {
	ids, err := list(t.s, "notices", scanText, `SELECT id FROM posts WHERE kept_at >= ? AND kept_at <= ? AND kind = 'notice' AND state <> 'queued' ORDER BY kept_at LIMIT ?`,
		from.UnixMilli(), until.UnixMilli(), int64(limit))
	for _, id := range ids {
		if err == nil {
			_, err = t.s.exec(`DELETE FROM mail_parts WHERE apart = (SELECT apart FROM posts WHERE id = ?)`, id)
		}
		if err == nil {
			_, err = t.s.exec(`UPDATE posts SET raw = ?, apart = NULL, kept_at = NULL WHERE id = ?`, []byte{}, id)
		}
	}
	if err != nil {
		return false, fmt.Errorf("erase notices: %w", err)
	}
	return len(ids) == limit, nil
}

// DeleteMailParts implements archive.Tx.
func (t *ArchiveTx) DeleteMailParts(number int64, limit int) (more bool, err error) {
	apart, err := t.largeMails(number)
	for _, name := range apart {
		if err != nil || more {
			break
		}
		var n int64
		n, err = t.s.exec(`DELETE FROM mail_parts WHERE apart = ? AND part IN (SELECT part FROM mail_parts WHERE apart = ? ORDER BY part LIMIT ?)`, name, name, int64(limit))
		more = n == int64(limit)
	}
	if err != nil {
		return false, fmt.Errorf("erase large mails: %w", err)
	}
	return more, nil
}

// StrayMails implements archive.Reader. A mail in any other state is yet to be read by the sorter.
func (r *ArchiveReader) StrayMails(after int64, limit int) ([]int64, error) {
	return list(r.s, "mails", scanInt, `SELECT id FROM mails WHERE id > ? AND conversation IS NULL AND kept_at IS NOT NULL AND state IN ('done', 'refused') ORDER BY id LIMIT ?`, after, int64(limit))
}

// CountMails implements archive.Reader.
func (r *ArchiveReader) CountMails(number int64) (int, error) {
	in, err := one(r.s, "number of mails", scanInt, `SELECT count(*) FROM mails WHERE conversation = ?`, number)
	if err != nil {
		return 0, err
	}
	out, err := one(r.s, "number of mails", scanInt, `SELECT count(*) FROM posts WHERE conversation = ?`, number)
	return int(in + out), err
}

// Ended implements archive.Reader.
func (r *ArchiveReader) Ended(department string, before time.Time, skip, limit int) ([]int64, error) {
	return list(r.s, "ended conversations", scanInt, `SELECT number FROM conversations WHERE state = 'closed' AND department = ? AND closed_at < ? ORDER BY closed_at, number LIMIT ? OFFSET ?`,
		department, before.UnixMilli(), int64(limit), int64(skip))
}
