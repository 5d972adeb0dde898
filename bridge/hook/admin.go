package hook

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const (
	// Most is how many webhooks there may be.
	Most = 20

	longestName = 40   // characters
	longestURL  = 2000 // bytes
)

// Add makes a webhook, which is told everything that happens from now on, or what types name. The secret is random,
// and only the answer tells it.
func (h *Hooks) Add(ctx context.Context, by bridge.Operator, name, address string, types []Type) (w Hook, err error) {
	if name, err = ParseName(name); err != nil {
		return w, err
	}
	if err := checkURL(address); err != nil {
		return w, err
	}
	if h.opts.Check != nil {
		if err := h.opts.Check(address); err != nil {
			return w, err
		}
	}
	w = Hook{ID: rand.Text(), Name: name, URL: address, Secret: newSecret(), Types: types, State: On, Made: h.opts.Bridge.Now(), By: by.JID}
	err = h.store.UpdateHooks(ctx, func(tx Tx) error {
		list, err := there(tx)
		switch {
		case err != nil:
			return err
		case len(list) >= Most:
			return phrase.Fail(phrase.CodeInvalid, "There are %d webhooks. More are not possible.", len(list))
		case slices.ContainsFunc(list, func(o Hook) bool { return o.Name == name }):
			return phrase.Fail(phrase.CodeInvalid, "There is a webhook %s already. %s deletes it.", name, "webhook-delete "+name)
		}
		if w.Since, err = tx.LastNumber(); err != nil {
			return err
		}
		if err := tx.SaveHook(w); err != nil {
			return err
		}
		return h.audit(tx, by, "webhook-add "+name, bridge.Changed{Key: "webhook", Is: host(address)})
	})
	if err == nil {
		h.ring()
	}
	return w, err
}

// there lists the webhooks that nobody has deleted.
func there(r Reader) ([]Hook, error) {
	list, err := r.Hooks()
	return slices.DeleteFunc(list, func(w Hook) bool { return w.State == Gone }), err
}

// Delete deletes a webhook. What waits is not told any more.
func (h *Hooks) Delete(ctx context.Context, by bridge.Operator, name string) (w Hook, err error) {
	err = h.store.UpdateHooks(ctx, func(tx Tx) (err error) {
		if w, err = find(tx, name); err != nil {
			return err
		}
		w.State = Gone
		if err := tx.SaveHook(w); err != nil {
			return err
		}
		return h.audit(tx, by, "webhook-delete "+w.Name, bridge.Changed{Key: "webhook", Was: host(w.URL)})
	})
	if err == nil {
		h.ring()
		h.opts.Bridge.Alarms.Clear(alarm(w), phrase.Say("The webhook %s was deleted.", w.Name))
	}
	return w, err
}

// find finds a webhook by its name.
func find(r Reader, name string) (Hook, error) {
	list, err := there(r)
	if err != nil {
		return Hook{}, err
	}
	i := slices.IndexFunc(list, func(w Hook) bool { return strings.EqualFold(w.Name, name) })
	if i < 0 {
		return Hook{}, phrase.Fail(phrase.CodeNotFound, "There is no webhook %q. webhooks lists them.", bridge.Clip(name, longestName))
	}
	return list[i], nil
}

func (h *Hooks) audit(tx Tx, by bridge.Operator, line string, changed bridge.Changed) error {
	return tx.AppendAudit(&bridge.Audit{At: h.opts.Bridge.Now(), By: by.JID, ByName: by.Name, Line: line, Changes: []bridge.Changed{changed}})
}

// Standing is a webhook, and what waits to be told to it.
type Standing struct {
	Hook
	Waits int64     // conversations in which a post has failed and waits to be tried again
	Next  time.Time // when the first of them is tried
}

