package component

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"porchlight/bridge"
	"porchlight/component/stream"
)

// visitors shows the presence of visitors over one link to the operators who have to do
// with them. Any goroutine may use it.
type visitors struct {
	line   *line
	bridge *bridge.Bridge
	faces  *faces
	log    *slog.Logger

	mu   sync.Mutex
	todo map[int64][]errand // by conversation
}

// errand is something to be done about a visitor's presence that the log of those who take
// part does not cause. The conversation's task does the errand before it feeds the log, and
// both read the store in their turn, so no older presence follows a newer one.
type errand struct {
	hide bridge.OperatorJID // the operator from whom the presence is taken back; "": it is shown
	all  bool               // it is also shown to the operators who take part
}

func newVisitors(l *line, b *bridge.Bridge, f *faces, log *slog.Logger) *visitors {
	return &visitors{line: l, bridge: b, faces: f, log: log, todo: make(map[int64][]errand)}
}

// put queues an errand, unless the same errand is queued already.
func (v *visitors) put(conversation int64, e errand) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !slices.Contains(v.todo[conversation], e) {
		v.todo[conversation] = append(v.todo[conversation], e)
	}
}

// run does the errands that are queued for a conversation.
func (v *visitors) run(ctx context.Context, conversation int64) {
	v.mu.Lock()
	list := v.todo[conversation]
	delete(v.todo, conversation)
	v.mu.Unlock()
	for _, e := range list {
		if err := v.do(ctx, conversation, e); err != nil && ctx.Err() == nil {
			v.log.Error("show visitor", "conversation", conversation, "err", err)
		}
	}
}

// do does an errand: it takes the visitor's presence back from one operator, or shows it to
// the operators who have an offer and, if the errand says so, to those who take part.
func (v *visitors) do(ctx context.Context, conversation int64, e errand) error {
	card, err := v.bridge.Card(ctx, conversation)
	if err != nil {
		return err
	}
	if e.hide != "" {
		gone, err := v.gone(ctx, card, e.hide)
		v.line.Send(gone...)
		return err
	}
	parts, to, err := v.bridge.Concerned(ctx, conversation)
	if err != nil {
		return err
	}
	if e.all {
		to = append(to, parts...)
	}
	for _, o := range to {
		if !quiet(v.bridge, o) {
			v.line.Send(v.faces.visitor(card, string(o)))
		}
	}
	return nil
}

// gone returns the presence that hides a visitor from an operator who has nothing to do
// with them any more: the server would show them for ever. It returns nothing for an
// operator who takes part or has an offer.
func (v *visitors) gone(ctx context.Context, card bridge.Card, o bridge.OperatorJID) ([]*stream.Element, error) {
	parts, asked, err := v.bridge.Concerned(ctx, card.Number)
	if err != nil || slices.Contains(parts, o) || slices.Contains(asked, o) {
		return nil, err
	}
	return []*stream.Element{v.faces.visitorGone(card, string(o))}, nil
}

// introduce makes the desk, and all visitors whom the operator has to do with, known to an
// operator whose client has sent presence.
func (v *visitors) introduce(ctx context.Context, o bridge.OperatorJID) error {
	v.line.Send(v.faces.deskIntroduction(string(o))...)
	if quiet(v.bridge, o) { // the operator gets to know each visitor by an offer or when they join
		return nil
	}
	cards, err := v.bridge.Concerns(ctx, o)
	if err != nil {
		return err
	}
	for _, card := range cards {
		if !v.line.Send(v.faces.introduction(card, string(o))...) {
			return nil
		}
	}
	return nil
}

// farewell takes back the presence of every visitor from an operator.
func (v *visitors) farewell(ctx context.Context, o bridge.OperatorJID) error {
	cards, err := v.bridge.Concerns(ctx, o)
	for _, card := range cards {
		v.line.Send(v.faces.visitorGone(card, string(o)))
	}
	return err
}
