package desk

import (
	"fmt"
	"strings"

	"porchlight/bridge"
)

// Says is what an operator who takes part reads of an event, "" if nothing.
// name is the visitor's.
func Says(e bridge.Event, reader bridge.OperatorJID, name string) string {
	switch e.Type {
	case bridge.EventMessage, bridge.EventCorrection:
		switch {
		case e.From == bridge.FromVisitor:
			return e.Text
		case e.From == bridge.FromSystem:
			return "_The visitor was told: " + e.Text + "_"
		case e.Operator != reader:
			return "[" + e.Name + "] " + e.Text
		}
	case bridge.EventRetraction:
		if e.Operator != reader {
			return "_" + e.Name + " took a message back._"
		}
	case bridge.EventNote:
		if e.Operator != reader {
			return "[Note by " + e.Name + "] " + e.Text
		}
	case bridge.EventOperator:
		if e.Operator != reader {
			return "_" + e.Name + " " + e.State + "._"
		}
	case bridge.EventEmail:
		return "_" + name + " left an email address: see !info_"
	case bridge.EventState:
		return stateLine(e, name)
	}
	return ""
}

func stateLine(e bridge.Event, name string) string {
	if e.State != string(bridge.Closed) {
		return ""
	}
	switch e.Reason {
	case bridge.ReasonVisitor:
		return "_" + name + " ended the conversation._"
	case bridge.ReasonVisitorLeft:
		return "_" + name + " left the page. The conversation is closed._"
	case bridge.ReasonIdle:
		return "_Nobody wrote for a long time. The conversation is closed._"
	}
	return "" // the operator's own doing, which was answered
}

// transcriptRoom is how much of a log one message of a transcript holds, in
// bytes. Five times as much, which escaping may make of it, is still a stanza
// that servers take.
const transcriptRoom = 32 << 10

// Transcript is what the one who takes a conversation reads first: who it is,
// and the log up to the event by which they took it. A long one comes in
// several messages.
func (d *Desk) Transcript(c bridge.Card, events []bridge.Event) []string {
	var parts []string
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s, %s\n", c.Number, c.Request.Name, d.title(c.Department))
	d.particulars(&b, c)
	for _, e := range bridge.AsItStands(events) {
		line := transcriptLine(e, c.Request.Name)
		if line == "" {
			continue
		}
		if b.Len()+len(line) > transcriptRoom && b.Len() > 0 {
			parts = append(parts, strings.TrimSuffix(b.String(), "\n"))
			b.Reset()
		}
		fmt.Fprintf(&b, "[%s] %s\n", e.At.UTC().Format("15:04"), indent(line))
	}
	switch {
	case c.Kind == bridge.Ticket && !c.Present:
		b.WriteString("_This is a ticket, and its page is closed: what you write is kept, and shown when the visitor comes back._")
	case c.State == bridge.Closed:
		b.WriteString("_The conversation is closed._")
	default:
		fmt.Fprintf(&b, "_What you write here goes to %s. !close ends it, !help says more._", c.Request.Name)
	}
	return append(parts, b.String())
}

func transcriptLine(e bridge.Event, visitor string) string {
	switch e.Type {
	case bridge.EventMessage, bridge.EventCorrection:
		return said(e, visitor)
	case bridge.EventNote:
		return "Note by " + e.Name + ": " + e.Text
	case bridge.EventOperator:
		return "_" + e.Name + " " + e.State + "_"
	case bridge.EventState:
		if e.State == string(bridge.Closed) {
			return "_" + bridge.EndText(e.Reason) + "_"
		}
	}
	return ""
}

// said is a message, or the correction of one that is not shown.
func said(e bridge.Event, visitor string) string {
	who := e.Name
	switch e.From {
	case bridge.FromSystem:
		return "_" + e.Text + "_"
	case bridge.FromVisitor:
		who = visitor
	}
	switch {
	case e.State == bridge.Retracted:
		return "_" + who + " took a message back_"
	case e.State == bridge.Corrected || e.Type == bridge.EventCorrection:
		return who + " (corrected): " + e.Text
	}
	return who + ": " + e.Text
}

// indent sets the further lines of what somebody wrote apart, so that they can't
// be taken for lines of ours.
func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") }
