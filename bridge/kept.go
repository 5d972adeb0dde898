package bridge

import "context"

// Kept is what the operators' side has to remember beyond its own end, by names of
// its own. Any goroutine may use it.
type Kept struct{ store Store }

// keptAs begins the setting that something is kept as.
const keptAs = "kept "

// Get returns what is kept under a name, "" if nothing is.
func (k *Kept) Get(ctx context.Context, name string) (value string, err error) {
	err = k.store.View(ctx, func(r Reader) (err error) {
		value, err = r.Setting(keptAs + name)
		return err
	})
	return value, err
}

// Set keeps something under a name.
func (k *Kept) Set(ctx context.Context, name, value string) error {
	return k.store.Update(ctx, func(tx Tx) error { return tx.SaveSetting(keptAs+name, value) })
}
