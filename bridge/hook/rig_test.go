package hook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/hook"
	"porchlight/bridge/phrase"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

const xavi = bridge.OperatorJID("xavi@example.org")

// got is a post that came to a receiver.
type got struct {
	hook.Post
	Type string `json:"type"`
	Data struct {
		Conversation struct {
			Number int64  `json:"number"`
			State  string `json:"state"`
			Kind   string `json:"kind"`
		} `json:"conversation"`
		Seq      int64  `json:"seq"`
		Text     string `json:"text"`
		From     string `json:"from"`
		Operator struct{ Name, Address string }
		Score    int64 `json:"score"`
		Reason   string
		Webhook  string
	} `json:"data"`
}

// receivers stands in for all receivers. What a post gets, answer says; a receiver that stalls waits there.
type receivers struct {
	mu     sync.Mutex
	answer func(got) (hook.Answer, error)
	all    []got         // tries, too
	came   chan struct{} // rings when something came
}

func (r *receivers) Post(ctx context.Context, p hook.Post) (hook.Answer, error) {
	g := got{Post: p}
	if err := json.Unmarshal(p.Body, &g); err != nil {
		panic(err)
	}
	r.mu.Lock()
	r.all = append(r.all, g)
	answer := r.answer
	r.mu.Unlock()
	select {
	case r.came <- struct{}{}:
	default:
	}
	if answer == nil {
		return hook.Answer{Status: 204}, nil
	}
	return answer(g)
}

// set sets the answer.
func (r *receivers) set(f func(got) (hook.Answer, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

// to lists what was posted to an address about a conversation (0: all), as "type text".
func (r *receivers) to(url string, number int64) (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range r.all {
		if g.URL == url && (number == 0 || g.Data.Conversation.Number == number) {
			list = append(list, strings.TrimSpace(strings.TrimPrefix(g.Type, "conversation.")+" "+g.Data.Text))
		}
	}
	return list
}

// ids lists the ids of the posts.
func (r *receivers) ids() (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range r.all {
		list = append(list, g.ID)
	}
	return list
}

// site is a bridge with webhooks over a real store.
type site struct {
	t      *testing.T
	path   string
	clock  *clocktest.Clock
	recv   *receivers
	store  *sqlite.DB
	bridge *bridge.Bridge
	hooks  *hook.Hooks
	end    func() // ends the program
	asked  int
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, path: sqlitetest.New(t), clock: clocktest.At(time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)), recv: &receivers{came: make(chan struct{}, 1)}}
	s.begin()
	t.Cleanup(func() { s.end() })
	return s
}

// begin starts the program on the stored database.
func (s *site) begin() {
	s.t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	var err error
	if s.store, err = sqlite.Open(s.t.Context(), s.path, sqlite.Options{Clock: s.clock, Log: quiet}); err != nil {
		s.t.Fatal(err)
	}
	s.bridge, err = bridge.Open(s.t.Context(), s.store, bridge.Options{Domain: "support.example.org", PublicURL: "https://chat.example.org", SuperOperators: []bridge.OperatorJID{xavi}, Clock: s.clock, Log: quiet,
		Timing: bridge.Timing{Reopen: 24 * time.Hour}, Limits: bridge.Limits{Message: 1000, Name: 80, Email: 254, Reason: 1000, URL: 2048, Waiting: 1000}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.bridge.Link.Up()
	if err := s.bridge.Reach.Presence(s.t.Context(), xavi, "phone", bridge.ShowAvailable); err != nil {
		s.t.Fatal(err)
	}
	s.hooks = hook.New(s.store, hook.Options{Bridge: s.bridge, Carrier: s.recv, Log: quiet})
	ctx, cancel := context.WithCancel(context.Background())
	leave, done := s.bridge.Join(s.hooks), make(chan struct{})
	go func() {
		defer close(done)
		s.hooks.Run(ctx)
	}()
	s.end = func() {
		cancel()
		<-done
		leave()
		s.store.Close()
	}
}

// restart ends the program and starts it again.
func (s *site) restart() {
	s.t.Helper()
	s.end()
	s.begin()
}

// add makes a webhook, and waits until it is told what happens.
func (s *site) add(name string, types ...hook.Type) hook.Hook {
	s.t.Helper()
	o, _ := s.bridge.Team.Operator(xavi)
	w, err := s.hooks.Add(s.t.Context(), o, name, "https://"+name+".example/hook", types)
	if err != nil {
		s.t.Fatal(err)
	}
	return w
}

// ask is a visitor's request.
func (s *site) ask(name string) bridge.Opened {
	s.t.Helper()
	s.asked++
	c, err := s.bridge.Ask(s.t.Context(), bridge.Inquiry{ClientID: fmt.Sprint("client id of 16 ", s.asked), Request: bridge.Request{Name: name, Email: "a@example.net", Reason: name + "?"}})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// says is a visitor's message.
func (s *site) says(c bridge.Opened, text string) {
	s.t.Helper()
	if _, _, err := s.bridge.VisitorWrites(s.t.Context(), c.Number, "client id for "+text, text); err != nil {
		s.t.Fatal(err)
	}
}

// until waits until something is so.
func (s *site) until(what string, so func() bool) {
	s.t.Helper()
	deadline := time.After(time.Minute)
	for !so() {
		select {
		case <-s.recv.came:
		case <-time.After(20 * time.Millisecond): // what is stored rings nothing
		case <-deadline:
			s.t.Fatalf("not within a minute: %s", what)
		}
	}
}

// comes waits until exactly these were posted to a webhook about a conversation.
func (s *site) comes(name string, c bridge.Opened, want ...string) {
	s.t.Helper()
	url := "https://" + name + ".example/hook"
	s.until(fmt.Sprint(name, ": ", want), func() bool { return len(s.recv.to(url, c.Number)) >= len(want) })
	if list := s.recv.to(url, c.Number); !slices.Equal(list, want) {
		s.t.Fatalf("%s was told of #%d\n%q, not\n%q", name, c.Number, list, want)
	}
}

// standing is how a webhook stands.
func (s *site) standing(name string) hook.Standing {
	s.t.Helper()
	list, err := s.hooks.Standings(s.t.Context())
	i := slices.IndexFunc(list, func(h hook.Standing) bool { return h.Name == name })
	if err != nil || i < 0 {
		s.t.Fatalf("no webhook %s: %v, %v", name, list, err)
	}
	return list[i]
}

// waits waits until so many conversations wait to be told again to a webhook.
func (s *site) waits(name string, n int64) {
	s.t.Helper()
	s.until(fmt.Sprint(name, " has ", n, " conversations that wait"), func() bool { return s.standing(name).Waits == n })
}

func fails(status int) func(got) (hook.Answer, error) {
	return func(got) (hook.Answer, error) { return hook.Answer{Status: status}, nil }
}

// alarms is a side that keeps what super operators are told.
type alarms struct {
	mu   sync.Mutex
	said []string
}

func (*alarms) Changed(bridge.Change) {}

func (a *alarms) Alarm(text phrase.Phrase) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.said = append(a.said, text.String())
}

func (a *alarms) has(words string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.ContainsFunc(a.said, func(s string) bool { return strings.Contains(s, words) })
}
