package bridge

import "context"

// Kept is a store of short texts under names, for what the operators' side has to remember over
// a restart. Its methods may be called by any goroutine.
type Kept struct{ store Store }

// keptAs begins the name of a setting that holds such a text.
const keptAs = "kept "

// Get returns the text under a name, "" if there is none.
func (k *Kept) Get(ctx context.Context, name string) (value string, err error) {
	err = k.store.View(ctx, func(r Reader) (err error) {
		value, err = r.Setting(keptAs + name)
		return err
	})
	return value, err
}

// Set stores a text under a name.
func (k *Kept) Set(ctx context.Context, name, value string) error {
	return k.store.Update(ctx, func(tx Tx) error { return tx.SaveSetting(keptAs+name, value) })
}
