package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// commands declares every command, in the order of the help.
func commands() []Command {
	return slices.Concat([]Command{
		{Name: "help", Group: Own, Title: "What can be done here", Run: help, Looks: true,
			Fields: []Field{{Name: "name", Label: "The command's name", Choices: names}}},
		{Name: "queue", Group: Requests, Title: "Who waits, and who is talking to whom", Together: "Who waits, and who is talking to whom; your own conversations", Run: queue, Looks: true,
			Fields: []Field{{Name: "page", Label: "A page of the list", Kind: Page, Bare: true}}},
		{Name: "take", Group: Requests, Title: "Take a request", Together: "Take a request, or whoever has waited longest", Run: take,
			Help: "The number alone does the same, and so does 👍 on the offer, or a first message to the visitor. With ! it is taken from the operator who has it, who is told; that needs the right takeover.",
			Fields: []Field{{Name: "number", Label: "The request's number", Kind: Number, Required: true, Choices: takeable},
				{Name: "!", Label: "Take it from the operator who has it", Kind: Flag, Choices: taken}}},
		{Name: "decline", Group: Requests, Title: "Leave a request to the others", Run: decline,
			Help:   "It is not offered to you again. You can still take it.",
			Fields: []Field{{Name: "number", Label: "The request's number", Kind: Number, Required: true, Choices: waiting}}},
		{Name: "close", Title: "End the conversation", Together: "End the conversation, or close it as no request", Run: closeIt, Visitor: true,
			Help:   "The reason is for operators only. Tags may stand in front: close #refund #vip: reason.",
			Fields: []Field{{Name: "reason", Label: "Why", Kind: Rest}}},
		{Name: "note", Title: "Keep a note that only operators see", Run: note, Visitor: true,
			Fields: []Field{{Name: "text", Label: "The note", Kind: Rest, Required: true}}},
		{Name: "invite", Title: "Let a colleague take part", Run: invite, Visitor: true, Permission: bridge.MayInvite,
			Help:   "By name, by what stands before the @, or by address. They read the conversation so far; all of you see each other's messages with the name in front.",
			Fields: []Field{{Name: "operator", Label: "Who", Kind: Who, Required: true, Choices: colleagues}}},
		{Name: "transfer", Title: "Pass the conversation on to a colleague or a department", Run: transfer, Visitor: true, Permission: bridge.MayTransfer,
			Help: "By name, by what stands before the @, or by address. A colleague is asked alone at first, then all. The note is for operators only.",
			Fields: []Field{{Name: "to", Label: "To whom", Kind: Where, Required: true, Choices: receivers},
				{Name: "note", Label: "A note for them", Kind: Rest}}},
		{Name: "leave", Title: "End your part in a conversation", Run: leave, Visitor: true,
			Help: "If it is yours, a colleague who takes part goes on with it."},
		{Name: "history", Title: "The visitor's earlier conversations", Run: history, Looks: true, Visitor: true,
			Help:   "With a number: all that was said in that one.",
			Fields: []Field{{Name: "number", Label: "Which one", Kind: Number, Choices: earlier}}},
		{Name: "info", Title: "What is known about the visitor", Run: info, Looks: true, Visitor: true},
		{Name: "who", Group: Requests, Title: "Who is on duty", Run: who, Looks: true},
		{Name: "status", Group: Own, Title: "Your own settings", Run: status, Record: statusRecord(),
			Help:   "status away stops offers to you without touching your presence, status back starts them again; away and back alone do the same. Others: status satellite on, status room off, status face off, status language de; or KEY=VALUE, as status satellite=on invitation=May I help you?",
			Fields: []Field{{Name: "change", Label: "What to change", Kind: Rest, Bare: true}}},
		{Name: "feedback", Group: Own, Title: "What visitors think of the help", Run: feedback, Looks: true,
			Help: "The votes about you, or about WHO or all if you may read them, of the last 30 days or of RANGE: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15. A number after that is a page of the list; alone it shows that vote.",
			Fields: []Field{{Name: "who", Label: "Whose votes", Kind: Who, Choices: readable, All: true, Disabled: true, Former: true}, {Name: "range", Label: "When", Kind: During},
				{Name: "number", Label: "A page of the list, or a vote", Kind: Word}}},
		{Name: "feedback-delete", Group: Own, Title: "Delete votes", Run: feedbackDelete, Permission: bridge.MayFeedback,
			Help:   "Several with commas: 15,17. They count no more. Their operators are told who deleted them, and why.",
			Fields: []Field{{Name: "id", Label: "The votes", Kind: Numbers, Required: true, Choices: votes}, {Name: "reason", Label: "Why", Kind: Rest}}},
		{Name: "hours", Group: Own, Title: "When somebody is asked", Run: showHours, Looks: true, Page: "week",
			Help:   "Yours, those of a colleague or a department, or those of the site.",
			Fields: []Field{{Name: "whose", Label: "Whose hours", Kind: Whose, Choices: everybodysHours}}},
		{Name: "hours-set", Group: Own, Title: "Set the hours", Run: setHours, Record: hoursRecord(),
			Help:   "For example: hours-set Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed; 2026-12-27..2026-12-31 10-14. Without a name yours, else for example: hours-set site daily 9-17. A time zone such as Europe/Madrid may stand at the end.",
			Fields: []Field{{Name: "whose", Label: "Whose hours", Kind: Whose, Choices: hoursToChange}, {Name: "table", Label: "Days and times", Kind: Rest, Required: true, Bare: true}}},
		{Name: "hours-reset", Group: Own, Title: "Have the site's hours again", Run: resetHours,
			Fields: []Field{{Name: "whose", Label: "Whose hours", Kind: Whose, Choices: hoursToChange}}},
		notifyCommand(),
		{Name: "stats", Title: "How much was done, and how fast", Run: stats, Looks: true,
			Help: "Your numbers of the last 7 days or of RANGE: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15. WHO, a department or all, if you may see others' numbers. chats unless you say tickets.",
			Fields: []Field{{Name: "who", Label: "Whose numbers", Kind: Where, All: true, Disabled: true, Former: true, Choices: countable}, {Name: "range", Label: "When", Kind: During},
				{Name: "kind", Label: "Chats or tickets", Kind: OneOf, Options: []string{"chats", "tickets"}}, {Name: "text", Label: "No picture", Kind: Flag, Help: "Else a picture of the days comes after the numbers, unless it is one day."}}},
		statsMailCommand(),
		{Name: "stats-rebuild", Title: "Count the statistics anew from what was said", Run: statsRebuild, Permission: bridge.MaySuper,
			Help: "Nothing is lost by it. It is of use when hours have changed and earlier days are to be seen by the new ones."},
		{Name: "block", Title: "Block the visitor", Together: "Block the visitor, or all nearby addresses, or take a block back", Run: block(false), Visitor: true, Permission: bridge.MayBlock,
			Help:   "The conversation ends, and the visitor can neither write nor ask again for that time: 30m, 12h, 7d or 4w; without one for good. The reason is for operators only.",
			Fields: []Field{{Name: "duration", Label: "For how long", Kind: Span}, {Name: "reason", Label: "Why", Kind: Rest}}},
		{Name: "block-range", Title: "Block the visitor and everybody from nearby addresses", Run: block(true), Visitor: true, Permission: bridge.MayBlock, With: "block",
			Help:   "As block, and for all who come from the same /24 (IPv4) or /48 (IPv6). It needs privacy.keep_addresses in the config.",
			Fields: []Field{{Name: "duration", Label: "For how long", Kind: Span}, {Name: "reason", Label: "Why", Kind: Rest}}},
		{Name: "unblock", Title: "Take a block back", Run: unblock, Both: true, Permission: bridge.MayBlock, With: "block",
			Help:   "In a conversation all by which its visitor is blocked, that of a range included; with WHO, and at the desk, one: an address, what stands before its @, or a range.",
			Fields: []Field{{Name: "who", Label: "Whom", Kind: Word, Choices: blocked}}},
		{Name: "blocks", Group: Chat, Title: "Who is blocked", Run: blocks, Looks: true, Permission: bridge.MaySuper},
	}, queueMoves(), answerCommands(), clientCommands(), archiveCommands(), privacyCommands(), conversationCommands(), mailCommands(), onsiteCommands(), pageCommands(), teamCommands(), settingCommands(), webhookCommands(), keyCommands(), linkCommands())
}

