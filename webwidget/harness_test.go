package webwidget_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/onsite"
	"porchlight/bridge/phrase"
	"porchlight/bridge/portraits"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
	"porchlight/webwidget"
)

const xavi = bridge.OperatorJID("xavi@example.org")

// service is a server on a real store, reached over a real connection.
type service struct {
	*testing.T
	*webwidget.Server
	web       *httptest.Server // what serves it
	bridge    *bridge.Bridge
	store     *gate
	url       string
	host      string
	client    *http.Client
	log       *logText
	access    *access.Access
	portraits *portraits.Portraits
	onsite    *onsite.Site
	counts    *viewed // nil: no statistics are kept
}

// setup is what a service is made with; tests change it.
type setup struct {
	webwidget.Options
	timing bridge.Timing
	limits bridge.Limits
	clock  bridge.Clock
	mail   bridge.MailOptions
	counts bool // statistics are kept
	past   func(context.Context, string) (bridge.PastWaits, error)
}

// start runs a service until the test ends. Nobody is online in it.
func start(t *testing.T, change ...func(*setup)) *service {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	log := &logText{}
	set := setup{
		Options: webwidget.Options{PublicURL: "http://chat.example.org", MaxFile: maxFile, AllowedOrigins: []string{"https://www.example.org"},
			IdentityKey: []byte(identityKey), IdentityLasts: 24 * time.Hour, Log: slog.New(slog.NewTextHandler(log, nil))},
		timing: bridge.Timing{Offer: 30 * time.Second, VisitorGrace: 2 * time.Minute, OperatorGrace: time.Minute,
			WaitingLimit: 3 * time.Minute, IdleWarn: 15 * time.Minute, IdleClose: 30 * time.Minute, Reopen: time.Hour},
		limits: bridge.Limits{Message: 8192, Name: 80, Email: 254, Reason: 4096, URL: 2048, Waiting: 1000, File: maxFile, Files: maxFiles},
	}
	set.clock = bridge.SystemClock{}
	for _, c := range change {
		c(&set)
	}
	g := &gate{Store: store}
	b, err := bridge.Open(t.Context(), g, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi},
		Timing: set.timing, Limits: set.limits, Clock: set.clock, Log: set.Log, Mail: set.mail, PublicURL: set.PublicURL, PastWaits: set.past})
	if err != nil {
		t.Fatal(err)
	}
	var reports *viewed
	if set.counts {
		reports = &viewed{Store: store}
		set.Report = counting(t, reports, b)
		reports.report = set.Report
		set.Archive = indexing(t, store, b)
	}
	set.Access, set.Portraits = access.New(store, b), portraits.New(store, b)
	here := onSite(store, b, &set.Options)
	server, err := webwidget.New(b, set.Options)
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewUnstartedServer(server)
	ts.Config = server.HTTPServer("")
	ts.Listener = server.Listen(ts.Listener)
	ts.Start()
	t.Cleanup(func() {
		server.Close()
		ts.Close()
	})
	return &service{T: t, Server: server, web: ts, bridge: b, store: g, url: ts.URL, host: strings.TrimPrefix(ts.URL, "http://"), client: ts.Client(), log: log, access: set.Access, onsite: here, counts: reports, portraits: set.Portraits}
}

// The limits for files of the tests' service.
const (
	maxFile  = 1 << 20
	maxFiles = 3
)

// storedFiles counts the files that the store has for a conversation, broken ones included.
func (s *service) storedFiles(o opened) int {
	s.Helper()
	var list []bridge.File
	s.must(s.store.View(s.Context(), func(r bridge.Reader) (err error) {
		list, err = r.Files(o.Number, 100)
		return err
	}))
	return len(list)
}

// online makes Xavi available.
func (s *service) online() *service {
	s.Helper()
	s.bridge.Link.Up()
	s.must(s.bridge.Reach.Presence(s.Context(), xavi, "phone", bridge.ShowAvailable))
	return s
}

func (s *service) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// reply is an answer that was read whole.
type reply struct {
	status int
	header http.Header
	body   string
}

