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

// fake plays the service in memory, with the calls of the HTTP API that the widget uses.
type fake struct {
	*httptest.Server

	mu            sync.Mutex
	changed       chan struct{} // closed and renewed at each change
	calls         []call
	preflights    []string // the paths for which the browser asked for leave
	status        object
	refusals      map[string][]refusal // by suffix of method and path; each refuses one call
	conversations map[string]*conversation
	clients       map[string]object // the answers by client_id
	opened, ended int               // how many event streams of conversations have begun, and ended
	polls         int               // how many long polls have begun
	watching      int               // how many event streams of the state are open
	team          []object          // who is there
	foreign       bool              // the origin of the pages is not allowed
	twice         bool              // streams send each event twice
	held          bool              // streams send no events of the log
	cut           chan struct{}     // closed to end all streams
	further       []object          // conversations that lists have beside those
	invitation    object            // what a page that tells of itself is answered, nil: nothing
	stall         chan struct{}     // unless it is nil, files are read and lists answered only when it is closed
}

// refusal is an answer that a call gets instead of the right one.
type refusal struct {
	status  int
	header  map[string]string
	problem object
	stored  bool // the fake carries the call out all the same, as if only its answer had got lost
}

// conversation is what the fake keeps about a conversation.
type conversation struct {
	id, token string
	snapshot  object
	events    []object  // the log: events with a seq
	by        string    // the signed identity whose it is
	passing   []object  // events without a seq, for the streams that are open
	began     time.Time // when all events happen that don't say otherwise, so that none is a minute later than another by chance
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
	f.Server = newServer(f.routes())
	t.Cleanup(func() {
		f.update(func() {
			close(f.cut)
			if f.stall != nil { // the test has failed before it released the files
				close(f.stall)
			}
		})
		f.CloseClientConnections()
		f.Close()
	})
	return f
}

// update changes the fake under its lock, and wakes everybody who waits for a change.
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

// await waits until ready returns true. It calls ready under the lock.
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

// awaitCall waits for the n-th call, from 1, whose method and path end in what, and returns the call.
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

// callsTo returns the calls whose method and path end in what. The lock is held.
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
		f.status = object{"status": status, "departments": departments, "hours": object{"open": true, "zone": "UTC"}, "operators": 1}
	})
}

// refuse makes the next call fail whose method and path end in suffix.
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

// only returns the one conversation, nil if there is none. The lock is held.
func (f *fake) only() *conversation {
	list := slices.Collect(maps.Values(f.conversations))
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// emit appends an event to the log of the conversation and returns its number; 0 for receipts and typing, which have none.
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
	e["seq"] = seq
	if e["at"] == nil {
		e["at"] = c.began.UTC().Format(time.RFC3339)
	}
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

// state moves the conversation to a state.
func (f *fake) state(state, reason string) {
	f.update(func() {
		c := f.only()
		c.append(object{"type": "state", "state": state, "reason": reason})
		c.snapshot["state"] = state
		if state != "active" {
			delete(c.snapshot, "operator")
		}
		if state == "ticket" {
			c.snapshot["kind"] = "ticket"
		}
		if state == "closed" {
			c.snapshot["reason"] = reason
		}
	})
}

// readBody reads the body of a call. It keeps name, type and size of a file, and the name of the form's first field.
func readBody(r *http.Request) object {
	form, err := r.MultipartReader()
	if err == nil {
		return readForm(form)
	}
	var body object
	text, err := io.ReadAll(r.Body)
	if err == nil && len(text) > 0 {
		_ = json.Unmarshal(text, &body) // a body that is no JSON counts as empty
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
