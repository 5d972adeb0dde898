package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"porchlight/component/stream"
	"porchlight/e2e/operator"
)

// chat is a conversation over the real program: a visitor with an open event
// stream, an operator with a client.
type chat struct {
	web, id, token, visitor string
	op                      *operator.Client
	atOperator, atVisitor   chan time.Time
	n                       int
	cancel                  context.CancelFunc
}

func newChat(ctx context.Context, p *program) (*chat, error) {
	ctx, cancel := context.WithCancel(ctx)
	c := &chat{web: p.web, atOperator: make(chan time.Time, 1), atVisitor: make(chan time.Time, 1), cancel: cancel}
	var err error
	if c.op, err = operator.Login(p.xmpp, "localhost", "xavi", "demo", "bench", ""); err != nil {
		return nil, err
	}
	if err := c.online(); err != nil {
		return nil, err
	}
	var opened struct{ ID, Token, Visitor string }
	if err := c.post("/v1/conversations", map[string]string{"client_id": fmt.Sprint("bench-client-id-", time.Now().UnixNano()), "name": "Anna", "reason": "Bench"}, &opened); err != nil {
		return nil, err
	}
	c.id, c.token, c.visitor = opened.ID, opened.Token, opened.Visitor
	if err := c.op.Chat(c.visitor, "take", "Hello"); err != nil {
		return nil, err
	}
	if _, err := c.op.Expect("the transcript", operator.Body(c.visitor, "Bench"), 5*time.Second); err != nil {
		return nil, err
	}
	c.op.Tap(func(el *stream.Element) {
		if b := el.ChildText("", "body"); strings.HasPrefix(b, "v ") {
			c.atOperator <- time.Now()
		}
	})
	return c, c.listen(ctx)
}

// online waits until the operator's presence has made the site online.
func (c *chat) online() error {
	for range 500 {
		var s struct{ Status string }
		resp, err := http.Get(c.web + "/v1/status")
		if err != nil {
			return err
		}
		json.NewDecoder(resp.Body).Decode(&s)
		resp.Body.Close()
		if s.Status == "online" {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("the operator did not come online")
}

// listen opens the visitor's event stream.
func (c *chat) listen(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, "GET", c.web+"/v1/conversations/"+c.id+"/events", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	go func() { // ends with ctx
		defer resp.Body.Close()
		for s := bufio.NewScanner(resp.Body); s.Scan(); {
			if bytes.Contains(s.Bytes(), []byte(`"o `)) {
				c.atVisitor <- time.Now()
			}
		}
	}()
	return nil
}

func (c *chat) post(path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequest("POST", c.web+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %s %s", path, resp.Status, b)
	}
	if err == nil && out != nil {
		err = json.Unmarshal(b, out)
	}
	return err
}

// toOperator measures the time from the visitor's POST to the message at the operator's client.
func (c *chat) toOperator() (time.Duration, error) {
	c.n++
	began := time.Now()
	if err := c.post("/v1/conversations/"+c.id+"/messages", map[string]string{"client_id": fmt.Sprint("bench-client-id-", c.n), "text": "v " + text}, nil); err != nil {
		return 0, err
	}
	return arrival(began, c.atOperator)
}

// toVisitor measures the time from the operator's message to the event on the visitor's stream.
func (c *chat) toVisitor() (time.Duration, error) {
	c.n++
	began := time.Now()
	if err := c.op.Chat(c.visitor, fmt.Sprint("bench-client-id-", c.n), "o "+text); err != nil {
		return 0, err
	}
	return arrival(began, c.atVisitor)
}

func (c *chat) close() {
	c.cancel()
	c.op.Close(true)
}

func middle(f []float64) float64 {
	s := slices.Sorted(slices.Values(f))
	return s[len(s)/2]
}

// another opens a further conversation, which the same operator takes.
func (c *chat) another(i int) (*chat, error) {
	other := &chat{web: c.web, op: c.op}
	var opened struct{ ID, Token, Visitor string }
	if err := other.post("/v1/conversations", map[string]string{"client_id": fmt.Sprint("bench-client-id-", time.Now().UnixNano(), "-", i), "name": "Anna", "reason": "Bench"}, &opened); err != nil {
		return nil, err
	}
	other.id, other.token, other.visitor = opened.ID, opened.Token, opened.Visitor
	if err := c.op.Chat(other.visitor, "take", "Hello"); err != nil {
		return nil, err
	}
	for range 500 {
		state, err := other.state()
		if err != nil || state == "active" {
			return other, err
		}
		time.Sleep(5 * time.Millisecond)
	}
	return nil, fmt.Errorf("conversation %d was not taken", i)
}

// state asks for the conversation's state.
func (c *chat) state() (string, error) {
	req, err := http.NewRequest("GET", c.web+"/v1/conversations/"+c.id, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var answer struct{ State string }
	return answer.State, json.NewDecoder(resp.Body).Decode(&answer)
}
