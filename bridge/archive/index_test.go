package archive_test

import (
	"context"
	"testing"

	"porchlight/bridge/archive"
)

// between is a store in which something happens right before the first update.
type between struct {
	archive.Store
	happens func(archive.Tx) error
}

func (b *between) UpdateArchive(ctx context.Context, f func(archive.Tx) error) error {
	if happens := b.happens; happens != nil {
		b.happens = nil
		if err := b.Store.UpdateArchive(ctx, happens); err != nil {
			return err
		}
	}
	return b.Store.UpdateArchive(ctx, f)
}

// TestIndex_ErasedMeanwhile: a conversation that is erased after its entry was made and before that is stored gets no entry, which
// nothing would take away again; the others of the same transaction get theirs.
func TestIndex_ErasedMeanwhile(t *testing.T) {
	s := shelfAt(t, newPlace(t))
	gone, stays := s.talk("sales", "visitor: "+marker), s.talk("sales", "visitor: refund")
	a := s.archive.On(&between{s.store, func(tx archive.Tx) error { return tx.Erase(gone) }})
	s.must(a.ReadSome(t.Context(), gone, stays))
	s.must(s.store.ViewArchive(t.Context(), func(r archive.Reader) error {
		for number, want := range map[int64]bool{gone: false, stays: true} {
			if upto, err := r.ReadUpto(number); err != nil || (upto > 0) != want {
				t.Errorf("#%d was read up to %d: %v", number, upto, err)
			}
		}
		found, err := r.Look(archive.Lookup{Words: []string{marker}, Below: 1000}, 9)
		if len(found) > 0 {
			t.Errorf("the index has the words of an erased conversation, #%v", found)
		}
		return err
	}))
}
