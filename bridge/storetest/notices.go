package storetest

import (
	"time"

	"porchlight/bridge"
)

var noticeRules = []rule{
	{"comes back whole, and as it was changed", noticeRoundTrip},
	{"is listed by way when it is due, earliest first", noticesDue},
	{"may be of any way", noticeOfAnyWay},
	{"is deleted when it is old, and with its operator", noticesDeleted},
}

// notice is one that Xavi gets by Pushover.
func notice(number int64, asked, due time.Time) bridge.DueNotice {
	return bridge.DueNotice{Conversation: number, Operator: xavi, Way: bridge.ByPushover, Asked: asked, Due: due}
}

func noticeRoundTrip(t *trial) {
	t.hire(xavi, olga)
	n := notice(t.conversation(), at(1), at(2))
	t.view(func(r bridge.Reader) error {
		expectNone[bridge.DueNotice](t)(r.Notice(n.Conversation, xavi, bridge.ByPushover))
		expect(t, time.Time{})(r.LastNotice(xavi, bridge.ByPushover))
		return nil
	})
	check := func(want bridge.DueNotice) {
		t.Helper()
		want.Asked, want.Due, want.SentAt = stored(want.Asked), stored(want.Due), stored(want.SentAt)
		t.view(func(r bridge.Reader) error {
			expect(t, want)(r.Notice(n.Conversation, xavi, bridge.ByPushover))
			expectNone[bridge.DueNotice](t)(r.Notice(n.Conversation, xavi, bridge.ByMail))
			return nil
		})
	}
	t.update(func(tx bridge.Tx) error { return tx.SaveNotice(n) })
	check(n)
	n.Asked, n.Due, n.Sent, n.SentAt, n.Failed, n.Receipt = at(3), at(4), 2, at(5), 7, "r123"
	whole(t, n)
	t.update(func(tx bridge.Tx) error { return tx.SaveNotice(n) })
	check(n)
	n.Due = time.Time{}
	t.update(func(tx bridge.Tx) error { return tx.SaveNotice(n) })
	check(n)
	t.view(func(r bridge.Reader) error {
		expect(t, stored(at(5)))(r.LastNotice(xavi, bridge.ByPushover))
		expect(t, time.Time{})(r.LastNotice(olga, bridge.ByPushover))
		expect(t, time.Time{})(r.LastNotice(xavi, bridge.ByMail))
		return nil
	})
}

func noticeOfAnyWay(t *trial) {
	t.hire(xavi)
	number := t.conversation()
	for _, w := range bridge.Ways() {
		n := notice(number, at(1), at(2))
		n.Way = w
		t.update(func(tx bridge.Tx) error { return tx.SaveNotice(n) })
		t.view(func(r bridge.Reader) error {
			list, err := r.DueNotices(w, at(2), 9)
			expect(t, 1)(len(list), err)
			return nil
		})
	}
}

func noticesDue(t *trial) {
	t.hire(xavi, olga)
	a, b, c, d := t.create(Sample(1)).Number, t.create(Sample(2)).Number, t.create(Sample(3)).Number, t.create(Sample(4)).Number
	mail := notice(a, at(0), at(1))
	mail.Way = bridge.ByMail
	t.update(func(tx bridge.Tx) error {
		for _, n := range []bridge.DueNotice{mail, notice(a, at(0), at(30)), notice(b, at(0), at(20)), notice(c, at(0), at(31)), notice(d, at(0), time.Time{})} {
			if err := tx.SaveNotice(n); err != nil {
				return err
			}
		}
		return nil
	})
	due := func(now time.Time, limit int, want ...int64) {
		t.Helper()
		t.view(func(r bridge.Reader) error {
			list, err := r.DueNotices(bridge.ByPushover, now, limit)
			var got []int64
			for _, n := range list {
				got = append(got, n.Conversation)
			}
			expect(t, want)(got, err)
			return nil
		})
	}
	due(at(30), 9, b, a)
	due(at(30), 1, b)
	due(at(99), 9, b, a, c)
	due(at(19), 9)
}

func noticesDeleted(t *trial) {
	t.hire(xavi, olga)
	a, b, c := t.create(Sample(1)).Number, t.create(Sample(2)).Number, t.create(Sample(3)).Number
	olgas := notice(c, at(9), at(1))
	olgas.Operator = olga
	t.update(func(tx bridge.Tx) error {
		for _, n := range []bridge.DueNotice{notice(a, at(1), at(1)), notice(b, at(2), at(1)), olgas} {
			if err := tx.SaveNotice(n); err != nil {
				return err
			}
		}
		return tx.DeleteNotices(at(2))
	})
	left := func(want ...int64) {
		t.Helper()
		t.view(func(r bridge.Reader) error {
			list, err := r.DueNotices(bridge.ByPushover, at(1), 9)
			var got []int64
			for _, n := range list {
				got = append(got, n.Conversation)
			}
			expect(t, want)(got, err)
			return nil
		})
	}
	left(b, c)
	t.update(func(tx bridge.Tx) error { return tx.DeleteOperator(olga) })
	left(b)
}
