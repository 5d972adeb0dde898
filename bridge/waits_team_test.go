package bridge

import (
	"time"

	"porchlight/bridge/phrase"
)

// This file has the moves that change the team.

func (w *world) disable(i int) error {
	if i == 0 {
		return nil // an operator in the config can't be disabled
	}
	o, err := w.Team.Change(w.ctx, crew[i], func(o *Operator) { o.Enabled = !o.Enabled })
	if err == nil && o.Enabled {
		err = w.tellShow(i) // porchlight asks for the presence of an operator who is enabled
	}
	return err
}

// setHours sets the hours of the site or of an operator.
func (w *world) setHours(i int, text string, site bool) error {
	if site {
		return w.Team.Administer(w.ctx, func(tx Tx) error { return tx.SaveSetting(SiteHours, text) })
	}
	_, err := w.Team.Change(w.ctx, crew[i], func(o *Operator) { o.Hours = text })
	return err
}

// hire deletes an operator, or enters one who was deleted.
func (w *world) hire(i int) error {
	if i == 0 {
		return nil // an operator in the config can't be deleted
	}
	entered := false
	err := w.Team.Administer(w.ctx, func(tx Tx) error {
		_, err := tx.Operator(crew[i])
		if entered = phrase.CodeOf(err) == phrase.CodeNotFound; entered {
			return tx.SaveOperator(member(i, w.Team.Departments()))
		}
		return tx.DeleteOperator(crew[i])
	})
	if err == nil && entered {
		err = w.tellShow(i) // porchlight asks for the presence of an operator who is entered
	}
	return err
}

// route changes how a department asks its operators, or how many chats an operator may have.
func (w *world) route(m move) error {
	if m.who == 2 {
		_, err := w.Team.Change(w.ctx, crew[m.chat], func(o *Operator) { o.Limit = m.n % 3 })
		return err
	}
	all := w.Team.Departments()
	d := all[m.who%len(all)]
	d.Routing, d.Limit, d.Overflow, d.After, d.Offer = Routings()[m.n%3], m.n/3, "", 0, 0
	if m.chat > 0 {
		d.Overflow, d.After = all[(m.who+1)%len(all)].Name, time.Duration(m.chat)*20*time.Second
	}
	if m.n > 3 {
		d.Offer = 10 * time.Second
	}
	return w.Team.Administer(w.ctx, func(tx Tx) error { return tx.SaveDepartment(d) })
}

// found deletes one of two departments, whose conversations and operators go to the other, or makes the
// one that was deleted again.
func (w *world) found(n int) error {
	all := w.Team.Departments()
	if len(all) == 1 {
		return w.Team.Administer(w.ctx, func(tx Tx) error {
			i := 1
			if homes[i] == all[0].Name {
				i = 2
			}
			if err := tx.SaveDepartment(Department{Name: homes[i], Title: homes[i]}); err != nil {
				return err
			}
			o, err := tx.Operator(crew[i])
			if phrase.CodeOf(err) == phrase.CodeNotFound {
				return nil
			}
			o.Departments = Circle{homes[i]}
			return tx.SaveOperator(o)
		})
	}
	gone, next := all[n%2], all[1-n%2]
	return w.Team.CloseDepartment(w.ctx, gone.Name, next, func(tx Tx) error {
		list, err := tx.Operators()
		for _, o := range list {
			if err == nil && o.Departments.Has(gone.Name) {
				o.Departments = Circle{next.Name}
				err = tx.SaveOperator(o)
			}
		}
		return err
	})
}
