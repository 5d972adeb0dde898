package desk

import (
	"context"
	"fmt"
	"strings"

	"porchlight/bridge"
)

// This file has the commands by which operators share the queue and help each other.

// queueMoves declares these commands.
func queueMoves() []Command {
	return []Command{
		{Name: "mine", With: "queue", Title: "Your conversations, and who wrote last", Run: mine, Looks: true,
			Fields: []Field{{Name: "page", Label: "A page of the list", Kind: Page, Bare: true}}},
		{Name: "next", With: "take", Title: "Take whoever has waited longest", Run: next,
			Help:   "Of those whom you may take. What you have declined, and what is kept for a colleague, is left out.",
			Fields: []Field{{Name: "kind", Label: "Chats or tickets", Kind: OneOf, Options: []string{"chats", "tickets"}}}},
		{Name: "assign", Group: Requests, Title: "Give a conversation to a colleague", Run: assign, Permission: bridge.MayAssign,
			Help: "One that waits, or that somebody else has. It is theirs at once; if they have as many as they may have, it is offered to them and to the others. Who is away or does not serve the department gets nothing.",
			Fields: []Field{{Name: "number", Label: "The conversation's number", Kind: Number, Required: true, Choices: open},
				{Name: "operator", Label: "To whom", Kind: Who, Required: true, Choices: everybody}}},
		{Name: "watch", Group: Requests, Title: "Read a conversation along", Together: "Read a conversation along, or no more", Run: watch, Permission: bridge.MayWatch,
			Help:   "It opens as a chat. What you write there goes to nobody, except notes, and the visitor is told nothing. The conversation's log and the audit log name who watched.",
			Fields: []Field{{Name: "number", Label: "The conversation's number", Kind: Number, Required: true, Choices: open}}},
		{Name: "unwatch", Title: "Read a conversation along no more", Run: unwatch, Permission: bridge.MayWatch, With: "watch",
			Fields: []Field{{Name: "number", Label: "The conversation's number", Kind: Number, Required: true, Choices: watching}}},
		{Name: "ask", Title: "Ask a colleague", Run: ask, Visitor: true,
			Help: "They see your question at the desk, with the visitor's name, page and last words. Their answer comes here as a note. The visitor sees nothing of it.",
			Fields: []Field{{Name: "operator", Label: "Whom", Kind: Who, Required: true, Choices: colleagues},
				{Name: "question", Label: "The question", Kind: Rest, Required: true}}},
		{Name: "answer", Group: Requests, Title: "Answer a colleague's question", Run: answer,
			Help: "A reply to the message with the question does the same.",
			Fields: []Field{{Name: "number", Label: "The conversation's number", Kind: Number, Required: true},
				{Name: "text", Label: "The answer", Kind: Rest, Required: true}}},
	}
}

// open lists the conversations that wait or have an owner, as far as the operator may see them.
func open(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	q, err := d.bridge.QueuePage(ctx, call.Operator, 1, 200)
	if err != nil {
		return nil, err
	}
	list := cardChoices(call, q.Cards)
	if len(list) == 0 {
		return nil, refuse("Nobody waits and nobody is being served.")
	}
	return list, nil
}

// watching lists the conversations that the operator reads along.
func watching(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	m, err := d.bridge.MinePage(ctx, call.Operator.JID, 1, 200)
	if err != nil {
		return nil, err
	}
	if len(m.Watched) == 0 {
		return nil, refuse("You watch no conversation.")
	}
	return cardChoices(call, m.Watched), nil
}

// cardChoices offers conversations by their numbers.
func cardChoices(call Call, cards []bridge.Card) (list []Choice) {
	for _, c := range cards {
		label := call.Voice.Line(c)
		if c.State == bridge.Active {
			label += " – " + call.Voice.Say("with %s", c.OwnerName)
		}
		list = append(list, Choice{fmt.Sprint(c.Number), label})
	}
	return list
}

func mine(d *Desk, ctx context.Context, call Call) (string, error) {
	n, err := count(call.arg("page"))
	if err != nil {
		return "", err
	}
	n = max(n, 1)
	m, err := d.bridge.MinePage(ctx, call.Operator.JID, n, listed)
	if err != nil {
		return "", err
	}
	if len(m.Owned)+len(m.Guest)+len(m.Watched)+len(m.Later) == 0 && n > 1 {
		return "", refuse("There is no page %d.", n)
	}
	answer := call.Voice.Mine(m)
	if m.More {
		answer += "\n" + call.Voice.Say("%s shows more.", fmt.Sprintf("mine %d", n+1))
	}
	return answer, nil
}

