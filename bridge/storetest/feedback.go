package storetest

import (
	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var feedbackRules = []rule{
	{"comes back whole, and as it was changed", feedbackRoundTrip},
	{"is one of each conversation", feedbackOnce},
	{"is listed by operator and time, newest first, without what was deleted", feedbackAbout},
	{"is refused with a score that there is not", feedbackScore},
}

func feedbackRoundTrip(t *trial) {
	number := t.conversation()
	f := bridge.Feedback{Conversation: number, Operator: xavi, Score: 4, Comment: "Schnell,\naber \"falsch\" 🙂", At: at(1)}
	t.view(func(r bridge.Reader) error {
		expectNone[bridge.Feedback](t)(r.Feedback(1))
		expectNone[bridge.Feedback](t)(r.FeedbackIn(number))
		return nil
	})
	t.update(func(tx bridge.Tx) error { return tx.CreateFeedback(&f) })
	if f.ID == 0 {
		t.Fatal("the vote has no id")
	}
	check := func(want bridge.Feedback) {
		t.Helper()
		want.At = stored(at(1))
		t.view(func(r bridge.Reader) error {
			expect(t, want)(r.Feedback(f.ID))
			expect(t, want)(r.FeedbackIn(number))
			return nil
		})
	}
	check(f)
	f.Score, f.Comment, f.Told, f.DeletedAt, f.DeletedBy, f.DeletedWhy = 2, "Nein", 7, at(2), olga, "insult"
	whole(t, f)
	t.update(func(tx bridge.Tx) error { return tx.SaveFeedback(f) })
	f.DeletedAt = stored(at(2))
	check(f)
	other := f
	other.Conversation, other.Operator, other.At = number+1, olga, at(9)
	t.update(func(tx bridge.Tx) error { return tx.SaveFeedback(other) })
	check(f)
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.SaveFeedback(bridge.Feedback{ID: f.ID + 1, Score: 1}) })
}

func feedbackOnce(t *trial) {
	a, b := t.create(Sample(1)).Number, t.create(Sample(2)).Number
	vote := func(number int64) *bridge.Feedback {
		return &bridge.Feedback{Conversation: number, Operator: xavi, Score: 1, At: at(0)}
	}
	first, second := vote(a), vote(b)
	t.update(func(tx bridge.Tx) error { return tx.CreateFeedback(first) })
	t.refused(phrase.CodeConflict, func(tx bridge.Tx) error { return tx.CreateFeedback(vote(a)) })
	t.update(func(tx bridge.Tx) error { return tx.CreateFeedback(second) })
	if first.ID == second.ID {
		t.Errorf("two votes have the id %d", first.ID)
	}
}

func feedbackAbout(t *trial) {
	votes := []bridge.Feedback{ // with ids in this order
		{Operator: xavi, Score: 5, At: at(10)}, {Operator: xavi, Score: 1, At: at(30), DeletedAt: at(40)}, {Operator: olga, Score: 2, At: at(20)},
		{Operator: xavi, Score: 5, At: at(20)}, {Operator: xavi, Score: 3, At: at(20)}, {Operator: xavi, Score: 4, At: at(15)},
	}
	for i := range votes {
		votes[i].Conversation = t.create(Sample(i + 1)).Number
		t.update(func(tx bridge.Tx) error { return tx.CreateFeedback(&votes[i]) })
	}
	t.hire(xavi, olga)
	t.update(func(tx bridge.Tx) error { return tx.DeleteOperator(olga) }) // votes about whom stay
	numbers := func(want ...int64) func([]bridge.Feedback, error) {
		return func(list []bridge.Feedback, err error) {
			t.Helper()
			var got []int64
			for _, f := range list {
				got = append(got, f.Conversation)
			}
			expect(t, want)(got, err)
		}
	}
	t.view(func(r bridge.Reader) error {
		numbers(5, 4, 6, 1)(r.FeedbackAbout(xavi, at(10), at(31), 0, 10))
		numbers(4, 6)(r.FeedbackAbout(xavi, at(0), at(99), 1, 2))
		numbers(6, 1)(r.FeedbackAbout(xavi, at(0), at(20), 0, 10))
		numbers(5, 4, 6)(r.FeedbackAbout(xavi, at(11), at(99), 0, 10))
		numbers()(r.FeedbackAbout(vera, at(0), at(99), 0, 10))
		expect(t, bridge.Tally{0, 0, 1, 1, 2})(r.TallyAbout(xavi, at(10), at(31)))
		expect(t, bridge.Tally{0, 0, 0, 1, 1})(r.TallyAbout(xavi, at(0), at(20)))
		expect(t, bridge.Tally{0, 1})(r.TallyAbout(olga, bridge.Always().From, bridge.Always().Until))
		expect(t, bridge.Tally{})(r.TallyAbout(vera, at(0), at(99)))
		numbers(5, 4, 3, 6, 1)(r.FeedbackAbout("", at(0), at(99), 0, 10))
		numbers(4, 3)(r.FeedbackAbout("", at(11), at(99), 1, 2))
		expect(t, bridge.Tally{0, 1, 1, 1, 1})(r.TallyAbout("", at(11), at(99)))
		expect(t, map[bridge.OperatorJID]bridge.Tally{xavi: {0, 0, 1, 1, 1}, olga: {0, 1}})(r.Tallies(at(11), at(99)))
		expect(t, map[bridge.OperatorJID]bridge.Tally{xavi: {0, 0, 0, 1, 1}})(r.Tallies(at(0), at(20)))
		return nil
	})
}

func feedbackScore(t *trial) {
	number := t.conversation()
	for _, score := range []int64{0, 6, -1} {
		f := bridge.Feedback{Conversation: number, Operator: xavi, Score: score, At: at(0)}
		if err := t.store.Update(t.Context(), func(tx bridge.Tx) error { return tx.CreateFeedback(&f) }); err == nil {
			t.Errorf("score %d was stored", score)
		}
	}
}
