package webwidget

import (
	"bytes"
	"context"
	"sync"

	"porchlight/webwidget/share"
)

// topic is something that open pages follow and that has a state at every moment: a frame of a stream, which is
// encoded once however many pages follow. Any goroutine may call its methods.
type topic struct {
	mu        sync.Mutex
	frame     []byte // nil until something was published
	followers map[*subscriber]bool
}

func newTopic() *topic { return &topic{followers: make(map[*subscriber]bool)} }

// publish sends a frame to all followers, if it differs from the last one.
func (t *topic) publish(frame []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if bytes.Equal(t.frame, frame) {
		return
	}
	t.frame = frame
	for s := range t.followers {
		s.show(frame)
	}
}

// last is the frame that was published last.
func (t *topic) last() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.frame
}

// subscriber is an open page that follows a topic: it is sent the last frame, and each one that is published later. It
// is a follower. The topic's lock guards the fields that change.
type subscriber struct {
	streams *streams
	topic   *topic
	slot    share.Slot
	name    string // by which the board finds it; "": it does not

	out    transport // nil until the page has caught up
	cut    bool      // its place was given to another
	called bool      // its visitor was invited before the page had caught up
}

// Slot returns the place of the stream (share.Member).
func (s *subscriber) Slot() *share.Slot { return &s.slot }

// Pace makes the oldest stream give way (share.Member).
func (s *subscriber) Pace() int64 { return int64(s.slot.Since) }

// Cut ends the stream, whose place was given to another (share.Member).
func (s *subscriber) Cut() {
	s.topic.mu.Lock()
	defer s.topic.mu.Unlock()
	s.cut = true
	if s.out != nil {
		s.out.Cut()
	}
}

// Gone is called once the stream has ended (park.Tenant).
func (s *subscriber) Gone() {
	s.topic.mu.Lock()
	delete(s.topic.followers, s)
	s.topic.mu.Unlock()
	if s.name != "" {
		s.streams.board.forget(s.name)
	}
	s.streams.places.Leave(s)
}

// begin sends the last frame.
func (s *subscriber) begin(_ context.Context, c carrier) (err error) {
	now := s.topic.last()
	first := now
	if s.name != "" {
		first = also(now, `"stream":"`+s.name+`"`)
	}
	if err := c.send(append([]byte(beat), first...)); err != nil {
		return err
	}
	s.topic.mu.Lock()
	defer s.topic.mu.Unlock()
	if s.out, err = c.settle(s); err != nil {
		return err
	}
	s.topic.followers[s] = true
	if s.cut {
		s.out.Cut()
	}
	switch later := s.topic.frame; {
	case s.called:
		s.invite()
	case !bytes.Equal(later, now):
		s.show(later)
	}
	return nil
}

// invite tells the page that its visitor is invited. A page may have told its stream's name, by which it was found, before begin is
// at its end. The topic's lock is held.
func (s *subscriber) invite() {
	s.called = s.out == nil
	if !s.called {
		s.show(also(s.topic.frame, `"invited":true`))
	}
}

// show sends a frame, if there is one. When Write fails the stream has ended already. The topic's lock is held.
func (s *subscriber) show(frame []byte) {
	if frame != nil {
		_ = s.out.Write(frame)
	}
}
