package bridge

import (
	"context"
	"fmt"

	"porchlight/bridge/phrase"
)

// Votes are what visitors think of the operators' help. The methods may be called by any goroutine.
type Votes struct{ bridge *Bridge }

// Voted is a vote, with the names of those who have to do with it.
type Voted struct {
	Feedback
	Visitor string // how operators call the visitor
	About   string // the name of the operator whom the vote is about
	Deleter string // the name of the operator who deleted it, "" if none did
}

// VotesPage is how many votes List returns at most.
const VotesPage = 15

// votesCounted is how many votes after a page are counted at most.
const votesCounted = 1000

// List lists the votes about an operator, or about all if o is "", in a range, newest first: the given page, from 1. It counts
// all of them, those of erased conversations included, and more is how many come after the page.
func (v *Votes) List(ctx context.Context, o OperatorJID, during Range, page int) (t Tally, list []Voted, more int64, err error) {
	err = v.bridge.store.View(ctx, func(r Reader) error {
		list = nil
		skip := (max(page, 1) - 1) * VotesPage
		if t, err = r.TallyAbout(o, during.From, during.Until); err != nil {
			return err
		}
		found, err := r.FeedbackAbout(o, during.From, during.Until, skip, VotesPage)
		for _, f := range found {
			if err == nil {
				var one Voted
				one, err = v.named(r, f)
				list = append(list, one)
			}
		}
		more = 0
		if err != nil || len(list) < VotesPage {
			return err
		}
		rest, err := r.FeedbackAbout(o, during.From, during.Until, skip+VotesPage, votesCounted)
		more = int64(len(rest))
		return err
	})
	return t, list, more, err
}

// Tallies counts the votes of a range about each operator, deleted ones included; those without votes are left out.
func (v *Votes) Tallies(ctx context.Context, during Range) (all map[OperatorJID]Tally, err error) {
	err = v.bridge.store.View(ctx, func(r Reader) (err error) {
		all, err = r.Tallies(during.From, during.Until)
		return err
	})
	return all, err
}

// named is a vote with its names.
func (v *Votes) named(r Reader, f Feedback) (Voted, error) {
	request, err := r.Request(f.Conversation)
	one := Voted{Feedback: f, Visitor: request.Called(), About: v.bridge.Team.name(f.Operator)}
	if f.DeletedBy != "" {
		one.Deleter = v.bridge.Team.name(f.DeletedBy)
	}
	return one, err
}

// Ballot is what a visitor sees of their vote.
type Ballot struct {
	Feedback      // the vote; its ID is 0 if there is none
	Open     bool // the visitor can vote now, or change the vote
}

// Ballot returns that of a conversation.
func (v *Votes) Ballot(ctx context.Context, number int64) (Ballot, error) {
	var c Conversation
	var ballot Ballot
	err := v.bridge.store.View(ctx, func(r Reader) (err error) {
		if c, err = r.Conversation(number); err == nil {
			ballot.Feedback, err = feedbackOf(r, c)
		}
		return err
	})
	if err != nil {
		return Ballot{}, err
	}
	ballot.Open = v.bridge.votable(c, ballot.Feedback)
	return ballot, nil
}

// votable reports whether the visitor can vote now, or change the vote. f is the vote, by feedbackOf.
func (b *Bridge) votable(c Conversation, f Feedback) bool {
	_, _, err := b.rules.Apply(c, Action{Type: VisitorVotes, Score: best, Feedback: f}, b.clock.Now())
	return err == nil
}

// Get finds a vote by its id, a deleted one included. CodeNotFound says that there is none.
func (v *Votes) Get(ctx context.Context, id int64) (one Voted, err error) {
	err = v.bridge.store.View(ctx, func(r Reader) error {
		f, err := r.Feedback(id)
		if err == nil {
			one, err = v.named(r, f)
		}
		return err
	})
	return one, err
}

// In returns the vote of a conversation, a zero Feedback if there is none or it was deleted.
func (v *Votes) In(ctx context.Context, number int64) (f Feedback, err error) {
	err = v.bridge.store.View(ctx, func(r Reader) (err error) {
		f, err = r.FeedbackIn(number)
		return err
	})
	if phrase.CodeOf(err) == phrase.CodeNotFound || !f.DeletedAt.IsZero() {
		return Feedback{}, nil
	}
	return f, err
}

// Deletion is a vote that was deleted, and how all votes about its operator were counted before and are
// now.
type Deletion struct {
	Voted
	Before, After Tally
}

// Delete deletes votes for an operator, who may say why; that is audited. All of them are deleted, or, with
// an error, none. CodeNotFound says that there is no such vote, and CodeConflict that it is deleted
// already.
func (v *Votes) Delete(ctx context.Context, by OperatorJID, why string, ids ...int64) (list []Deletion, err error) {
	o, err := v.bridge.Team.enabled(by)
	if err != nil {
		return nil, err
	}
	why = CleanText(why)
	err = v.bridge.update(ctx, func(u *commit) error {
		list = nil
		for _, id := range ids {
			one, err := v.delete(u, o, id, why)
			if err != nil {
				return err
			}
			list = append(list, one)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// delete deletes one vote.
func (v *Votes) delete(u *commit, by Operator, id int64, why string) (one Deletion, err error) {
	f, err := u.tx.Feedback(id)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = NoVote(id)
	}
	if err != nil {
		return one, err
	}
	if one.Voted, err = v.named(u.tx, f); err != nil {
		return one, err
	}
	if one.Before, err = u.tx.TallyAbout(f.Operator, Always().From, Always().Until); err != nil {
		return one, err
	}
	c, err := u.tx.Conversation(f.Conversation)
	if err != nil {
		return one, err
	}
	if _, _, err = u.apply(c, Action{Type: OperatorUnvotes, Operator: by.JID, Name: by.Name, Text: why, Feedback: f}); err != nil {
		return one, err
	}
	if one.After, err = u.tx.TallyAbout(f.Operator, Always().From, Always().Until); err != nil {
		return one, err
	}
	a := one.audit(why)
	a.At, a.By, a.ByName = v.bridge.clock.Now(), by.JID, by.Name
	return one, u.tx.AppendAudit(&a)
}

// NoVote is the error that there is no vote with an id.
func NoVote(id int64) error {
	return phrase.Fail(phrase.CodeNotFound, "There is no vote %d. feedback lists them.", id)
}

// audit is what is kept about the vote's deletion beside the vote.
func (x Voted) audit(why string) Audit {
	return Audit{About: string(x.Operator), Line: fmt.Sprint("feedback-delete ", x.ID), Changes: []Changed{
		{"vote", fmt.Sprintf("%d of 5, %s, #%d", x.Score, x.Visitor, x.Conversation), ""}, {"reason", "", why}}}
}
