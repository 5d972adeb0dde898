package bridge_test

import (
	"errors"
	"testing"
	"time"

	"porchlight/bridge"
)

// setHours stores tables of the site, of departments (made if there are none), and of operators.
func (h *house) setHours(site string, departments map[string]string, operators map[bridge.OperatorJID]string) {
	h.t.Helper()
	err := h.Team.Administer(h.t.Context(), func(tx bridge.Tx) error {
		errs := []error{tx.SaveSetting(bridge.SiteHours, site)}
		for name, table := range departments {
			errs = append(errs, tx.SaveDepartment(bridge.Department{Name: name, Title: name, Hours: table}))
		}
		return errors.Join(errs...)
	})
	for jid, table := range operators {
		_, failed := h.Team.Change(h.t.Context(), jid, func(o *bridge.Operator) { o.Hours = table })
		err = errors.Join(err, failed)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// An operator's own hours count, else those of their one department, else the site's; and a department's
// own, else the site's.
func TestHours_WhoseCount(t *testing.T) {
	h := newHouse(t)
	if got := h.Hours.Site(); !got.Empty() || !h.Hours.Of(h.operator(olga)).Empty() {
		t.Errorf("before any are set: %q", got)
	}
	h.setHours("Mon-Fri 9-17; Europe/Madrid", map[string]string{"sales": "", "support": "Tue 9-17; UTC"}, map[bridge.OperatorJID]string{sam: "Sat 10-14; UTC"})
	for jid, want := range map[bridge.OperatorJID]string{olga: "Tue 9-17; UTC", sam: "Sat 10-14; UTC", xavi: "Mon-Fri 9-17; Europe/Madrid"} {
		if got := h.Hours.Of(h.operator(jid)); got.String() != want {
			t.Errorf("%s has %q, want %q", jid, got, want)
		}
	}
	for name, want := range map[string]string{"": "Mon-Fri 9-17; Europe/Madrid", "sales": "Mon-Fri 9-17; Europe/Madrid", "support": "Tue 9-17; UTC"} {
		if got := h.Hours.Department(name); got.String() != want {
			t.Errorf("department %q has %q, want %q", name, got, want)
		}
	}
	if _, err := h.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Departments = []string{"support", "sales"} }); err != nil {
		t.Fatal(err)
	}
	if got := h.Hours.Of(h.operator(olga)).String(); got != "Mon-Fri 9-17; Europe/Madrid" {
		t.Errorf("in two departments Olga has %q", got)
	}
	h.close()
	h.open()
	if got := h.Hours.Site().String(); got != "Mon-Fri 9-17; Europe/Madrid" {
		t.Errorf("after a restart the site has %q", got)
	}
	h.setHours("what is this", nil, nil)
	if got := h.Hours.Site(); !got.Empty() {
		t.Errorf("what can't be read is %q", got)
	}
}

// operator is an operator as the team knows them.
func (h *house) operator(jid bridge.OperatorJID) bridge.Operator {
	h.t.Helper()
	o, ok := h.Team.Operator(jid)
	if !ok {
		h.t.Fatalf("%s is no operator", jid)
	}
	return o
}

// The status says whether the hours are open and when that changes, and the sides are told when it does.
func TestHours_InTheStatus(t *testing.T) {
	h := newHouse(t) // it is Saturday, 12:00 UTC
	status := func(department string) bridge.StatusHours {
		t.Helper()
		s, err := h.Team.Status(department)
		if err != nil {
			t.Fatal(err)
		}
		return s.Hours
	}
	if got := status(""); got != (bridge.StatusHours{Open: true, Zone: "UTC"}) {
		t.Errorf("before any are set: %+v", got)
	}
	h.setHours("Mon-Fri 9-17; Europe/Madrid", map[string]string{"sales": "Sat 10-14; Europe/Madrid"}, nil)
	if got := status(""); got.Open || got.Zone != "Europe/Madrid" || got.Next.Format(time.RFC3339) != "2026-11-23T09:00:00+01:00" {
		t.Errorf("the site: %+v", got)
	}
	if got := status("sales"); !got.Open || got.Next.Format(time.RFC3339) != "2026-11-21T14:00:00+01:00" {
		t.Errorf("sales: %+v", got)
	}
	heard := make(bell, 100)
	defer h.Join(heard)()
	h.clock.Move(time.Hour) // 14:00 in Madrid: sales closes
	<-heard
	if got := status("sales"); got.Open || got.Next.Format(time.RFC3339) != "2026-11-28T10:00:00+01:00" {
		t.Errorf("sales, later: %+v", got)
	}
	h.clock.Move(43 * time.Hour) // Monday, 9:00: the site opens
	<-heard
	if got := status(""); !got.Open {
		t.Errorf("the site, later: %+v", got)
	}
}
