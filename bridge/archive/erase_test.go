package archive_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/bridge/phrase"
	"porchlight/db/sqlite"
)

// marker stands in all that is known of a visitor who is to be erased.
const marker = "xyzzyplugh"

// everywhere stores a closed conversation with the marker in everything that a visitor, operators and mail can leave, and
// returns its number.
func (s *shelf) everywhere(name string) int64 {
	s.Helper()
	s.n++
	at := noon.AddDate(0, 0, s.n-100)
	email := strings.ToLower(name) + "@" + marker + ".example"
	v := bridge.VisitorJID(fmt.Sprintf("%s-%04d@support.example.org", strings.ToLower(name)+marker, s.n))
	c := bridge.Conversation{ID: bridge.ConversationID(fmt.Sprint("id-", marker, s.n)), Visitor: v, Department: "sales", Kind: bridge.Chat, Email: email,
		State: bridge.Closed, Reason: bridge.ReasonOperator, Owner: xavi, OpenedAt: at, ClosedAt: at.Add(time.Minute)}
	q := bridge.Request{Name: name + marker, Email: email, Reason: marker, Page: bridge.Page{URL: "https://shop.example/" + marker, Title: marker, Referrer: marker}, Language: "en", Browser: marker,
		Attributes: `{"order":"` + marker + `"}`, Address: "192.0.2.0/24", Verified: fmt.Sprint(marker, s.n)}
	s.update(func(tx bridge.Tx) error {
		return errors.Join(tx.CreateVisitor(bridge.Visitor{JID: v, Name: name + marker, Email: email, Subject: fmt.Sprint(marker, s.n), CreatedAt: at, Called: marker, Phone: "+34" + marker, Remark: marker}),
			tx.CreateConversation(&c, q, fmt.Sprint("key-", marker, s.n), make([]byte, 32)),
			tx.SaveParticipant(bridge.Participant{Conversation: c.Number, Operator: xavi}))
	})
	n := c.Number
	s.goOn(n, "visitor: my "+marker, "xavi: your "+marker, "note: odd "+marker, "correct 1: "+marker)
	s.update(func(tx bridge.Tx) error {
		f := bridge.File{ID: marker + fmt.Sprint(n), Conversation: n, Name: marker + ".txt", Type: "text/plain", Size: 9, At: at}
		vote := bridge.Feedback{Conversation: n, Operator: xavi, Score: 4, Comment: marker, At: at}
		id := fmt.Sprint(marker, n)
		return errors.Join(tx.CreateFile(f), tx.AppendFile(f.ID, 0, bytes.Repeat([]byte(marker), 900)), tx.CompleteFile(f.ID),
			tx.CreateFeedback(&vote), tx.SaveTag(n, fmt.Sprint(marker, n), at), tx.SaveTag(n, "refund", at),
			tx.SaveThread(bridge.Thread{Conversation: n, Address: email, Token: strings.Repeat("x", 20) + id, Subject: marker, LastMail: marker}),
			tx.SaveMailing(bridge.Mailing{Conversation: n, Upto: 1}),
			tx.CreateInMail(&bridge.InMail{Mailbox: "INBOX", UID: uint32(n), Fingerprint: fmt.Sprint("hash", n), MessageID: id, Received: at, Raw: []byte("From: " + email), State: bridge.MailDone, Conversation: n, Kept: at}),
			tx.CreateInMail(&bridge.InMail{Mailbox: "INBOX", UID: uint32(n + 1000), Fingerprint: fmt.Sprint("other", n), MessageID: "r" + id, Received: at, Raw: []byte("From: " + email), State: bridge.MailRefused, Kept: at}),
			tx.CreateOutMail(bridge.OutMail{ID: id, Kind: bridge.AnswerMail, Conversation: n, MessageID: id, From: "f", To: email, Raw: []byte(marker), State: bridge.MailQueued, Made: at, Due: at, Apart: id, Operator: xavi}),
			tx.SaveMailPart(bridge.MailPart{Apart: id, Made: at, Raw: bytes.Repeat([]byte(marker), 900)}),
			tx.CreateOutMail(bridge.OutMail{ID: fmt.Sprint("notice", n), Kind: bridge.NoticeMail, MessageID: fmt.Sprint("notice", n), From: "f", To: "olga@example.org", Raw: []byte(marker), State: bridge.MailSent, Made: at}),
			tx.AppendDesk(&bridge.DeskEntry{Operator: xavi, Kind: bridge.DeskNotice, At: at, Conversation: n, Phrase: phrase.Say("%s", marker)}),
			tx.AppendDesk(&bridge.DeskEntry{Operator: olga, Kind: bridge.DeskNotice, At: at, Phrase: phrase.Say("#%d %s waits", n, marker)}),
			tx.AppendDesk(&bridge.DeskEntry{Operator: olga, Kind: bridge.DeskNotice, At: at, Phrase: phrase.Say("A mail from %s can't be read.", email)}),
			tx.SaveBlock(bridge.Block{Target: string(v), Name: name + marker, Reason: marker, By: xavi, At: at}),
			tx.SaveBlock(bridge.Block{Target: "192.0.2.0/24", Name: name + marker, Reason: marker, By: xavi, At: at}),
			tx.SavePass(bridge.Pass{Hash: []byte(fmt.Sprintf("%032d", n)), Kind: bridge.PassLink, Operator: olga, Name: "search?q=" + marker, Made: at, Ends: at.Add(time.Hour)}),
			tx.SaveSetting("unrelated", "stays"))
	})
	return n
}

