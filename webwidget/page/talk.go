package page

import (
	"context"
	"crypto/rand"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// talkView shows a conversation.
type talkView struct {
	Number             int64
	Seq                int64
	Live               bool // somebody is there
	Closed, WantsEmail bool
	Operator, WhatsApp string
	Lines              []lineView
	ClientID, FileID   string    // the ids of the next message and of the next file
	Files              bool      // files are taken
	Draft, Email       string    // what the visitor typed and the server refused
	Vote               *voteView // nil before the end
}

// lineView shows a line of the log.
type lineView struct {
	From, Name string
	Parts      []part
	At, Time   string
}

// pageSize is how many events are read from the log at a time.
const pageSize = 200

// shownLog is how much of a long log the page shows, in events.
const shownLog = 400

// talk reads a conversation for a page with the frame f, in whose language system lines are.
func (p *Page) talk(ctx context.Context, f frame, number int64) (*talkView, error) {
	now, err := p.bridge.Snapshot(ctx, number)
	if err != nil {
		return nil, err
	}
	lines, seq, err := p.lines(ctx, f.Language, now, max(0, now.Seq-shownLog))
	if err != nil {
		return nil, err
	}
	p.bridge.PageShowed(now.Conversation, max(seq, now.Seq))
	closed := now.State == bridge.Closed
	var vote *voteView
	if closed {
		ballot, err := p.bridge.Votes.Ballot(ctx, number)
		if err != nil {
			return nil, err
		}
		vote = voteOf(f, ballot)
	}
	return &talkView{
		Number: now.Number, Seq: max(seq, now.Seq), Lines: lines, ClientID: rand.Text(), FileID: rand.Text(), Files: p.opts.MaxFile > 0,
		Live: now.Kind == bridge.Chat && !closed, Closed: closed, WantsEmail: now.Email == "" && !closed,
		Operator: now.OperatorName, WhatsApp: now.WhatsApp, Vote: vote,
	}, nil
}

// lines reads the log past the event after. It also returns the number of the last event.
func (p *Page) lines(ctx context.Context, l *phrase.Language, now bridge.Snapshot, after int64) ([]lineView, int64, error) {
	var all []bridge.Event
	for {
		log, err := p.bridge.Events(ctx, now.Number, after, pageSize)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, log...)
		if len(log) > 0 {
			after = log[len(log)-1].Seq
		}
		if len(log) < pageSize {
			break
		}
	}
	if now.VisitorName == bridge.Nameless {
		now.VisitorName = l.Say(phrase.Say("Visitor"))
	}
	var list []lineView
	c := p.clock(now)
	for _, e := range bridge.AsItStands(all) {
		if text := lineText(l, e); text.Format != "" {
			list = append(list, p.lineOf(now, c, e, l.Say(text)))
		}
	}
	return list, after, nil
}

// linkLasts is how long the link to a file holds. Whoever loads the page later gets a new
// link.
const linkLasts = 24 * time.Hour

func (p *Page) lineOf(now bridge.Snapshot, c clock, e bridge.Entry, text string) lineView {
	l := lineView{From: string(bridge.FromSystem), Parts: linked(text), At: e.At.UTC().Format("2006-01-02T15:04:05.000Z07:00"), Time: c.say(e.At, "15:04")}
	switch e.Type {
	case bridge.EventMessage, bridge.EventCorrection, bridge.EventReaction, bridge.EventFile:
		l.From, l.Name = string(e.From), e.Speaker(now.VisitorName)
	}
	if f, ok := e.Data.(bridge.SentFile); ok && e.Changed != bridge.EventRetraction {
		link := f.URL
		if e.From == bridge.FromVisitor {
			link = p.opts.Base + p.bridge.Files.Link(now.ID, f.ID, p.bridge.Now().Add(linkLasts))
		}
		l.Parts = []part{{text, link}}
	}
	return l
}

