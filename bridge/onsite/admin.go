package onsite

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const (
	// Most is how many rules there may be.
	Most = 50

	longestName = 40 // characters
)

// Load reads the rules.
func (s *Site) Load(ctx context.Context) error {
	var list []Rule
	err := s.store.ViewInvitations(ctx, func(r Reader) (err error) {
		list, err = r.Invitations()
		return err
	})
	if err != nil {
		return fmt.Errorf("read invitations: %w", err)
	}
	s.rules.Store(&list)
	return nil
}

// Rules lists the rules by name. The caller must not change them.
func (s *Site) Rules() []Rule { return *s.rules.Load() }

// Rule finds a rule by its name; ok is false if there is none.
func (s *Site) Rule(name string) (r Rule, ok bool) { return find(s.Rules(), name) }

func find(list []Rule, name string) (Rule, bool) {
	i := slices.IndexFunc(list, func(r Rule) bool { return strings.EqualFold(r.Name, strings.TrimSpace(name)) })
	if i < 0 {
		return Rule{}, false
	}
	return list[i], true
}

// Save makes a rule or changes it, in one transaction and perhaps more than once: change gets the rule as it is stored, or a
// new one, and says what it changed for the audit log.
func (s *Site) Save(ctx context.Context, by bridge.Operator, name string, change func(r *Rule, fresh bool) ([]bridge.Changed, error)) error {
	name, err := ParseName(name)
	if err != nil {
		return err
	}
	err = s.store.UpdateInvitations(ctx, func(tx Tx) error {
		list, err := tx.Invitations()
		if err != nil {
			return err
		}
		r, found := find(list, name)
		if !found {
			r = Rule{Name: name, Once: ADay, Made: s.opts.Now(), By: by.JID}
		}
		if !found && len(list) >= Most {
			return phrase.Fail(phrase.CodeConflict, "There are %d invitations. More are not possible.", len(list))
		}
		changes, err := change(&r, !found)
		if err != nil {
			return err
		}
		if r.Text == "" {
			return phrase.Fail(phrase.CodeInvalid, "What does the visitor read? Write text=… at the end.")
		}
		if err := tx.SaveInvitation(r); err != nil {
			return err
		}
		return s.audit(tx, by, "invitation-add "+r.Name, changes...)
	})
	if err != nil {
		return err
	}
	return s.changed(ctx)
}

// changed reads the rules after they were changed, and has the other nodes do so.
func (s *Site) changed(ctx context.Context) error {
	if s.opts.Changed != nil {
		s.opts.Changed()
	}
	return s.Load(ctx)
}

// Delete deletes a rule and returns it.
func (s *Site) Delete(ctx context.Context, by bridge.Operator, name string) (r Rule, err error) {
	err = s.store.UpdateInvitations(ctx, func(tx Tx) error {
		list, err := tx.Invitations()
		if err != nil {
			return err
		}
		found := false
		if r, found = find(list, name); !found {
			return phrase.Fail(phrase.CodeNotFound, "There is no invitation %q. invitations lists them.", bridge.Cut(name, longestName))
		}
		if err := tx.DeleteInvitation(r.Name); err != nil {
			return err
		}
		return s.audit(tx, by, "invitation-delete "+r.Name, bridge.Changed{Key: "invitation", Was: r.Name})
	})
	if err != nil {
		return r, err
	}
	return r, s.changed(ctx)
}

func (s *Site) audit(tx Tx, by bridge.Operator, line string, changes ...bridge.Changed) error {
	return tx.AppendAudit(&bridge.Audit{At: s.opts.Now(), By: by.JID, ByName: by.Name, About: bridge.AuditSite, Line: line, Changes: changes})
}

// ParseName reads the name of a rule: one word of letters, digits and hyphens, in lower case.
func ParseName(s string) (string, error) {
	name, ok := bridge.Handle(s, longestName)
	if !ok {
		return "", phrase.Fail(phrase.CodeInvalid, "%q is no name such as pricing or cart-2: letters from a to z, digits and hyphens.", bridge.Cut(s, longestName))
	}
	return name, nil
}

// ParsePage reads a page pattern, as OnPage takes it.
func ParsePage(s string) (string, error) {
	page := strings.TrimSpace(s)
	if page != "" && (len(page) > longestURL || strings.ContainsAny(page, " \t\n?#") || !strings.HasPrefix(page, "/") && !strings.HasPrefix(page, "*") && !strings.HasPrefix(page, "https://") && !strings.HasPrefix(page, "http://")) {
		return "", phrase.Fail(phrase.CodeInvalid, "%q is no page such as /pricing, /shop/* or https://www.example.org/cart, without ? and what follows it.", bridge.Cut(s, 60))
	}
	return page, nil
}
