package desk

import (
	"context"

	"porchlight/bridge"
)

// mailCommands declares the commands about mail.
func mailCommands() []Command {
	return []Command{
		{Name: "mail", Group: Requests, Title: "Write a mail to somebody who did not write first", Run: writeFirst, Permission: bridge.MayEmail,
			Help: "mail ADDRESS SUBJECT: TEXT opens a ticket that is yours; the answers come to its chat.",
			Fields: []Field{{Name: "address", Label: "To which address", Kind: Word, Required: true}, {Name: "subject", Label: "Subject", Kind: Head, Required: true},
				{Name: "text", Label: "What you say", Kind: Rest, Required: true}}},
		{Name: "email", Group: Chat, Title: "Answer by mail though the visitor is here", Run: answerByMail, Visitor: true, Permission: bridge.MayEmail,
			Help:   "The words go to the visitor's address at once, with what was not seen before, and are shown on the page too.",
			Fields: []Field{{Name: "text", Label: "What you say", Kind: Rest, Required: true}}},
	}
}

// answerByMail says something to a visitor by mail although the page is open.
func answerByMail(d *Desk, ctx context.Context, call Call) (string, error) {
	c, err := d.bridge.OperatorWrites(ctx, call.Operator.JID, call.Visitor, bridge.Said{ID: call.StanzaID, Text: call.arg("text"), ByMail: true})
	if err != nil {
		return "", err
	}
	return d.warned(ctx, call, c.Email, call.Voice.Say("It goes by mail to %s.", c.Email)), nil
}

// writeFirst opens a ticket to somebody who did not write first.
func writeFirst(d *Desk, ctx context.Context, call Call) (string, error) {
	c, err := d.bridge.WriteFirst(ctx, call.Operator.JID, call.arg("address"), call.arg("subject"), call.arg("text"))
	if err != nil {
		return "", err
	}
	return d.warned(ctx, call, c.Email, call.Voice.Say("#%d is yours, and the mail goes to %s. Write to %s", c.Number, c.Email, c.Visitor)), nil
}

// warned is an answer about a mail that goes, with a warning if it will hardly arrive. A store that can't
// be asked says so elsewhere: the mail goes all the same.
func (d *Desk) warned(ctx context.Context, call Call, address, answer string) string {
	if dead, err := d.bridge.Mail.Dead(ctx, address); err == nil && dead {
		return call.Voice.NoMailbox() + "\n" + answer
	}
	return answer
}
