package imap

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// A server that gives UIDs anew, without a new UIDVALIDITY, as after a backup was restored, is read from two days
// before the last mail on.
func TestMailbox_UIDsGivenAnew(t *testing.T) {
	f := &fake{}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		last := time.Now().AddDate(0, 0, -1)
		s.cursor = Cursor{Validity: 7, Next: 77, Last: last}
		for n, age := range []int{30, 0} {
			f.deliver(stored{body: letter(n), date: time.Now().AddDate(0, 0, -age)})
		}
		read(t, o, s)
		s.wait(t, "reading", func() bool { return s.cursor.Next == 3 && slices.Contains(s.health, "well") })
		if want := (Cursor{Validity: 7, Next: 2, Last: last}); !slices.Equal(s.ids(), []string{"<1@test>"}) || len(s.starts) != 1 || s.starts[0] != want {
			t.Errorf("given to the store: %v, begun at %+v", s.ids(), s.starts)
		}
	})
}

// A store that can keep nothing for a while is no fault of the mail: it is taken when the store works again, and the
// health tells meanwhile.
func TestMailbox_StoreIsDown(t *testing.T) {
	f := &fake{}
	bubble(t, f, func(t *testing.T, o Options, s *shelf) {
		s.cursor = Cursor{Validity: 7, Next: 1}
		s.refuse = func(try int, _ Raw) error {
			if try < 8 {
				return fmt.Errorf("%w: disk full", ErrStore)
			}
			return nil
		}
		f.deliver(stored{body: letter(1)})
		read(t, o, s)
		s.wait(t, "the mail", func() bool { return s.cursor.Next == 2 })
		if len(s.aside) > 0 || !slices.Equal(s.ids(), []string{"<1@test>"}) {
			t.Errorf("set aside %v, taken %v", s.aside, s.ids())
		}
	})
}
