package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	_ "github.com/mattn/go-sqlite3" // the verdict looks into the bridge's database

	"porchlight/email/smtp/smtptest"
)

// verdict compares what everybody has written with what the bridge has stored and the relay has taken.
type verdict struct {
	book  *book
	mails []smtptest.Mail

	entered map[string][]int64 // where a visitor's word is: the conversations, once for each event
	logged  map[string]bool    // the operator's words that are in a log
	posts   []post
	events  []string // what the conversations tell of mails

	sorted, sent, shown, refused, bounced, unsure int // what was found: mails, words mailed, only shown on a page, told as failed; bounces; mails that came twice
	left                                          int // mails that are not through yet
	problems                                      []string
}

// post is a mail that the bridge sends.
type post struct {
	id, sender, state, words string
	raw                      []byte
}

// judge looks into the database, which the bridge has left.
func (w *mailWorld) judge(ctx context.Context) (*verdict, error) {
	db, err := sql.Open("sqlite3", "file:"+w.path+"?mode=ro")
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	defer db.Close()
	v := &verdict{book: w.book, mails: w.relay.mails(), entered: map[string][]int64{}, logged: map[string]bool{}}
	if err := v.read(ctx, db); err != nil {
		return nil, fmt.Errorf("read database: %w", err)
	}
	w.book.write(func(*book) {
		v.incoming()
		fresh := v.outgoing()
		v.spoken(fresh)
		v.bounces()
	})
	return v, nil
}

func (v *verdict) wrong(format string, a ...any) {
	v.problems = append(v.problems, fmt.Sprintf(format, a...))
}

