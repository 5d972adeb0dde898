package hook_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hook"
	"porchlight/bridge/phrase"
	"porchlight/db/sqlite"
)

// A webhook is told all of a conversation in order, from its beginning to the vote, and nothing that operators keep
// among themselves.
func TestHooks_TellAConversation(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	before := s.ask("Early")
	s.clock.Move(time.Second)
	s.add("crm")
	s.add("closer", hook.Closed)
	c := s.ask("Anna")
	ctx := t.Context()
	_, err := s.bridge.Take(ctx, xavi, c.Number)
	must(t, err)
	_, err = s.bridge.Note(ctx, xavi, c.Visitor, "n1", "a secret note")
	must(t, err)
	_, err = s.bridge.OperatorWrites(ctx, xavi, c.Visitor, bridge.Said{ID: "s1", Text: "Hello"})
	must(t, err)
	s.says(c, "Hi")
	_, err = s.bridge.Close(ctx, xavi, c.Visitor, "why it ended is for operators")
	must(t, err)
	must(t, s.bridge.VisitorVotes(ctx, c.Number, 5, "Good"))
	s.says(before, "later")
	s.comes("crm", c, "created", "message Anna?", "taken", "message Hello", "message Hi", "closed", "rated Good")
	s.comes("crm", before, "message later")
	s.comes("closer", c, "closed")
	s.recv.mu.Lock()
	defer s.recv.mu.Unlock()
	for _, g := range s.recv.all {
		if text := string(g.Body); strings.Contains(text, "secret note") || strings.Contains(text, "for operators") || strings.Contains(text, c.Token) {
			t.Errorf("told: %s", text)
		}
		if g.Type == "conversation.taken" && (g.Data.Operator.Name != "Xavi" || g.Data.Operator.Address != string(xavi)) {
			t.Errorf("taken by %+v", g.Data.Operator)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A request that becomes a ticket is told as created and as a ticket, in two posts.
func TestHooks_TellATicket(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.add("crm")
	must(t, s.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowOffline))
	c := s.ask("Anna")
	s.comes("crm", c, "created", "ticket", "message Anna?")
	if ids := s.recv.ids(); ids[0] == ids[1] {
		t.Errorf("both have the id %s", ids[0])
	}
}

// While a post about a conversation fails, later ones about it wait, and those about others go on. When the receiver
// takes it again, they follow in order, under the ids that they had.
func TestHooks_OrderWhileOneFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.add("crm", hook.Message)
	bad := s.ask("Bad")
	s.recv.set(func(g got) (hook.Answer, error) {
		if g.Data.Conversation.Number == bad.Number && g.Data.Text != "Bad?" {
			return hook.Answer{Status: 500}, nil
		}
		return hook.Answer{Status: 200}, nil
	})
	s.comes("crm", bad, "message Bad?")
	s.says(bad, "one")
	s.comes("crm", bad, "message Bad?", "message one")
	s.says(bad, "two")
	s.waits("crm", 1)
	good := s.ask("Good")
	s.says(good, "three")
	s.comes("crm", good, "message Good?", "message three")
	s.comes("crm", bad, "message Bad?", "message one")
	s.recv.set(nil)
	s.clock.Move(10 * time.Second)
	s.comes("crm", bad, "message Bad?", "message one", "message one", "message two")
	ids := s.recv.ids()
	if first, again := ids[1], ids[len(ids)-2]; first != again {
		t.Errorf("the same post had the ids %s and %s", first, again)
	}
	s.waits("crm", 0)
}

// A receiver that stalls keeps nothing from other webhooks, and nothing about other conversations from its own as far as it has
// room; a message is stored meanwhile.
func TestHooks_AStalledReceiver(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.add("slow", hook.Message)
	s.add("crm", hook.Message)
	stall := make(chan struct{})
	first := s.ask("First")
	s.comes("slow", first, "message First?")
	s.recv.set(func(g got) (hook.Answer, error) {
		if strings.Contains(g.URL, "slow") && g.Data.Conversation.Number == first.Number {
			<-stall
			return hook.Answer{}, errors.New("closed half-way")
		}
		return hook.Answer{Status: 200}, nil
	})
	s.says(first, "held")
	s.says(first, "behind it")
	second := s.ask("Second")
	s.comes("slow", second, "message Second?")
	s.comes("crm", first, "message First?", "message held", "message behind it")
	s.comes("slow", first, "message First?", "message held")
	close(stall)
	s.waits("slow", 1)
	if got := s.standing("slow").Result.String(); !strings.Contains(got, "closed half-way") {
		t.Errorf("the last result is %q", got)
	}
	s.recv.set(nil)
	s.clock.Move(10 * time.Second)
	s.comes("slow", first, "message First?", "message held", "message held", "message behind it")
}

// What was not taken before the end of the program is told after the next start, once more under its id, and what was
// taken is not told again. What happens while no webhook listens is told, too.
func TestHooks_OverARestart(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.add("crm", hook.Message, hook.Closed)
	c := s.ask("Anna")
	s.comes("crm", c, "message Anna?")
	s.recv.set(fails(500))
	s.says(c, "one")
	s.waits("crm", 1)
	s.says(c, "two")
	s.restart()
	s.recv.set(nil)
	s.clock.Move(10 * time.Second)
	s.comes("crm", c, "message Anna?", "message one", "message one", "message two")
	s.waits("crm", 0) // else what came is told once more, since nobody knows that it came
	s.end()           // told of nothing from here on
	store, err := sqlite.Open(t.Context(), s.path, sqlite.Options{Clock: s.clock, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	b, err := bridge.Open(t.Context(), store, bridge.Options{Domain: "support.example.org", Clock: s.clock, Log: slog.New(slog.DiscardHandler), SuperOperators: []bridge.OperatorJID{xavi}, Limits: bridge.Limits{Message: 1000}})
	must(t, err)
	_, _, err = b.VisitorWrites(t.Context(), c.Number, "client id of three", "three")
	must(t, err)
	must(t, store.Close())
	s.begin()
	s.comes("crm", c, "message Anna?", "message one", "message one", "message two", "message three")
}

// A receiver that comes back after hours gets everything, in order within each conversation, as soon as one post is
// taken; the super operators were told that it takes nothing, and are told that it does again.
func TestHooks_ComesBackAfterHours(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.add("crm", hook.Message)
	told := &alarms{}
	defer s.bridge.Join(told)()
	s.recv.set(func(got) (hook.Answer, error) { return hook.Answer{}, errors.New("connection refused") })
	var all []bridge.Opened
	for _, name := range []string{"Anna", "Bob", "Cleo"} {
		c := s.ask(name)
		s.says(c, "more of "+name)
		all = append(all, c)
	}
	s.waits("crm", 3)
	for range 6 { // each try waits longer, up to an hour
		n := len(s.recv.ids())
		s.clock.Move(time.Hour)
		s.until("tried again", func() bool { return len(s.recv.ids()) >= n+3 })
		s.until("stored", func() bool { return !s.standing("crm").Next.Before(s.clock.Now()) })
	}
	s.until("an alarm", func() bool { return told.has("crm has taken nothing for more than an hour") })
	s.recv.set(nil)
	s.clock.Move(time.Hour)
	for i, name := range []string{"Anna", "Bob", "Cleo"} {
		url := "https://crm.example/hook"
		s.until(name, func() bool { return slices.Contains(s.recv.to(url, all[i].Number), "message more of "+name) })
		list := s.recv.to(url, all[i].Number)
		if n := len(list); list[n-1] != "message more of "+name || slices.ContainsFunc(list[:n-1], func(s string) bool { return s != "message "+name+"?" }) {
			t.Errorf("told of %s: %q", name, list)
		}
	}
	s.waits("crm", 0)
	if st := s.standing("crm"); !st.Failing.IsZero() || st.GivenUp != 0 || st.Result.Format != "" {
		t.Errorf("it stands so: %+v", st)
	}
	s.until("all is well", func() bool { return told.has("crm takes what it is told again") })
}

// What nobody took within three days is given up and counted, and what comes later in the conversation goes on.
func TestHooks_GivesUpAfterDays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.add("crm", hook.Message)
	s.recv.set(fails(404))
	c := s.ask("Anna")
	s.waits("crm", 1)
	s.clock.Move(hook.Patience - time.Minute)
	n := len(s.recv.ids())
	s.says(c, "later")
	s.until("tried again", func() bool { return len(s.recv.ids()) > n })
	s.waits("crm", 1)
	if st := s.standing("crm"); st.GivenUp != 0 {
		t.Errorf("given up too early: %d", st.GivenUp)
	}
	s.clock.Move(2 * time.Hour)
	s.until("one is given up", func() bool { return s.standing("crm").GivenUp == 1 })
	s.recv.set(nil)
	s.clock.Move(time.Hour)
	s.until("the next one", func() bool {
		list := s.recv.to("https://crm.example/hook", c.Number)
		return list[len(list)-1] == "message later"
	})
	s.waits("crm", 0)
	if st := s.standing("crm"); st.GivenUp != 1 || s.hooks.Stats().GivenUp != 1 {
		t.Errorf("given up: %d stored, %d counted", st.GivenUp, s.hooks.Stats().GivenUp)
	}
}

// A receiver that answers 410 is told nothing more, and the super operators learn that.
func TestHooks_Gone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.add("crm", hook.Message)
	s.recv.set(fails(http.StatusGone))
	c := s.ask("Anna")
	s.until("off", func() bool { return s.standing("crm").State == hook.Off })
	var notice bool
	s.until("a notice", func() bool {
		must(t, s.store.View(t.Context(), func(r bridge.Reader) error {
			list, err := r.DeskEntries(xavi, 0, 100)
			notice = slices.ContainsFunc(list, func(e bridge.DeskEntry) bool {
				return strings.Contains(e.Phrase.String(), "The webhook crm is off")
			})
			return err
		}))
		return notice
	})
	s.says(c, "more")
	s.restart()
	s.says(c, "still more")
	s.recv.set(nil)
	s.clock.Move(time.Second)
	other := s.add("other", hook.Message)
	last := s.ask("Bob")
	s.comes("other", last, "message Bob?")
	if list := s.recv.to("https://crm.example/hook", 0); len(list) != 1 {
		t.Errorf("it was told: %q (beside %s)", list, other.Name)
	}
}

// A webhook that is off is on again when it takes a test, and only then; it is told what it has missed.
func TestHooks_OnAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	o, _ := s.bridge.Team.Operator(xavi)
	s.add("crm", hook.Message)
	s.recv.set(fails(http.StatusGone))
	c := s.ask("Anna")
	s.until("off", func() bool { return s.standing("crm").State == hook.Off })
	s.says(c, "missed")
	if tried, err := s.hooks.Try(t.Context(), o, "crm"); err != nil || tried.Again || s.standing("crm").State != hook.Off {
		t.Errorf("a test that is refused: %+v, %v", tried, err)
	}
	s.recv.set(nil)
	if tried, err := s.hooks.Try(t.Context(), o, "crm"); err != nil || !tried.Again || s.standing("crm").State != hook.On {
		t.Errorf("a test that is taken: %+v, %v", tried, err)
	}
	s.comes("crm", c, "message Anna?", "message Anna?", "message missed")
	s.waits("crm", 0)
}

