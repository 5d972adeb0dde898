package bridge

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// TagReader reads the words by which operators sort conversations.
type TagReader interface {
	Tags(number int64) ([]string, error) // of a conversation, in order
	// TagCounts counts the conversations that have each tag: the tags used most first, at most limit. Junk does not count.
	TagCounts(of TagScope, limit int) ([]TagCount, error)
}

// TagWriter writes these words.
type TagWriter interface {
	SaveTag(number int64, tag string, at time.Time) error // a tag that the conversation has stays as it is
	DeleteTag(number int64, tag string) error             // also one that it does not have
}

// TagScope says which tags are counted: those that were given from a time until before another, to conversations of a
// kind, of a department and of an owner; "" is all of them.
type TagScope struct {
	From, Until time.Time
	Kind        Kind
	Department  string
	Owner       OperatorJID
}

// TagCount is how many conversations have a tag.
type TagCount struct {
	Tag string
	N   int
}

// TagsMost is how many tags a conversation has at most.
const TagsMost = 10

// tagWord matches a tag: letters of any script and digits, with - and _ between.
var tagWord = regexp.MustCompile(`^[\p{L}\p{M}\p{N}]+(?:[-_][\p{L}\p{M}\p{N}]+)*$`)

// tagMost is how many letters a tag has at most.
const tagMost = 32

// TagFrom reads a tag, with or without # in front; ok is false if the word is none. A number alone is none, because #12
// is a conversation.
func TagFrom(word string) (tag string, ok bool) {
	tag = strings.ToLower(strings.TrimPrefix(word, "#"))
	ok = tagWord.MatchString(tag) && len([]rune(tag)) <= tagMost && strings.Trim(tag, "0123456789") != ""
	return tag, ok
}

// Tagging is what changes about the tags of a conversation.
type Tagging struct {
	Add, Remove []string
}

// Tag changes the tags of a conversation, and returns those that it has then. Whoever takes part may.
func (b *Bridge) Tag(ctx context.Context, jid OperatorJID, v VisitorJID, t Tagging) (c Conversation, tags []string, err error) {
	c, err = b.operatorActs(ctx, jid, tagging(v, Action{Type: OperatorTags}, &t), keepTags(v, &t, b.clock.Now()))
	if err == nil {
		tags, err = b.Tags(ctx, c.Number)
	}
	return c, tags, err
}

// tagging is the plan of an action that changes tags, too. It leaves in t what really changes.
func tagging(v VisitorJID, a Action, t *Tagging) plan {
	wanted := *t
	return func(r Reader) (Conversation, Action, error) {
		c, err := latest(r, v)
		if err != nil {
			return c, a, err
		}
		has, err := r.Tags(c.Number)
		if err != nil {
			return c, a, err
		}
		t.Add = nil
		for _, tag := range wanted.Add { // somebody may write one twice
			if !slices.Contains(has, tag) && !slices.Contains(t.Add, tag) {
				t.Add = append(t.Add, tag)
			}
		}
		t.Remove = slices.DeleteFunc(slices.Clone(wanted.Remove), func(s string) bool { return !slices.Contains(has, s) })
		if n := len(has) + len(t.Add) - len(t.Remove); n > TagsMost {
			return c, a, phrase.Fail(phrase.CodeConflict, "#%d would have %d tags: %d at most.", c.Number, n, TagsMost)
		}
		next := a
		next.Tagged = Tagged{Added: strings.Join(t.Add, " "), Removed: strings.Join(t.Remove, " ")}
		return c, next, nil
	}
}

// keepTags stores what changes about the tags of a visitor's conversation.
func keepTags(v VisitorJID, t *Tagging, now time.Time) func(Tx) error {
	return func(tx Tx) error {
		c, err := latest(tx, v)
		for _, tag := range t.Add {
			if err == nil {
				err = tx.SaveTag(c.Number, tag, now)
			}
		}
		for _, tag := range t.Remove {
			if err == nil {
				err = tx.DeleteTag(c.Number, tag)
			}
		}
		return err
	}
}

// Tags are the tags of a conversation.
func (b *Bridge) Tags(ctx context.Context, number int64) (tags []string, err error) {
	err = b.store.View(ctx, func(r Reader) (err error) {
		tags, err = r.Tags(number)
		return err
	})
	return tags, err
}

// TagCounts counts tags: see TagReader.
func (b *Bridge) TagCounts(ctx context.Context, of TagScope, limit int) (list []TagCount, err error) {
	err = b.store.View(ctx, func(r Reader) (err error) {
		list, err = r.TagCounts(of, limit)
		return err
	})
	return list, err
}
