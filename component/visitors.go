package component

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"porchlight/bridge"
	"porchlight/component/stream"
)

// visitors shows the presence of visitors over one link to those who have to do with
// them. Any goroutine may use it.
type visitors struct {
	line   *line
	bridge *bridge.Bridge
	faces  *faces
	log    *slog.Logger

	mu   sync.Mutex
	todo map[int64][]errand // by conversation
}

// errand is something to be done about a visitor's presence that is not in the log of
// those who take part. The conversation's task does it, so that nothing older comes
// after what is fed: both look at the store when it is their turn.
type errand struct {
	hide bridge.OperatorJID // whom the presence is taken back from; "": it is shown
	all  bool               // also to those who take part
}

func newVisitors(l *line, b *bridge.Bridge, f *faces, log *slog.Logger) *visitors {
	return &visitors{line: l, bridge: b, faces: f, log: log, todo: make(map[int64][]errand)}
}

// put puts an errand in line, unless it is already.
func (v *visitors) put(conversation int64, e errand) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !slices.Contains(v.todo[conversation], e) {
		v.todo[conversation] = append(v.todo[conversation], e)
	}
}

// run does what is in line for a conversation.
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

// do shows a visitor to those to whom the conversation is offered, and to all who take
// part if the errand says so, who otherwise see what is in the log; or takes the
// presence back.
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

// gone takes a visitor's presence back from an operator who has nothing to do with them
// any more; the server would let it stand for ever. For others it is nothing.
func (v *visitors) gone(ctx context.Context, card bridge.Card, o bridge.OperatorJID) ([]*stream.Element, error) {
	parts, asked, err := v.bridge.Concerned(ctx, card.Number)
	if err != nil || slices.Contains(parts, o) || slices.Contains(asked, o) {
		return nil, err
	}
	return []*stream.Element{v.faces.visitorGone(card, string(o))}, nil
}

// introduce makes the desk known to an operator whose client has just come online, and
// all visitors they have to do with.
func (v *visitors) introduce(ctx context.Context, o bridge.OperatorJID) error {
	v.line.Send(v.faces.deskIntroduction(string(o))...)
	if quiet(v.bridge, o) { // visitors introduce themselves when they come
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

// farewell takes back the presence of everybody from an operator.
func (v *visitors) farewell(ctx context.Context, o bridge.OperatorJID) error {
	cards, err := v.bridge.Concerns(ctx, o)
	for _, card := range cards {
		v.line.Send(v.faces.visitorGone(card, string(o)))
	}
	return err
}