// A webhook that was deleted is told nothing, and one of the same name that is made later begins anew.
func TestHooks_DeletedAndMadeAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.add("crm", hook.Message)
	s.recv.set(fails(500))
	c := s.ask("Anna")
	s.waits("crm", 1)
	o, _ := s.bridge.Team.Operator(xavi)
	_, err := s.hooks.Delete(t.Context(), o, "crm")
	must(t, err)
	if list, err := s.hooks.Standings(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("still listed: %v, %v", list, err)
	}
	s.until("its cursors are gone", func() bool {
		n := 1
		must(t, s.store.ViewHooks(t.Context(), func(r hook.Reader) error {
			list, err := r.Hooks()
			n = len(list)
			return err
		}))
		return n == 0
	})
	s.recv.set(nil)
	before := len(s.recv.ids())
	s.clock.Move(time.Hour)
	s.add("crm", hook.Message)
	s.says(c, "later")
	s.until("told", func() bool { return len(s.recv.ids()) > before })
	if list := s.recv.to("https://crm.example/hook", c.Number); list[len(list)-1] != "message later" || len(list) != before+1 {
		t.Errorf("told: %q", list)
	}
	if _, err := s.hooks.Delete(t.Context(), o, "nothing"); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("what there is not is deleted: %v", err)
	}
}

