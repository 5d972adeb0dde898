package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"porchlight/bridge"
)

// commands declares all of them, in the order of the help.
func commands() []Command {
	return []Command{
		{Name: "help", Title: "What can be done here", Run: help,
			Fields: []Field{{Name: "name", Label: "The command's name", Choices: names}}},
		{Name: "queue", Title: "Who waits, and who is talking to whom", Run: queue},
		{Name: "take", Title: "Take a request", Run: take,
			Help:   "The number alone does the same, and so does 👍 on the offer, or a first message to the visitor.",
			Fields: []Field{{Name: "number", Label: "The request's number", Kind: Number, Required: true, Choices: waiting}}},
		{Name: "decline", Title: "Leave a request to the others", Run: decline,
			Help:   "It is not offered to you again. You can still take it.",
			Fields: []Field{{Name: "number", Label: "The request's number", Kind: Number, Required: true, Choices: waiting}}},
		{Name: "close", Title: "End the conversation", Run: closeIt, Visitor: true,
			Help:   "The reason is for operators only.",
			Fields: []Field{{Name: "reason", Label: "Why", Kind: Rest}}},
		{Name: "note", Title: "Keep a note that only operators see", Run: note, Visitor: true,
			Fields: []Field{{Name: "text", Label: "The note", Kind: Rest, Required: true}}},
		{Name: "invite", Title: "Let a colleague take part", Run: invite, Visitor: true,
			Help:   "By name or address. They read the conversation so far; all of you see each other's messages with the name in front.",
			Fields: []Field{{Name: "operator", Label: "Who", Kind: Rest, Required: true, Choices: colleagues}}},
		{Name: "transfer", Title: "Pass the conversation on to a colleague or a department", Run: transfer, Visitor: true,
			Help: "By name or address. A colleague is asked alone at first, then all. The note is for operators only.",
			Fields: []Field{{Name: "to", Label: "To whom", Kind: Word, Required: true, Choices: receivers},
				{Name: "note", Label: "A note for them", Kind: Rest}}},
		{Name: "leave", Title: "End your part in a conversation that you were invited to", Run: leave, Visitor: true},
		{Name: "history", Title: "The visitor's earlier conversations", Run: history, Visitor: true,
			Help:   "With a number: all that was said in that one.",
			Fields: []Field{{Name: "number", Label: "Which one", Kind: Number, Choices: earlier}}},
		{Name: "info", Title: "What is known about the visitor", Run: info, Visitor: true},
		{Name: "canned", Title: "Stored answers", Run: canned, Both: true,
			Help:   "In a conversation !canned NAME, or !NAME alone, says one to the visitor, with {visitor}, {operator} and {site} filled in.",
			Fields: []Field{{Name: "name", Label: "The answer's name", Kind: Word, Choices: answers}}},
		{Name: "canned-add", Title: "Store an answer, or change it", Run: cannedAdd,
			Fields: []Field{{Name: "name", Label: "One word", Kind: Word, Required: true}, {Name: "text", Label: "The answer", Kind: Rest, Required: true}}},
		{Name: "canned-delete", Title: "Delete a stored answer", Run: cannedDelete,
			Fields: []Field{{Name: "name", Label: "The answer's name", Kind: Word, Required: true, Choices: answers}}},
		{Name: "who", Title: "Who is on duty", Run: who},
		{Name: "status", Title: "Your own settings", Run: status,
			Help:   "status away stops offers to you without touching your presence, status back starts them again; away and back alone do the same.",
			Fields: []Field{{Name: "offers", Label: "Offers", Kind: OneOf, Options: []string{"away", "back"}}}},
	}
}

