package voice

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"porchlight/bridge"
)

// Says is what an operator who takes part reads of an event, "" if the event is not shown to
// them. name is the visitor's.
func (v Voice) Says(e bridge.Event, reader bridge.OperatorJID, name string) string {
	switch e.Type {
	case bridge.EventMessage, bridge.EventCorrection:
		switch {
		case e.From == bridge.FromVisitor:
			return v.mailed(e, v.theirs(e.Text, name))
		case e.Posted() != "":
			return "_" + v.Say("The site (%s) told the visitor:", e.Posted()) + "_ " + e.Text
		case e.From == bridge.FromSystem:
			return "_" + v.Say("The visitor was told: %s", e.Words(v.tongue)) + "_"
		case e.Operator != reader:
			return "[" + e.Name + "] " + e.Words(v.tongue)
		case greets(e):
			return "_" + v.Say("The visitor reads your greeting: %s", e.Text) + "_"
		}
	case bridge.EventRetraction:
		if e.Operator != reader {
			return "_" + v.Say("%s took a message back.", e.Name) + "_"
		}
	case bridge.EventNote:
		if e.Operator != reader {
			return "[" + v.Say("Note by %s", e.Name) + "] " + e.Text
		}
	case bridge.EventQuestion:
		if e.Operator != reader {
			return v.question(e)
		}
	case bridge.EventOperator:
		if e.Operator != reader {
			return "_" + v.came(e) + "_"
		}
	case bridge.EventDefer:
		if e.Operator != reader { // the owner had an answer, or was told
			return "_" + v.putOff(e) + "_"
		}
	case bridge.EventMerge:
		if e.Operator != reader {
			return "_" + v.merged(e) + "_"
		}
	case bridge.EventParticulars:
		if e.Operator != reader {
			return "_" + v.kept(e) + "_"
		}
	case bridge.EventTag:
		if e.Operator != reader {
			return "_" + v.tagged(e) + "_"
		}
	case bridge.EventMail:
		return v.posting(e)
	case bridge.EventEmail:
		if e.Data == (bridge.Contact{Instead: true}) {
			return "_" + v.Say("%s gave another email address, which counts from now on: see !info", name) + "_"
		}
		return "_" + v.Say("%s left an email address: see !info", name) + "_"
	case bridge.EventIdentity:
		return "_" + v.identified(e) + "_"
	case bridge.EventState:
		return v.stateLine(e, reader, name)
	case bridge.EventOwner:
		if o, _ := e.Data.(bridge.Ownership); o.Action == bridge.Reopened && e.Operator == reader {
			return "_" + v.Say("#%d is open again. !close ends it.", e.Conversation) + "_"
		}
		if got := v.gotIt(e); got != "" && e.Operator != reader {
			return "_" + got + "_"
		}
	}
	return ""
}

func (v Voice) stateLine(e bridge.Event, reader bridge.OperatorJID, name string) string {
	turn, _ := e.Data.(bridge.Turn)
	if turn.State != string(bridge.Closed) || e.Operator == reader { // the operator who did it had an answer
		return ""
	}
	return "_" + v.ended(turn.Reason, e.Name, name) + "_"
}

// StillReaches says how the visitor is reached after an event that ends a chat because its page is gone, "" if it is none or
// nothing reaches them: an operator's words have the chat go on by mail.
func (v Voice) StillReaches(e bridge.Event, c bridge.Card) string {
	turn, _ := e.Data.(bridge.Turn)
	if turn.State != string(bridge.Closed) || turn.Reason != bridge.ReasonVisitorLeft || c.Email == "" || c.Dead || !v.bridge.Mail.On() {
		return ""
	}
	return "_" + v.Say("What you write here still goes by mail to %s.", c.Email) + "_"
}

// ended says who or what ended a conversation, in the same words to every reader. operator
// is the one who ended it, "" if none did or none is known.
func (v Voice) ended(reason, operator, visitor string) string {
	switch reason {
	case bridge.ReasonVisitor:
		return v.Say("%s ended the conversation.", visitor)
	case bridge.ReasonVisitorLeft:
		return v.Say("%s left the page. The conversation is closed.", visitor)
	case bridge.ReasonIdle:
		return v.Say("Nobody wrote for a long time. The conversation is closed.")
	}
	switch {
	case operator == "", reason == bridge.ReasonMerged: // who joined it with another one is said before
		return v.Say("The conversation is closed.")
	case reason == bridge.ReasonJunk:
		return v.Say("%s says that it is no request. The conversation is closed.", operator)
	case reason == bridge.ReasonBlocked:
		return v.Say("%s blocked the visitor. The conversation is closed.", operator)
	}
	return v.Say("%s ended the conversation.", operator)
}

