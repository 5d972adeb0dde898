package bridge

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// AnswerRow is an answer as a file has it. Owner and Department are empty: For says whose the answer is.
type AnswerRow struct {
	Answer
	For   string         // all, the name of a department, an operator's address, or me; "": all
	Line  int            // where the answer begins
	Lines map[string]int // where its keys stand, as far as that is known
}

// at is the line of a key.
func (r AnswerRow) at(key string) int {
	if line, ok := r.Lines[key]; ok {
		return line
	}
	return r.Line
}

// RowsOf are the rows of a file for answers. The reader's own are theirs by the word me; reader is "" for a file
// that is nobody's.
func RowsOf(list []Answer, reader OperatorJID) (rows []AnswerRow) {
	for _, a := range slices.SortedFunc(slices.Values(list), func(a, b Answer) int { return a.compare(b.AnswerKey) }) {
		r := AnswerRow{Answer: a, For: a.whose()}
		if a.Owner != "" && a.Owner == reader {
			r.For = wordMe
		}
		r.Owner, r.Department, r.Uses = "", "", 0
		rows = append(rows, r)
	}
	return rows
}

// The words for whose an answer is, beside the names of departments and the addresses of operators.
const (
	wordMe  = "me"
	wordAll = "all"
)

// AnswerImport is what is to be stored of a file.
type AnswerImport struct {
	Rows []AnswerRow
	By   Operator // who imports, and may change only what Operator.ChangesAnswer says; the zero Operator: whoever has the database, who may change all
	Most int      // bytes of a text

	// Check says what is wrong with the name of an answer or with one of its commands, under the key name or then; nil: nothing is.
	Check func(key, value string) error
	// CheckOrder says what is wrong with the commands of an answer together, where each alone is right; nil: nothing is.
	CheckOrder func(then []string) error
}

// Imported counts what an import has done.
type Imported struct{ Added, Changed, Unchanged, Deleted int }

// Import stores the answers of a file, all or none: if something is wrong with the file, it lists that and changes nothing.
// How often answers were used stays, and so do answers that the file does not have.
func (s *Answers) Import(ctx context.Context, in AnswerImport) (done Imported, faults []AnswerFault, err error) {
	in.Most = s.most
	err = s.store.Update(ctx, func(tx Tx) (err error) {
		done, faults, err = ImportAnswers(tx, in, s.clock.Now())
		return err
	})
	return done, faults, err
}

// ImportAnswers does what Answers.Import does, within a transaction.
func ImportAnswers(tx Tx, in AnswerImport, now time.Time) (done Imported, faults []AnswerFault, err error) {
	old, err := tx.Answers()
	if err != nil {
		return done, nil, err
	}
	_, done, faults, err = in.store(tx, old, old, now)
	return done, faults, err
}

// ReplaceAnswers does what ImportAnswers does for whoever has the database, and deletes the answers that the file does not have. A
// file without answers is refused: whoever has picked the wrong one would lose all.
func ReplaceAnswers(tx Tx, in AnswerImport, now time.Time) (done Imported, faults []AnswerFault, err error) {
	old, err := tx.Answers()
	if err != nil {
		return done, nil, err
	}
	if len(in.Rows) == 0 {
		return done, []AnswerFault{{What: phrase.Fail(phrase.CodeInvalid, "There are no answers in the file, so all %d that are stored would be deleted.", len(old))}}, nil
	}
	in.By = Operator{}
	list, done, faults, err := in.store(tx, old, nil, now)
	if err != nil || len(faults) > 0 {
		return done, faults, err
	}
	for _, a := range old {
		if _, kept := answerIn(list, a.AnswerKey); kept {
			continue
		}
		if err := tx.DeleteAnswer(a.AnswerKey); err != nil {
			return done, nil, err
		}
		done.Deleted++
	}
	return done, nil, nil
}

// store stores the answers of a file beside those that stay, of those that there are; list has them as they are stored.
func (in AnswerImport) store(tx Tx, old, stay []Answer, now time.Time) (list []Answer, done Imported, faults []AnswerFault, err error) {
	list, faults, err = in.read(tx)
	if err == nil && len(faults) == 0 {
		faults = in.tooMany(old, stay, list)
	}
	if err != nil || len(faults) > 0 {
		return nil, done, faults, err
	}
	for _, a := range list {
		before, known := answerIn(old, a.AnswerKey)
		switch {
		case !known:
			done.Added++
		case before.same(a):
			done.Unchanged++
			continue
		default:
			done.Changed++
		}
		err := tx.SaveAnswer(a)
		if err == nil && known && in.By.JID != "" { // what was there before is lost otherwise
			err = auditAnswer(tx, in.By, now, "canned-import", before, a)
		}
		if err != nil {
			return nil, done, nil, err
		}
	}
	if in.By.JID == "" || done.Added+done.Changed == 0 {
		return list, done, nil, nil
	}
	return list, done, nil, tx.AppendAudit(&Audit{At: now, By: in.By.JID, ByName: in.By.Name, About: string(in.By.JID), Line: "canned-import",
		Changes: []Changed{{Key: "added", Is: strconv.Itoa(done.Added)}, {Key: "changed", Is: strconv.Itoa(done.Changed)}}})
}

