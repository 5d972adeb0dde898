package archive_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/bridge/phrase"
	"porchlight/db/sqlite"
)

func TestSearch_FindsWhatWasSaid(t *testing.T) {
	s := newShelf(t)
	one := s.talk("support", "visitor: Where is my REFUND? I paid on Monday.", "xavi: The refund for order-4711 is on its way.", "note: asked the bank")
	two := s.talk("support", "visitor: Refunds are slow in März", "file: invoice_2026.pdf")
	three := s.talk("support", "visitor: 我要退款，谢谢。", "xavi: 手机坏了 is what you wrote")
	s.finds(xavi, "refund", one)
	s.finds(xavi, "Refund*", two, one)
	s.finds(xavi, "refund monday", one)
	s.finds(xavi, "refund marz")
	s.finds(xavi, "marz", two)
	s.finds(xavi, `"refund for order"`, one)
	s.finds(xavi, `"order refund"`)
	s.finds(xavi, "order-4711", one)
	s.finds(xavi, "4711-order")
	s.finds(xavi, "bank", one)
	s.finds(xavi, "invoice*", two)
	s.finds(xavi, "退款", three)
	s.finds(xavi, "款", three)
	s.finds(xavi, "要退", three)
	s.finds(xavi, "要款")
	s.finds(xavi, "我要退款", three)
	s.finds(xavi, "我要谢谢")
	s.finds(xavi, `"了 is what"`, three)
	s.finds(xavi, "nothing")
	s.finds(xavi, "Anna") // what somebody is called was not said: clients finds names
}

// TestSearch_ShowsThePlace: a hit has the words around what was found, without line breaks.
func TestSearch_ShowsThePlace(t *testing.T) {
	s := newShelf(t)
	n := s.talk("support", "visitor: hello", "xavi: "+strings.Repeat("many words before it ", 9)+"\nthe REFÚND,\nplease "+strings.Repeat("and many behind ", 9))
	f, err := s.find(xavi, "please refund", 1)
	if err != nil || len(f.Hits) != 1 {
		t.Fatal(f, err)
	}
	h := f.Hits[0]
	want := archive.Piece{Before: "before it many words before it the ", Match: "REFÚND", After: ", please and many behind and many behind and many behind and many behind and many", CutBefore: true, CutAfter: true}
	if h.Number != n || h.Name != "Anna" || h.Event.Seq != 2 || h.Piece.Match != "please" && h.Piece != want {
		t.Errorf("%+v", h)
	}
}

// TestSearch_FollowsTheLog: what is corrected is found by the new words alone, and what is taken back is not found any more.
func TestSearch_FollowsTheLog(t *testing.T) {
	s := newShelf(t)
	n := s.talk("support", "visitor: my pasword is swordfish", "xavi: thanks", "file: secret.pdf")
	s.finds(xavi, "swordfish", n)
	s.goOn(n, "correct 1: my password is on paper")
	s.finds(xavi, "swordfish")
	s.finds(xavi, "paper", n)
	s.goOn(n, "retract 1", "retract 3")
	s.finds(xavi, "paper")
	s.finds(xavi, "secret")
	s.finds(xavi, "thanks", n)
}

