package webwidget

import (
	"context"
	"net/http"
	"time"
)

// maxWait is how long a poll waits at most, in seconds.
const maxWait = 60

// signOfLife is how often a waiting poll says that the visitor is there.
const signOfLife = 5 * time.Second

// pollAnswer is a piece of the log. Seq is the cursor for the next poll.
type pollAnswer struct {
	Events []eventAnswer `json:"events" doc:"what came past the cursor"`
	Seq    int64         `json:"seq" doc:"the cursor for the next call"`
}

// poll answers at once when the log has events past ?after=. Otherwise it answers when
// there are some, or when ?wait= seconds are over. A poll is a sign of life, which starts
// the visitor's grace time anew.
func (s *Server) poll(w http.ResponseWriter, r *http.Request, number int64) {
	now, err := s.bridge.Snapshot(r.Context(), number)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	after, err := cursor(r, now.Seq)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	wait, err := whole("wait", r.URL.Query().Get("wait"), 0)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	here := newPlace(s.slot(r, now.Number))
	if wait > 0 {
		if err := s.streams.enter(here); err != nil {
			s.fail(w, r, err)
			return
		}
		defer s.streams.places.Leave(here)
		s.lookout.polled(now.Number, s.streams.places.Of(now.Number)-1) // one of the places is the poll's
	}
	limit := time.Duration(min(wait, maxWait)) * time.Second
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(limit + s.times.write)) // some writers can't set a limit (see limitTime)
	p := &poll{streams: s.streams, cut: here.cut, heard: make(chan struct{}, 1), view: s.viewOf(r, now), number: now.Number, after: after}
	a, err := p.wait(r.Context(), limit)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, a)
}

// poll waits for a piece of the log. It is a listener, but it does not attach its page,
// since with every poll the visitor would seem to come and to go. One goroutine uses it;
// any may call hear.
type poll struct {
	streams *streams
	cut     <-chan struct{} // closed when the poll's place is given to another
	heard   chan struct{}   // has room for one
	view    view
	number  int64
	after   int64 // the cursor
}

// hear makes wait look at the log. Any goroutine may call it.
func (p *poll) hear(*news) {
	select {
	case p.heard <- struct{}{}:
	default:
	}
}

// wait looks at the log until there is something to show, or the limit is over.
func (p *poll) wait(ctx context.Context, limit time.Duration) (pollAnswer, error) {
	if limit > 0 {
		p.streams.audience.listen(p.number, p)
		defer p.streams.audience.ignore(p.number, p)
	}
	over := time.NewTimer(limit)
	defer over.Stop()
	life := time.NewTicker(signOfLife)
	defer life.Stop()
	if err := p.alive(ctx); err != nil {
		return pollAnswer{}, err
	}
	for last := limit == 0; ; {
		list, err := p.look(ctx)
		if err != nil {
			return pollAnswer{}, err
		}
		if len(list) > 0 || last {
			return pollAnswer{Events: list, Seq: p.after}, nil
		}
		select {
		case <-p.heard:
		case <-life.C:
			if err := p.alive(ctx); err != nil {
				return pollAnswer{}, err
			}
		case <-over.C:
			last = true
		case <-p.cut:
			last = true
		case <-p.streams.closing:
			last = true
		case <-ctx.Done():
			return pollAnswer{}, ctx.Err()
		}
	}
}

// look reads on in the log, up to the first events that the visitor may see or up to the log's end, and
// returns these events.
func (p *poll) look(ctx context.Context) ([]eventAnswer, error) {
	for {
		log, err := p.streams.bridge.Events(ctx, p.number, p.after, pageSize)
		if err != nil {
			return nil, err
		}
		if len(log) > 0 {
			p.after = log[len(log)-1].Seq
		}
		if list := p.view.eventsOf(log); len(list) > 0 || len(log) < pageSize {
			return list, nil
		}
	}
}

// alive starts the visitor's grace time anew.
func (p *poll) alive(ctx context.Context) error {
	c, err := p.streams.bridge.Conversation(ctx, p.number)
	if err != nil {
		return err
	}
	return p.streams.bridge.VisitorPolls(ctx, c)
}