// rowsWith lists the tables in which the marker stands, with how many rows.
func (s *shelf) rowsWith(text string) (found []string) {
	s.Helper()
	raw := s.raw()
	defer raw.Close()
	for _, table := range tables(s.TB, raw) {
		rows, err := raw.Query("SELECT * FROM " + table)
		s.must(err)
		columns, _ := rows.Columns()
		n := 0
		for rows.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			s.must(rows.Scan(into...))
			if strings.Contains(fmt.Sprintf("%s", values), text) {
				n++
			}
		}
		s.must(errors.Join(rows.Err(), rows.Close()))
		if n > 0 {
			found = append(found, fmt.Sprintf("%s %d", table, n))
		}
	}
	return found
}

// tables lists the tables of a database, except those that are inside the index.
func tables(t testing.TB, raw *sql.DB) (list []string) {
	t.Helper()
	from := "sqlite_schema WHERE type = 'table' AND"
	if strings.HasPrefix(t.Name(), onPostgres) {
		from = "(SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()) t WHERE"
	}
	rows, err := raw.Query("SELECT name FROM " + from + " name NOT LIKE 'sqlite_%' AND name NOT LIKE 'archive_words%' AND name NOT LIKE 'goose%' ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		name := ""
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		list = append(list, name)
	}
	return list
}

// filesWith lists the files of the database in which a text stands.
func (s *shelf) filesWith(text string) (found []string) {
	s.Helper()
	files, err := filepath.Glob(s.path + "*")
	s.must(err)
	for _, name := range files {
		content, err := os.ReadFile(name)
		s.must(err)
		if bytes.Contains(content, []byte(text)) {
			found = append(found, strings.TrimPrefix(name, s.path))
		}
	}
	return found
}

// person finds whom a text means.
func (s *shelf) person(text string) archive.Person {
	s.Helper()
	p, several, err := s.archive.FindPerson(s.Context(), text)
	if err != nil || several {
		s.Fatalf("%q: %v, several %v", text, err, several)
	}
	return p
}

