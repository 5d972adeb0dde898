package desk

import (
	"context"
	"fmt"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// junkCommand declares the command for what is no request.
func junkCommand() Command {
	return Command{Name: "junk", Title: "Close what is no request", Run: junk, Visitor: true, With: "close",
		Help:   "It counts in no statistics, nobody has missed it, and the visitor gets no mail. junk off takes it back.",
		Fields: []Field{{Name: "off", Label: "It is a request after all", Kind: Flag}}}
}

// junk closes a conversation as junk, or takes that back.
func junk(d *Desk, ctx context.Context, call Call) (string, error) {
	if call.arg("off") != on {
		c, err := d.bridge.Junk(ctx, call.Operator.JID, call.Visitor)
		if err != nil {
			return "", err
		}
		return call.Voice.Say("#%d is closed as junk and is not counted.", c.Number) + "\n" + call.Voice.Say("Back: %s", "!junk off"), nil
	}
	c, err := d.bridge.NoJunk(ctx, call.Operator.JID, call.Visitor)
	if err != nil {
		return "", err
	}
	return restored(call.Voice, c) + "\n" + call.Voice.Say("Back: %s", "!junk"), nil
}

// restored says what has become of a conversation that is no junk, or not joined with another one any more.
func restored(v voice.Voice, c bridge.Conversation) string {
	if c.State == bridge.Closed {
		return v.Say("#%d counts again. It stays closed, since its page is gone and no address is known.", c.Number)
	}
	return v.Say("#%d is open again, and yours.", c.Number)
}

// mergeCommand declares the command that joins two requests.
func mergeCommand() Command {
	return Command{Name: "merge", Title: "Join another request of the visitor with this one", Run: merge, Visitor: true, Confirm: doubtfulMerge, Doubtful: true,
		Help: "Both are open, and of one visitor: they have the address here, a signed identity or an email address in common. This one goes on, unless only the other one's page is open; the other one is closed, and history NUMBER shows what was said there. Commands about either go to the one that goes on, and so does mail, unless the address in common was only typed: then you are asked whether you are sure, and further mail becomes a request of its own. merge NUMBER off parts them again.",
		Fields: []Field{{Name: "number", Label: "The other request's number", Kind: Number, Required: true},
			{Name: "off", Label: "Part them again", Kind: Flag}}}
}

// doubtfulMerge says that two requests may be of different people, "" if they are known to be of one.
func doubtfulMerge(d *Desk, ctx context.Context, call Call) (string, error) {
	if call.arg("off") == on {
		return "", nil
	}
	made, err := d.bridge.Moves.Merging(ctx, call.Operator.JID, call.Visitor, call.number())
	if err != nil || made.Same {
		return "", err
	}
	return call.Voice.Say("#%d and #%d have only an email address in common, and nothing proves it: anybody can type it. What you write goes to whoever has the page of #%d.", made.GoesOn.Number, made.Ended.Number, made.GoesOn.Number), nil
}

// merge joins two requests of a visitor, or parts them again.
func merge(d *Desk, ctx context.Context, call Call) (string, error) {
	n := call.number()
	if call.arg("off") == on {
		c, err := d.bridge.Unmerge(ctx, call.Operator.JID, call.Visitor, n)
		if err != nil {
			return "", err
		}
		return restored(call.Voice, c) + "\n" + call.Voice.Say("Back: %s", fmt.Sprintf("!merge %d", n)), nil
	}
	made, err := d.bridge.Merge(ctx, call.Operator.JID, call.Visitor, n)
	if err != nil {
		return "", err
	}
	goesOn, ended := made.GoesOn, made.Ended
	said := call.Voice.Say("#%d goes on here. #%d is closed, and !history %d shows what was said there.", goesOn.Number, ended.Number, ended.Number)
	if goesOn.Number == n {
		said = call.Voice.Say("#%d goes on, since its page is open: write to %s. #%d is closed, and !history %d there shows what was said here.", n, goesOn.Visitor, ended.Number, ended.Number)
	}
	if !made.Same {
		said += "\n" + call.Voice.Say("They have no more in common than an address that was typed, which proves nothing: further mail about #%d becomes a request of its own.", ended.Number)
	}
	return said + "\n" + call.Voice.Say("Back: %s", fmt.Sprintf("!merge %d off", ended.Number)), nil
}
