package bridge

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// AuditSite is what the audit log calls the site, about which settings are.
const AuditSite = "site"

// Settings are what super operators have set for the site: a mirror of what the store has, so that asking waits for
// nothing. Package setting declares them. The methods may be called by any goroutine; those that take a context may
// wait for the store.
type Settings struct {
	bridge *Bridge
	turns  atomic.Int64 // looks at the store, each counted when it begins
	mu     sync.RWMutex
	turn   int64          // the look at the store that values is from
	values setting.Values // replaced as a whole, never changed
	looked time.Time      // when look looked last; only its goroutine has it
	stale  atomic.Bool    // what was stored could not be read back; see catchUp
	plans  Schedules      // as values has them
}

// Values are all values that were set. The caller must not change them.
func (s *Settings) Values() setting.Values {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.values
}

// Schedules are what is done step by step while a visitor waits.
func (s *Settings) Schedules() Schedules {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.plans
}

// Text is the value of a setting as text.
func (s *Settings) Text(n setting.Name) string { return s.Values().Text(n) }

// Words is the text for a reader of a language, "" if there is none.
func (s *Settings) Words(n setting.Name, language string) string {
	return s.Values().Words(n, language)
}

// On reports whether a setting of type YesNo is on.
func (s *Settings) On(n setting.Name) bool { return s.Values().On(n) }

// Duration is the value of a setting of type Duration, 0 for off.
func (s *Settings) Duration(n setting.Name) time.Duration { return s.Values().Duration(n) }

// Change changes settings in one transaction, perhaps running change more than once. change gets what is stored, with
// which it may do what it likes, and says what it changed; if that is nothing, nothing is stored. line is the command
// for the audit log. Then the sides are told, so that the site shows what is new.
func (s *Settings) Change(ctx context.Context, by Operator, line string, change func(setting.Values) ([]Changed, error)) error {
	err := s.bridge.store.Update(ctx, func(tx Tx) error {
		stored, err := tx.SiteSettings()
		if err != nil {
			return err
		}
		now := setting.Values(maps.Clone(stored))
		if now == nil {
			now = make(setting.Values)
		}
		s.tidy(now)
		changes, err := change(now)
		if err != nil || len(changes) == 0 {
			return err
		}
		if now.Text(setting.WhenOffline) == setting.OfflineMail && s.bridge.Mail.Address("") == "" {
			return phrase.Fail(phrase.CodeInvalid, "There is no address for mail to be shown: mail is off. email.smtp in the config switches it on.")
		}
		if err := save(tx, stored, now); err != nil {
			return err
		}
		return tx.AppendAudit(&Audit{At: s.bridge.clock.Now(), By: by.JID, ByName: by.Name, About: AuditSite, Line: line, Changes: changes})
	})
	if err == nil {
		s.stale.Store(true)
		s.catchUp(ctx)
		s.bridge.Nodes.Changed()
	}
	return err
}

// catchUp reads what was stored and is not mirrored yet, and tells the sides. What can't be read is read later: it is stored, so
// whoever changed it must not be told that it is not.
func (s *Settings) catchUp(ctx context.Context) {
	if !s.stale.Swap(false) {
		return
	}
	if err := s.renew(ctx); err != nil {
		s.stale.Store(true)
		if ctx.Err() == nil {
			s.bridge.log.Error("read settings", "err", err)
		}
		return
	}
	s.bridge.hub.publishStatus()
}

// tidy takes out a notice that is over, so that the next one does not end with it.
func (s *Settings) tidy(v setting.Values) {
	if at := v.Moment(setting.NoticeEnds); !at.IsZero() && !s.bridge.clock.Now().Before(at) {
		delete(v, string(setting.NoticeEnds))
		for language := range v.Languages(setting.NoticeText) {
			delete(v, setting.Key(setting.NoticeText, language))
		}
	}
}

// Notice is what is to be told on all pages now, by language, with "" for all others; nil: nothing.
func (s *Settings) Notice() map[string]string {
	v := s.Values()
	if at := v.Moment(setting.NoticeEnds); !at.IsZero() && !s.bridge.clock.Now().Before(at) {
		return nil
	}
	return v.Binding(setting.NoticeText)
}

// look reports whether the notice has ended by time since the last look. One goroutine calls it.
func (s *Settings) look() bool {
	now, at := s.bridge.clock.Now(), s.Values().Moment(setting.NoticeEnds)
	before := s.looked
	s.looked = now
	return !at.IsZero() && before.Before(at) && !now.Before(at)
}

// save stores the difference between two sets of values.
func save(tx Tx, was, is map[string]string) error {
	for _, key := range slices.Sorted(maps.Keys(is)) {
		if value, ok := was[key]; !ok || value != is[key] {
			if err := tx.SaveSiteSetting(key, is[key]); err != nil {
				return err
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(was)) {
		if _, ok := is[key]; !ok {
			if err := tx.DeleteSiteSetting(key); err != nil {
				return err
			}
		}
	}
	return nil
}

// renew reads the values from the store, unless a later look is mirrored already.
func (s *Settings) renew(ctx context.Context) error {
	turn := s.turns.Add(1) // counted before the look: a look that begins later sees no less
	var values map[string]string
	err := s.bridge.store.View(ctx, func(r Reader) (err error) {
		values, err = r.SiteSettings()
		return err
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if turn > s.turn {
		s.turn, s.values = turn, values
		s.plans = Schedules{s.values.Steps(setting.Escalation), s.values.Steps(setting.Reminders)}
	}
	return nil
}
