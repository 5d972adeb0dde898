package bridge

import "context"

// Greet explains the desk to an operator, once in their life, and remembers the
// language of their client.
func (b *Bridge) Greet(ctx context.Context, jid OperatorJID, locale string) error {
	o, ok := b.Operator(jid)
	if !ok || o.Greeted && (locale == "" || o.Locale == locale) {
		return nil
	}
	if locale != "" && len(locale) <= maxLocale {
		o.Locale = cleanLine(locale)
	}
	first := !o.Greeted
	o.Greeted = true
	var out outcome
	err := b.store.Update(ctx, func(tx Tx) error {
		out = outcome{}
		if err := tx.SaveOperator(o); err != nil || !first {
			return err
		}
		_, err := b.tell(tx, DeskEntry{Operator: jid, Kind: DeskNotice, Phrase: greeting(o)}, &out)
		return err
	})
	if err != nil {
		return err
	}
	if err := b.loadTeam(ctx); err != nil {
		return err
	}
	b.publish(out)
	return nil
}

// maxLocale is the longest language tag that is kept, in bytes.
const maxLocale = 35

func greeting(o Operator) Phrase {
	return Lines(
		Say("Hello %s, this is the support desk. Visitors' requests arrive here; answer with the number to take one, and you talk to the visitor in a chat of their own.", o.Name),
		Say("Switch encryption (OMEMO) off for chats with visitors, because a browser can't read it: in Conversations under Settings, Security, OMEMO Encryption; in Dino in the account's preferences; Gajim and Profanity need nothing."),
		Say("help lists what can be said here; status language de, es, fr or en changes the language."))
}
