package webwidget

import (
	"encoding/json"
	"net/http"
	"time"
)

// teamNews tells the open boards of the team's page that something may have changed: one that has just begun to follow
// at once, since something may have changed after it was loaded. It says no more than that: each
// board loads itself anew then, as far as its reader may see it. Any goroutine may call its methods.
type teamNews struct {
	topic *topic
	news  chan struct{} // has room for one; a value in it means that the board may have changed
}

// boardRest is how long open boards are left alone after they were told of a change: loading a board costs more than a
// message does.
const boardRest = 2 * time.Second

func newTeamNews() *teamNews {
	return &teamNews{topic: newTopic(), news: make(chan struct{}, 1)}
}

// look makes run tell the boards, if there are any. It never waits.
func (t *teamNews) look() { nudge(t.news) }

// boardChange is what a board is told.
type boardChange struct {
	Change int64 `json:"change" doc:"counts the changes since this program started"`
}

func (c boardChange) encode() []byte {
	b, err := json.Marshal(c)
	if err != nil { // can't happen: it is a number
		panic(err)
	}
	return b
}

// run tells the boards until done is closed. One goroutine calls it.
func (t *teamNews) run(done <-chan struct{}) {
	rest := time.NewTimer(boardRest)
	defer rest.Stop()
	for n := int64(0); ; n++ {
		t.topic.publish(appendFrame(nil, 0, "board", boardChange{n}.encode()))
		rest.Reset(boardRest)
		select {
		case <-rest.C:
		case <-done:
			return
		}
		select {
		case <-t.news:
		case <-done:
			return
		}
	}
}

// boardEvents answers with a stream of news that tells an open board when it may have changed, if admitted lets the request in.
func (s *Server) boardEvents(news *teamNews, admitted func(*http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := admitted(r); err != nil {
			s.fail(w, r, err)
			return
		}
		s.follow(w, r, s.subscriber(r, news.topic))
	}
}
