package webwidget

import (
	"strings"
	"testing"

	"porchlight/webwidget/park"
)

// hasty is a page whose visitor is invited in the moment in which it has its stream's name, before the stream has begun.
type hasty struct {
	board   *board
	written []string
}

func (h *hasty) send([]byte) error                     { h.board.invited("n"); return nil }
func (h *hasty) settle(park.Tenant) (transport, error) { return h, nil }
func (h *hasty) Write(b []byte) error                  { h.written = append(h.written, string(b)); return nil }
func (h *hasty) Hold(b []byte) error                   { return h.Write(b) }
func (h *hasty) Cut()                                  {}

// No invitation is lost that is sent while a stream begins.
func TestTopic_AnInvitationWhileTheStreamBegins(t *testing.T) {
	b := newBoard(nil)
	s := &subscriber{topic: newTopic(), name: "n"}
	s.topic.publish([]byte("event: status\ndata: {\"status\":\"online\"}\n\n"))
	b.named["n"] = s
	h := &hasty{board: b}
	if err := s.begin(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	b.invited("n")
	if got := strings.Join(h.written, ""); strings.Count(got, `{"status":"online","invited":true}`) != 2 {
		t.Errorf("the page reads %q", got)
	}
}
