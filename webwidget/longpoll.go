package webwidget

import (
	"context"
	"net/http"
	"time"

	"porchlight/bridge"
)

// maxWait is the longest a poll waits, in seconds.
const maxWait = 60

// pollAnswer is a piece of the log; seq is the cursor for the next poll.
type pollAnswer struct {
	Events []eventAnswer `json:"events"`
	Seq    int64         `json:"seq"`
}

// poll answers at once when the log goes on past ?after=, otherwise when it
// does or ?wait= seconds are over. A poll counts as a sign of life for the
// visitor's grace time.
func (s *Server) poll(w http.ResponseWriter, r *http.Request) {
	c, err := s.conversation(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	after, err := cursor(r, c.Seq)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	wait, err := whole("wait", r.URL.Query().Get("wait"), 0)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	here := newPlace(s.slot(r, c.Number))
	if wait > 0 {
		if err := s.enterStream(here); err != nil {
			s.fail(w, r, err)
			return
		}
		defer s.limits.streams.Leave(here)
		s.seemsBuffered(c.Number)
	}
	limit := time.Duration(min(wait, maxWait)) * time.Second
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(limit + s.times.write)) // as in guard
	a, err := s.waitForEvents(r, c, after, limit, here.cut)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, a)
}

// waitForEvents looks at the log until there is something to show. It asks
// again and again instead of attaching, because an attached page that goes
// after each poll would look like a visitor who comes and goes.
func (s *Server) waitForEvents(r *http.Request, c bridge.Conversation, after int64, limit time.Duration, cut <-chan struct{}) (pollAnswer, error) {
	ctx := r.Context()
	card, err := s.bridge.Card(ctx, c.Number)
	if err != nil {
		return pollAnswer{}, err
	}
	seen := s.view(r, card)
	over := time.NewTimer(limit)
	defer over.Stop()
	look := time.NewTicker(s.times.poll)
	defer look.Stop()
	var told time.Time
	for last := limit == 0; ; {
		if time.Since(told) > signOfLife {
			if err := s.alive(ctx, c.Number); err != nil {
				return pollAnswer{}, err
			}
			told = time.Now()
		}
		log, err := s.bridge.Events(ctx, c.Number, after, pageSize)
		if err != nil {
			return pollAnswer{}, err
		}
		if len(log) > 0 {
			after = log[len(log)-1].Seq
		}
		if list := seen.eventsOf(log); len(list) > 0 || last {
			return pollAnswer{Events: list, Seq: after}, nil
		}
		select {
		case <-look.C:
		case <-over.C:
			last = true
		case <-cut:
			last = true
		case <-s.closing:
			last = true
		case <-ctx.Done():
			return pollAnswer{}, ctx.Err()
		}
	}
}

// signOfLife is how often a waiting poll says that the visitor is there.
const signOfLife = 5 * time.Second

// alive begins the visitor's grace time anew.
func (s *Server) alive(ctx context.Context, number int64) error {
	now, err := s.bridge.Snapshot(ctx, number)
	if err != nil {
		return err
	}
	return s.bridge.VisitorPolls(ctx, now.Conversation)
}