// read reads the database.
func (v *verdict) read(ctx context.Context, db *sql.DB) error {
	err := each(ctx, db, `SELECT conversation, sender, type, text FROM events`, func(rows *sql.Rows) error {
		var number int64
		var sender, kind, text string
		if err := rows.Scan(&number, &sender, &kind, &text); err != nil {
			return err
		}
		switch {
		case kind == "mail":
			v.events = append(v.events, text)
		case sender == "visitor":
			for _, word := range saidForm.FindAllString(text, -1) {
				v.entered[word] = append(v.entered[word], number)
			}
		case sender == "operator":
			v.logged[wordForm.FindString(text)] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = each(ctx, db, `SELECT id, envelope_from, state, words, raw FROM posts`, func(rows *sql.Rows) error {
		var p post
		err := rows.Scan(&p.id, &p.sender, &p.state, &p.words, &p.raw)
		v.posts = append(v.posts, p)
		return err
	})
	if err != nil {
		return err
	}
	err = db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM mails WHERE state <> 'done') + (SELECT count(*) FROM posts WHERE state = 'queued') + (SELECT count(*) FROM mailings WHERE due_at IS NOT NULL)`).Scan(&v.left)
	if v.left > 0 {
		v.wrong("%d mails are not through yet", v.left)
	}
	return err
}

func each(ctx context.Context, db *sql.DB, query string, f func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// incoming checks that each mail is in one conversation, once: a new one, or that of the word that it answers.
func (v *verdict) incoming() {
	opened := map[int64]string{}
	for word, s := range v.book.mails {
		at := v.entered[word]
		switch {
		case len(at) == 0:
			v.wrong("%s from %s is in no conversation", word, s.from)
			continue
		case len(at) > 1:
			v.wrong("%s from %s is in %v", word, s.from, at)
		case s.answer != "" && v.book.words[s.answer].number != at[0]:
			v.wrong("%s answers %s and is in #%d", word, s.answer, at[0])
		case s.answer == "" && opened[at[0]] != "" && v.book.mails[opened[at[0]]].from != s.from: // who has many open has no further ones
			v.wrong("%s and %s, of different people, opened the same conversation", word, opened[at[0]])
		}
		if s.answer == "" {
			opened[at[0]] = word
		}
		v.sorted++
	}
	for word := range v.entered {
		if _, ok := v.book.mails[word]; !ok {
			v.wrong("nobody has written %s", word)
		}
	}
}

// asker returns to whom the words in a conversation go.
func (v *verdict) asker(number int64) string {
	for word, s := range v.book.mails {
		if at := v.entered[word]; s.answer == "" && slices.Contains(at, number) {
			return s.from
		}
	}
	return ""
}

// outgoing checks that each mail went to whom its words are for, and came twice only if nobody could know that it had
// come. It returns the words that came.
func (v *verdict) outgoing() map[string]bool {
	fresh, byID, askers := map[string]string{}, map[string]smtptest.Mail{}, map[int64]string{}
	for _, m := range v.mails {
		o, err := readOut(m.Raw)
		if err != nil {
			v.wrong("a mail to %s can't be read: %v", m.To, err)
			continue
		}
		if before, again := byID[o.id]; again {
			v.unsure++
			if !before.Cut && !v.book.brokeBetween(before.At, m.At) {
				v.wrong("%s came twice to %s though its outcome was known", o.id, m.To)
			}
		}
		byID[o.id] = m
		for _, word := range append(o.fresh, o.quoted...) {
			number := v.book.words[word].number
			if askers[number] == "" {
				askers[number] = v.asker(number)
			}
			if askers[number] != m.To || o.to != m.To {
				v.wrong("%s for %q went to %s, %s", word, askers[number], m.To, o.to)
			}
		}
		for _, word := range o.fresh {
			if id := fresh[word]; id != "" && id != o.id {
				v.wrong("%s went in two mails", word)
			}
			fresh[word] = o.id
		}
	}
	came := map[string]bool{}
	for word := range fresh {
		came[word] = true
	}
	for _, p := range v.posts {
		if p.state == "sent" {
			if o, err := readOut(p.raw); err == nil && byID[o.id].To == "" {
				v.wrong("%s counts as sent and never came", o.id)
			}
		}
	}
	return came
}

// spoken checks that what the operator was told is stored came by mail, was shown on a page, or was told to have failed.
func (v *verdict) spoken(came map[string]bool) {
	failed := map[string]bool{}
	for _, p := range v.posts {
		if p.state != "failed" {
			continue
		}
		if !v.told(p.words) {
			v.wrong("that a mail failed was not told: %s", p.words)
			continue
		}
		if o, err := readOut(p.raw); err == nil {
			for _, word := range o.fresh {
				failed[word] = true
			}
		}
	}
	for word, s := range v.book.words {
		switch {
		case !s.stored:
		case !v.logged[word]:
			v.wrong("%s was acknowledged, and is in no log", word)
		case came[word]:
			v.sent++
		case v.book.shown[word]:
			v.shown++
		case failed[word]:
			v.refused++
		default:
			v.wrong("%s is stored, and went nowhere", word)
		}
	}
}

// bounces checks that each bounce is known and told, once.
func (v *verdict) bounces() {
	for words, address := range v.book.bounces {
		n := 0
		for _, text := range v.events {
			if strings.Contains(text, words) {
				n++
			}
		}
		i := slices.IndexFunc(v.posts, func(p post) bool { return p.sender == address })
		if n != 1 || i < 0 || v.posts[i].state != "bounced" || !v.told(words) {
			v.wrong("a bounce to %s is in the log %d times, told: %v", address, n, v.told(words))
			continue
		}
		v.bounced++
	}
}

// told reports whether the operator was shown words about a mail. The lock is held.
func (v *verdict) told(words string) bool {
	for line := range v.book.heard {
		if strings.Contains(line, words) {
			return true
		}
	}
	return false
}

// summary says what was found.
func (v *verdict) summary() string {
	stored := v.sent + v.shown + v.refused
	return fmt.Sprintf("%d mails came, %d of them in one conversation, once; %d messages of the operator acknowledged, %d went by mail, %d were shown on a page, %d told as not sent; %d mails taken by the relay, %d of them for a second time after an outcome that nobody could know; %d bounces, %d told; %d faults found",
		len(v.book.mails), v.sorted, stored, v.sent, v.shown, v.refused, len(v.mails), v.unsure, len(v.book.bounces), v.bounced, len(v.problems))
}