// What a receiver asks to wait is waited, up to an hour.
func TestHooks_RetryAfter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.add("crm", hook.Message)
	s.recv.set(func(got) (hook.Answer, error) { return hook.Answer{Status: 503, Wait: 20 * time.Minute}, nil })
	s.ask("Anna")
	s.waits("crm", 1)
	if next := s.standing("crm").Next; !next.Equal(s.clock.Now().Add(20 * time.Minute)) {
		t.Errorf("next at %s", next)
	}
}

// A test says what the receiver answered, and changes nothing.
func TestHooks_Try(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.add("crm")
	o, _ := s.bridge.Team.Operator(xavi)
	tried, err := s.hooks.Try(t.Context(), o, "CRM")
	if err != nil || tried.Result.Format != "" || tried.Again {
		t.Errorf("taken: %+v, %v", tried, err)
	}
	s.recv.set(fails(302))
	if tried, err = s.hooks.Try(t.Context(), o, "crm"); err != nil || !strings.HasPrefix(tried.Result.String(), "It answered 302") {
		t.Errorf("refused: %+v, %v", tried, err)
	}
	if g := s.recv.all[0]; g.Type != "test" || g.Data.Webhook != "crm" || g.Secret != w.Secret || s.recv.all[1].ID == g.ID {
		t.Errorf("posted: %+v", g)
	}
	if st := s.standing("crm"); !st.Tried.IsZero() {
		t.Errorf("stored: %+v", st)
	}
}

