package ui_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// object is a piece of JSON.
type object = map[string]any

// call is a request that the fake got.
type call struct {
	method, path string
	header       http.Header
	body         object
}

// fake plays the service: the calls of the HTTP API that the widget uses, over one conversation log in memory.
type fake struct {
	*httptest.Server

	mu            sync.Mutex
	changed       chan struct{} // closed and renewed at each change
	calls         []call
	status        object
	refusals      map[string][]refusal // by path suffix, used up one by one
	conversations map[string]*conversation
	clients       map[string]object // answers by client_id
	opened, ended int               // event streams of conversations, ever
	polls         int               // long polls of conversations, ever
	watching      int               // event streams of the state, now
	foreign       bool              // the pages' origin is not allowed
	twice         bool              // each event is sent twice
	held          bool              // no stream gets events of the log
	cut           chan struct{}     // closed to end all streams
	stall         chan struct{}     // if there is one, files are read when it is closed
}

// refusal is an answer to come instead of the right one.
type refusal struct {
	status  int
	header  map[string]string
	problem object
	stored  bool // act as if the call had come, but its answer got lost
}

// conversation is what the fake keeps of one.
type conversation struct {
	id, token string
	snapshot  object
	events    []object // with seq: the log
	passing   []object // without: for the streams that are open
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{
		changed:       make(chan struct{}),
		cut:           make(chan struct{}),
		refusals:      map[string][]refusal{},
		conversations: map[string]*conversation{},
		clients:       map[string]object{},
	}
	f.setStatus("online")
	f.Server = httptest.NewServer(f.routes())
	t.Cleanup(func() {
		f.update(func() {
			close(f.cut)
			if f.stall != nil { // the test has failed
				close(f.stall)
			}
		})
		f.CloseClientConnections()
		f.Close()
	})
	return f
}

// update changes the fake under its lock and wakes who waits.
func (f *fake) update(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
	close(f.changed)
	f.changed = make(chan struct{})
}

// look reads under the lock and returns a channel for the next change.
func (f *fake) look(read func()) <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	read()
	return f.changed
}

// await waits until ready says so.
func (f *fake) await(t *testing.T, what string, ready func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for {
		var ok bool
		changed := f.look(func() { ok = ready() })
		if ok {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("%s: did not happen; calls: %v", what, f.paths())
		}
	}
}

// awaitCall waits for the n-th call (from 1) whose method and path end in what, and returns it.
func (f *fake) awaitCall(t *testing.T, what string, n int) call {
	t.Helper()
	var found call
	f.await(t, fmt.Sprintf("call %d of %q", n, what), func() bool {
		list := f.callsTo(what)
		if len(list) >= n {
			found = list[n-1]
		}
		return len(list) >= n
	})
	return found
}

// callsTo needs the lock.
func (f *fake) callsTo(what string) []call {
	var list []call
	for _, c := range f.calls {
		if strings.HasSuffix(c.method+" "+c.path, what) {
			list = append(list, c)
		}
	}
	return list
}

func (f *fake) count(what string) (n int) {
	f.look(func() { n = len(f.callsTo(what)) })
	return n
}

func (f *fake) paths() (list []string) {
	f.look(func() {
		for _, c := range f.calls {
			list = append(list, c.method+" "+c.path)
		}
	})
	return list
}

func (f *fake) setStatus(status string, departments ...object) {
	f.update(func() {
		f.status = object{"status": status, "departments": departments, "hours": object{}, "operators": 1}
	})
}

// refuse makes the next call whose path ends in suffix fail.
func (f *fake) refuse(suffix string, r refusal) {
	f.update(func() { f.refusals[suffix] = append(f.refusals[suffix], r) })
}

// cutStreams ends the conversations' streams and waits until they are gone.
func (f *fake) cutStreams(t *testing.T) {
	t.Helper()
	var open int
	f.update(func() {
		open = f.opened
		close(f.cut)
		f.cut = make(chan struct{})
	})
	f.await(t, "end of streams", func() bool { return f.ended >= open })
}

// only is the conversation there is; it needs the lock.
func (f *fake) only() *conversation {
	list := slices.Collect(maps.Values(f.conversations))
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// emit appends an event to the log of the conversation and returns its number; receipts and typing have none.
func (f *fake) emit(e object) (seq int) {
	f.update(func() { seq = f.only().append(e) })
	return seq
}

func (c *conversation) append(e object) int {
	if e["type"] == "receipt" || e["type"] == "typing" {
		c.passing = append(c.passing, e)
		return 0
	}
	seq := len(c.events) + 1
	if e["type"] == "position" {
		c.snapshot["position"] = e["position"]
	}
	e["seq"], e["at"] = seq, time.Now().UTC().Format(time.RFC3339)
	c.events = append(c.events, e)
	c.snapshot["seq"] = seq
	return seq
}

// join makes an operator take the conversation.
func (f *fake) join(name string) {
	f.update(func() {
		c := f.only()
		c.append(object{"type": "operator", "name": name, "avatar": "", "action": "joined"})
		c.append(object{"type": "state", "state": "active", "reason": ""})
		c.snapshot["state"], c.snapshot["operator"] = "active", object{"name": name, "avatar": ""}
	})
}

// say sends an operator's message.
func (f *fake) say(text string) int {
	return f.emit(object{"type": "message", "from": "operator", "name": "Olga", "text": text})
}

// state moves the conversation.
func (f *fake) state(state, reason string) {
	f.update(func() {
		c := f.only()
		c.append(object{"type": "state", "state": state, "reason": reason})
		c.snapshot["state"] = state
		if state == "ticket" {
			c.snapshot["kind"] = "ticket"
		}
		if state == "closed" {
			c.snapshot["reason"] = reason
		}
	})
}

// readBody reads what a call says; of a file it notes name, type and size, and which field came first.
func readBody(r *http.Request) object {
	form, err := r.MultipartReader()
	if err == nil {
		return readForm(form)
	}
	var body object
	text, err := io.ReadAll(r.Body)
	if err == nil && len(text) > 0 {
		_ = json.Unmarshal(text, &body) // what is no JSON is seen as an empty body
	}
	return body
}

func readForm(form *multipart.Reader) object {
	body := object{}
	for {
		part, err := form.NextPart()
		if err != nil {
			return body
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return body
		}
		if len(body) == 0 {
			body["first"] = part.FormName()
		}
		body[part.FormName()] = string(text)
		if part.FileName() != "" {
			body["file"] = object{"name": part.FileName(), "type": part.Header.Get("Content-Type"), "size": len(text)}
		}
	}
}
