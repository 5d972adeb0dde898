package archive

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// said is a text that stands in a log, as it is now.
type said struct {
	bridge.Entry
	text string
}

// texts lists what can be found in a log: what people wrote, operators' notes, and the names of files. What the system
// says, and to what visitors agreed before they wrote, is the same in all conversations.
func texts(log []bridge.Event) (list []said) {
	for _, e := range bridge.AsItStands(log) {
		text := e.Text
		switch d := e.Data.(type) {
		case bridge.SentFile:
			text = d.Name
		case bridge.Message:
			if d.Mail.Subject != "" {
				text = d.Mail.Subject + "\n" + text
			}
		}
		if e.Changed == bridge.EventRetraction || e.Type == bridge.EventReaction || e.Type == bridge.EventMail || e.Type == bridge.EventRetraction || e.Type == bridge.EventConsent {
			continue
		}
		if text != "" {
			list = append(list, said{e, text})
		}
	}
	return list
}

// atOnce is how many events of one conversation are read at once.
const atOnce = 500

// logOf reads a whole log.
func logOf(r Reader, number int64) (log []bridge.Event, err error) {
	after := int64(0)
	for {
		events, err := r.Events(number, after, atOnce)
		if err != nil {
			return nil, err
		}
		log = append(log, events...)
		if len(events) < atOnce {
			return log, nil
		}
		after = events[len(events)-1].Seq
	}
}

// entry is what the index is told of one conversation.
type entry struct {
	number, was, upto int64
	words             []string
}

// entryOf makes the entry of a conversation from its log. A conversation that there is no more has an entry with
// upto 0.
func entryOf(r Reader, number int64) (e entry, err error) {
	e.number = number
	if e.was, err = r.ReadUpto(number); err != nil {
		return e, err
	}
	c, err := r.Conversation(number)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return e, nil
	}
	if err != nil || c.Seq <= e.was {
		e.upto = e.was
		return e, err
	}
	log, err := logOf(r, number)
	if err != nil {
		return e, err
	}
	parts, err := r.Participants(number)
	if err != nil {
		return e, err
	}
	tags, err := r.Tags(number)
	if err != nil {
		return e, err
	}
	for _, s := range texts(log) {
		e.words = append(e.words, wordsOf(unitsOf(s.text))...)
	}
	e.words = append(e.words, label(ofDepartment, c.Department))
	if c.Owner != "" {
		e.words = append(e.words, label(ofOperator, string(c.Owner)))
	}
	for _, p := range parts {
		if !p.Watches || tookPart(log, p.Operator) {
			e.words = append(e.words, label(ofOperator, string(p.Operator)))
		}
	}
	for _, t := range tags {
		e.words = append(e.words, label(ofTag, t))
	}
	slices.Sort(e.words)
	e.words, e.upto = slices.Compact(e.words), c.Seq
	return e, nil
}

// The kinds of labels.
const (
	ofOperator   = "o"
	ofDepartment = "d"
	ofTag        = "t"
)

// label is the label of an operator who took part, of the department, or of a tag. It begins with a sign that is in
// no word. It is a hash, so that names with any characters are good for any index; two of a kind that were
// alike would only make the index coarser, since whoever reads is let in by the conversation itself.
func label(kind, name string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + name))
	return "=" + kind + strings.ToLower(base32.HexEncoding.EncodeToString(sum[:5]))
}
