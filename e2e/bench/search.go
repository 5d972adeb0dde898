package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/db/sqlite"
	"porchlight/demo"
)

// lookBack measures the search in n conversations: how large its index is beside the text, how long it takes to make,
// what that does to others who write, and how long searches take.
func lookBack(ctx context.Context, dir string, n int) error {
	path := filepath.Join(dir, "search.db")
	store, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	b, err := bridge.Open(ctx, store, bridge.Options{Domain: demo.Domain, SuperOperators: []bridge.OperatorJID{xavi}, Clock: bridge.SystemClock{}, Log: slog.New(slog.DiscardHandler)})
	if err == nil {
		err = b.Team.Add(ctx, bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Permissions: bridge.Permissions{bridge.MaySearch}})
	}
	if err != nil {
		return err
	}
	text, err := chatter(ctx, store, n)
	if err != nil {
		return fmt.Errorf("make conversations: %w", err)
	}
	alone, err := writes(ctx, store, time.After(5*time.Second))
	if err != nil {
		return err
	}
	before, err := size(ctx, store, path+".copy")
	if err != nil {
		return err
	}
	a := archive.New(store, archive.Options{Bridge: b, Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	begun, made, ended := time.Now(), make(chan time.Time), make(chan error)
	go func() { ended <- a.Run(ctx) }()
	go func() {
		if a.CatchUp(ctx) == nil {
			close(made)
		}
	}()
	beside, err := writes(ctx, store, made)
	took := time.Since(begun)
	if err != nil {
		return err
	}
	after, err := size(ctx, store, path+".copy")
	if err != nil {
		return err
	}
	fmt.Printf("search in %d conversations, %d MB of text:\nindex: %d MB, %.2f of the text; made in %v, %.0f conversations a second\n",
		n, text>>20, (after-before)>>20, float64(after-before)/float64(text), took.Round(time.Second), float64(n)/took.Seconds())
	fmt.Printf("somebody else's write: median %v, p99 %v, longest %v; while the index is made %v, %v, %v\n",
		median(alone), percentile(alone, 99), percentile(alone, 100), median(beside), percentile(beside, 99), percentile(beside, 100))
	err = searches(ctx, b, a)
	stop()
	return cmp.Or(err, <-ended)
}

const olga = bridge.OperatorJID("olga@" + demo.Host)

// size is how large a compact copy of a database is.
func size(ctx context.Context, store *sqlite.DB, dest string) (int64, error) {
	defer os.Remove(dest)
	if err := store.Backup(ctx, dest); err != nil {
		return 0, err
	}
	info, err := os.Stat(dest)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// writes writes a little every few milliseconds until it is to stop, and says how long each write took.
func writes(ctx context.Context, store *sqlite.DB, stop <-chan time.Time) (took []time.Duration, err error) {
	for i := 0; ; i++ {
		at := time.Now()
		err := store.Update(ctx, func(tx bridge.Tx) error { return tx.SaveSetting("bench", fmt.Sprint(i)) })
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(at))
		select {
		case <-stop:
			return took, nil
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// chatter stores conversations as people have them, and returns how many bytes were said in them. Words are as frequent as in
// natural language (Zipf).
func chatter(ctx context.Context, store *sqlite.DB, n int) (bytes int, err error) {
	random := rand.New(rand.NewPCG(1, 2))
	words := rand.NewZipf(random, 1.1, 4, 50_000)
	for first := 0; first < n && err == nil; first += 500 {
		err = store.Update(ctx, func(tx bridge.Tx) error {
			for i := first; i < min(n, first+500); i++ {
				said, err := talk(tx, random, words, i)
				bytes += said
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	return bytes, err
}

// word is the n-th most frequent word.
func word(n uint64) string {
	const syllables = "ba be bi bo bu da de di do du fa fe fi fo fu ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu"
	list := strings.Fields(syllables)
	w := list[n%uint64(len(list))]
	for n /= uint64(len(list)); n > 0; n /= uint64(len(list)) {
		w += list[n%uint64(len(list))]
	}
	return w + "s"
}

// talk stores one conversation of some messages.
func talk(tx bridge.Tx, random *rand.Rand, words *rand.Zipf, i int) (bytes int, err error) {
	at := time.Unix(1_700_000_000+60*int64(i), 0)
	v := bridge.VisitorJID(fmt.Sprintf("anna-%07d@%s", i, demo.Domain))
	messages := 3 + random.IntN(7)
	c := bridge.Conversation{ID: bridge.ConversationID(fmt.Sprintf("talk-%07d", i)), Visitor: v, Department: "support", Kind: bridge.Chat,
		State: bridge.Closed, Reason: bridge.ReasonOperator, Owner: xavi, Seq: int64(messages), OpenedAt: at, ClosedAt: at}
	err = errors.Join(tx.CreateVisitor(bridge.Visitor{JID: v, Name: "Anna", CreatedAt: at}),
		tx.CreateConversation(&c, bridge.Request{Name: "Anna", Reason: "a question"}, fmt.Sprintf("talk-%07d", i), make([]byte, 32)),
		tx.SaveParticipant(bridge.Participant{Conversation: c.Number, Operator: xavi, Settled: true}))
	if i%20_000 == 7 { // Olga has few
		err = errors.Join(err, tx.SaveParticipant(bridge.Participant{Conversation: c.Number, Operator: olga, Settled: true}))
	}
	for seq := range messages {
		var said []string
		for range 4 + random.IntN(18) {
			said = append(said, word(words.Uint64()))
		}
		text := strings.Join(said, " ")
		bytes += len(text)
		from := []bridge.Role{bridge.FromVisitor, bridge.FromOperator}[seq%2]
		err = errors.Join(err, tx.Append(bridge.Event{Conversation: c.Number, Seq: int64(seq + 1), Type: bridge.EventMessage, At: at, From: from, Operator: xavi, Text: text}))
	}
	return bytes, err
}

// searches searches, and prints how long that takes.
func searches(ctx context.Context, b *bridge.Bridge, a *archive.Archive) error {
	super, _ := b.Team.Operator(xavi)
	own, _ := b.Team.Operator(olga)
	for _, s := range []struct {
		what, text string
		by         bridge.Operator
		page       int
	}{
		{"a frequent word", word(3), super, 1},
		{"a frequent word, page 100", word(3), super, 100},
		{"a rare word", word(40_000), super, 1},
		{"two frequent words", word(3) + " " + word(5), super, 1},
		{"a frequent and a rare word", word(2) + " " + word(40_001), super, 1},
		{"two rare words, never together", word(30_001) + " " + word(40_001), super, 1},
		{"five words", word(30) + " " + word(80) + " " + word(120) + " " + word(200) + " " + word(900), super, 1},
		{"a beginning of 4 letters", "maka*", super, 1},
		{"a beginning of 3 letters", "mak*", super, 1},
		{"a beginning of 3 letters and a rare word", "mak* " + word(40_001), super, 1},
		{"exact words, frequent", `"` + word(3) + " " + word(5) + `"`, super, 1},
		{"exact words, rare", `"` + word(300) + " " + word(500) + `"`, super, 1},
		{"exact words, never together", `"` + word(3000) + " " + word(9500) + `"`, super, 1},
		{"a frequent word in a few conversations of one's own", word(3), own, 1},
		{"a rare word in these", word(40_001), own, 1},
		{"an operator's alone", "operator:olga", super, 1},
		{"a frequent word in a month", word(3) + " 2024-02..2024-02", super, 1},
	} {
		var took []time.Duration
		var found archive.Found
		for range 7 {
			at := time.Now()
			q, err := archive.Parse(s.text, at)
			if err == nil {
				found, err = a.Search(ctx, s.by, q, s.page)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", s.text, err)
			}
			took = append(took, time.Since(at))
		}
		fmt.Printf("%s: median %v, longest %v, hits %d, more %v, back %v\n", s.what, median(took).Round(10*time.Microsecond), percentile(took, 100).Round(10*time.Microsecond), len(found.Hits), found.More, !found.Back.IsZero())
	}
	return nil
}
