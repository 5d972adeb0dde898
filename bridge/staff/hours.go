package staff

import (
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/phrase"
)

// Owner is whose hours are meant: those of an operator, of a department, or, if it is zero, of the site.
type Owner struct {
	Operator   bridge.OperatorJID
	Department string
}

// Site is the word for the site, in lines and in the audit log.
const Site = "site"

// about is what the audit log calls the owner.
func (w Owner) about() string {
	switch {
	case w.Operator != "":
		return string(w.Operator)
	case w.Department != "":
		return w.Department
	}
	return Site
}

// SetHours changes somebody's own hours in one transaction, perhaps running change more than once: change gets
// the text of the table that the store has and returns the one that it is to have, "" for none. line is
// the command for the audit log. An operator whose hours somebody else changes is told.
func (s *Staff) SetHours(ctx context.Context, by bridge.Operator, w Owner, line string, change func(was string) (is string, err error)) error {
	return s.change(ctx, by, func(d deed) error {
		store, was, err := w.stored(d)
		if err != nil {
			return err
		}
		is, err := change(was)
		if err != nil || is == was {
			return err
		}
		if err := store(is); err != nil {
			return err
		}
		if err := d.audit(w.about(), line, bridge.Changed{Key: "hours", Was: was, Is: is}); err != nil || w.Operator == "" {
			return err
		}
		o, err := d.Operator(w.Operator)
		if err != nil {
			return err
		}
		return d.tell(o, d.hoursNews(is))
	})
}

// hoursNews says to an operator which hours of their own they have now.
func (d deed) hoursNews(is string) phrase.Phrase {
	table, err := hours.Parse(is, "", d.now)
	if err != nil || table.Empty() {
		return phrase.Say("your hours: you have none of your own any more")
	}
	return phrase.Say("your hours: %s, %s", table.Says(), table.Zone().String())
}

// stored returns the text of the owner's table, and what stores another.
func (w Owner) stored(d deed) (store func(text string) error, text string, err error) {
	switch {
	case w.Operator != "":
		o, err := d.Operator(w.Operator)
		return func(text string) error {
			o.Hours = text
			return d.SaveOperator(o)
		}, o.Hours, err
	case w.Department != "":
		dep, err := department(d, w.Department)
		return func(text string) error {
			dep.Hours = text
			return d.SaveDepartment(dep)
		}, dep.Hours, err
	}
	text, err = d.Setting(bridge.SiteHours)
	return func(text string) error { return d.SaveSetting(bridge.SiteHours, text) }, strings.TrimSpace(text), err
}
