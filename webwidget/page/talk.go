package page

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"porchlight/bridge"
)

// talkView is a conversation.
type talkView struct {
	Number             int64
	Seq                int64
	Live               bool // somebody is there
	Closed, WantsEmail bool
	Operator           string
	Lines              []lineView
	ClientID           string // of the next message
	Draft, Email       string // what was typed and refused
}

// lineView is a line of the log.
type lineView struct{ From, Name, Text, Link, At, Time string }

// pageSize is how many events are read from the log at a time.
const pageSize = 200

// shownLog is how much of a long log the page shows, in events.
const shownLog = 400

// talk reads a conversation for the page.
func (p *Page) talk(ctx context.Context, number int64) (*talkView, error) {
	now, err := p.bridge.Snapshot(ctx, number)
	if err != nil {
		return nil, err
	}
	lines, seq, err := p.lines(ctx, number, max(0, now.Seq-shownLog))
	if err != nil {
		return nil, err
	}
	closed := now.State == bridge.Closed
	return &talkView{
		Number: now.Number, Seq: max(seq, now.Seq), Lines: lines, ClientID: rand.Text(),
		Live: now.Kind == bridge.Chat && !closed, Closed: closed, WantsEmail: now.Email == "" && !closed,
		Operator: now.OperatorName,
	}, nil
}

// lines reads the log past after, and tells up to where.
func (p *Page) lines(ctx context.Context, number, after int64) ([]lineView, int64, error) {
	card, err := p.bridge.Card(ctx, number)
	if err != nil {
		return nil, 0, err
	}
	var all []bridge.Event
	for {
		log, err := p.bridge.Events(ctx, number, after, pageSize)
		if err != nil {
			return nil, 0, err
		}
		if all = append(all, log...); len(log) > 0 {
			after = log[len(log)-1].Seq
		}
		if len(log) < pageSize {
			break
		}
	}
	var list []lineView
	for _, e := range bridge.AsItStands(all) {
		if text := lineText(e); text != "" {
			list = append(list, p.lineOf(card, e, text))
		}
	}
	return list, after, nil
}

// linkLasts is for how long the link to a file holds. A page that is looked at later
// is made anew.
const linkLasts = 24 * time.Hour

func (p *Page) lineOf(card bridge.Card, e bridge.Entry, text string) lineView {
	at := e.At.UTC()
	l := lineView{From: string(bridge.FromSystem), Text: text, At: at.Format("2006-01-02T15:04:05.000Z07:00"), Time: at.Format("15:04") + " UTC"}
	switch e.Type {
	case bridge.EventMessage, bridge.EventCorrection, bridge.EventReaction, bridge.EventFile:
		l.From, l.Name = string(e.From), e.Speaker(card.Request.Name)
	}
	if f, ok := e.Data.(bridge.SentFile); ok && e.Changed != bridge.EventRetraction {
		if l.Link = f.URL; e.From == bridge.FromVisitor {
			l.Link = p.opts.Base + p.bridge.Files.Link(card.ID, f.ID, p.bridge.Now().Add(linkLasts))
		}
	}
	return l
}

// lineText is what the page shows of an event, "" for nothing.
func lineText(e bridge.Entry) string {
	if e.Changed == bridge.EventRetraction {
		return "(This message was taken back.)"
	}
	switch e.Type {
	case bridge.EventFile:
		f, _ := e.Data.(bridge.SentFile)
		return f.Called()
	case bridge.EventMessage:
		return e.Words()
	case bridge.EventCorrection: // of what is not shown here
		return "Corrected: " + e.Words()
	case bridge.EventReaction:
		return e.Text
	case bridge.EventOperator:
		if e.Lost() {
			return e.Name + " can't be reached, somebody else is looked for"
		}
		part, _ := e.Data.(bridge.Part)
		return e.Name + " " + string(part.Action) + " the conversation." // joined or left
	case bridge.EventState:
		turn, _ := e.Data.(bridge.Turn)
		return stateLine(turn)
	}
	return ""
}

func stateLine(e bridge.Turn) string {
	switch e.Reason {
	case bridge.ReasonVisitor:
		return "You ended the conversation."
	case bridge.ReasonVisitorLeft:
		return "The conversation ended, because the page was gone."
	case bridge.ReasonOperator:
		return "The conversation was ended."
	case bridge.ReasonSolved:
		return "The request is solved."
	case bridge.ReasonIdle:
		return "The conversation ended, because nobody wrote for a long time."
	case bridge.ReasonOwnerLeft, bridge.ReasonTransferred:
		return "We are looking for somebody else who can help you."
	case bridge.ReasonEmailWanted:
		return "Nobody is free right now. Leave your email address, and we answer by mail."
	case bridge.ReasonNobodyFree:
		return "Nobody is free right now. We answer by email."
	}
	if e.State == string(bridge.Ticket) {
		return "Nobody is here right now. We answer by email."
	}
	return ""
}

// stateText says where a conversation stands.
func stateText(now bridge.Snapshot) string {
	switch {
	case now.State == bridge.Closed:
		return "This conversation has ended."
	case now.Kind == bridge.Ticket:
		return "We answer by email to " + now.Email + "."
	case now.State == bridge.Active:
		return "You are talking to " + now.OperatorName + "."
	case now.Position > 1:
		return "Waiting for somebody to take your request. You are number " + strconv.Itoa(now.Position) + " in the queue."
	}
	return "Waiting for somebody to take your request."
}
