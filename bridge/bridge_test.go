package bridge_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/phrase"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

const (
	xavi = bridge.OperatorJID("xavi@example.org")
	olga = bridge.OperatorJID("olga@example.org")
	sam  = bridge.OperatorJID("sam@example.org") // of no department
)

// house is a bridge on a real database, with Xavi (super) and Olga as operators.
type house struct {
	*bridge.Bridge
	t        *testing.T
	clock    *clocktest.Clock
	path     string
	store    *sqlite.DB
	stop     func()
	keep     bool // ranges of visitors' addresses are kept
	channels []bridge.Channel
	rooms    bool // there are operators' rooms
	wordy    bool // notices hold what the visitor wrote
	burst    int  // offers that come one by one within 10 s; 0: all do
	mail     bridge.MailOptions
	public   string // the URL of the pages
	room     int64  // bytes for all files together; 0: any
	past     func(context.Context, string) (bridge.PastWaits, error)
}

func timing() bridge.Timing {
	return bridge.Timing{Offer: 30 * time.Second, VisitorGrace: 2 * time.Minute, OperatorGrace: time.Minute, WaitingLimit: 3 * time.Minute,
		IdleWarn: 15 * time.Minute, IdleClose: 30 * time.Minute, Reopen: 336 * time.Hour}
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, path: sqlitetest.New(t), clock: clocktest.At(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))}
	h.open()
	t.Cleanup(func() { h.close() })
	for _, o := range []bridge.Operator{{JID: olga, Name: "Olga", Enabled: true, Departments: []string{"support"}}, {JID: sam, Name: "Sam", Enabled: true}} {
		if err := h.Team.Add(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *house) open() {
	h.t.Helper()
	var err error
	if h.store, err = sqlite.Open(context.Background(), h.path, sqlite.Options{Clock: h.clock, Log: slog.New(slog.DiscardHandler)}); err != nil {
		h.t.Fatal(err)
	}
	h.Bridge, err = bridge.Open(context.Background(), h.store, bridge.Options{Domain: "support.example.org",
		SuperOperators: []bridge.OperatorJID{xavi}, Timing: timing(), Clock: h.clock, Log: slog.New(slog.DiscardHandler),
		Limits: bridge.Limits{Message: 100, Name: 20, Email: 60, Reason: 100, URL: 200, Waiting: 5 + 2*h.burst, File: 1 << 20, Files: 5, AllFiles: h.room,
			OffersAtOnce: h.burst, OffersWithin: 10 * time.Second}, KeepAddresses: h.keep, Channels: h.channels, Rooms: h.rooms, NoticeText: h.wordy, Mail: h.mail, PublicURL: h.public, PastWaits: h.past})
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.Run(ctx)
	}()
	h.stop = func() {
		cancel()
		<-done
	}
}

func (h *house) close() {
	h.stop()
	h.store.Close()
}

