package bridge

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Answers keeps the stored answers. Its methods may be called by any goroutine.
type Answers struct {
	store Store
	clock Clock
	most  int    // the most bytes of a text
	site  string // what {site} becomes if the visitor's page is not known
}

// List lists all stored answers, by name.
func (s *Answers) List(ctx context.Context) ([]Answer, error) {
	var list []Answer
	err := s.store.View(ctx, func(r Reader) (err error) {
		list, err = r.Answers()
		return err
	})
	return list, err
}

// Site is what {site} becomes: the host of the page on which the visitor asked, or, if that is not known, the host of the
// visitors' side.
func (s *Answers) Site(c Card) string { return cmp.Or(host(c.Request.Page.URL), s.site) }

// Save stores an answer, or changes the one with that key. before is what it was, the zero Answer if it is new. CodeInvalid
// and CodeTooLarge say what is wrong with the answer, CodeForbidden that it is not the operator's to change.
func (s *Answers) Save(ctx context.Context, by Operator, a Answer) (before Answer, err error) {
	if faults := a.clean(s.most); len(faults) > 0 {
		return before, faults[0].What
	}
	if !by.ChangesAnswer(a.AnswerKey) {
		return before, AnswerLocked(a.AnswerKey)
	}
	err = s.store.Update(ctx, func(tx Tx) error {
		list, err := tx.Answers()
		if err != nil {
			return err
		}
		before, _ = answerIn(list, a.AnswerKey)
		if before.Name == "" && roomFor(list, a.AnswerKey) <= 0 {
			return tooMany()
		}
		if err := tx.SaveAnswer(a); err != nil || before.same(a) {
			return err
		}
		return auditAnswer(tx, by, s.clock.Now(), "canned-add", before, a)
	})
	return before, err
}

// Edit changes an answer in one transaction: change, which may run more than once, alters it and lists what it has
// altered. What it returns as an error is returned, and nothing is stored then. CodeConflict says that the answer would take
// the place of another one; else errors are those of Save, and CodeNotFound that the answer is gone.
func (s *Answers) Edit(ctx context.Context, by Operator, k AnswerKey, change func(*Answer) error) error {
	return s.store.Update(ctx, func(tx Tx) error {
		list, err := tx.Answers()
		if err != nil {
			return err
		}
		before, ok := answerIn(list, k)
		if !ok {
			return phrase.Fail(phrase.CodeNotFound, "This answer is gone.")
		}
		a := before
		if err := change(&a); err != nil {
			return err
		}
		if faults := a.clean(s.most); len(faults) > 0 {
			return faults[0].What
		}
		if !by.ChangesAnswer(k) || !by.ChangesAnswer(a.AnswerKey) {
			return AnswerLocked(k)
		}
		if a.AnswerKey != k {
			switch _, taken := answerIn(list, a.AnswerKey); {
			case taken:
				return phrase.Fail(phrase.CodeConflict, "There is such an answer already. Nothing was changed.")
			case roomFor(list, a.AnswerKey) <= 0:
				return tooMany()
			}
			if err := tx.DeleteAnswer(k); err != nil {
				return err
			}
		}
		if err := tx.SaveAnswer(a); err != nil {
			return err
		}
		return auditAnswer(tx, by, s.clock.Now(), "canned-edit", before, a)
	})
}

// Delete deletes answers, all of them or none. CodeNotFound says that one is gone already.
func (s *Answers) Delete(ctx context.Context, by Operator, keys []AnswerKey) error {
	return s.store.Update(ctx, func(tx Tx) error {
		list, err := tx.Answers()
		if err != nil {
			return err
		}
		for _, k := range keys {
			if !by.ChangesAnswer(k) {
				return AnswerLocked(k)
			}
			before, _ := answerIn(list, k)
			if err := tx.DeleteAnswer(k); err != nil {
				return err
			}
			if err := auditAnswer(tx, by, s.clock.Now(), "canned-delete", before, Answer{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Used counts that an answer was sent. An answer that was deleted meanwhile is not counted.
func (s *Answers) Used(ctx context.Context, k AnswerKey) error {
	err := s.store.Update(ctx, func(tx Tx) error { return tx.CountAnswer(k) })
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return nil
	}
	return err
}

// auditLetters is how much of a text the audit log keeps.
const auditLetters = 200

// auditAnswer notes what was done about an answer that others have, too. before is the zero Answer if it is new, after if it is
// deleted.
func auditAnswer(tx Tx, by Operator, now time.Time, command string, before, after Answer) error {
	if !(before.Name != "" && before.Shared() || after.Name != "" && after.Shared()) {
		return nil
	}
	name := cmp.Or(before.Name, after.Name)
	var changes []Changed
	note := func(key, was, is string) {
		if was != is {
			changes = append(changes, Changed{Key: key, Was: Cut(was, auditLetters), Is: Cut(is, auditLetters)})
		}
	}
	note("name", before.Name, after.Name)
	note("for", before.whose(), after.whose())
	note("lang", before.Language, after.Language)
	note("text", before.Text, after.Text)
	note("then", strings.Join(before.Then, "; "), strings.Join(after.Then, "; "))
	return tx.AppendAudit(&Audit{At: now, By: by.JID, ByName: by.Name, About: string(by.JID), Line: command + " " + name, Changes: changes})
}

// whose is the word for whose an answer is, "" of no answer.
func (k AnswerKey) whose() string {
	if k.Name == "" {
		return ""
	}
	return cmp.Or(string(k.Owner), k.Department, wordAll)
}

// answerIn finds an answer by its key.
func answerIn(list []Answer, k AnswerKey) (Answer, bool) {
	i := slices.IndexFunc(list, func(a Answer) bool { return a.AnswerKey == k })
	if i < 0 {
		return Answer{}, false
	}
	return list[i], true
}

// roomFor is how many more answers the owner or the department of one can have.
func roomFor(list []Answer, k AnswerKey) int {
	n := mostAnswers
	for _, a := range list {
		if a.Owner == k.Owner && a.Department == k.Department {
			n--
		}
	}
	return n
}

func tooMany() error {
	return phrase.Fail(phrase.CodeInvalid, "There are %d answers already; delete some first.", mostAnswers)
}

// AnswerLocked is the refusal, with CodeForbidden, to let an operator change an answer; see Operator.ChangesAnswer.
func AnswerLocked(k AnswerKey) error {
	if k.Shared() {
		return phrase.Fail(phrase.CodeForbidden, "You may not use canned for others, only for yourself, with me/ in front of the name. A super operator can allow it.")
	}
	return phrase.Fail(phrase.CodeForbidden, "Another operator's own answers are theirs to change.")
}

// passAnswersOn gives the answers of a department that is deleted to the one that follows it, or, if none does, to all. Where
// these have an answer of the same name and language, theirs stays.
func passAnswersOn(tx Tx, department, to string) error {
	list, err := tx.Answers()
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.Department != department {
			continue
		}
		a.Department = to
		if _, taken := answerIn(list, a.AnswerKey); !taken {
			if err := tx.SaveAnswer(a); err != nil {
				return err
			}
		}
		a.Department = department
		if err := tx.DeleteAnswer(a.AnswerKey); err != nil {
			return err
		}
	}
	return nil
}