// transcriptRoom is how much of a log one message of a transcript holds, in bytes: as much
// as a phone shows and scrolls through well.
const transcriptRoom = 7 << 10

// Reader is the operator who takes a conversation and reads its transcript.
type Reader struct {
	Operator bridge.OperatorJID
	Known    int64 // the last event they had when they took part before, 0 if they did not
	Watches  bool  // they read along, and their words go to nobody
	Novice   bool  // the transcript explains what becomes of their words
}

// Transcript is what the operator who takes a conversation reads first: who the visitor is,
// and the log up to the event by which they took it. An operator who took part before gets
// what has come since. A long transcript comes in several messages, cut between lines; where
// it is cut depends on the log alone, so that parts that are sent again are the same. It ends
// with what was said last, since lists of chats show either the first or the last line.
func (v Voice) Transcript(c bridge.Card, events []bridge.Event, r Reader) []string {
	var parts []string
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s, %s%s\n", c.Number, c.Request.Called(), v.title(c.Department), v.invited(c.Request))
	if r.Known == 0 {
		v.particulars(&b, c)
	}
	if now := v.standsNow(c, r); now != "" {
		b.WriteString("_" + now + "_\n")
	}
	visitor, day, filled := v.Visitor(c.Request.Name), "", 0
	since := slices.DeleteFunc(slices.Clone(events), func(e bridge.Event) bool {
		return r.Known > 0 && (e.Seq <= r.Known || (e.Type == bridge.EventOperator || e.Type == bridge.EventWatch) && e.Operator == r.Operator)
	})
	var lines []string
	for _, e := range bridge.AsItStands(since) {
		entry := v.transcriptLine(e, c, visitor)
		if entry == "" {
			continue
		}
		above := ""
		if now := e.At.In(v.zone).Format(time.DateOnly); now != day {
			above, day = v.dayLine(now, day == ""), now
		}
		for line := range strings.Lines(fmt.Sprintf("[%s] %s\n", e.At.In(v.zone).Format("15:04"), indent(entry))) {
			lines = append(lines, above+line)
			above = ""
		}
	}
	switch {
	case r.Known > 0 && len(lines) == 0:
		b.WriteString(v.Say("Nothing was said since you left.") + "\n")
	case r.Known > 0:
		b.WriteString(v.Say("Since you left:") + "\n")
	}
	for _, line := range lines {
		if filled > 0 && filled+len(line) > transcriptRoom {
			parts, filled = append(parts, strings.TrimSuffix(b.String(), "\n")), 0
			b.Reset()
		}
		b.WriteString(line)
		filled += len(line)
	}
	return append(parts, strings.TrimSuffix(b.String(), "\n"))
}

// dayLine stands above what was said on a day; the first one also names the zone of the
// times.
func (v Voice) dayLine(day string, first bool) string {
	if first {
		day += " " + v.zone.String()
	}
	return "— " + day + " —\n"
}

// standsNow tells what becomes of the reader's words, if that is unusual or the reader is
// a novice.
func (v Voice) standsNow(c bridge.Card, r Reader) string {
	switch {
	case r.Watches:
		return v.Say("You only watch: nobody gets what you write here. !leave ends it.")
	case c.Email != "" && !c.Present && !c.Awaited && v.bridge.Mail.On():
		way := v.Say("Nobody is on the page: what you write goes by mail to %s.", c.Email)
		if c.Kind == bridge.Chat && c.State == bridge.Active {
			way += " " + v.Say("If the page stays closed, the chat ends soon; what you write then goes by mail, too.")
		}
		if c.Dead {
			way += " " + v.NoMailbox()
		}
		return way
	case c.Kind == bridge.Ticket && !c.Present:
		return v.Say("This is a ticket, and its page is closed: what you write is kept, and shown when the visitor comes back, but nobody tells them. Write to %s.", c.Email)
	case c.State == bridge.Closed:
		return v.Say("The conversation is closed.")
	case r.Novice:
		return v.Say("What you write here goes to %s. !close ends it, !help says more.", c.Request.Name)
	}
	return ""
}

