package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// The keys that the stand-in for Pushover knows.
const (
	pushoverToken = "azGDORePK8gMaC0QOYAMyEEuzJnyUi"
	pushoverUser  = "uQiRzpo4DXghDmr9QzzfQu27cmVRs9"
)

// pushoverService stands in for Pushover: it answers as https://pushover.net/api says, and keeps what it was sent.
type pushoverService struct {
	*httptest.Server
	mu       sync.Mutex
	validity int // how often a key was validated
	messages []url.Values
	receipts map[string]*emergency
	left     int // messages that are left for the month
}

// emergency is what became of an emergency.
type emergency struct{ acknowledged, cancelled bool }

// newPushover starts the stand-in. It ends with the test.
func newPushover(t *testing.T) *pushoverService {
	p := &pushoverService{receipts: make(map[string]*emergency), left: 7496}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// ServeHTTP implements http.Handler.
func (p *pushoverService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r.ParseForm()
	status, answer := p.answer(r, r.Form)
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(answer)
}

func refusal(status int, errors ...string) (int, map[string]any) {
	return status, map[string]any{"status": 0, "errors": errors}
}

func (p *pushoverService) answer(r *http.Request, v url.Values) (int, map[string]any) {
	if v.Get("token") != pushoverToken {
		return refusal(400, "application token is invalid, see https://pushover.net/api")
	}
	known := v.Get("user") == pushoverUser
	switch path := r.URL.Path; {
	case path == "/1/apps/limits.json" && r.Method == "GET":
		return 200, map[string]any{"status": 1, "limit": 10000, "remaining": p.left, "reset": 1393653600}
	case path == "/1/users/validate.json" && r.Method == "POST" && known:
		p.validity++
		return 200, map[string]any{"status": 1, "devices": []string{"phone"}}
	case path == "/1/messages.json" && r.Method == "POST" && known:
		return p.message(v)
	case (path == "/1/messages.json" || path == "/1/users/validate.json") && r.Method == "POST":
		return refusal(400, "user identifier is not a valid user, group, or subscribed user key")
	}
	id, call, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/1/receipts/"), "/")
	rc := p.receipts[strings.TrimSuffix(id, ".json")]
	switch {
	case rc == nil:
		return refusal(404, "resource not found")
	case call == "cancel.json" && r.Method == "POST":
		rc.cancelled = true
		return 200, map[string]any{"status": 1}
	}
	seen := 0
	if rc.acknowledged {
		seen = 1
	}
	return 200, map[string]any{"status": 1, "acknowledged": seen, "expired": 0}
}

// message takes a message, if it keeps the limits.
func (p *pushoverService) message(v url.Values) (int, map[string]any) {
	retry, _ := strconv.Atoi(v.Get("retry"))
	expire, _ := strconv.Atoi(v.Get("expire"))
	switch {
	case p.left == 0:
		return refusal(429, "application is over its message limit")
	case v.Get("message") == "" || utf8.RuneCountInString(v.Get("message")) > 1024 || utf8.RuneCountInString(v.Get("title")) > 250 || len(v.Get("url")) > 512:
		return refusal(400, "message cannot be blank or too long")
	case v.Get("priority") == "2" && (retry < 30 || expire < retry || expire > 10800):
		return refusal(400, "retry and expire are needed for emergencies")
	}
	p.left--
	p.messages = append(p.messages, v)
	answer := map[string]any{"status": 1}
	if v.Get("priority") == "2" {
		id := fmt.Sprintf("r%029d", len(p.messages))
		p.receipts[id] = &emergency{}
		answer["receipt"] = id
	}
	return 200, answer
}

// sent lists the messages that hold a text.
func (p *pushoverService) sent(text string) (list []url.Values) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, v := range p.messages {
		if strings.Contains(v.Get("title")+"\n"+v.Get("message"), text) {
			list = append(list, v)
		}
	}
	return list
}

// change changes the stand-in's state.
func (p *pushoverService) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}
