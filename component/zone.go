package component

import (
	"context"
	"log/slog"
	"sync"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// zones asks each operator's client that comes online for its local time (XEP-0202 §2),
// since the desk tells operators times. Nobody waits for the answer, which may never come;
// the last one is stored with the operator. Any goroutine may use it.
type zones struct {
	line   *line
	bridge *bridge.Bridge
	domain domain
	told   func(from stream.JID, zone string) // called in the reader with what a client has answered
	log    *slog.Logger

	mu sync.Mutex
	// asked is the id of the question to a client that is online, by its full JID; "" once
	// it has answered.
	asked map[string]string
}

// look asks a client whose presence came, once while it is online. An operator who wants
// little traffic is asked only if their zone is not known.
func (z *zones) look(p packet, gone bool) {
	full := p.from.String()
	z.mu.Lock()
	_, known := z.asked[full]
	id := stanza.NewID()
	switch {
	case gone:
		delete(z.asked, full)
	case !known:
		z.asked[full] = id
	}
	z.mu.Unlock()
	if gone || known || p.operator.Satellite && p.operator.Zone != "" {
		return
	}
	z.line.Send(stanza.IQ("get", z.domain.desk(), full, id, stream.New(stanza.NSTime, "time")))
}

// answered takes the answer to a question of ours, and reports whether el is one. It runs
// in the reader, so told has to leave storing to another goroutine.
func (z *zones) answered(from stream.JID, el *stream.Element) bool {
	if el.Local != "iq" || !stanza.IsAnswer(el) {
		return false
	}
	id := el.Get("id")
	z.mu.Lock()
	ours := id != "" && z.asked[from.String()] == id
	if ours {
		z.asked[from.String()] = ""
	}
	z.mu.Unlock()
	if zone, ok := bridge.ZoneOf(el.Child(stanza.NSTime, "time").ChildText("", "tzo")); ours && ok {
		z.told(from, zone)
	}
	return ours
}

// keep stores an operator's zone if it has changed.
func (z *zones) keep(ctx context.Context, jid bridge.OperatorJID, zone string) {
	if o, known := z.bridge.Team.Operator(jid); !known || o.Zone == zone {
		return
	}
	if _, err := z.bridge.Team.Change(ctx, jid, func(o *bridge.Operator) { o.Zone = zone }); err != nil && ctx.Err() == nil {
		z.log.Error("keep time zone", "operator", jid, "err", err)
	}
}
