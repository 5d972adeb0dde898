package ui_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// routes serves the calls of the API that the widget uses.
func (f *fake) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /widget.js", serveBuilt)
	mux.HandleFunc("GET /widget/{file}", serveBuilt)
	mux.HandleFunc("GET /chat", f.chatPage)
	mux.HandleFunc("GET /v1/status", func(w http.ResponseWriter, _ *http.Request) {
		f.look(func() {
			if f.foreign {
				w.Header().Set("Porchlight-Origin", "foreign")
			}
			answer(w, http.StatusOK, f.status)
		})
	})
	mux.HandleFunc("GET /v1/team", func(w http.ResponseWriter, _ *http.Request) {
		f.look(func() { answer(w, http.StatusOK, object{"operators": append([]object{}, f.team...)}) })
	})
	mux.HandleFunc("GET /faces/{picture}", face)
	mux.HandleFunc("GET /v1/events", f.statusStream)
	mux.HandleFunc("OPTIONS /v1/", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /v1/visits", f.visit)
	mux.HandleFunc("POST /v1/me", f.me)
	mux.HandleFunc("POST /v1/conversations", f.open)
	mux.HandleFunc("GET /v1/conversations/{id}", f.owned(func(w http.ResponseWriter, _ *http.Request, c *conversation, _ object) {
		answer(w, http.StatusOK, c.snapshot)
	}))
	mux.HandleFunc("GET /v1/conversations/{id}/events", f.events)
	mux.HandleFunc("POST /v1/conversations/{id}/messages", f.owned(f.write))
	mux.HandleFunc("POST /v1/conversations/{id}/files", f.owned(f.keep))
	mux.HandleFunc("GET /v1/conversations/{id}/files/{file}", picture)
	for _, name := range []string{"typing", "seen", "leave", "close", "email", "page", "feedback", "transcript", "identity"} {
		mux.HandleFunc("POST /v1/conversations/{id}/"+name, f.owned(f.note(name)))
	}
	return f.recorded(mux)
}

// recorded keeps each call, sets the headers of cross-origin calls, and answers with the refusals.
func (f *fake) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID")
		h.Set("Access-Control-Expose-Headers", "Retry-After, Porchlight-Origin")
		h.Set("Cache-Control", "no-store")
		if r.Method == http.MethodOptions {
			f.update(func() { f.preflights = append(f.preflights, r.URL.Path) })
			return
		}
		if strings.HasSuffix(r.URL.Path, "/files") {
			f.waitForStall()
		}
		body := readBody(r)
		var play *refusal
		f.update(func() {
			f.calls = append(f.calls, call{r.Method, r.URL.Path, r.Header.Clone(), body})
			for suffix, list := range f.refusals {
				if strings.HasSuffix(r.Method+" "+r.URL.Path, suffix) && len(list) > 0 {
					play, f.refusals[suffix] = &list[0], list[1:]
				}
			}
		})
		r = r.WithContext(withBody(r.Context(), body))
		if play == nil {
			next.ServeHTTP(w, r)
			return
		}
		if play.stored {
			next.ServeHTTP(discard{http.Header{}}, r)
		}
		for name, value := range play.header {
			h.Set(name, value)
		}
		h.Set("Content-Type", "application/problem+json")
		answer(w, play.status, play.problem)
	})
}

// discard takes an answer that is to get lost.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

func answer(w http.ResponseWriter, status int, v any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // an error means that the client's connection is gone
}

func serveBuilt(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	if name == "" {
		name = "widget.js"
	}
	text, err := os.ReadFile("../dist/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write(text)
}

// open answers POST /v1/conversations.
func (f *fake) open(w http.ResponseWriter, r *http.Request) {
	body := bodyOf(r.Context())
	f.update(func() {
		id := body["client_id"].(string)
		if old, ok := f.clients[id]; ok {
			answer(w, http.StatusOK, old)
			return
		}
		state := "waiting"
		if f.status["status"] == "offline" {
			state = "ticket"
		}
		n := len(f.conversations) + 1
		c := &conversation{id: fmt.Sprint("c", n), token: fmt.Sprint("secret", n), began: time.Now()}
		kind := map[string]string{"waiting": "chat", "ticket": "ticket"}[state]
		c.snapshot = object{"id": c.id, "number": 11 + n, "kind": kind, "state": state, "reason": "", "receipts": object{}}
		c.append(object{"type": "state", "state": state, "reason": ""})
		c.append(object{"type": "message", "from": "visitor", "name": body["name"], "text": body["reason"], "client_id": id})
		f.conversations[c.id] = c
		f.clients[id] = object{"id": c.id, "token": c.token, "number": 11 + n, "visitor": "anna-7k2f@d", "state": state, "position": 1, "seq": 2}
		if r.URL.Query().Get("with") == "snapshot,files" {
			f.clients[id]["snapshot"] = maps.Clone(c.snapshot)
		}
		answer(w, http.StatusCreated, f.clients[id])
	})
}

// owned checks the token, and calls next under the lock.
func (f *fake) owned(next func(http.ResponseWriter, *http.Request, *conversation, object)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.update(func() {
			c := f.conversations[r.PathValue("id")]
			if c == nil || r.Header.Get("Authorization") != "Bearer "+c.token {
				answer(w, http.StatusNotFound, object{"type": "not-found", "title": "Not Found"})
				return
			}
			next(w, r, c, bodyOf(r.Context()))
		})
	}
}