// lineText returns what the page shows of an event, without a format if that is nothing.
func lineText(l *phrase.Language, e bridge.Entry) phrase.Phrase {
	if e.Changed == bridge.EventRetraction {
		return phrase.Say("(This message was taken back.)")
	}
	switch e.Type {
	case bridge.EventFile:
		f, _ := e.Data.(bridge.SentFile)
		return phrase.Say("%s", f.Called())
	case bridge.EventMessage:
		return phrase.Say("%s", e.Words(l))
	case bridge.EventCorrection: // the corrected message lies outside the lines that are read
		return phrase.Say("Corrected: %s", e.Words(l))
	case bridge.EventReaction:
		return phrase.Say("%s", e.Text)
	case bridge.EventOperator:
		return operatorLine(e.Event)
	case bridge.EventState:
		turn, _ := e.Data.(bridge.Turn)
		return stateLine(turn, e.Name)
	}
	return phrase.Phrase{}
}

func operatorLine(e bridge.Event) phrase.Phrase {
	part, _ := e.Data.(bridge.Part)
	switch to := part.To; {
	case e.Lost():
		return phrase.Say("%s can't be reached, somebody else is looked for", e.Name)
	case e.PassesOn() && to != "":
		return phrase.Say("%s is passing you on to %s", e.Name, to)
	case e.Leaves():
		return phrase.Say("%s left the conversation.", e.Name)
	}
	return phrase.Say("%s joined the conversation.", e.Name)
}

// stateLine says what a state means for the visitor; by is the name of whoever ended the conversation.
func stateLine(e bridge.Turn, by string) phrase.Phrase {
	switch e.Reason {
	case bridge.ReasonVisitor:
		return phrase.Say("You ended the conversation.")
	case bridge.ReasonVisitorLeft:
		return phrase.Say("The conversation ended, because the page was gone.")
	case bridge.ReasonOperator:
		if by != "" {
			return phrase.Say("%s has ended the conversation.", by)
		}
		return phrase.Say("The conversation was ended.")
	case bridge.ReasonSolved:
		return phrase.Say("The request is solved.")
	case bridge.ReasonMerged:
		return phrase.Say("This goes on in your other conversation.")
	case bridge.ReasonJunk:
		return phrase.Say("The conversation was ended.")
	case bridge.ReasonIdle:
		return phrase.Say("The conversation ended, because nobody wrote for a long time.")
	case bridge.ReasonOwnerLeft, bridge.ReasonTransferred:
		return phrase.Say("We are looking for somebody else who can help you.")
	case bridge.ReasonEmailWanted:
		return phrase.Say("Nobody is free right now. Leave your email address, and we answer by mail.")
	case bridge.ReasonNobodyFree:
		return phrase.Say("Nobody is free right now. We answer by email.")
	}
	if e.State == string(bridge.Ticket) {
		return phrase.Say("Nobody is here right now. We answer by email.")
	}
	return phrase.Phrase{}
}

// minutesOf is how many minutes seconds are, as people say it.
func minutesOf(seconds int64) int64 { return max(1, (seconds+30)/60) }

// stateText says in which state a conversation is.
func stateText(now bridge.Snapshot) phrase.Phrase {
	switch {
	case now.State == bridge.Closed:
		return phrase.Say("This conversation has ended.")
	case now.Kind == bridge.Ticket && now.State == bridge.Active && now.Email != "":
		return phrase.Say("Answers come here, and by email to %s when this page is closed.", now.Email)
	case now.Kind == bridge.Ticket:
		return phrase.Say("We answer by email to %s.", now.Email)
	case now.State == bridge.Active:
		return phrase.Say("You are talking to %s.", now.OperatorName)
	case now.Position > 0 && now.Wait > 0:
		if minutes := minutesOf(now.Wait); minutes > 1 {
			return phrase.Say("Waiting for somebody to take your request. You are number %d; about %d minutes.", now.Position, minutes)
		}
		return phrase.Say("Waiting for somebody to take your request. You are number %d; about one minute.", now.Position)
	case now.Position > 1:
		return phrase.Say("Waiting for somebody to take your request. You are number %d in the queue.", now.Position)
	}
	return phrase.Say("Waiting for somebody to take your request.")
}
