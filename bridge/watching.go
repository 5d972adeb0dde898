package bridge

import (
	"cmp"
	"context"
	"fmt"

	"porchlight/bridge/phrase"
)

// Watch lets an operator read a conversation along: they get its log from now on, and what was said before, and their
// words don't reach the visitor, who is told nothing. It ends with the conversation, with Unwatch, and when the operator loses
// MayWatch. The audit log names who watched whom. CodeForbidden: the operator lacks MayWatch, or the department is not theirs.
func (m *Moves) Watch(ctx context.Context, jid OperatorJID, number int64) (Conversation, error) {
	o, err := m.bridge.Team.enabled(jid)
	if err == nil && !o.May(MayWatch) {
		err = phrase.Fail(phrase.CodeForbidden, "You may not watch conversations. A super operator can allow it.")
	}
	if err != nil {
		return Conversation{}, err
	}
	return m.bridge.operatorActs(ctx, jid, numbered(number).then(Action{Type: OperatorWatches}), m.auditing(o, "watch", number))
}

// Unwatch ends an operator's reading along.
func (m *Moves) Unwatch(ctx context.Context, jid OperatorJID, number int64) (Conversation, error) {
	o, err := m.bridge.Team.enabled(jid)
	if err != nil {
		return Conversation{}, err
	}
	return m.bridge.operatorActs(ctx, jid, numbered(number).then(Action{Type: OperatorUnwatches}), m.auditing(o, "unwatch", number))
}

// auditing keeps in the audit log that an operator gave a command about a conversation. It is about the conversation's
// owner, or its department while nobody has it.
func (m *Moves) auditing(by Operator, command string, number int64) func(Tx) error {
	return func(tx Tx) error {
		c, err := tx.Conversation(number)
		if err != nil {
			return err
		}
		return tx.AppendAudit(&Audit{At: m.bridge.clock.Now(), By: by.JID, ByName: by.Name, About: cmp.Or(string(c.Owner), c.Department), Line: fmt.Sprintf("%s %d", command, number)})
	}
}

// auditOwner keeps in the audit log that an operator gave a conversation to somebody, or had it offered to them if they are full. It is about
// the owner until then, or about the new one if there was none.
func (m *Moves) auditOwner(tx Tx, by Operator, line string, was Conversation, to Guest) error {
	var changes []Changed
	now := Changed{Key: "owner", Was: m.bridge.Team.Name(was.Owner), Is: to.Name}
	if to.Full {
		now.Is, changes = "", []Changed{{Key: "offered", Is: to.Name}}
	}
	if now.Was != now.Is {
		changes = append([]Changed{now}, changes...)
	}
	return tx.AppendAudit(&Audit{At: m.bridge.clock.Now(), By: by.JID, ByName: by.Name, About: string(cmp.Or(was.Owner, to.Operator)), Line: line, Changes: changes})
}
