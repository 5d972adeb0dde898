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
	asked map[bridge.OperatorJID]bool   // whose presence the desk has asked for
	lamps map[string]bool               // whether a department was shown as online
}

func newSignboard(l *line, b *bridge.Bridge, f *faces, log *slog.Logger) *signboard {
	return &signboard{line: l, bridge: b, faces: f, log: log,
		shown: make(map[bridge.OperatorJID]string), asked: make(map[bridge.OperatorJID]bool), lamps: make(map[string]bool)}
}

// greet asks every operator for their presence and shows the desk.
func (s *signboard) greet(ctx context.Context) {
	if err := s.announce(ctx, true); err != nil && ctx.Err() == nil {
		s.log.Error("announce the desk", "err", err)
	}
}

// ask asks an operator for their presence, and subscribes the desk to it (a server that has the
// subscription answers by itself, RFC 6121 §3.1.3).
func (s *signboard) ask(o bridge.Operator) {
	desk := s.faces.domain.desk()
	// The probe must go first. If the operator has not let the desk see them, Prosody answers the
	// probe with a refusal, and drops a subscription request that came before it.
	s.line.Send(stanza.Presence(desk, string(o.JID), "probe"),
		stanza.Presence(desk, string(o.JID), "subscribe", stream.Text("", "status", voice.For(s.bridge, o).Say("porchlight asks to see when you are available for visitors"))))
}

// announce sends operators the presence of the desk, and of the departments that went
// online or offline: clients ignore the presence of a department that is no contact. Whoever has
// become an operator is asked for their presence before, and who is none any more is shown nothing.
// If all is set, every operator gets the presence of the desk and of every department.
// Otherwise operators get only news, and operators who want little traffic get none.
func (s *signboard) announce(ctx context.Context, all bool) error {
	came := s.look()
	for _, o := range came {
		s.ask(o)
	}
	d, err := s.duty(ctx)
	if err != nil {
		s.overlook(came)
		return err
	}
	departments, closed := s.turned(all)
	for _, o := range s.bridge.Team.Operators() {
		held, _ := s.bridge.Reach.Holds(o.JID)
		if held {
			s.forget(o.JID) // so that the desk is shown again when the operator is back
		}
		for _, name := range closed {
			s.line.Send(stanza.Presence(s.faces.domain.of(name), string(o.JID), "unavailable"))
		}
		_, fresh := came[o.JID]
		if !all && !fresh && (o.Satellite || held) {
			continue
		}
		if el, news := s.desk(o, d); news || all || fresh {
			s.line.Send(el)
		}
		for _, name := range departments {
			s.line.Send(s.faces.department(name, o))
		}
		if fresh && !all {
			s.showDepartments(o)
		}
	}
	return nil
}

// showDepartments shows an operator all departments.
func (s *signboard) showDepartments(o bridge.Operator) {
	for _, d := range s.bridge.Team.Departments() {
		s.line.Send(s.faces.department(d.Name, o))
	}
}

// look finds the operators whom the desk has not asked for their presence yet, and takes the presence of
// the desk and the departments back from those who are no operators any more.
func (s *signboard) look() (came map[bridge.OperatorJID]bridge.Operator) {
	came = make(map[bridge.OperatorJID]bridge.Operator)
	var gone []bridge.OperatorJID
	now := make(map[bridge.OperatorJID]bool)
	s.mu.Lock()
	for _, o := range s.bridge.Team.Operators() {
		now[o.JID] = true
		if !s.asked[o.JID] {
			s.asked[o.JID], came[o.JID] = true, o
		}
	}
	for o := range s.asked {
		if !now[o] {
			gone = append(gone, o)
			delete(s.asked, o)
			delete(s.shown, o)
		}
	}
	s.mu.Unlock()
	for _, o := range gone {
		s.take(o)
	}
	return came
}

// overlook has the next look find operators again to whom nothing could be shown.
func (s *signboard) overlook(came map[bridge.OperatorJID]bridge.Operator) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for o := range came {
		delete(s.asked, o)
	}
}

func (s *signboard) forget(o bridge.OperatorJID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.shown, o)
}

// turned lists the departments that went online or offline since the last call, or all
// departments; and those that were deleted since.
func (s *signboard) turned(all bool) (list, closed []string) {
	status, err := s.bridge.Team.Status("")
	if err != nil {
		return nil, nil // there is no department
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := make(map[string]bool, len(status.Departments))
	for _, d := range status.Departments {
		was, shown := s.lamps[d.Name]
		if all || !shown || was != d.Online {
			list = append(list, d.Name)
		}
		now[d.Name] = d.Online
	}
	for name := range s.lamps {
		if _, there := now[name]; !there {
			closed = append(closed, name)
		}
	}
	s.lamps = now
	return list, closed
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