// come makes operators available.
func (h *house) come(jids ...bridge.OperatorJID) {
	h.t.Helper()
	if !h.Link.IsUp() {
		h.Link.Up()
	}
	for _, j := range jids {
		if err := h.Reach.Presence(h.t.Context(), j, "phone", bridge.ShowAvailable); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) ask(clientID, email string) (bridge.Opened, error) {
	return h.Ask(h.t.Context(), bridge.Inquiry{ClientID: clientID, Request: bridge.Request{Name: "Anna", Email: email, Reason: "How?"}})
}

func (h *house) mustAsk(clientID string) bridge.Opened {
	h.t.Helper()
	o, err := h.ask(clientID, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

func (h *house) snapshot(n int64) bridge.Snapshot {
	h.t.Helper()
	s, err := h.Snapshot(h.t.Context(), n)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

func (h *house) deskTexts(o bridge.OperatorJID) []string {
	h.t.Helper()
	entries, err := h.DeskEntries(h.t.Context(), o, 0, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	var texts []string
	for _, e := range entries {
		texts = append(texts, fmt.Sprintf("%s #%d %s", e.Kind, e.Conversation, e.Phrase))
	}
	return texts
}

// until waits for a condition that the timers of Run bring about.
func (h *house) until(what string, ok func() bool) {
	h.t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatalf("%s: did not happen", what)
		}
	}
}

// The same inquiry gives the same conversation and token, also at the same time; another
// inquiry under its client id is refused.
func TestAsk_TheSameInquiryGivesTheSameAnswer(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	var group sync.WaitGroup
	answers := make([]bridge.Opened, 5)
	for i := range answers {
		group.Go(func() { answers[i], _ = h.ask("client-1", "") })
	}
	group.Wait()
	fresh := 0
	for _, a := range answers {
		if a.ID == "" || a.ID != answers[0].ID || a.Token != answers[0].Token {
			t.Errorf("answers differ: %+v", a)
		}
		if !a.Repeated {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("%d conversations were made", fresh)
	}
	other, err := h.Ask(t.Context(), bridge.Inquiry{ClientID: "client-1", Request: bridge.Request{Name: "Eve", Reason: "mine?"}})
	if phrase.CodeOf(err) != phrase.CodeConflict || other.Token != "" {
		t.Errorf("a guessed client id with other content: %+v, %v", other, err)
	}
	if got := h.deskTexts(xavi); len(got) != 1 {
		t.Errorf("offers: %q", got)
	}
}

// Only a conversation's own token opens it, and every refusal reads the same.
func TestAuthorize_OnlyTheRightToken(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	a, b := h.mustAsk("a"), h.mustAsk("b")
	if _, err := h.Authorize(t.Context(), a.ID, a.Token); err != nil {
		t.Error(err)
	}
	for _, try := range []struct {
		id    bridge.ConversationID
		token string
	}{{a.ID, b.Token}, {b.ID, a.Token}, {"unknown", a.Token}, {a.ID, ""}} {
		if _, err := h.Authorize(t.Context(), try.id, try.token); phrase.CodeOf(err) != phrase.CodeNotFound || err.Error() != "There is no such conversation." {
			t.Errorf("%v: %v", try, err)
		}
	}
}

// A wrong inquiry is refused with its code and its field, and makes no conversation.
func TestAsk_RefusesWhatIsWrong(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct {
		q     bridge.Inquiry
		code  phrase.Code
		field string
	}{
		"no reason":        {bridge.Inquiry{Request: bridge.Request{Email: "a@b.example", Reason: " \n "}}, phrase.CodeInvalid, "reason"},
		"no email address": {bridge.Inquiry{Request: bridge.Request{Email: "Anna <a@b.example>", Reason: "x"}}, phrase.CodeInvalid, "email"},
		"department":       {bridge.Inquiry{Department: "kitchen", Request: bridge.Request{Email: "a@b.example", Reason: "x"}}, phrase.CodeInvalid, "department"},
		"long name":        {bridge.Inquiry{Request: bridge.Request{Name: strings.Repeat("x", 21), Reason: "x"}}, phrase.CodeTooLarge, "name"},
		"long reason":      {bridge.Inquiry{Request: bridge.Request{Reason: strings.Repeat("x", 101)}}, phrase.CodeTooLarge, "reason"},
		"nobody online":    {bridge.Inquiry{Request: bridge.Request{Reason: "x"}}, phrase.CodeEmailRequired, "email"},
	} {
		_, err := h.Ask(t.Context(), c.q)
		e, ok := err.(*phrase.Error)
		if !ok || e.Code != c.code || e.Fields[c.field].Format == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, _ := h.WaitingCount(t.Context()); n != 0 {
		t.Errorf("%d conversations were made", n)
	}
}

// No more conversations wait at one time than the limit allows.
func TestAsk_TooManyWaiting(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	for i := range 5 {
		if o := h.mustAsk(fmt.Sprint(i)); o.Position != i+1 {
			t.Errorf("position %d of the %d.", o.Position, i+1)
		}
	}
	if _, err := h.ask("6", ""); phrase.CodeOf(err) != phrase.CodeBusy {
		t.Errorf("got %v", err)
	}
}

// Of two operators who take a conversation at the same time, by a command or by writing,
// exactly one becomes the owner, and the other is told.
func TestTake_ExactlyOneWins(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	for i := range 10 {
		c := h.mustAsk(fmt.Sprint(i))
		var group sync.WaitGroup
		errs := make([]error, 2)
		for j, o := range []bridge.OperatorJID{xavi, olga} {
			group.Go(func() {
				if i%2 == 0 {
					_, errs[j] = h.Take(t.Context(), o, c.Number)
				} else {
					_, errs[j] = h.OperatorWrites(t.Context(), o, c.Visitor, bridge.Said{ID: "s", Text: "Hello"})
				}
			})
		}
		group.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("both or none: %v", errs)
		}
		for _, err := range errs {
			if err != nil && (phrase.CodeOf(err) != phrase.CodeConflict || !strings.Contains(err.Error(), "was taken by")) {
				t.Errorf("the loser is told: %v", err)
			}
		}
		owner := h.snapshot(c.Number).Owner
		loser := map[bridge.OperatorJID]bridge.OperatorJID{xavi: olga, olga: xavi}[owner]
		last := h.deskTexts(loser)
		if !strings.HasPrefix(last[len(last)-1], fmt.Sprintf("outcome #%d #%d taken by ", c.Number, c.Number)) {
			t.Errorf("the loser's desk: %q", last)
		}
		if _, err := h.Close(t.Context(), owner, c.Visitor, ""); err != nil {
			t.Fatal(err)
		}
	}
}

// A message that comes several times is stored once, and the numbers of a log have no gaps.
func TestMessages_AreStoredOnce(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("a")
	for i := range 3 {
		e, repeated, err := h.VisitorWrites(t.Context(), c.Number, "m1", "Hello")
		if err != nil || repeated != (i > 0) || e.ClientID() != "m1" {
			t.Errorf("%d: %+v %v %v", i, e, repeated, err)
		}
		if _, err := h.OperatorWrites(t.Context(), xavi, c.Visitor, bridge.Said{ID: "s1", Text: "Hi"}); err != nil {
			t.Error(err)
		}
	}
	texts := ""
	events, _ := h.Events(t.Context(), c.Number, 0, 100)
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Errorf("event %d has seq %d", i+1, e.Seq)
		}
		if e.Type == bridge.EventMessage {
			texts += e.Text + " "
		}
	}
	if texts != "How? Hello Hi " {
		t.Errorf("log: %s", texts)
	}
}

// Operators see, are offered and take only what belongs to their departments.
func TestOperators_OnlyTheirDepartments(t *testing.T) {
	h := newHouse(t)
	h.come(sam)
	if s, _ := h.Team.Status(""); s.Departments[0].Online {
		t.Error("a department is online through somebody who is not of it")
	}
	h.come(xavi)
	c := h.mustAsk("a")
	if got := h.deskTexts(sam); len(got) != 0 {
		t.Errorf("offered to one of no department: %q", got)
	}
	if _, err := h.Take(t.Context(), sam, c.Number); phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("taken by one of no department: %v", err)
	}
	if _, err := h.Take(t.Context(), "eve@example.org", c.Number); phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("taken by a stranger: %v", err)
	}
}