// TestSearch_OnlyWhatOneMayRead: an operator finds their own conversations, those of their departments, or all.
func TestSearch_OnlyWhatOneMayRead(t *testing.T) {
	s := newShelf(t)
	sales, support := s.talk("sales", "visitor: refund"), s.talk("support", "visitor: refund")
	guest := s.talk("support", "visitor: refund")
	s.update(func(tx bridge.Tx) error {
		return tx.SaveParticipant(bridge.Participant{Conversation: guest, Operator: olga, Left: true})
	})
	s.goOn(guest, "xavi: bye")
	s.update(func(tx bridge.Tx) error { // who has only read along keeps no right by that
		return tx.SaveParticipant(bridge.Participant{Conversation: support, Operator: olga, Joined: 1, Left: true, Watches: true})
	})
	s.goOn(support, "xavi: bye")
	s.finds(xavi, "refund", guest, support, sales)
	s.finds(olga, "refund", guest, sales)
	s.finds(pere, "refund")
	s.finds(xavi, "operator:olga", guest)
	s.finds(xavi, `operator:"Olga Petrova" refund`, guest)
	s.finds(olga, "operator:me", guest)
	s.finds(olga, "department:support refund", guest)
	s.finds(xavi, "department:Sales", sales)
	for text, want := range map[string]string{"operator:nobody": `There is no operator "nobody".`, "department:x y": `There is no department "x".`} {
		if _, err := s.find(xavi, text, 1); phrase.CodeOf(err) != phrase.CodeNotFound || phrase.Of(err).String() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	// The index may know it late; the conversation itself says who may read it now.
	s.update(func(tx bridge.Tx) error {
		c, err := tx.Conversation(sales)
		c.Department = "support"
		return errors.Join(err, tx.SaveConversation(c, c.Seq))
	})
	s.finds(olga, "refund", guest)
}

// TestSearch_KnowsTheCircleOfTickets: who answers the tickets of other departments than the chats may read just these.
func TestSearch_KnowsTheCircleOfTickets(t *testing.T) {
	s := newShelf(t)
	const tina = bridge.OperatorJID("tina@example.org")
	s.must(s.bridge.Team.Add(t.Context(), bridge.Operator{JID: tina, Name: "Tina", Enabled: true, Departments: bridge.Circle{"sales"}, Tickets: bridge.Circle{"support"}, Permissions: bridge.Permissions{bridge.MaySearch}}))
	ticket := func(number int64) int64 {
		s.update(func(tx bridge.Tx) error {
			c, err := tx.Conversation(number)
			c.Kind = bridge.Ticket
			return errors.Join(err, tx.SaveConversation(c, c.Seq))
		})
		return number
	}
	chat := s.talk("sales", "visitor: refund")
	others := []int64{s.talk("support", "visitor: refund"), ticket(s.talk("sales", "visitor: refund"))}
	letter := ticket(s.talk("support", "visitor: refund"))
	s.finds(tina, "refund", letter, chat)
	who, _ := s.bridge.Team.Operator(tina)
	for number, want := range map[int64]phrase.Code{chat: "", letter: "", others[0]: phrase.CodeForbidden, others[1]: phrase.CodeForbidden} {
		if _, _, err := s.archive.Transcript(t.Context(), who, number); phrase.CodeOf(err) != want {
			t.Errorf("transcript %d: %v, want %q", number, err, want)
		}
	}
}

// TestSearch_FollowsADeletedDepartment: what somebody has when its department is deleted is found by those of the one that follows.
func TestSearch_FollowsADeletedDepartment(t *testing.T) {
	s := newShelf(t)
	number := s.talk("support", "visitor: refund")
	s.finds(olga, "refund")
	s.update(func(tx bridge.Tx) error {
		c, err := tx.Conversation(number)
		c.State, c.Reason, c.ClosedAt = bridge.Active, "", time.Time{}
		return errors.Join(err, tx.SaveConversation(c, c.Seq))
	})
	defer s.bridge.Join(s.archive)()
	s.must(s.bridge.Team.CloseDepartment(t.Context(), "support", bridge.Department{Name: "sales", Title: "Sales"}, func(bridge.Tx) error { return nil }))
	s.finds(olga, "refund", number)
	s.finds(xavi, "department:sales", number)
}

// TestSearch_GoesOnWhereItEnded: a search that has to read too much ends, and the query that it names goes on there, also among
// what was begun on one day.
func TestSearch_GoesOnWhereItEnded(t *testing.T) {
	s := newShelf(t)
	s.archive.LooksAt(2)
	var want []int64
	for range 5 {
		want = append([]int64{s.talk("support", "visitor: the red fund")}, want...)
	}
	who, _ := s.bridge.Team.Operator(xavi)
	var got []int64
	text := `"red fund" 2020..`
	for range 4 {
		q, err := archive.Parse(text, noon)
		s.must(err)
		found, err := s.archive.Search(t.Context(), who, q, 1)
		s.must(err)
		for _, h := range found.Hits {
			got = append(got, h.Number)
		}
		if found.Back.IsZero() {
			break
		}
		text = q.Before(found.Below)
	}
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v; the last query is %s", got, want, text)
	}
	s.finds(xavi, "before:#2", want[4])
	if _, err := s.find(xavi, "red before:soon", 1); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Error(err)
	}
}

// TestSearch_ByTag: a tag narrows what is found, in whatever case it is written.
func TestSearch_ByTag(t *testing.T) {
	s := newShelf(t)
	one, two := s.talk("support", "visitor: refund"), s.talk("support", "visitor: refund")
	s.tag(one, "money back")
	s.goOn(one, "xavi: bye")
	s.finds(xavi, "refund", two, one)
	s.finds(xavi, `tag:"Money back" refund`, one)
	s.finds(xavi, "tag:#money")
}

// TestSearch_InARange: the days count on which a conversation began.
func TestSearch_InARange(t *testing.T) {
	s := newShelf(t)
	var all []int64
	for range 40 { // from 22 August on
		all = append(all, s.talk("support", "visitor: refund"))
	}
	s.finds(xavi, "refund 2026-08-22..2026-08-23", all[1], all[0])
	s.finds(xavi, "..2026-08-22", all[0])
	s.finds(xavi, "refund 2026-09-30..", all[39])
	s.finds(xavi, "2026-09-15..2026-09-15", all[24])
	s.finds(xavi, "2027..")
	s.finds(xavi, "1990..1999")
}