// TestErase_LeavesNoTrace: all that is known of a visitor stands in the database, is erased, and is then neither in a row nor in any byte
// of the files; what is known of others stays, and so do the statistics.
func TestErase_LeavesNoTrace(t *testing.T) {
	s := newShelf(t)
	for range 30 {
		s.talk("support", "visitor: refund", "xavi: of course")
	}
	n := s.everywhere("Anna")
	s.tag(1, "refund")
	for range 30 {
		s.talk("sales", "visitor: refund", "xavi: of course")
	}
	s.must(s.archive.CatchUp(t.Context()))
	s.finds(xavi, marker, n)
	held := s.rowsWith(marker)
	for _, table := range []string{"blocks", "conversations", "desk_entries", "events", "file_parts", "files", "mail_parts", "mails", "posts", "requests", "tags", "threads", "visitor_words", "visitors", "votes"} {
		if !slices.ContainsFunc(held, func(h string) bool { return strings.HasPrefix(h, table+" ") }) {
			t.Errorf("nothing was stored in %s, so nobody sees whether it is erased", table)
		}
	}
	p := s.person("anna@" + marker + ".example")
	if len(p.Conversations) != 1 || p.Files != 1 || p.Mails != 2 {
		t.Errorf("found %+v", p)
	}
	xaviSuper, _ := s.bridge.Team.Operator(xavi)
	done, err := s.archive.Erase(t.Context(), xaviSuper, p)
	if err != nil || done.Conversations != 1 || done.Files != 1 {
		t.Errorf("erased %+v: %v", done, err)
	}
	if left := s.rowsWith(marker); len(left) > 0 {
		t.Errorf("the marker is left in %v", left)
	}
	s.finds(xavi, marker)
	s.must(s.archive.Tend(t.Context()))
	if left := s.filesWith(marker[1:]); len(left) > 0 {
		t.Errorf("the marker is left in the files %v", left)
	}
	if all := s.rowsWith("refund"); !slices.Contains(all, "events 60") {
		t.Errorf("what others said is not whole: %v", all)
	}
	if _, err := s.bridge.Conversation(t.Context(), n); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("the conversation is still known: %v", err)
	}
	tally, list, _, err := s.bridge.Votes.List(t.Context(), xavi, bridge.Always(), 1)
	if err != nil || tally != (bridge.Tally{0, 0, 0, 1, 0}) || len(list) > 0 {
		t.Errorf("the vote counts as %v, listed %v: %v", tally, list, err)
	}
	tags, err := s.bridge.TagCounts(t.Context(), bridge.TagScope{From: noon.AddDate(-1, 0, 0), Until: noon, Department: "sales", Owner: xavi}, 9)
	if err != nil || len(tags) != 1 || tags[0].N != 1 {
		t.Errorf("the tag counts as %v: %v", tags, err)
	}
}

// TestErase_GoesOnAfterACrash: an erasure that a crash breaks off at any of its transactions is finished when the program starts anew.
func TestErase_GoesOnAfterACrash(t *testing.T) {
	for breaks := 1; ; breaks++ {
		s := shelfAt(t, newPlace(t))
		s.everywhere("Anna")
		p := s.person("anna@" + marker + ".example")
		weak := &breaking{Store: s.store, left: breaks}
		xaviSuper, _ := s.bridge.Team.Operator(xavi)
		_, err := s.archive.On(weak).Erase(t.Context(), xaviSuper, p)
		if err == nil {
			if breaks < 6 {
				t.Errorf("an erasure has only %d transactions", breaks)
			}
			return
		}
		s.must(s.archive.Tend(t.Context())) // as at the next start
		if told := s.told(xavi); breaks > 1 && !slices.Equal(told, []string{"Your erasure that was broken off is done.\nErased: conversations: 1, with their files and mails."}) {
			t.Errorf("after a crash in transaction %d Xavi is told %q", breaks, told)
		}
		if left := s.rowsWith(marker); breaks > 1 && len(left) > 0 {
			t.Errorf("after a crash in transaction %d the marker is left in %v", breaks, left)
		}
		if now := s.person1("anna@" + marker + ".example"); breaks == 1 && now != 1 {
			t.Errorf("an erasure that never began has left %d conversations", now)
		}
	}
}