func help(d *Desk, _ context.Context, call Call) (string, error) {
	if name := strings.ToLower(strings.TrimPrefix(call.arg("name"), "!")); name != "" {
		c, ok := d.find(name)
		if said := d.group(call, name); said != "" {
			return said, nil
		}
		if !ok {
			return "", d.unknown(name, call)
		}
		if err := c.permits(call.Operator); err != nil {
			return "", err
		}
		return explain(call, c), nil
	}
	if call.Visitor != "" {
		return strings.Join(d.within(call), "\n"), nil
	}
	return d.overview(call), nil
}

// within lists what can be done in a conversation, briefly enough for a phone: commands that
// belong together (see Command.With) share a line.
func (d *Desk) within(call Call) []string {
	lines := []string{call.Voice.Say("Only a line with ! is for the desk, all else for the visitor:")}
	for _, c := range d.For(call.Operator) {
		if c.With == "" && c.inConversations() {
			lines = append(lines, d.brief(call, c))
		}
	}
	return append(lines, call.Voice.Say("!help NAME says more; !! at the start sends a !."))
}

func queue(d *Desk, ctx context.Context, call Call) (string, error) {
	n, err := count(call.arg("page"))
	if err != nil {
		return "", err
	}
	n = max(n, 1)
	q, err := d.bridge.QueuePage(ctx, call.Operator, n, listed)
	if err != nil {
		return "", err
	}
	if len(q.Cards) == 0 && n > 1 {
		return "", refuse("There is no page %d.", n)
	}
	answer := call.Voice.Queue(q)
	if q.More {
		answer += "\n" + call.Voice.Say("%s shows more.", fmt.Sprintf("queue %d", n+1))
	}
	return answer, nil
}