// TestSearch_InPages: fifteen on a page, the newest first, and it says whether there are more.
func TestSearch_InPages(t *testing.T) {
	s := newShelf(t)
	var all []int64
	for i := range 40 {
		all = append(all, s.talk("support", fmt.Sprintf("visitor: refund now %d", i)))
	}
	slices.Reverse(all)
	for _, text := range []string{"refund", `"refund now"`, "operator:xavi"} {
		for page, want := range map[int][]int64{1: all[:15], 2: all[15:30], 3: all[30:], 4: nil} {
			f, err := s.find(xavi, text, page)
			var got []int64
			for _, h := range f.Hits {
				got = append(got, h.Number)
			}
			if err != nil || !slices.Equal(got, want) || f.More != (page < 3) {
				t.Errorf("%s, page %d: %v, more %v, %v", text, page, got, f.More, err)
			}
		}
	}
	for _, page := range []int{0, -1, 201} {
		if _, err := s.find(xavi, "refund", page); phrase.CodeOf(err) != phrase.CodeInvalid {
			t.Errorf("page %d: %v", page, err)
		}
	}
}

// TestSearch_OfAnOldDatabase: what was said before there was an index is read from the beginning on, and a search says how far
// that has come. An index whose words were made in another way is made anew.
func TestSearch_OfAnOldDatabase(t *testing.T) {
	path := newPlace(t)
	s := shelfAt(t, path)
	var all []int64
	for range 3 {
		all = append(all, s.talk("support", "visitor: refund"))
	}
	f, err := s.find(xavi, "refund", 1)
	if err != nil || len(f.Hits) > 0 || f.Upto != 1 {
		t.Errorf("before the index is made: %+v %v", f, err)
	}
	s.run()
	s.finds(xavi, "refund", all[2], all[1], all[0])
	if f, err := s.find(xavi, "refund", 1); err != nil || f.Upto != 0 {
		t.Errorf("afterwards: %+v %v", f, err)
	}
	s.update(func(tx bridge.Tx) error { return tx.SaveSetting("archive-words", "0") })
	s.must(s.archive.CatchUp(t.Context()))
	s.finds(xavi, "refund", all[2], all[1], all[0])
	s.must(s.store.(*sqlite.DB).Backup(t.Context(), filepath.Join(t.TempDir(), "copy.db"))) // which checks the whole copy
}

// another is a store that a further process uses, too: before the first write that process indexes a conversation.
type another struct {
	archive.Store
	number int64
	once   sync.Once
}

func (a *another) UpdateArchive(ctx context.Context, f func(archive.Tx) error) (err error) {
	a.once.Do(func() {
		err = a.Store.UpdateArchive(ctx, func(tx archive.Tx) error { return tx.Index(a.number, 0, 1, []string{"refund"}) })
	})
	return errors.Join(err, a.Store.UpdateArchive(ctx, f))
}

// TestSearch_BesideAnotherProcess: what another process has indexed meanwhile keeps nothing else out of the index.
func TestSearch_BesideAnotherProcess(t *testing.T) {
	s := shelfAt(t, newPlace(t))
	s.update(func(tx bridge.Tx) error { return tx.SaveSetting("archive-words", "1") }) // the index was made before
	var all []int64
	for range 3 {
		all = append(all, s.talk("support", "visitor: refund"))
	}
	s.archive = archive.New(&another{Store: s.store, number: all[1]}, archive.Options{Bridge: s.bridge, Log: slog.New(slog.DiscardHandler)})
	s.run()
	s.finds(xavi, "refund", all[2], all[1], all[0])
}

// TestSearch_FindsWhatReadingFinds: for random conversations and queries in several scripts the search finds what somebody finds who
// reads all texts.
func TestSearch_FindsWhatReadingFinds(t *testing.T) {
	s := newShelf(t)
	r := rand.New(rand.NewPCG(11, 29))
	pool := []string{"refund", "Refunds", "re", "fund", "Ré", "x", "4711", "a-b", "退", "款", "退款", "手机退", "の", "ก็", "น้ำ", "שלום", "ß", "ss", "...", "\n"}
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(pool[r.IntN(len(pool))])
			if r.IntN(3) > 0 {
				b.WriteByte(' ')
			}
		}
		return b.String()
	}
	texts := map[int64][]string{}
	for range 120 {
		lines := []string{text(1 + r.IntN(6)), text(1 + r.IntN(6))}
		texts[s.talk("support", "visitor: "+lines[0], "xavi: "+lines[1])] = lines
	}
	for range 600 {
		asked := text(1 + r.IntN(2))
		switch r.IntN(4) {
		case 0:
			asked = `"` + asked + `"`
		case 1:
			asked = strings.TrimSpace(asked) + "*"
		}
		q, err := archive.Parse(asked, noon)
		if err != nil {
			continue
		}
		var want []int64
		for n, lines := range texts {
			if q.In(lines...) {
				want = append(want, n)
			}
		}
		slices.SortFunc(want, func(a, b int64) int { return int(b - a) })
		s.finds(xavi, asked, want[:min(len(want), archive.Listed)]...)
	}
}

