package webwidget_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// frame is one block of an event stream.
type frame struct {
	id, event, data string
	comment         bool
}

// event is one event of a conversation.
type event struct {
	Seq, Upto, Position                                               int64
	Type, At, From, Name, Text, State, Reason, Avatar, Action, Status string
	ClientID                                                          string `json:"client_id"`
	Active                                                            bool
	Replaces, To                                                      int64
	ReplyTo                                                           int64 `json:"reply_to"`
	File                                                              struct {
		ID, Name, Type, URL string
		Size                int64
	}
}

// client reads an event stream.
type client struct {
	testing.TB
	service *service
	path    string
	status  int
	header  http.Header
	frames  chan frame
	cancel  context.CancelFunc
}

// follow opens an event stream and reads it until the test ends.
func (s *service) follow(path string, headers ...string) *client {
	s.Helper()
	ctx, cancel := context.WithCancel(s.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", s.url+path, nil)
	s.must(err)
	req.Header.Set("Accept", "text/event-stream")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := s.client.Do(req)
	s.must(err)
	if res.StatusCode != http.StatusOK {
		s.Fatalf("stream: status %d", res.StatusCode)
	}
	c := &client{TB: s, service: s, path: path, status: res.StatusCode, header: res.Header, frames: make(chan frame, 1000), cancel: cancel}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(c.frames)
		defer res.Body.Close()
		readFrames(bufio.NewReader(res.Body), c.frames)
	}()
	s.Cleanup(func() {
		cancel()
		<-done
	})
	return c
}

// stream follows a conversation's events past seq after.
func (s *service) stream(o opened, after int64) *client {
	s.Helper()
	return s.follow("/v1/conversations/"+o.ID+"/events", "Authorization: Bearer "+o.Token, "Last-Event-ID: "+strconv.FormatInt(after, 10))
}

func readFrames(r *bufio.Reader, to chan<- frame) {
	var f frame
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch {
		case line == "\n":
			to <- f
			f = frame{}
		case line[0] == ':':
			f.comment = true
		case name == "id":
			f.id = value
		case name == "event":
			f.event = value
		case name == "data":
			f.data += value
		}
	}
}

// next returns the next frame that is no comment.
func (c *client) next() frame {
	c.Helper()
	over := time.After(patience)
	for {
		select {
		case f, ok := <-c.frames:
			if !ok {
				c.Fatal("the stream ended")
			}
			if !f.comment {
				c.service.declared(http.MethodGet, c.path, c.status, c.header, f.data)
				return f
			}
		case <-over:
			c.Fatal("the stream is silent")
		}
	}
}

// event returns the next event, and its frame.
func (c *client) event() (event, frame) {
	c.Helper()
	f := c.next()
	var e event
	if err := json.Unmarshal([]byte(f.data), &e); err != nil {
		c.Fatalf("event %q: %v", f.data, err)
	}
	return e, f
}

// until reads and returns events up to the first that fits, which is the last it returns.
func (c *client) until(fits func(event) bool) []event {
	c.Helper()
	var list []event
	for {
		e, _ := c.event()
		list = append(list, e)
		if fits(e) {
			return list
		}
	}
}

// ended waits until the server has ended the stream.
func (c *client) ended() {
	c.Helper()
	over := time.After(patience)
	for {
		select {
		case _, ok := <-c.frames:
			if !ok {
				return
			}
		case <-over:
			c.Fatal("the stream goes on")
		}
	}
}
