package bridge_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/setting"
)

// statusSide counts how often the status may have changed.
type statusSide struct{ told int }

func (s *statusSide) Changed(bridge.Change) {}

func (s *statusSide) StatusChanged() { s.told++ }

// A setting is changed with its entry in the audit log, is seen by whoever asks from then on, and survives a restart. The
// sides are told, since what the site shows has changed.
func TestSettings_ChangedAndKept(t *testing.T) {
	h := newHouse(t)
	b, ctx := h.Bridge, context.Background()
	side := new(statusSide)
	defer b.Join(side)()
	change := func(key, value string) {
		t.Helper()
		err := b.Settings.Change(ctx, bridge.Operator{JID: xavi, Name: "Xavi"}, "settings "+key, func(v setting.Values) ([]bridge.Changed, error) {
			was := v.At(key)
			v.Set(key, value)
			return []bridge.Changed{{Key: key, Was: was, Is: value}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	change("retention", "30d")
	change("offline", "hide")
	change("offline", "form")
	if got := b.Settings.Duration(setting.Retention); got != 30*24*time.Hour || side.told != 3 {
		t.Errorf("retention is %v, the sides were told %d times", got, side.told)
	}
	h.close()
	h.open()
	if got := h.Settings.Values(); len(got) != 1 || got["retention"] != "30d" {
		t.Errorf("after a restart: %v", got)
	}
	var audits []bridge.Audit
	err := h.Team.Look(ctx, func(r bridge.Reader) (err error) {
		audits, err = r.Audits(bridge.AuditSite, time.Time{}, h.Now().Add(time.Second), 10)
		return err
	})
	if err != nil || len(audits) != 3 || audits[2].Line != "settings retention" || audits[2].Changes[0] != (bridge.Changed{Key: "retention", Was: "off", Is: "30d"}) {
		t.Errorf("%+v, %v", audits, err)
	}
}

// A change that fails, or that says that nothing was changed, stores nothing.
func TestSettings_RefusedChange(t *testing.T) {
	b, ctx := newHouse(t).Bridge, context.Background()
	failed := errors.New("no")
	for _, want := range []error{failed, nil} {
		err := b.Settings.Change(ctx, bridge.Operator{JID: xavi}, "settings side", func(v setting.Values) ([]bridge.Changed, error) {
			v.Set("side", "left")
			return nil, want
		})
		if !errors.Is(err, want) || b.Settings.Text(setting.Side) != "right" {
			t.Errorf("%v; side is %s", err, b.Settings.Text(setting.Side))
		}
	}
}
