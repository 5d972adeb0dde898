package archive

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// erasure is an erasure under way, as it is kept under erasingSetting until it is done: one that a crash or an error breaks off
// goes on later. Nothing is kept of the person but what the rows that are still there have anyway.
type erasure struct {
	ID       string              `json:"id"` // tells it from others under way
	By       bridge.OperatorJID  `json:"by"`
	Name     string              `json:"name"` // of the operator
	Visitors []bridge.VisitorJID `json:"visitors"`
	Done     Erased              `json:"done"`
	Over     bool                `json:"over,omitempty"` // all is deleted, and whoever asked is to be told
}

// Erased is what an erasure has deleted.
type Erased struct {
	Conversations int     `json:"conversations"`
	Files         int     `json:"files"`
	Mails         int     `json:"mails"`
	Left          []int64 `json:"left,omitempty"` // the numbers of conversations that were opened again meanwhile, and stay
}

// The settings of erasures: erasingSetting holds those that are under way, oldest first, and scrubSetting is not empty while the store's
// files may still have traces of what was deleted.
const erasingSetting, scrubSetting = "archive-erasing", "archive-scrub"

// erasedAtOnce is how many conversations one transaction deletes.
const erasedAtOnce = 5

// Erase deletes all that is known of a person: their conversations with logs, files, mails and votes, what the index has of
// them, and the visitors themselves. It returns when all of that is committed; what it has begun goes on after a
// crash. CodeConflict says that a conversation is open, and that nothing was deleted; *Unfinished says that not all could be deleted yet.
func (a *Archive) Erase(ctx context.Context, by bridge.Operator, p Person) (Erased, error) {
	if len(p.Open) > 0 {
		return Erased{}, StillOpen(p.Open[0])
	}
	select {
	case a.erasing <- struct{}{}:
		defer func() { <-a.erasing }()
	case <-ctx.Done():
		return Erased{}, ctx.Err()
	}
	e := erasure{ID: rand.Text(), By: by.JID, Name: by.Name, Done: Erased{Mails: p.Mails}}
	for _, v := range p.Visitors {
		e.Visitors = append(e.Visitors, v.JID)
	}
	if err := a.store.UpdateArchive(ctx, e.save); err != nil {
		return Erased{}, err
	}
	done, err := a.finish(context.WithoutCancel(ctx), e, erasure.drop)
	if err != nil {
		a.alarmErase(err)
		a.log.Error("erase a visitor", "err", err)
		return done, &Unfinished{err}
	}
	return done, nil
}

// StillOpen is the error for an erasure of somebody who has an open conversation.
func StillOpen(number int64) error {
	return phrase.Fail(phrase.CodeConflict, "#%d is still open, and what is under way can't be erased. Close it first: take %d and !close.", number, number)
}

// underWay lists the erasures that are not done.
func underWay(r Reader) (list []erasure, err error) {
	text, err := r.Setting(erasingSetting)
	if err != nil || text == "" {
		return nil, err
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("decode erasures: %w", err)
	}
	return list, nil
}

// save keeps an erasure that is under way beside the others.
func (e erasure) save(tx Tx) error { return e.replace(tx, e) }

// drop forgets an erasure that is done.
func (e erasure) drop(tx Tx) error { return e.replace(tx) }

// keepOver keeps an erasure that is done until whoever asked is told.
func (e erasure) keepOver(tx Tx) error {
	e.Over = true
	return e.save(tx)
}

// replace keeps by in the place of the erasure, or after the others.
func (e erasure) replace(tx Tx, by ...erasure) error {
	list, err := underWay(tx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(other erasure) bool { return other.ID == e.ID })
	if at < 0 {
		list = append(list, by...)
	} else {
		list = slices.Replace(list, at, at+1, by...)
	}
	if len(list) == 0 {
		return tx.SaveSetting(erasingSetting, "")
	}
	text, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("encode erasures: %w", err)
	}
	return tx.SaveSetting(erasingSetting, string(text))
}