// Standings lists the webhooks, by name.
func (h *Hooks) Standings(ctx context.Context) (list []Standing, err error) {
	err = h.store.ViewHooks(ctx, func(r Reader) error {
		list = nil
		hooks, err := there(r)
		for _, w := range hooks {
			s := Standing{Hook: w}
			if err == nil {
				s.Waits, err = r.Failed(w.ID)
			}
			if err == nil {
				s.Next, err = r.NextDue(w.ID)
			}
			list = append(list, s)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read webhooks: %w", err)
	}
	return list, nil
}

// Waiting counts the conversations in which a post waits to be tried again, of all webhooks.
func (h *Hooks) Waiting(ctx context.Context) (n int64, err error) {
	list, err := h.Standings(ctx)
	for _, s := range list {
		n += s.Waits
	}
	return n, err
}

// Tried is what became of a test.
type Tried struct {
	Hook
	Result phrase.Phrase // why the test was not taken; zero: it was
	Again  bool          // the webhook was off, and is told things again
}

// Try makes a post of type Test. Nothing is stored of it, unless a webhook takes it that is off: it is on again then, and told
// what it has missed within the time for which posts are kept.
func (h *Hooks) Try(ctx context.Context, by bridge.Operator, name string) (t Tried, err error) {
	err = h.store.ViewHooks(ctx, func(r Reader) (err error) {
		t.Hook, err = find(r, name)
		return err
	})
	if err != nil {
		return t, err
	}
	w := t.Hook
	p := Post{ID: "msg_" + strings.ToLower(rand.Text()), URL: w.URL, Secret: w.Secret, Body: encode(body{Test, h.opts.Bridge.Now().UTC(), data{Webhook: w.Name}})}
	a, failed := h.opts.Carrier.Post(ctx, p)
	switch {
	case failed != nil || !a.Taken():
		t.Result = why(a, failed)
	case w.State == Off:
		t.Again, err = h.switchOn(ctx, by, w)
	}
	return t, err
}

// switchOn has a webhook that is off told things again, and reports whether it was off still.
func (h *Hooks) switchOn(ctx context.Context, by bridge.Operator, w Hook) (turned bool, err error) {
	err = h.store.UpdateHooks(ctx, func(tx Tx) error {
		now, err := tx.Hook(w.ID)
		if turned = err == nil && now.State == Off; !turned {
			return err
		}
		now.State, now.Result, now.Failing = On, phrase.Phrase{}, time.Time{}
		if err := tx.HastenCursors(w.ID, h.opts.Bridge.Now()); err != nil {
			return err
		}
		if err := tx.SaveHook(now); err != nil {
			return err
		}
		return h.audit(tx, by, "webhook-test "+w.Name, bridge.Changed{Key: "webhook", Was: string(Off), Is: string(On)})
	})
	if err == nil && turned {
		h.ring()
	}
	return turned, err
}

// newSecret makes a secret as Standard Webhooks writes them.
func newSecret() string {
	key := make([]byte, 32)
	rand.Read(key)
	return "whsec_" + base64.StdEncoding.EncodeToString(key)
}

// ParseName reads the name of a webhook: one word of letters, digits and hyphens, in lower case.
func ParseName(s string) (string, error) {
	name, ok := bridge.Handle(s, longestName)
	if !ok {
		return "", phrase.Fail(phrase.CodeInvalid, "%q is no name such as crm or shop-2: letters from a to z, digits and hyphens.", bridge.Clip(s, longestName))
	}
	return name, nil
}

// checkURL refuses what can't be the address of a receiver. Whether a name leads into a private network is seen when it is
// used; see Options.Check.
func checkURL(s string) error {
	u, err := url.Parse(s)
	if err == nil && u.Port() != "" {
		_, err = strconv.ParseUint(u.Port(), 10, 16)
	}
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || len(s) > longestURL || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return phrase.Fail(phrase.CodeInvalid, "%q is no address such as https://crm.example.org/hook.", bridge.Clip(s, 60))
	}
	return nil
}

// host is the host of an address, all that others are told of it: the rest may be a secret.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// Host is the host of the receiver.
func (h Hook) Host() string { return host(h.URL) }

// same reports whether two states of a webhook are the same as they are stored.
func same(a, b Hook) bool {
	return a.State == b.State && a.GivenUp == b.GivenUp && a.Tried.Equal(b.Tried) && a.Failing.Equal(b.Failing) && a.Result.Encode() == b.Result.Encode()
}
