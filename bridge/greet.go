package bridge

import (
	"context"
	"regexp"

	"porchlight/bridge/phrase"
)

// languageTag matches a tag such as de or de-AT (RFC 5646 §2.1), with three subtags at most.
var languageTag = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,2}$`)

// Greet explains the desk to an operator, once in their life, and stores the language that one
// of their clients speaks (xml:lang), unless another client of theirs is online.
func (t *Team) Greet(ctx context.Context, jid OperatorJID, resource, locale string) error {
	o, ok := t.Operator(jid)
	if !languageTag.MatchString(locale) || !t.bridge.Reach.alone(jid, resource) {
		locale = o.Locale
	}
	if !ok || o.Greeted && o.Locale == locale {
		return nil
	}
	// The language comes first: what is in the desk log may be sent as soon as it is stored.
	if _, err := t.Change(ctx, jid, func(o *Operator) { o.Locale = locale }); err != nil {
		return err
	}
	return t.administer(ctx, func(u *commit, tx Tx) error {
		o, err := stored(tx, jid)
		if err != nil || o.Greeted {
			return err
		}
		o.Greeted = true
		if err := tx.SaveOperator(o); err != nil {
			return err
		}
		_, err = u.tell(DeskEntry{Operator: jid, Kind: DeskNotice, Phrase: greeting(o)})
		return err
	})
}

func greeting(o Operator) phrase.Phrase {
	return phrase.Lines(
		phrase.Say("Hello %s, this is the support desk. Visitors' requests arrive here; answer with the number to take one, and you talk to the visitor in a chat of their own.", o.Name),
		phrase.Say("Switch encryption (OMEMO) off for chats with visitors, because a browser can't read it: in Conversations under Settings, Security, OMEMO Encryption; in Dino in the account's preferences; Gajim, Converse and Profanity need nothing."),
		phrase.Say("help lists what can be said here; status language de, es, fr or en changes the language."))
}