// FuzzSearch: whatever is typed either is refused in words or is searched for without an error.
func FuzzSearch(f *testing.F) {
	for _, text := range []string{"refund", `"a" OR b`, "NEAR(a b)", "a AND NOT b", "col:x", "a*", "*", `""`, `"`, "-x", "^a", "(a", "{a b}:c", "a+b", "'; DROP TABLE x; --", "退款", "\x00", "operator:xavi", "tag:x", "2026..", "=oabc", "..", "a..b",
		strings.Repeat("x", 300), "\u0301", "a\xff", "operator:\"", "1..2", "department:support x*"} {
		f.Add(text)
	}
	s := newShelf(f)
	s.talk("support", "visitor: refund 退款 a b c x")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := s.find(xavi, text, 1)
		if code := phrase.CodeOf(err); err != nil && code != phrase.CodeInvalid && code != phrase.CodeNotFound {
			t.Errorf("%q: %v", text, err)
		}
	})
}

// Whoever serves all departments finds what was said in one that is deleted, as they may read it.
func TestSearch_DeletedDepartments(t *testing.T) {
	s := newShelf(t)
	n := s.talk("support", "visitor: refund")
	const all = bridge.OperatorJID("all@example.org")
	s.must(s.bridge.Team.Add(t.Context(), bridge.Operator{JID: all, Name: "All", Enabled: true, Departments: bridge.Circle{bridge.Everywhere}, Permissions: bridge.Permissions{bridge.MaySearch}}))
	s.finds(all, "refund", n)
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.DeleteDepartment("support") }))
	who, _ := s.bridge.Team.Operator(all)
	_, _, err := s.archive.Transcript(t.Context(), who, n)
	s.must(err)
	s.finds(all, "refund", n)
	s.finds(all, "refund department:support", n)
}

// To what visitors agree before they write is the same in all conversations, so its words find none.
func TestSearch_ConsentIsNotFound(t *testing.T) {
	s := newShelf(t)
	n := s.talk("support", "visitor: Where is it?")
	s.update(func(tx bridge.Tx) error {
		c, err := tx.Conversation(n)
		was := c.Seq
		c.Seq++
		return errors.Join(err, tx.Append(bridge.Event{Conversation: n, Seq: c.Seq, At: c.OpenedAt, Type: bridge.EventConsent, From: bridge.FromVisitor, Text: "I agree that my data is stored for thirty days."}), tx.SaveConversation(c, was))
	})
	s.goOn(n, "xavi: Here.")
	s.finds(xavi, "where", n)
	s.finds(xavi, "thirty")
}

// Who had a conversation, passed it on and then read it along finds it as their own still, and reads its transcript.
func TestSearch_WhoHadItBeforeTheyWatched(t *testing.T) {
	s := newShelf(t)
	n := s.talk("support", "visitor: refund")
	s.update(func(tx bridge.Tx) error {
		c, err := tx.Conversation(n)
		was := c.Seq
		for _, part := range []bridge.Event{{Type: bridge.EventOperator, Data: bridge.Part{Action: bridge.Joined}}, {Type: bridge.EventOperator, Data: bridge.Part{Action: bridge.Left}},
			{Type: bridge.EventWatch, Data: bridge.Part{Action: bridge.Watches}}} {
			c.Seq++
			part.Conversation, part.Seq, part.At, part.From, part.Operator, part.Name = n, c.Seq, c.OpenedAt, bridge.FromOperator, pere, "Pere"
			err = errors.Join(err, tx.Append(part))
		}
		return errors.Join(err, tx.SaveConversation(c, was), tx.SaveParticipant(bridge.Participant{Conversation: n, Operator: pere, Joined: c.Seq, Left: true, Watches: true}))
	})
	s.goOn(n, "xavi: bye")
	s.finds(pere, "refund", n)
	s.finds(pere, "operator:me", n)
	who, _ := s.bridge.Team.Operator(pere)
	if _, _, err := s.archive.Transcript(t.Context(), who, n); err != nil {
		t.Error(err)
	}
}