// resume finishes the erasures that a crash or an error broke off, and tells who asked for them. One that fails keeps no other from being
// finished. The super operators are told of a failure, and when it is over.
func (a *Archive) resume(ctx context.Context) error {
	select {
	case a.erasing <- struct{}{}:
		defer func() { <-a.erasing }()
	default:
		return nil // one is under way, and the others wait for the next turn
	}
	var list []erasure
	err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
		list, err = underWay(r)
		return err
	})
	for _, e := range list {
		var failed error
		if !e.Over {
			e.Done, failed = a.finish(ctx, e, erasure.keepOver)
		}
		if failed == nil {
			failed = a.tellErased(ctx, e)
		}
		err = errors.Join(err, failed)
	}
	if ctx.Err() == nil {
		a.alarmErase(err)
	}
	return err
}

// finish carries out an erasure, or what is left of it; over is the last that is done with it, with what was deleted.
func (a *Archive) finish(ctx context.Context, e erasure, over func(erasure, Tx) error) (Erased, error) {
	var p Person
	err := a.store.ViewArchive(ctx, func(r Reader) error {
		p = Person{}
		for _, jid := range e.Visitors {
			if err := p.again(r, jid); err != nil {
				return err
			}
		}
		return nil
	})
	var numbers []int64
	for _, c := range p.Conversations {
		numbers = append(numbers, c.Number)
	}
	if err == nil { // what has begun again meanwhile stays, with what is beside it
		p.Conversations = slices.DeleteFunc(p.Conversations, func(c bridge.Conversation) bool { return c.State != bridge.Closed })
		err = a.eraseBeside(ctx, p)
	}
	if err == nil {
		err = a.eraseConversations(ctx, numbers, &e.Done, func(tx Tx, _ []bridge.Conversation, done Erased) error {
			now := e
			now.Done = done
			return now.save(tx)
		}).err()
	}
	if err != nil {
		return e.Done, fmt.Errorf("erase visitor: %w", err)
	}
	err = a.store.UpdateArchive(ctx, func(tx Tx) error {
		for _, v := range e.Visitors {
			if err := eraseVisitor(tx, v); err != nil {
				return err
			}
		}
		line := bridge.Audit{At: a.bridge.Now(), By: e.By, ByName: e.Name, About: string(e.By), Line: "erase", Changes: []bridge.Changed{
			{Key: "conversations", Was: strconv.Itoa(e.Done.Conversations), Is: ""}, {Key: "files", Was: strconv.Itoa(e.Done.Files), Is: ""}}}
		if err := tx.AppendAudit(&line); err != nil {
			return err
		}
		return over(e, tx)
	})
	if err != nil {
		return e.Done, fmt.Errorf("erase visitor: %w", err)
	}
	a.wakeUp() // to have the traces overwritten
	return e.Done, a.bridge.Blocks.Changed(ctx)
}

// again adds what is left of a visitor whose erasure goes on.
func (p *Person) again(r Reader, jid bridge.VisitorJID) error {
	v, err := r.Bridge().Visitor(jid)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	p.Visitors = append(p.Visitors, v)
	list, err := r.Bridge().VisitorConversations(jid, mostConversations)
	p.Conversations = append(p.Conversations, list...)
	return err
}

// eraseConversations deletes conversations that have ended, a few in each transaction, in which also runs. One that can't be deleted
// keeps no other from being deleted, unless there are mostStuck of them.
func (a *Archive) eraseConversations(ctx context.Context, numbers []int64, done *Erased, also func(tx Tx, gone []bridge.Conversation, done Erased) error) stuck {
	var failed stuck
	for part := range slices.Chunk(numbers, erasedAtOnce) {
		err := a.erasePart(ctx, part, done, also)
		for i := 0; i < len(part) && err != nil && ctx.Err() == nil; i++ {
			if e := a.erasePart(ctx, part[i:i+1], done, also); e != nil {
				failed = append(failed, fmt.Errorf("#%d: %w", part[i], e))
			}
		}
		if len(failed) >= mostStuck {
			return failed
		}
		if err := rest(ctx); err != nil {
			return append(failed, err)
		}
	}
	return failed
}