// transcriptLine is the line of an event in a transcript, "" if it has none; visitor is how
// the visitor is called there.
func (v Voice) transcriptLine(e bridge.Entry, c bridge.Card, visitor string) string {
	switch e.Type {
	case bridge.EventMessage, bridge.EventCorrection:
		return v.mailed(e.Event, v.said(e, visitor))
	case bridge.EventMail:
		return v.posting(e.Event)
	case bridge.EventFile:
		if e.Changed == bridge.EventRetraction {
			return v.said(e, visitor)
		}
		return v.Say("%s sent a file: %s", cmp.Or(e.Name, visitor), v.bridge.Files.URL(c.ID, e.Event))
	case bridge.EventNote:
		return v.Say("Note by %s", e.Name) + ": " + e.Text
	case bridge.EventConsent:
		return "_" + v.Say("%s agreed to: %s", visitor, e.Text) + "_"
	case bridge.EventOperator:
		return "_" + v.came(e.Event) + "_"
	case bridge.EventQuestion:
		return v.question(e.Event)
	case bridge.EventOwner:
		if got := v.gotIt(e.Event); got != "" {
			return "_" + got + "_"
		}
	case bridge.EventWatch:
		return "_" + v.watched(e.Event) + "_"
	case bridge.EventRetraction: // its message is not in this part of the log
		return "_" + v.Say("%s took a message back.", cmp.Or(e.Name, visitor)) + "_"
	case bridge.EventDefer:
		return "_" + v.putOff(e.Event) + "_"
	case bridge.EventTarget:
		return "_" + v.missed(e.Event) + "_"
	case bridge.EventMerge:
		return "_" + v.merged(e.Event) + "_"
	case bridge.EventParticulars:
		return "_" + v.kept(e.Event) + "_"
	case bridge.EventTag:
		return "_" + v.tagged(e.Event) + "_"
	case bridge.EventIdentity:
		return "_" + v.identified(e.Event) + "_"
	case bridge.EventFeedback:
		return v.voteSaid(e, visitor)
	case bridge.EventState:
		if turn, _ := e.Data.(bridge.Turn); turn.State == string(bridge.Closed) {
			return "_" + v.ended(turn.Reason, e.Name, visitor) + "_"
		}
	}
	return ""
}

// said is the line of a message, or of a correction whose message is not in this part of the
// log.
func (v Voice) said(e bridge.Entry, visitor string) string {
	who := e.Name
	switch e.From {
	case bridge.FromSystem:
		if e.Posted() != "" {
			return "_" + v.Say("The site (%s):", e.Posted()) + "_ " + e.Text
		}
		return "_" + e.Words(v.tongue) + "_"
	case bridge.FromVisitor:
		who = visitor
	}
	switch {
	case e.Changed == bridge.EventRetraction:
		return "_" + v.Say("%s took a message back.", who) + "_"
	case e.Changed == bridge.EventCorrection || e.Type == bridge.EventCorrection:
		return v.Say("%s (corrected): %s", who, e.Words(v.tongue))
	}
	if words := e.Words(v.tongue); words != e.Text {
		return words
	}
	return who + ": " + e.Text
}

// question is what an operator asks a colleague, or the answer, which reads like a note.
func (v Voice) question(e bridge.Event) string {
	q, _ := e.Data.(bridge.Question)
	if q.Of > 0 {
		return "[" + v.Say("Note by %s", e.Name) + "] " + e.Text
	}
	return "[" + v.Say("%s asks %s", e.Name, q.ToName) + "] " + e.Text
}

// gotIt says that an operator took the conversation over, was given it, or has it in another department; "" for other events.
func (v Voice) gotIt(e bridge.Event) string {
	switch o, _ := e.Data.(bridge.Ownership); o.Action {
	case bridge.TookOver:
		return v.Say("%s has taken over.", e.Name)
	case bridge.Assigned:
		if o.By == e.Name {
			return v.Say("%s has this now.", e.Name)
		}
		return v.Say("%s gave this to %s.", o.By, e.Name)
	case bridge.Rehoused:
		return v.Say("It is in %s now.", v.title(o.Department))
	}
	return ""
}

// watched says that an operator reads along, or does so no more.
func (v Voice) watched(e bridge.Event) string {
	if part, _ := e.Data.(bridge.Part); part.Action == bridge.Watches {
		return v.Say("%s watches.", e.Name)
	}
	return v.Say("%s watches no more.", e.Name)
}

// came says that an operator joined, left or was lost.
func (v Voice) came(e bridge.Event) string {
	part, _ := e.Data.(bridge.Part)
	switch {
	case part.Action != bridge.Left:
		return v.Say("%s joined.", e.Name)
	case part.Reason == bridge.ReasonOwnerLeft:
		return v.Say("%s went offline.", e.Name)
	case part.Reason == bridge.ReasonUnreachable, part.Reason == bridge.ReasonGuestLost:
		return v.Say("%s can't be reached.", e.Name)
	}
	return v.Say("%s left.", e.Name)
}
