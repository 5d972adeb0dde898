package archive

import (
	"context"
	"fmt"
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

const (
	window   = 4096 // conversations that one look for unread logs looks at
	together = 20   // entries that are written in one transaction
)

// pause is how long the index leaves the store alone after a write, so that what people write is never behind more than
// one of them.
const pause = 5 * time.Millisecond

// wordsSetting is the name of the setting that says how the words of the index were made, and making is how this porchlight
// makes them. If they differ, the index is made anew.
const wordsSetting, making = "archive-words", "4"

// read brings the index up to date.
func (a *Archive) read(ctx context.Context) error {
	if err := a.renew(ctx); err != nil {
		return err
	}
	if missed := a.bridge.Missed(); missed != a.missed {
		a.missed, a.scan = missed, true
	}
	numbers, all := a.Take()
	a.scan = a.scan || all
	if a.scan {
		if err := a.readAll(ctx); err != nil {
			a.Note(numbers...)
			return err
		}
		a.scan = false
	}
	slices.Sort(numbers)
	for part := range slices.Chunk(numbers, together) {
		if err := a.readSome(ctx, part); err != nil {
			a.Note(numbers...)
			return err
		}
	}
	return nil
}

// renew forgets the index if its words were made in another way. It goes on where a process has ended meanwhile.
func (a *Archive) renew(ctx context.Context) error {
	was := ""
	err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
		was, err = r.Setting(wordsSetting)
		return err
	})
	if err != nil || was == making {
		return err
	}
	for more := true; more; {
		err := a.store.UpdateArchive(ctx, func(tx Tx) (err error) {
			if more, err = tx.Forget(); err == nil && !more {
				err = tx.SaveSetting(wordsSetting, making)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("forget index: %w", err)
		}
	}
	a.scan = true
	return nil
}

// readAll looks at all conversations, and makes the entries of those whose log goes on past what was read.
func (a *Archive) readAll(ctx context.Context) error {
	for after, last := int64(0), int64(1); after < last; after += window {
		a.reached(after, false)
		var unread []int64
		err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
			if last, err = r.LastNumber(); err == nil {
				unread, err = r.Unread(after, after+window)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("find unread logs: %w", err)
		}
		for part := range slices.Chunk(unread, together) {
			if err := a.readSome(ctx, part); err != nil {
				return err
			}
			a.reached(part[len(part)-1], false)
			if err := rest(ctx); err != nil {
				return err
			}
		}
	}
	a.reached(0, true)
	return nil
}

// readSome makes the entries of some conversations, and stores them.
func (a *Archive) readSome(ctx context.Context, numbers []int64) error {
	var made []entry
	err := a.store.ViewArchive(ctx, func(r Reader) error {
		made = nil
		for _, n := range numbers {
			e, err := entryOf(r, n)
			if err != nil {
				return err
			}
			if e.upto != e.was || e.upto == 0 {
				made = append(made, e)
			}
		}
		return nil
	})
	if err == nil && len(made) > 0 {
		err = a.store.UpdateArchive(ctx, func(tx Tx) error { return save(tx, made) })
	}
	if phrase.CodeOf(err) == phrase.CodeConflict { // another process reads, too, and has one of them now
		err = nil
		for i := 0; i < len(numbers) && len(numbers) > 1 && err == nil; i++ {
			err = a.readSome(ctx, numbers[i:i+1])
		}
	}
	if err != nil {
		return fmt.Errorf("index conversations: %w", err)
	}
	return nil
}

// save stores entries. A conversation may have been erased since its entry was made; nothing would ever take the
// entry away again, so save asks the transaction that stores it.
func save(tx Tx, made []entry) error {
	for _, e := range made {
		_, err := tx.Conversation(e.number)
		switch {
		case phrase.CodeOf(err) == phrase.CodeNotFound:
			err = tx.Unindex(e.number)
		case err == nil:
			err = tx.Index(e.number, e.was, e.upto, e.words)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rest waits a moment, or until ctx ends.
func rest(ctx context.Context) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
