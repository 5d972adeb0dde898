package storetest

import (
	"errors"
	"fmt"

	"porchlight/bridge"
)

var viewRules = []rule{
	{"sees only what is committed", seesCommitted},
	{"sees one moment from its beginning to its end", seesOneMoment},
	{"returns the error of its function, and survives a panic", viewFails},
}

// seesCommitted looks at the store from outside while an update runs.
func seesCommitted(t *trial) {
	number := t.conversation()
	t.update(func(tx bridge.Tx) error {
		if err := Say(number, "v:1", "one", nil)(tx); err != nil {
			return err
		}
		expect(t, []string(nil))(t.texts(number), nil)
		return nil
	})
	expect(t, []string{"one"})(t.texts(number), nil)
}

func seesOneMoment(t *trial) {
	number := t.conversation()
	t.update(Say(number, "v:1", "one", nil))
	t.view(func(r bridge.Reader) error {
		for i := range 2 {
			c, err := r.Conversation(number)
			expect(t, int64(1))(c.Seq, err)
			list, err := r.Events(number, 0, 10)
			expect(t, 1)(len(list), err)
			t.update(Say(number, fmt.Sprint("v:more ", i), "more", nil))
		}
		return nil
	})
	expect(t, []string{"one", "more", "more"})(t.texts(number), nil)
}

func viewFails(t *trial) {
	for range 20 { // more views than an engine runs at a time
		if err := t.store.View(t.Context(), func(bridge.Reader) error { return errWrong }); !errors.Is(err, errWrong) {
			t.Errorf("error %v", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = t.store.View(t.Context(), func(bridge.Reader) error { panic("boom") })
		}()
	}
	t.view(func(r bridge.Reader) error { _, err := r.Operators(); return err })
}