// do sends a request. Headers come as "Name: value".
func (s *service) do(method, path, body string, headers ...string) reply {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(body))
	s.must(err)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			req.Host = value
		}
		req.Header.Set(name, value)
	}
	res, err := s.client.Do(req)
	s.must(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	s.must(err)
	s.declared(res.Request.Method, res.Request.URL.Path, res.StatusCode, res.Header, string(b)) // res.Request is the last of the redirects
	return reply{res.StatusCode, res.Header, string(b)}
}

// declared checks that docs/http.md has an answer. It checks every answer in any test.
func (s *service) declared(method, path string, status int, h http.Header, body string) {
	s.Helper()
	call := webwidget.CallOf(s.Server, method, path)
	if call == "" {
		return
	}
	if wrong := webwidget.Undeclared(s.Server, call, status, h, body); wrong != "" {
		s.Errorf("%s: %s", call, wrong)
	}
}

// into reads a JSON answer, which must have the status.
func (r reply) into(t testing.TB, status int, v any) {
	t.Helper()
	r.want(t, status)
	if err := json.Unmarshal([]byte(r.body), v); err != nil {
		t.Fatalf("answer %q: %v", r.body, err)
	}
}

func (r reply) want(t testing.TB, status int) {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d; answer %q", r.status, status, r.body)
	}
}

// problem is an RFC 9457 answer.
type problem struct {
	Type, Title, Detail string
	Status              int
	Errors              map[string]string
}

// refused checks that the answer is a complete problem with that status and code.
func (r reply) refused(t testing.TB, status int, code string) problem {
	t.Helper()
	var p problem
	r.into(t, status, &p)
	if got := r.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q, want application/problem+json", got)
	}
	if p.Type != "urn:porchlight:problem:"+code || p.Status != status || p.Title == "" || p.Detail == "" {
		t.Errorf("problem %+v, want code %s and status %d, title and detail", p, code, status)
	}
	return p
}

// opened is the answer to POST /v1/conversations.
type opened struct {
	ID, Token, Visitor, State string
	Number, Position, Seq     int64
}

// ask opens a conversation. An empty body stands for a plain chat.
func (s *service) ask(body string) opened {
	s.Helper()
	if body == "" {
		body = `{"name":"Anna","email":"anna@example.org","reason":"How can I edit my students' information?"}`
	}
	var o opened
	s.do("POST", "/v1/conversations", body).into(s, http.StatusCreated, &o)
	return o
}

// call sends a request about a conversation, with its token.
func (s *service) call(o opened, method, path, body string, headers ...string) reply {
	s.Helper()
	return s.do(method, "/v1/conversations/"+o.ID+path, body, append([]string{"Authorization: Bearer " + o.Token}, headers...)...)
}

// write sends a visitor's message.
func (s *service) write(o opened, id, text string) {
	s.Helper()
	s.call(o, "POST", "/messages", toJSON(map[string]string{"client_id": id, "text": text})).want(s, http.StatusCreated)
}

// untold stores a visitor's message without telling anybody.
func (s *service) untold(o opened, text string) {
	s.Helper()
	s.must(s.store.Update(s.Context(), func(tx bridge.Tx) error {
		c, err := tx.Conversation(o.Number)
		if err != nil {
			return err
		}
		c.Seq++
		if err := tx.SaveConversation(c, c.Seq-1); err != nil {
			return err
		}
		return tx.Append(bridge.Event{Conversation: c.Number, Seq: c.Seq, Type: bridge.EventMessage, At: time.Now(), From: bridge.FromVisitor, Text: text})
	}))
}

// answer sends an operator's message.
func (s *service) answer(o opened, text string) {
	s.Helper()
	_, err := s.bridge.OperatorWrites(s.Context(), xavi, bridge.VisitorJID(o.Visitor), bridge.Said{Text: text})
	s.must(err)
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// gate is a store that can be made to fail.
type gate struct {
	bridge.Store
	mu   sync.Mutex
	fail error // what every change fails with
	lost error // what every reading fails with
	torn error // what reading a file's content fails with
	more []bridge.Department
	hook func()

	unread int64 // reading a log past this seq fails; 0: it does not
	failed int   // how often that has failed
}

func (g *gate) set(change func(*gate)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change(g)
}

func (g *gate) failure() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.fail
}

