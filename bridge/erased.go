package bridge

import (
	"context"

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
		b.hub.publish(Change{Conversation: c, Erased: true})
	}
}
