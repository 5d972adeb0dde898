package webwidget

import (
	"encoding/json"
	"net/http"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/portraits"
)

// eventAnswer is one event in the form in which it leaves by HTTP. Which fields are there
// depends on the type; see eventOf.
type eventAnswer struct {
	Seq      int64   `json:"seq,omitempty" doc:"the number in the log; an event without one is stored nowhere"`
	Type     string  `json:"type" doc:"see below"`
	At       string  `json:"at,omitempty" doc:"when it was stored (RFC 3339)"`
	From     string  `json:"from,omitempty" doc:"'visitor', 'operator' or 'system'"`
	Name     *string `json:"name,omitempty" doc:"the name of its author"`
	Text     *string `json:"text,omitempty" doc:"the words, or all emoji of a reaction"`
	ClientID string  `json:"client_id,omitempty" doc:"the id under which the visitor sent it"`
	State    string  `json:"state,omitempty" doc:"'waiting', 'active', 'ticket' or 'closed'"`
	Reason   *string `json:"reason,omitempty" doc:"the reason"`
	Avatar   *string `json:"avatar,omitempty" doc:"where the operator's picture is, a path below public_url; \"\" if there is none"`
	WhatsApp string  `json:"whatsapp,omitempty" doc:"the address of a chat with the operator who joined in WhatsApp, while the operator is available or within their hours"`
	Action   string  `json:"action,omitempty" doc:"'joined' or 'left'"`
	PassedTo string  `json:"passed_to,omitempty" doc:"if an operator left who passes the conversation on: the name of the colleague, or the title of the department"`
	Position *int64  `json:"position,omitempty" doc:"the place in the queue, from 1"`
	Wait     int64   `json:"wait,omitempty" doc:"for about how many seconds the visitor will wait, left out if that is not known"`
	Upto     int64   `json:"upto,omitempty" doc:"in a receipt: up to which event it holds; if an operator is lost: up to which event messages were passed on"`
	Status   string  `json:"status,omitempty" doc:"'confirmed', 'delivered' or 'seen'"`
	Active   *bool   `json:"active,omitempty" doc:"whether the operator is writing"`
	ReplyTo  int64   `json:"reply_to,omitempty" doc:"the event that it answers"`
	Replaces int64   `json:"replaces,omitempty" doc:"the event whose place it takes"`
	To       int64   `json:"to,omitempty" doc:"the event that it is a reaction to"`

	File *fileAnswer `json:"file,omitempty" doc:"the file that was sent"`
}

// stamp writes times as RFC 3339 in UTC with milliseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// view turns a log into what its visitor sees.
type view struct {
	bridge  *bridge.Bridge
	faces   *portraits.Portraits
	id      bridge.ConversationID
	visitor string           // the visitor's name
	tongue  *phrase.Language // the language in which the system speaks
}

// viewOf makes the view for the sender of a request. Its language is that of the request,
// or else the one in which the conversation was begun.
func (s *Server) viewOf(r *http.Request, now bridge.Snapshot) view {
	return s.streams.view.of(now.ID, now.VisitorName, tongue(r, now.Language))
}

// of is the view of one conversation's log.
func (v view) of(id bridge.ConversationID, visitor string, t *phrase.Language) view {
	v.id, v.visitor, v.tongue = id, visitor, t
	return v
}

// appendEvent appends the frame of an event, if it is public.
func (v view) appendEvent(b []byte, e bridge.Event) []byte {
	if !e.Type.Public() {
		return b
	}
	return appendFrame(b, e.Seq, "", v.eventOf(e).encode())
}

// eventOf turns a public event into what its visitor gets. It names every field that
// leaves, so that what only operators may see (their JIDs, the reason that one gives for
// the end) can't slip out.
func (v view) eventOf(e bridge.Event) eventAnswer {
	visitor, words := v.visitor, e.Words(v.tongue)
	a := eventAnswer{Seq: e.Seq, Type: string(e.Type), At: stamp(e.At)}
	switch e.Type {
	case bridge.EventMessage:
		said, _ := e.Data.(bridge.Message)
		a.say(e, visitor)
		a.Text, a.ReplyTo = &words, said.ReplyTo
	case bridge.EventCorrection:
		a.say(e, visitor)
		a.Text, a.Replaces = &words, e.Amends()
	case bridge.EventFile:
		a.say(e, visitor)
		a.File = v.file(e)
	case bridge.EventRetraction:
		a.say(e, visitor)
		a.Replaces = e.Amends()
	case bridge.EventReaction:
		reaction, _ := e.Data.(bridge.Reaction)
		a.say(e, visitor)
		a.Text, a.To = &e.Text, reaction.To
	case bridge.EventState:
		turn, _ := e.Data.(bridge.Turn)
		a.State, a.Reason = turn.State, new(toldReason(turn.Reason))
	case bridge.EventOperator:
		part, _ := e.Data.(bridge.Part)
		a.Name, a.Avatar, a.Action, a.PassedTo = &e.Name, new(v.faces.Address(e.Operator)), string(part.Action), part.To
		if part.Action == bridge.Joined {
			a.WhatsApp = v.bridge.Team.WhatsApp(e.Operator)
		}
		if e.Lost() {
			a.Reason, a.Upto = &part.Reason, part.Reached
		}
	case bridge.EventPosition:
		place, _ := e.Data.(bridge.Place)
		a.Position, a.Wait = &place.Position, place.Wait
	}
	return a
}

// say sets from whom the event is.
func (a *eventAnswer) say(e bridge.Event, visitor string) {
	name := e.Speaker(visitor)
	a.From, a.Name = string(e.From), &name
	if e.From == bridge.FromVisitor {
		a.ClientID = e.ClientID()
	}
}

// eventsOf keeps what visitors may see of a piece of the log.
func (v view) eventsOf(log []bridge.Event) []eventAnswer {
	list := []eventAnswer{}
	for _, e := range bridge.Blanked(log) {
		if e.Type.Public() {
			list = append(list, v.eventOf(e))
		}
	}
	return list
}

func receiptOf(status bridge.ReceiptStatus, upto int64) eventAnswer {
	return eventAnswer{Type: "receipt", Upto: upto, Status: string(status)}
}

func typingOf(t bridge.Typing) eventAnswer {
	return eventAnswer{Type: "typing", Active: &t.Active, Name: &t.Name}
}

// encode makes the JSON of an event, on one line.
func (a eventAnswer) encode() []byte {
	b, err := json.Marshal(a)
	if err != nil { // can't happen: an event holds only strings, numbers and booleans
		panic(err)
	}
	return b
}

// toldReason is the reason of a state as visitors are told it. Whether operators call a request junk is theirs to know.
func toldReason(reason string) string {
	if reason == bridge.ReasonJunk {
		return bridge.ReasonOperator
	}
	return reason
}