// erasePart deletes a few conversations: first the bytes of their files and large mails, in steps of their own, since these are much. None of
// them can begin again meanwhile.
func (a *Archive) erasePart(ctx context.Context, part []int64, done *Erased, also func(tx Tx, gone []bridge.Conversation, done Erased) error) error {
	var open []int64
	err := a.store.UpdateArchive(ctx, func(tx Tx) (err error) {
		open, err = bridge.Doom(tx.BridgeTx(), part...)
		return err
	})
	if err != nil {
		return err
	}
	next := *done
	next.Left = slices.Concat(next.Left, open)
	part = slices.DeleteFunc(slices.Clone(part), func(n int64) bool { return slices.Contains(open, n) })
	for _, n := range part {
		files, err := a.eraseBytes(ctx, n)
		if err != nil {
			return err
		}
		next.Files += files
	}
	if err := a.eraseRows(ctx, part, &next, also); err != nil {
		return err
	}
	*done = next
	return nil
}

// eraseRows deletes conversations that bridge.Doom has kept closed, in one transaction, in which also runs.
func (a *Archive) eraseRows(ctx context.Context, part []int64, done *Erased, also func(tx Tx, gone []bridge.Conversation, done Erased) error) error {
	var gone []bridge.Conversation
	was, next := *done, *done
	err := a.store.UpdateArchive(ctx, func(tx Tx) error {
		gone, next = nil, was
		for _, n := range part {
			c, err := tx.Conversation(n)
			if phrase.CodeOf(err) == phrase.CodeNotFound {
				continue
			}
			if err == nil && a.keep != nil {
				err = a.keep(tx.BridgeTx(), n)
			}
			if err == nil {
				err = tx.Erase(n)
			}
			if err != nil {
				return err
			}
			gone = append(gone, c)
			next.Conversations++
		}
		if err := bridge.Doomed(tx.BridgeTx(), part...); err != nil {
			return err
		}
		if err := tx.SaveSetting(scrubSetting, "yes"); err != nil {
			return err
		}
		return also(tx, gone, next)
	})
	if err != nil {
		return err
	}
	*done = next
	a.erased.Add(int64(len(gone)))
	a.bridge.Tokens.Erased(a.bridge, gone...)
	return nil
}

// bytesAtOnce is how many parts of large mails one transaction deletes.
const bytesAtOnce = 4

// eraseBytes deletes the files of a conversation that bridge.Doom keeps closed, and the parts of its large mails.
func (a *Archive) eraseBytes(ctx context.Context, number int64) (files int, err error) {
	files, err = a.bridge.Files.DeleteAll(ctx, number)
	for more := err == nil; more && err == nil; {
		err = a.store.UpdateArchive(ctx, func(tx Tx) (err error) {
			more, err = tx.DeleteMailParts(number, bytesAtOnce)
			return err
		})
	}
	return files, err
}

// eraseVisitor deletes a visitor, unless a conversation is left, and what blocks them.
func eraseVisitor(tx Tx, v bridge.VisitorJID) error {
	gone, err := tx.DeleteVisitor(v)
	if err != nil || !gone {
		return err
	}
	if err := tx.BridgeTx().DeleteBlock(string(v)); phrase.CodeOf(err) != phrase.CodeNotFound {
		return err
	}
	return nil
}

// scrub has the store overwrite what was deleted, if something was since it was last done.
func (a *Archive) scrub(ctx context.Context) error {
	due := ""
	err := a.store.ViewArchive(ctx, func(r Reader) (err error) {
		due, err = r.Setting(scrubSetting)
		return err
	})
	if err != nil || due == "" {
		return err
	}
	// What is deleted while this runs is not sure to be overwritten, so the mark is another one then.
	stamp := rand.Text()
	err = a.store.UpdateArchive(ctx, func(tx Tx) error { return tx.SaveSetting(scrubSetting, stamp) })
	for more := true; more && err == nil; {
		err = a.store.UpdateArchive(ctx, func(tx Tx) (err error) {
			more, err = tx.Tidy()
			return err
		})
		if err == nil {
			err = rest(ctx)
		}
	}
	if err == nil {
		err = a.store.Scrub(ctx)
	}
	if err != nil {
		return fmt.Errorf("overwrite what was erased: %w", err)
	}
	return a.store.UpdateArchive(ctx, func(tx Tx) error {
		if now, err := tx.Setting(scrubSetting); err != nil || now != stamp {
			return err
		}
		return tx.SaveSetting(scrubSetting, "")
	})
}