func (f *fake) write(w http.ResponseWriter, _ *http.Request, c *conversation, body object) {
	id := body["client_id"].(string)
	status := http.StatusOK
	if _, ok := f.clients[id]; !ok {
		status = http.StatusCreated
		e := object{"type": "message", "from": "visitor", "name": "Anna", "text": body["text"], "client_id": id}
		if replaces, ok := body["replaces"].(float64); ok {
			e["type"], e["replaces"] = "correction", int(replaces)
		}
		seq := c.append(e)
		f.clients[id] = object{"seq": seq, "client_id": id, "at": c.events[seq-1]["at"]}
	}
	answer(w, status, f.clients[id])
}

func (f *fake) note(name string) func(http.ResponseWriter, *http.Request, *conversation, object) {
	return func(w http.ResponseWriter, _ *http.Request, c *conversation, _ object) {
		switch name {
		case "close":
			c.append(object{"type": "state", "state": "closed", "reason": "visitor-closed"})
			c.snapshot["state"] = "closed"
		case "email":
			if c.snapshot["state"] == "active" {
				break // it stays a chat
			}
			c.append(object{"type": "state", "state": "ticket", "reason": "nobody-free"})
			c.snapshot["state"], c.snapshot["kind"] = "ticket", "ticket"
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// events answers GET …/events with a stream or as a poll.
func (f *fake) events(w http.ResponseWriter, r *http.Request) {
	var c *conversation
	var cut chan struct{}
	var passed int
	f.look(func() {
		c, cut = f.conversations[r.PathValue("id")], f.cut
		if c != nil && r.Header.Get("Authorization") != "Bearer "+c.token {
			c = nil
		}
		if c != nil {
			passed = len(c.passing)
		}
	})
	if c == nil {
		answer(w, http.StatusNotFound, object{})
		return
	}
	after, _ := strconv.Atoi(r.Header.Get("Last-Event-ID") + r.URL.Query().Get("after"))
	if !strings.Contains(r.Header.Get("Accept"), "event-stream") {
		f.poll(w, r, c, after)
		return
	}
	f.update(func() { f.opened++ })
	defer f.update(func() { f.ended++ })
	f.stream(w, r, cut, func() (out []string) {
		for ; after < len(c.events) && !f.held; after++ {
			frame := fmt.Sprintf("id: %d\ndata: %s\n\n", after+1, text(c.events[after]))
			out = append(out, frame)
			if f.twice {
				out = append(out, frame)
			}
		}
		for ; passed < len(c.passing); passed++ {
			out = append(out, fmt.Sprintf("event: %s\ndata: %s\n\n", c.passing[passed]["type"], text(c.passing[passed])))
		}
		return out
	})
}

// poll answers when the log has events past after, or when the ?wait= of the call is over.
func (f *fake) poll(w http.ResponseWriter, r *http.Request, c *conversation, after int) {
	f.update(func() { f.polls++ })
	wait, _ := strconv.Atoi(r.URL.Query().Get("wait"))
	over := time.After(time.Duration(wait) * time.Second)
	for {
		var list []object
		changed := f.look(func() { list = slices.Clone(c.events[min(after, len(c.events)):]) })
		if len(list) == 0 {
			select {
			case <-changed:
				continue
			case <-over:
			case <-r.Context().Done():
				return
			}
		}
		answer(w, http.StatusOK, object{"events": list, "seq": after + len(list)})
		return
	}
}

func (f *fake) statusStream(w http.ResponseWriter, r *http.Request) {
	f.update(func() { f.watching++ })
	defer f.update(func() { f.watching-- })
	var told string
	f.stream(w, r, nil, func() []string {
		now := "event: status\ndata: " + text(f.status) + "\n\n"
		if now == told {
			return nil
		}
		told = now
		return []string{now}
	})
}

// stream writes the frames that next returns, at once and at each change.
func (f *fake) stream(w http.ResponseWriter, r *http.Request, cut <-chan struct{}, next func() []string) {
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	_, _ = fmt.Fprint(w, ":\n\n")
	for {
		var out []string
		changed := f.look(func() { out = next() })
		_, _ = fmt.Fprint(w, strings.Join(out, ""))
		if control.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-cut:
			return
		case <-r.Context().Done():
			return
		case <-time.After(15 * time.Second):
			_, _ = fmt.Fprint(w, ":\n\n")
		}
	}
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
