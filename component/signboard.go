package component

import (
	"context"
	"log/slog"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// signboard shows the operators the presence of the desk and of the departments, and
// remembers what it has shown over one link. Any goroutine may use it.
type signboard struct {
	line   *line
	bridge *bridge.Bridge
	faces  *faces
	log    *slog.Logger

	mu    sync.Mutex
	shown map[bridge.OperatorJID]string // the desk's status
	lamps map[string]bool               // whether a department was shown as online
}

func newSignboard(l *line, b *bridge.Bridge, f *faces, log *slog.Logger) *signboard {
	return &signboard{line: l, bridge: b, faces: f, log: log,
		shown: make(map[bridge.OperatorJID]string), lamps: make(map[string]bool)}
}

// greet asks every operator for their presence, subscribes the desk to it
// (a server that has the subscription answers by itself, RFC 6121 §3.1.3) and
// shows the desk.
func (s *signboard) greet(ctx context.Context) {
	desk := s.faces.domain.desk()
	for _, o := range s.bridge.Team.Operators() {
		// The probe must go first. If the operator has not let the desk see them, Prosody answers the
		// probe with a refusal, and drops a subscription request that came before it.
		s.line.Send(stanza.Presence(desk, string(o.JID), "probe"),
			stanza.Presence(desk, string(o.JID), "subscribe", stream.Text("", "status", voice.For(s.bridge, o).Say("porchlight asks to see when you are available for visitors"))))
	}
	if err := s.announce(ctx, true); err != nil && ctx.Err() == nil {
		s.log.Error("announce the desk", "err", err)
	}
}

// announce sends operators the presence of the desk, and of the departments that went
// online or offline: clients ignore the presence of a department that is no contact. If
// all is set, every operator gets the presence of the desk and of every department.
// Otherwise operators get only news, and operators who want little traffic get none.
func (s *signboard) announce(ctx context.Context, all bool) error {
	d, err := s.duty(ctx)
	if err != nil {
		return err
	}
	departments := s.turned(all)
	for _, o := range s.bridge.Team.Operators() {
		held, _ := s.bridge.Reach.Holds(o.JID)
		if held {
			s.forget(o.JID) // so that the desk is shown again when the operator is back
		}
		if !all && (o.Satellite || held) {
			continue
		}
		if el, news := s.desk(o, d); news || all {
			s.line.Send(el)
		}
		for _, name := range departments {
			s.line.Send(s.faces.department(name, o))
		}
	}
	return nil
}

func (s *signboard) forget(o bridge.OperatorJID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.shown, o)
}

// turned lists the departments that went online or offline since the last call, or all
// departments.
func (s *signboard) turned(all bool) (list []string) {
	status, err := s.bridge.Team.Status("")
	if err != nil {
		return nil // there is no department
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range status.Departments {
		was, shown := s.lamps[d.Name]
		if all || !shown || was != d.Online {
			list = append(list, d.Name)
		}
		s.lamps[d.Name] = d.Online
	}
	return list
}

// duty says who is on duty and how many visitors wait.
type duty struct {
	names   []string
	waiting int
}

func (s *signboard) duty(ctx context.Context) (d duty, err error) {
	for _, o := range s.bridge.Team.Available() {
		d.names = append(d.names, o.Name)
	}
	d.waiting, err = s.bridge.WaitingCount(ctx)
	return d, err
}

// desk makes the presence that shows an operator the duty, and remembers it as shown; news
// says whether it differs from what was shown last.
func (s *signboard) desk(o bridge.Operator, d duty) (el *stream.Element, news bool) {
	status := voice.For(s.bridge, o).Presence(d.names, d.waiting)
	s.mu.Lock()
	was, shown := s.shown[o.JID]
	s.shown[o.JID] = status
	s.mu.Unlock()
	return s.faces.desk(string(o.JID), status), !shown || was != status
}

// show returns the desk's present presence for an operator, and remembers it as shown.
func (s *signboard) show(ctx context.Context, o bridge.Operator) (*stream.Element, error) {
	d, err := s.duty(ctx)
	if err != nil {
		return nil, err
	}
	el, _ := s.desk(o, d)
	return el, nil
}

// take takes back the presence of the desk and the departments from an operator.
func (s *signboard) take(o bridge.OperatorJID) {
	for _, d := range s.bridge.Team.Departments() {
		s.line.Send(stanza.Presence(s.faces.domain.of(d.Name), string(o), "unavailable"))
	}
	s.line.Send(stanza.Presence(s.faces.domain.deskFull(), string(o), "unavailable"))
}