func help(d *Desk, _ context.Context, call Call) (string, error) {
	if name := strings.ToLower(strings.TrimPrefix(call.Arg("name"), "!")); name != "" {
		c, ok := d.find(name)
		if !ok {
			return "", d.unknown(name)
		}
		return explain(c), nil
	}
	var b strings.Builder
	b.WriteString("At the desk (in a conversation put ! in front):\n")
	for _, c := range d.commands {
		if !c.Visitor {
			fmt.Fprintf(&b, "  %s – %s\n", c.Usage(), c.Title)
		}
	}
	b.WriteString("In a conversation:\n")
	for _, c := range d.commands {
		if c.Visitor {
			fmt.Fprintf(&b, "  !%s – %s\n", c.Usage(), c.Title)
		}
	}
	b.WriteString("Everything else that you write in a conversation goes to the visitor; !! at the start sends a !.\nhelp NAME says more.")
	return b.String(), nil
}

func explain(c Command) string {
	s := c.Written() + " – " + c.Title + "."
	for _, f := range c.Fields {
		s += "\n  " + strings.ToUpper(f.Name) + ": " + f.Label
		if !f.Required {
			s += " (may be left out)"
		}
	}
	if c.Help != "" {
		s += "\n" + c.Help
	}
	return s
}

func queue(d *Desk, ctx context.Context, call Call) (string, error) {
	cards, err := d.bridge.Queue(ctx, call.Operator, 200)
	if err != nil {
		return "", err
	}
	return d.Queue(cards), nil
}

func take(d *Desk, ctx context.Context, call Call) (string, error) {
	c, err := d.bridge.Take(ctx, call.Operator.JID, call.number())
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("#%d is yours. Write to %s", c.Number, c.Visitor), nil
}

func decline(d *Desk, ctx context.Context, call Call) (string, error) {
	c, err := d.bridge.Decline(ctx, call.Operator.JID, call.number())
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("#%d is left to the others.", c.Number), nil
}

// number is the argument of that name; parse has checked it.
func (c Call) number() int64 {
	n, _ := strconv.ParseInt(c.Arg("number"), 10, 64)
	return n
}

func closeIt(d *Desk, ctx context.Context, call Call) (string, error) {
	c, err := d.bridge.Close(ctx, call.Operator.JID, call.Visitor, call.Arg("reason"))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("#%d is closed.", c.Number), nil
}

func note(d *Desk, ctx context.Context, call Call) (string, error) {
	if _, err := d.bridge.Note(ctx, call.Operator.JID, call.Visitor, call.StanzaID, call.Arg("text")); err != nil {
		return "", err
	}
	return "Noted, for operators only.", nil
}

func info(d *Desk, ctx context.Context, call Call) (string, error) {
	card, err := d.card(ctx, call.Visitor)
	if err != nil {
		return "", err
	}
	return d.Info(card), nil
}

// card is the visitor's newest conversation.
func (d *Desk) card(ctx context.Context, v bridge.VisitorJID) (bridge.Card, error) {
	c, err := d.bridge.ByVisitor(ctx, v)
	if err != nil {
		return bridge.Card{}, err
	}
	return d.bridge.Card(ctx, c.Number)
}

func who(d *Desk, ctx context.Context, _ Call) (string, error) {
	duties, err := d.bridge.Duties(ctx)
	if err != nil {
		return "", err
	}
	return d.Duties(duties), nil
}

func status(d *Desk, ctx context.Context, call Call) (string, error) {
	o := call.Operator
	if want := call.Arg("offers"); want != "" {
		o.Paused = want == "away"
		if err := d.bridge.Pause(ctx, o.JID, o.Paused); err != nil {
			return "", err
		}
	}
	s := "You are " + o.Name + ", " + string(o.JID) + "."
	if o.Super {
		s += "\nSuper operator: all departments."
	} else {
		s += "\nDepartments: " + list(o.Departments)
	}
	if o.Paused {
		return s + "\nOffers: stopped. Send back to get them again.", nil
	}
	if d.available(o) {
		return s + "\nOffers: on.", nil
	}
	return s + "\nOffers: on, as soon as a client of yours is available (not away or busy).", nil
}

// available reports whether o gets offers now.
func (d *Desk) available(o bridge.Operator) bool {
	return slices.ContainsFunc(d.bridge.Available(), func(a bridge.Operator) bool { return a.JID == o.JID })
}