func next(d *Desk, ctx context.Context, call Call) (string, error) {
	kind := map[string]bridge.Kind{"chats": bridge.Chat, "tickets": bridge.Ticket}[call.arg("kind")]
	c, err := d.bridge.Moves.Next(ctx, call.Operator.JID, kind)
	if err != nil {
		return "", err
	}
	return d.yours(ctx, call, c)
}

// yours says that a conversation is the operator's now.
func (d *Desk) yours(ctx context.Context, call Call, c bridge.Conversation) (string, error) {
	card, err := d.bridge.Card(ctx, c.Number)
	if err != nil {
		return "", err
	}
	return call.Voice.Say("#%d is yours: %s. Write to %s", c.Number, card.Request.Called(), c.Visitor), nil
}

// takeOver takes a conversation from its owner, or takes it if it waits.
func takeOver(d *Desk, ctx context.Context, call Call) (string, error) {
	before, err := d.bridge.Conversation(ctx, call.number())
	if err != nil {
		before = bridge.Conversation{} // TakeOver says what is wrong
	}
	c, err := d.bridge.Moves.TakeOver(ctx, call.Operator.JID, call.number())
	if err != nil {
		return "", err
	}
	said, err := d.yours(ctx, call, c)
	if err != nil || before.State != bridge.Active {
		return said, err
	}
	name := d.bridge.Team.Name(before.Owner)
	said += "\n" + call.Voice.Say("%s was told.", name)
	return said + d.givesBack(call, c, before.Owner), nil
}

// givesBack is a line that says how a conversation goes back to an operator.
func (d *Desk) givesBack(call Call, c bridge.Conversation, to bridge.OperatorJID) string {
	local, _, _ := strings.Cut(string(to), "@")
	if call.Operator.May(bridge.MayAssign) {
		return "\n" + call.Voice.Say("Back: %s", fmt.Sprintf("assign %d %s", c.Number, local))
	}
	return "\n" + call.Voice.Say("Back: %s", fmt.Sprintf("!transfer %s", local))
}

func assign(d *Desk, ctx context.Context, call Call) (string, error) {
	before, err := d.bridge.Conversation(ctx, call.number())
	if err != nil {
		before = bridge.Conversation{} // Assign says what is wrong
	}
	to := d.colleague(call.arg("operator"))
	c, err := d.bridge.Moves.Assign(ctx, call.Operator.JID, call.number(), to)
	if err != nil {
		return "", err
	}
	said := call.Voice.Say("#%d is offered to %s, who has no room for more, and to the others.", c.Number, to.Name)
	if c.Owner == to.JID {
		said = call.Voice.Say("#%d is with %s now.", c.Number, to.Name)
	}
	switch back := "!transfer " + c.Department; {
	case before.State == bridge.Active:
		said += d.givesBack(call, c, before.Owner)
	case c.Owner == "": // it waits as before
	case c.Owner == call.Operator.JID:
		said += "\n" + call.Voice.Say("Back: %s", back)
	case call.Operator.May(bridge.MayTakeOver):
		said += "\n" + call.Voice.Say("Back: take %d !, and then in the chat %s", c.Number, back)
	default:
		said += "\n" + call.Voice.Say("%s can put it back: %s in the chat", to.Name, back)
	}
	return said, nil
}

func watch(d *Desk, ctx context.Context, call Call) (string, error) {
	c, err := d.bridge.Moves.Watch(ctx, call.Operator.JID, call.number())
	if err != nil {
		return "", err
	}
	return call.Voice.Say("You watch #%d: see the chat with %s. What you write there goes to nobody.", c.Number, c.Visitor) +
		"\n" + call.Voice.Say("Back: %s", fmt.Sprint("unwatch ", c.Number)), nil
}

func unwatch(d *Desk, ctx context.Context, call Call) (string, error) {
	c, err := d.bridge.Moves.Unwatch(ctx, call.Operator.JID, call.number())
	if err != nil {
		return "", err
	}
	said := call.Voice.Say("You watch #%d no more.", c.Number)
	if c.State == bridge.Closed {
		return said, nil
	}
	return said + "\n" + call.Voice.Say("Back: %s", fmt.Sprint("watch ", c.Number)), nil
}

func ask(d *Desk, ctx context.Context, call Call) (string, error) {
	to := d.colleague(call.arg("operator"))
	if _, err := d.bridge.Moves.Question(ctx, call.Operator.JID, call.Visitor, to, call.arg("question")); err != nil {
		return "", err
	}
	return call.Voice.Say("%s was asked. The answer comes here as a note.", to.Name), nil
}

func answer(d *Desk, ctx context.Context, call Call) (string, error) {
	c, err := d.bridge.Moves.Answer(ctx, call.Operator.JID, call.number(), call.arg("text"))
	if err != nil {
		return "", err
	}
	return call.Voice.Say("Your answer about #%d was passed on.", c.Number), nil
}