// TestErase_AnotherIsBegunAfterAFailure: an erasure that failed is finished even if another one is asked for meanwhile, whether that
// one fails, too, or not.
func TestErase_AnotherIsBegunAfterAFailure(t *testing.T) {
	for _, breaks := range []int{3, 1000} {
		s := shelfAt(t, newPlace(t))
		s.everywhere("Anna")
		s.everywhere("Berta")
		xaviSuper, _ := s.bridge.Team.Operator(xavi)
		if _, err := s.archive.On(&breaking{Store: s.store, left: 3}).Erase(t.Context(), xaviSuper, s.person("anna@"+marker+".example")); err == nil {
			t.Fatal("nothing broke")
		}
		_, err := s.archive.On(&breaking{Store: s.store, left: breaks}).Erase(t.Context(), xaviSuper, s.person("berta@"+marker+".example"))
		if (err != nil) != (breaks == 3) {
			t.Errorf("the second one: %v", err)
		}
		s.must(s.archive.Tend(t.Context()))
		if left := s.rowsWith(marker); len(left) > 0 {
			t.Errorf("with %d transactions for the second one, the marker is left in %v", breaks, left)
		}
	}
}

// person1 is how many conversations a person has, 0 if there is no such person.
func (s *shelf) person1(text string) int {
	p, _, _ := s.archive.FindPerson(s.Context(), text)
	return len(p.Conversations)
}

// breaking is a store that ends after some updates.
type breaking struct {
	archive.Store
	left int
}

func (b *breaking) UpdateArchive(ctx context.Context, f func(archive.Tx) error) error {
	if b.left--; b.left <= 0 {
		return errors.New("the power is gone")
	}
	return b.Store.UpdateArchive(ctx, f)
}

// TestErase_OpenIsRefused: what is open can't be erased, and nothing of the others of the person is.
func TestErase_OpenIsRefused(t *testing.T) {
	s := shelfAt(t, newPlace(t))
	n := s.everywhere("Anna")
	s.update(func(tx bridge.Tx) error {
		c, err := tx.Conversation(n)
		c.State, c.Seq = bridge.Active, c.Seq+1
		return errors.Join(err, tx.SaveConversation(c, c.Seq-1))
	})
	xaviSuper, _ := s.bridge.Team.Operator(xavi)
	_, err := s.archive.Erase(t.Context(), xaviSuper, s.person(fmt.Sprint("#", n)))
	if phrase.CodeOf(err) != phrase.CodeConflict || !strings.Contains(err.Error(), "still open") || len(s.rowsWith(marker)) < 10 {
		t.Errorf("an open one is erased: %v", err)
	}
}