// Of the posts that are under way when a receiver wants no more, one switches the webhook off: the super operators are
// told once, and the alarm is over.
func TestHooks_GoneIsToldOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.add("crm", hook.Created)
	told := &alarms{}
	defer s.bridge.Join(told)()
	s.recv.set(fails(500))
	const posts = 4
	for range posts {
		s.ask("Anna")
	}
	s.waits("crm", posts)
	var under sync.WaitGroup
	under.Add(posts)
	s.recv.set(func(got) (hook.Answer, error) { return hook.Answer{Status: 500}, nil })
	s.clock.Move(2 * time.Hour)
	s.until("an alarm", func() bool { return told.has("crm has taken nothing for more than an hour") })
	s.until("all wait", func() bool { return s.standing("crm").Next.After(s.clock.Now()) })
	s.recv.set(func(got) (hook.Answer, error) {
		under.Done()
		under.Wait()
		return hook.Answer{Status: http.StatusGone}, nil
	})
	s.clock.Move(2 * time.Hour)
	s.until("the alarm is over", func() bool { return told.has("The webhook crm is off.") })
	s.end()
	defer s.begin()
	store, err := sqlite.Open(t.Context(), s.path, sqlite.Options{Clock: s.clock, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	defer store.Close()
	must(t, store.View(t.Context(), func(r bridge.Reader) error {
		list, err := r.DeskEntries(xavi, 0, 1000)
		list = slices.DeleteFunc(list, func(e bridge.DeskEntry) bool { return !strings.Contains(e.Phrase.String(), "wants nothing more") })
		if len(list) != 1 {
			t.Errorf("told %d times", len(list))
		}
		return err
	}))
}

// An active conversation that is given to a colleague is told as taken, once; one that waited is, too.
func TestHooks_TellAnAssignment(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const olga = bridge.OperatorJID("olga@example.org")
	must(t, s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveOperator(bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: bridge.Circle{bridge.Everywhere}})
	}))
	must(t, s.bridge.Reach.Presence(t.Context(), olga, "phone", bridge.ShowAvailable))
	s.add("crm", hook.Taken)
	c := s.ask("Anna")
	for i, to := range []bridge.OperatorJID{xavi, olga} {
		o, _ := s.bridge.Team.Operator(to)
		_, err := s.bridge.Moves.Assign(t.Context(), xavi, c.Number, o)
		must(t, err)
		s.comes("crm", c, []string{"taken", "taken"}[:i+1]...)
	}
	s.says(c, "nothing of this is told")
	_, err := s.bridge.Close(t.Context(), olga, c.Visitor, "")
	must(t, err)
	s.comes("crm", c, "taken", "taken")
	s.recv.mu.Lock()
	defer s.recv.mu.Unlock()
	if g := s.recv.all[1]; g.Data.Operator.Address != string(olga) {
		t.Errorf("taken by %+v", g.Data.Operator)
	}
}

// views counts what is read.
type views struct {
	hook.Store
	n int
}

// ViewHooks implements hook.Store.
func (v *views) ViewHooks(ctx context.Context, f func(hook.Reader) error) error {
	v.n++
	return v.Store.ViewHooks(ctx, f)
}

// When more conversations have something to tell than are noted, all are looked at again when those were told, and not
// before.
func TestCourier_LooksAgainWhenItIsEmpty(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.add("crm")
	store := &views{Store: s.store}
	look, note, pick := hook.Courier(hook.New(store, hook.Options{Bridge: s.bridge, Carrier: s.recv, Log: slog.New(slog.DiscardHandler)}), w)
	look(t.Context())
	look(t.Context())
	n := store.n
	for i := range int64(hook.Noted + 1) {
		note(i + 1)
	}
	for i := range 3 {
		look(t.Context())
		if store.n != n {
			t.Fatalf("look %d reads the database", i)
		}
		pick()
	}
	for _, more := pick(); more; {
		_, more = pick()
	}
	look(t.Context())
	if store.n == n {
		t.Error("nothing is looked at when the list is empty")
	}
}
