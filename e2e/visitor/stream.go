package visitor

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Stream is an open event stream of a conversation. Only one goroutine may use it.
type Stream struct {
	body  io.ReadCloser
	lines *bufio.Reader
	// Last is the id of the last event that was read. The next stream begins after it.
	Last int64
}

// Stream opens the event stream past the event after. It lasts until ctx ends
// or Close is called.
func (c *Conversation) Stream(ctx context.Context, after int64) (*Stream, error) {
	r := c.At("GET", "/events", nil)
	r.Header = map[string]string{"Accept": "text/event-stream"}
	if after > 0 {
		r.Header["Last-Event-ID"] = strconv.FormatInt(after, 10)
	}
	answer, err := c.open(ctx, r)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != 200 {
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body) // as much as has come
		return nil, problemOf(answer.StatusCode, body)
	}
	return &Stream{body: answer.Body, lines: bufio.NewReader(answer.Body), Last: after}, nil
}

// Next waits for the next event and skips comments (HTML standard §9.2.6).
func (s *Stream) Next() (Event, error) {
	var e Event
	var data []string
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			return e, fmt.Errorf("read stream: %w", err)
		}
		field, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case field == "data":
			data = append(data, value)
		case field == "id":
			if s.Last, err = strconv.ParseInt(value, 10, 64); err != nil {
				return e, fmt.Errorf("read event id: %w", err)
			}
		case field == "" && value == "" && len(data) > 0 && line[0] != ':':
			if err := json.Unmarshal([]byte(strings.Join(data, "\n")), &e); err != nil {
				return e, fmt.Errorf("decode event: %w", err)
			}
			return e, nil
		}
	}
}

// Until reads on until an event matches, and returns it.
func (s *Stream) Until(match func(Event) bool) (Event, error) {
	for {
		e, err := s.Next()
		if err != nil || match(e) {
			return e, err
		}
	}
}

// Close ends the stream.
func (s *Stream) Close() { s.body.Close() }
