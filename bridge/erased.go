package bridge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"porchlight/bridge/phrase"
)

// DeleteAll deletes all files of a conversation, a few parts at a time so that other writers are not held up, and returns
// how many there were. When it fails, or the program ends, the files that are left can be deleted later.
func (fs *Files) DeleteAll(ctx context.Context, number int64) (n int, err error) {
	for {
		var files []File
		err := fs.store.View(ctx, func(r Reader) (err error) {
			files, err = r.Files(number, dueBatch)
			return err
		})
		if err != nil || len(files) == 0 {
			return n, err
		}
		for _, f := range files {
			if err := fs.delete(ctx, f.ID); err != nil && phrase.CodeOf(err) != phrase.CodeNotFound {
				return n, err
			}
			n++
		}
	}
}

// Erased takes in that conversations were deleted from the store: their tokens open nothing any more, and the sides
// are told.
func (k *Tokens) Erased(b *Bridge, gone ...Conversation) {
	for _, c := range gone {
		k.mu.Lock()
		delete(k.keys, c.ID)
		k.mu.Unlock()
		b.hub.publish(&Change{Conversation: c, Erased: true})
	}
}

// settingDoomed holds the numbers of closed conversations that are being erased, with blanks between them. Their files are deleted before
// they are, in transactions of their own; so they must not begin again meanwhile.
const settingDoomed = "erasing-conversations"

// Doom says in a transaction that conversations are being erased, beside those that are. What is not closed is left out, and
// returned.
func Doom(tx Tx, numbers ...int64) (open []int64, err error) {
	all, err := doomed(tx)
	if err != nil {
		return nil, err
	}
	for _, n := range numbers {
		c, err := tx.Conversation(n)
		switch {
		case isNotFound(err):
		case err != nil:
			return nil, err
		case c.State != Closed:
			open = append(open, n)
		case !slices.Contains(all, fmt.Sprint(n)):
			all = append(all, fmt.Sprint(n))
		}
	}
	return open, tx.SaveSetting(settingDoomed, strings.Join(all, " "))
}

// Doomed says in a transaction that conversations were erased.
func Doomed(tx Tx, numbers ...int64) error {
	all, err := doomed(tx)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(n string) bool {
		return slices.ContainsFunc(numbers, func(gone int64) bool { return n == fmt.Sprint(gone) })
	})
	return tx.SaveSetting(settingDoomed, strings.Join(all, " "))
}

// doomed lists the numbers of the conversations that are being erased.
func doomed(r Reader) ([]string, error) {
	text, err := r.Setting(settingDoomed)
	return strings.Fields(text), err
}

// refuseDoomed refuses that a closed conversation begins again while it is being erased.
func refuseDoomed(r Reader, number int64) error {
	all, err := doomed(r)
	if err == nil && slices.Contains(all, fmt.Sprint(number)) {
		err = phrase.Fail(phrase.CodeNotFound, "There is no conversation #%d.", number)
	}
	return err
}
