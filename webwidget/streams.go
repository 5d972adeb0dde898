package webwidget

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/webwidget/park"
	"porchlight/webwidget/share"
)

// streams is what all event streams share. Any goroutine may call its methods.
type streams struct {
	bridge   *bridge.Bridge
	view     view // of no conversation yet
	times    *times
	places   *share.Pool
	lot      *park.Lot // nil where nothing can be parked
	audience *audience
	rereads  *rereads
	board    *board
	team     *teamNews
	visits   *teamNews // of those who are on the site

	closing   chan struct{} // closed when close begins
	closeOnce sync.Once
	running   sync.WaitGroup // the board, the team's news and the rereaders
}

// newStreams makes a streams and starts its goroutines, which close ends.
func newStreams(v view, log *slog.Logger, t *times, places *share.Pool) (*streams, error) {
	lot, err := park.New(beat, t.heartbeat)
	if err != nil {
		return nil, err
	}
	st := &streams{bridge: v.bridge, view: v, times: t, places: places, lot: lot, rereads: newRereads(), board: newBoard(v.bridge), team: newTeamNews(), visits: newTeamNews(), closing: make(chan struct{})}
	st.audience = newAudience(v, st.board, st.team)
	st.running.Go(func() { st.board.run(st.closing) })
	st.running.Go(func() { st.team.run(st.closing) })
	st.running.Go(func() { st.visits.run(st.closing) })
	for range rereaders {
		st.running.Go(func() { st.rereads.run(log) })
	}
	return st, nil
}

// close ends the streams and waiting polls and refuses new ones. It may be called
// again.
func (st *streams) close() {
	st.closeOnce.Do(func() {
		close(st.closing)
		st.audience.leave()
		st.rereads.close()
		st.lot.Close()
	})
	st.running.Wait()
}

// open returns how many event streams and waiting polls there are.
func (st *streams) open() int { return int(st.places.Stats().Used) }

// enter takes a place for a stream or a waiting poll. places.Leave gives the place back.
func (st *streams) enter(m share.Member) error {
	select {
	case <-st.closing:
		p := newProblem(phrase.CodeUnavailable, phrase.Say("The service is about to restart."))
		p.retry = 2
		return p
	default:
	}
	if !st.places.Enter(m) {
		return crowded(phrase.Say("Too many pages are connected at the moment."))
	}
	return nil
}

// follower is the reader for whom a stream is: of a log, or of the status. It has a place,
// which Gone gives back.
type follower interface {
	share.Member
	park.Tenant
	// begin sends what the page lacks, and then makes the carrier settle.
	begin(ctx context.Context, c carrier) error
}

// carrier brings a stream to its page until the page has caught up. One goroutine uses it.
type carrier interface {
	// send sends b and waits until the page has taken it, but no longer than a write may take.
	send(b []byte) error
	// settle returns the transport that takes over from the carrier. An error ends the stream.
	settle(park.Tenant) (transport, error)
}

// transport brings a stream to its page once the page has caught up. Its methods never
// wait. Any goroutine may call them.
type transport interface {
	// Write sends all of b or ends the stream. A page that can't take b comes back with its
	// cursor.
	Write(b []byte) error
	// Hold is Write for bytes that may wait a moment for the next ones.
	Hold(b []byte) error
	// Cut ends the stream.
	Cut()
}

// carry answers with f's stream, and calls f.Gone at its end. If the connection can be
// parked, carry returns as soon as the page has caught up. An error is a fault of ours;
// that the page goes away is no error.
func (st *streams) carry(w http.ResponseWriter, r *http.Request, f follower) error {
	h := w.Header()
	h.Set("Content-Type", eventStream)
	h.Set("X-Accel-Buffering", "no")
	conn, err := st.lot.Hijack(w, r)
	switch {
	case errors.Is(err, park.ErrUnsupported):
		out := newStreamed(w, st.times.write)
		if err = f.begin(r.Context(), out); err == nil {
			err = out.run(r.Context(), st.times.heartbeat, st.closing)
		}
		f.Gone()
	case err == nil:
		if err = f.begin(r.Context(), &parked{conn: conn, lot: st.lot, limit: st.times.write, head: head(h)}); err != nil {
			conn.Close()
			f.Gone()
		}
	default:
		f.Gone()
	}
	if errors.Is(err, park.ErrGone) {
		return nil
	}
	return err
}