func take(d *Desk, ctx context.Context, call Call) (string, error) {
	if call.arg("!") == on {
		return takeOver(d, ctx, call)
	}
	c, err := d.bridge.Take(ctx, call.Operator.JID, call.number())
	if err != nil {
		return "", err
	}
	return d.yours(ctx, call, c)
}

func decline(d *Desk, ctx context.Context, call Call) (string, error) {
	c, err := d.bridge.Decline(ctx, call.Operator.JID, call.number())
	if err != nil {
		return "", err
	}
	others, err := d.bridge.AskedNow(ctx, c.Number)
	if err != nil {
		return "", err
	}
	if len(others) == 0 {
		return call.Voice.Say("#%d: nobody else is here to take it, so it waits. %d still takes it.", c.Number, c.Number), nil
	}
	return call.Voice.Say("#%d is left to the others.", c.Number), nil
}

// number is the argument of the field "number", 0 if it was left out; parse has checked it.
func (c Call) number() int64 {
	n, _ := strconv.ParseInt(c.arg("number"), 10, 64)
	return n
}

func closeIt(d *Desk, ctx context.Context, call Call) (string, error) {
	tags, reason, err := tagged(call.arg("reason"))
	if err != nil {
		return "", err
	}
	if question, err := asksTags(d, ctx, call, tags); err != nil || question != "" {
		return question, err
	}
	if reason == "-" {
		reason = ""
	}
	c, err := d.bridge.Close(ctx, call.Operator.JID, call.Visitor, reason, tags...)
	if err != nil {
		return "", err
	}
	said := call.Voice.Say("#%d is closed.", c.Number)
	if len(tags) > 0 {
		said += " " + voice.Hashed(tags)
	}
	return said, nil
}

func note(d *Desk, ctx context.Context, call Call) (string, error) {
	if _, err := d.bridge.Note(ctx, call.Operator.JID, call.Visitor, call.StanzaID, call.arg("text")); err != nil {
		return "", err
	}
	return call.Voice.Say("Noted, for operators only."), nil
}

func info(d *Desk, ctx context.Context, call Call) (string, error) {
	card, err := d.card(ctx, call)
	if err != nil {
		return "", err
	}
	trail, err := d.bridge.Trail(ctx, card, trailShown)
	if err != nil {
		return "", err
	}
	vote, err := d.bridge.Votes.In(ctx, card.Number)
	if err != nil {
		return "", err
	}
	return call.Voice.Info(card, trail, vote), nil
}

// trailShown is how many pages of a visitor's are shown.
const trailShown = 10

// card is the conversation that the call is about, as the operator may read it (see
// Bridge.PartFor).
func (d *Desk) card(ctx context.Context, call Call) (bridge.Card, error) {
	return d.bridge.PartFor(ctx, call.Operator, call.Visitor)
}

func who(d *Desk, ctx context.Context, call Call) (string, error) {
	duties, err := d.bridge.Team.Duties(ctx)
	if err != nil {
		return "", err
	}
	return call.Voice.Duties(duties), nil
}