func (g *gate) Update(ctx context.Context, f func(bridge.Tx) error) error {
	if err := g.failure(); err != nil {
		return err
	}
	return g.Store.Update(ctx, f)
}

func (g *gate) View(ctx context.Context, f func(bridge.Reader) error) error {
	g.mu.Lock()
	more, hook, lost, torn := g.more, g.hook, g.lost, g.torn
	g.mu.Unlock()
	if lost != nil {
		return lost
	}
	if hook != nil {
		hook()
	}
	return g.Store.View(ctx, func(r bridge.Reader) error { return f(reader{r, g, more, torn}) })
}

// reader reads the store, with more departments, and fails at a file's content if torn is set.
type reader struct {
	bridge.Reader
	gate *gate
	more []bridge.Department
	torn error
}

func (r reader) Departments() ([]bridge.Department, error) {
	list, err := r.Reader.Departments()
	return append(list, r.more...), err
}

func (r reader) Events(number, after int64, most int) ([]bridge.Event, error) {
	r.gate.mu.Lock()
	fails := r.gate.unread > 0 && after >= r.gate.unread
	if fails {
		r.gate.failed++
	}
	r.gate.mu.Unlock()
	if fails {
		return nil, errUnavailable
	}
	return r.Reader.Events(number, after, most)
}

func (r reader) FilePart(id string, part int64) ([]byte, error) {
	if r.torn != nil {
		return nil, r.torn
	}
	return r.Reader.FilePart(id, part)
}

// withDepartments adds departments that visitors see, but that the store does not have.
func (s *service) withDepartments(list ...bridge.Department) *service {
	s.Helper()
	s.store.set(func(g *gate) { g.more = list })
	s.must(s.bridge.Team.Add(s.Context(), bridge.Operator{JID: "vera@example.org", Name: "Vera"})) // makes the bridge read the team again
	return s
}

var errUnavailable = phrase.Fail(phrase.CodeUnavailable, "The database can't be written.")
var errBroken = errors.New("the disk fell off")

// logText collects what the service logs.
type logText struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// patience is how long a test waits for what must come, even on a busy machine.
const patience = time.Minute

// soon waits until a condition holds.
func (s *service) soon(what string, ok func() bool) {
	s.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			s.Fatalf("not in time: %s", what)
		}
	}
}

// quill is a bridge.Post that writes only the links.
type quill struct{}

// Compose implements bridge.Post.
func (quill) Compose(d bridge.Draft) ([]byte, error) {
	return []byte(d.Links.Resume + " " + d.Links.Feedback), nil
}

// Subject implements bridge.Post.
func (quill) Subject(bridge.Conversation, bridge.Request) string { return "" }

// Notify implements bridge.Post.
func (quill) Notify(d bridge.NoticeDraft) ([]byte, error) {
	return []byte("notice\n" + d.Unsubscribe), nil
}

// links has a conversation sent to its address, and returns the paths of the links in that mail.
func (s *service) links(number int64, address string) (resume, vote string) {
	s.Helper()
	s.must(s.bridge.SendTranscript(s.Context(), number, address))
	list, err := s.bridge.Mail.Outgoing(s.Context(), 100)
	s.must(err)
	for _, m := range list {
		if m.Conversation == number {
			resume, vote, _ = strings.Cut(string(m.Raw), " ")
		}
	}
	const public = "http://chat.example.org"
	return strings.TrimPrefix(resume, public), strings.TrimPrefix(vote, public)
}

// mailing is a change of the setup that turns mail on.
func mailing(s *setup) {
	s.mail = bridge.MailOptions{Post: quill{}, Addresses: bridge.Addresses{Support: "support@example.org", Separator: "+"}}
}

// Statistics implements bridge.Post.
func (quill) Statistics(d bridge.StatisticsDraft) ([]byte, error) {
	return []byte(strings.Join(append(d.Parts, d.Unsubscribe), "\n")), nil
}