// TestFindPerson: a number, an address and a name mean one visitor with those whose requests were merged with theirs and who are surely the
// same person, an email address means everybody who gave it, and a name that several have means nobody.
func TestFindPerson(t *testing.T) {
	s := shelfAt(t, newPlace(t))
	one, two, three := s.everywhere("Anna"), s.everywhere("Anna"), s.everywhere("Berta")
	if p := s.person(fmt.Sprint(one)); len(p.Conversations) != 1 || p.Alike != 1 || p.Names()[0] != marker {
		t.Errorf("by number: %+v", p)
	}
	if p := s.person("ANNA@" + marker + ".example"); len(p.Conversations) != 2 || p.Alike != 0 || p.Email == "" {
		t.Errorf("by email: %+v", p)
	}
	s.update(func(tx bridge.Tx) error {
		c, err := tx.Conversation(three)
		c.Into, c.Seq = two, c.Seq+1
		return errors.Join(err, tx.SaveConversation(c, c.Seq-1))
	})
	for text, other := range map[string]int64{fmt.Sprint("#", two): three, fmt.Sprint(three): two, "berta": two} {
		if p := s.person(text); len(p.Conversations) != 1 || len(p.Visitors) != 1 || fmt.Sprint(p.Joined) != fmt.Sprintf("[{%d %s}]", other, marker) {
			t.Errorf("merged by an address that was typed, by %q: %+v", text, p)
		}
	}
	for n, subject := range map[int64]string{two: "mail:anna@example.net", three: "mail:Anna@example.net 7"} {
		s.mailbox(n, subject)
	}
	for _, text := range []string{fmt.Sprint("#", two), fmt.Sprint(three), "berta"} {
		if p := s.person(text); len(p.Conversations) != 2 || len(p.Visitors) != 2 || len(p.Joined) > 0 {
			t.Errorf("merged, with mail from one address, by %q: %+v", text, p)
		}
	}
	if _, several, err := s.archive.FindPerson(t.Context(), "anna"); err != nil || !several {
		t.Errorf("two of a name: %v %v", several, err)
	}
	for _, text := range []string{"nobody", "#99", "nobody@example.org", "", "-", "@"} {
		if _, _, err := s.archive.FindPerson(t.Context(), text); phrase.CodeOf(err) != phrase.CodeNotFound {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestErase_LeavesMailThatIsNotSorted: a mail that nobody has read yet is a new request, and is neither emptied nor lost; it goes
// once it is sorted.
func TestErase_LeavesMailThatIsNotSorted(t *testing.T) {
	s := shelfAt(t, newPlace(t))
	n := s.everywhere("Anna")
	m := bridge.InMail{Mailbox: "INBOX", UID: 77, Fingerprint: "new", Received: noon, Raw: []byte("From: anna@" + marker + ".example"), State: bridge.MailNew, Kept: noon, Due: noon}
	s.update(func(tx bridge.Tx) error { return tx.CreateInMail(&m) })
	later := s.everywhere("Anna")
	xaviSuper, _ := s.bridge.Team.Operator(xavi)
	for _, step := range []struct {
		of    int64
		state bridge.MailState
		stays bool
	}{{n, bridge.MailNew, true}, {later, bridge.MailRefused, false}} {
		s.update(func(tx bridge.Tx) error {
			now, err := tx.InMail(m.ID)
			now.State = step.state
			return errors.Join(err, tx.SaveInMail(now))
		})
		if _, err := s.archive.Erase(t.Context(), xaviSuper, s.person(fmt.Sprint("#", step.of))); err != nil {
			t.Fatal(err)
		}
		s.must(s.store.View(t.Context(), func(r bridge.Reader) error {
			now, err := r.InMail(m.ID)
			if (len(now.Raw) > 0) != step.stays || now.State != step.state {
				t.Errorf("in state %s, it is %s with %q", step.state, now.State, now.Raw)
			}
			return err
		}))
	}
}

// TestErase_BeginsAgainMeanwhile: a conversation can't begin again while its files are being deleted, and one that has
// begun again before keeps its files, and is told.
func TestErase_BeginsAgainMeanwhile(t *testing.T) {
	s := shelfAt(t, newPlace(t))
	var n int64
	junk := func(name string) {
		n = s.everywhere(name)
		s.update(func(tx bridge.Tx) error {
			c, err := tx.Conversation(n)
			c.Reason, c.Seq = bridge.ReasonJunk, c.Seq+1
			return errors.Join(err, tx.SaveConversation(c, c.Seq-1))
		})
	}
	again := func() error {
		c, err := s.bridge.Conversation(s.Context(), n)
		if err == nil {
			_, err = s.bridge.NoJunk(s.Context(), xavi, c.Visitor)
		}
		return err
	}
	junk("Anna")
	xaviSuper, _ := s.bridge.Team.Operator(xavi)
	p := s.person(fmt.Sprint("#", n))
	tries := 0
	late := &onFiles{Store: s.store, number: n, happens: func() {
		tries++
		if err := again(); phrase.CodeOf(err) != phrase.CodeNotFound {
			t.Errorf("it begins again while it is being erased: %v", err)
		}
	}}
	done, err := s.archive.On(late).Erase(t.Context(), xaviSuper, p)
	if err != nil || done.Conversations != 1 || len(done.Left) > 0 || tries == 0 {
		t.Errorf("erased %+v with %d tries to begin again: %v", done, tries, err)
	}
	junk("Berta")
	p = s.person(fmt.Sprint("#", n))
	s.must(again())
	done, err = s.archive.Erase(t.Context(), xaviSuper, p)
	if err != nil || done.Conversations != 0 || done.Files != 0 || !slices.Equal(done.Left, []int64{n}) {
		t.Errorf("erased %+v: %v", done, err)
	}
	s.must(s.store.View(t.Context(), func(r bridge.Reader) error {
		files, err := r.Files(n, 9)
		if len(files) != 1 {
			t.Errorf("of the one that began again there are the files %v", files)
		}
		notices, failed := r.DeskEntries(olga, 0, 9)
		if !slices.ContainsFunc(notices, func(e bridge.DeskEntry) bool { return strings.HasPrefix(e.Phrase.String(), fmt.Sprint("#", n)) }) || failed != nil {
			t.Errorf("of the notices about the one that began again are left %v, %v", notices, failed)
		}
		if doomed, failed := r.Setting("erasing-conversations"); doomed != "" || failed != nil {
			t.Errorf("still said to be under way: %q, %v", doomed, failed)
		}
		return err
	}))
}

// onFiles is a store in which something happens before each update after the files of a conversation are gone and while it is there.
type onFiles struct {
	archive.Store
	number  int64
	happens func()
}

func (o *onFiles) UpdateArchive(ctx context.Context, f func(archive.Tx) error) error {
	half := false
	err := o.ViewArchive(ctx, func(r archive.Reader) error {
		files, err := r.Bridge().Files(o.number, 1)
		if err != nil {
			return err
		}
		_, err = r.Conversation(o.number)
		half = err == nil && len(files) == 0
		return nil
	})
	if err != nil {
		return err
	}
	if half {
		o.happens()
	}
	return o.Store.UpdateArchive(ctx, f)
}

// mailbox says, beside the bridge, by which subject the visitor of a conversation is known.
func (s *shelf) mailbox(number int64, subject string) {
	s.Helper()
	raw := s.raw()
	defer raw.Close()
	_, err := raw.Exec("UPDATE visitors SET subject = $1 WHERE jid = (SELECT visitor FROM conversations WHERE number = $2)", subject, number)
	s.must(err)
}

// TestErase_KnowsEveryTable: whoever adds a table has to say here what an erasure does with it.
func TestErase_KnowsEveryTable(t *testing.T) {
	withConversation := "archive_readings conversations desk_entries events file_parts files hook_cursors mail_parts mailings mails notices offers pages participants posts report_readings requests tags threads votes"
	withVisitor := "blocks visitor_words visitors"
	ofNoVisitor := "answers api_keys audits commands departments hooks invitations leases mailboxes news nodes operators passes past_rows past_spans past_tags past_votes portraits presences reminders report_rows report_spans report_subscriptions sessions settings site_links site_settings"
	s := shelfAt(t, newPlace(t))
	raw, err := sql.Open("sqlite3", s.path)
	s.must(err)
	defer raw.Close()
	known := strings.Fields(withConversation + " " + withVisitor + " " + ofNoVisitor)
	slices.Sort(known)
	if got := tables(t, raw); !slices.Equal(got, known) {
		t.Errorf("the tables are\n\t%v\nand known are\n\t%v", got, known)
	}
}

// TestErase_OneAfterTheOther: also of an index that an earlier erasure has left in one piece nothing of the erased is left.
func TestErase_OneAfterTheOther(t *testing.T) {
	s := newShelf(t)
	for range 20 {
		s.talk("support", "visitor: refund")
	}
	var all []int64
	for _, name := range []string{"Anna", "Berta", "Carla"} {
		all = append(all, s.everywhere(name))
		s.talk("support", "visitor: refund", "xavi: of course")
	}
	s.must(s.archive.CatchUp(t.Context()))
	xaviSuper, _ := s.bridge.Team.Operator(xavi)
	for _, n := range all {
		s.finds(xavi, marker+" odd", func() (left []int64) {
			for _, m := range all {
				if m >= n {
					left = append([]int64{m}, left...)
				}
			}
			return left
		}()...)
		if _, err := s.archive.Erase(t.Context(), xaviSuper, s.person(fmt.Sprint("#", n))); err != nil {
			t.Fatal(err)
		}
		s.must(s.archive.Tend(t.Context()))
	}
	if left := s.filesWith(marker[1:]); len(left) > 0 {
		t.Errorf("the marker is left in the files %v", left)
	}
	if left := s.rowsWith(marker); len(left) > 0 {
		t.Errorf("the marker is left in %v", left)
	}
	s.must(s.store.(*sqlite.DB).Backup(t.Context(), filepath.Join(t.TempDir(), "copy.db"))) // which checks the whole copy
}