// read brings the rows into the form in which answers are stored, and lists what is wrong with them.
func (in AnswerImport) read(r Reader) (list []Answer, faults []AnswerFault, err error) {
	team, err := r.Operators()
	if err != nil {
		return nil, nil, err
	}
	houses, err := r.Departments()
	if err != nil {
		return nil, nil, err
	}
	lines := make(map[AnswerKey]int)
	for _, row := range in.Rows {
		a := row.Answer
		wrong := func(key string, err error) { faults = append(faults, AnswerFault{row.at(key), key, err}) }
		for _, f := range a.clean(in.Most) {
			wrong(f.Key, f.What)
		}
		err := in.shelve(&a, row.For, team, houses)
		if err != nil {
			wrong("for", err)
		}
		if in.Check != nil {
			if err := in.Check("name", a.Name); err != nil {
				wrong("name", err)
			}
			for _, line := range a.Then {
				if err := in.Check("then", line); err != nil {
					wrong("then", err)
				}
			}
		}
		if in.CheckOrder != nil {
			if err := in.CheckOrder(a.Then); err != nil {
				wrong("then", err)
			}
		}
		if line, twice := lines[a.AnswerKey]; twice && err == nil {
			wrong("name", phrase.Fail(phrase.CodeInvalid, "This answer is in line %d, too.", line))
		}
		if err == nil {
			lines[a.AnswerKey] = row.Line
		}
		list = append(list, a)
	}
	return list, faults, nil
}

// tooMany finds the first answer of each owner, of each department and of all that there is no room for beside those that
// stay. list is what the rows say, in their order.
func (in AnswerImport) tooMany(old, stay, list []Answer) (faults []AnswerFault) {
	brought, had, full := make(map[AnswerKey]bool), make(map[AnswerKey]bool), make(map[AnswerKey]bool)
	room, comes := make(map[AnswerKey]int), make(map[AnswerKey]int)
	for _, a := range list {
		brought[a.AnswerKey] = true
		comes[a.shelf()]++
	}
	for _, a := range old {
		had[a.AnswerKey] = true
	}
	held := make(map[AnswerKey]int)
	for _, a := range stay {
		if !brought[a.AnswerKey] {
			held[a.shelf()]++
		}
	}
	for shelf := range comes {
		room[shelf] = mostAnswers - held[shelf]
	}
	for i, a := range list {
		shelf := a.shelf()
		held[shelf]++
		if held[shelf] > mostAnswers && !had[a.AnswerKey] && !full[shelf] {
			full[shelf] = true
			faults = append(faults, AnswerFault{in.Rows[i].Line, "", phrase.Fail(phrase.CodeInvalid, "The file has %d answers for %s, and there is room for %d: at most %d are kept.", comes[shelf], a.whose(), max(0, room[shelf]), mostAnswers)})
		}
	}
	return faults
}

// shelf is the key of all answers of one owner, of one department, or of all.
func (k AnswerKey) shelf() AnswerKey { return AnswerKey{Owner: k.Owner, Department: k.Department} }

// changes reports whether who imports may change an answer.
func (in AnswerImport) changes(k AnswerKey) bool { return in.By.JID == "" || in.By.ChangesAnswer(k) }

// shelve says whose an answer is, by the word that a file has for that.
func (in AnswerImport) shelve(a *Answer, whose string, team []Operator, houses []Department) error {
	word := strings.ToLower(strings.TrimSpace(whose))
	a.Owner, a.Department = "", ""
	var names []string
	for _, d := range houses {
		names = append(names, d.Name)
	}
	switch {
	case word == wordMe && in.By.JID != "":
		a.Owner = in.By.JID
	case word == "" || word == wordAll:
	case slices.Contains(names, word):
		a.Department = word
	case slices.ContainsFunc(team, func(o Operator) bool { return string(o.JID) == word }):
		a.Owner = OperatorJID(word)
	default:
		return phrase.Fail(phrase.CodeInvalid, "%q is neither all nor a department nor the address of an operator. There are: %s.", Cut(whose, 40), strings.Join(append([]string{wordAll}, names...), ", "))
	}
	if !in.changes(a.AnswerKey) {
		return AnswerLocked(a.AnswerKey)
	}
	return nil
}
