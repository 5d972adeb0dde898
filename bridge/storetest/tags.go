package storetest

import (
	"slices"

	"porchlight/bridge"
)

// tags are kept for each conversation, and counted by the time at which they were given.
func tags(t *trial) {
	t.hire(xavi)
	one, two, junk := t.create(Sample(1)), t.create(Sample(2)), t.create(Sample(3))
	junk.State, junk.Reason, junk.Seq = bridge.Closed, bridge.ReasonJunk, 1
	t.update(func(tx bridge.Tx) error { return tx.SaveConversation(junk, 0) })
	t.update(func(tx bridge.Tx) error {
		for i, s := range []struct {
			number int64
			tag    string
		}{{one.Number, "vip"}, {one.Number, "refund"}, {one.Number, "vip"}, {two.Number, "refund"}, {two.Number, "bug"}, {junk.Number, "refund"}} {
			if err := tx.SaveTag(s.number, s.tag, at(i)); err != nil {
				return err
			}
		}
		return tx.DeleteTag(two.Number, "bug")
	})
	t.view(func(r bridge.Reader) error {
		list, err := r.Tags(one.Number)
		if err != nil || !slices.Equal(list, []string{"refund", "vip"}) {
			t.Errorf("tags %q, %v", list, err)
		}
		for _, x := range []struct {
			of    bridge.TagScope
			limit int
			want  []bridge.TagCount
		}{
			{bridge.TagScope{From: at(0), Until: at(9)}, 9, []bridge.TagCount{{Tag: "refund", N: 2}, {Tag: "vip", N: 1}}},
			{bridge.TagScope{From: at(0), Until: at(9)}, 1, []bridge.TagCount{{Tag: "refund", N: 2}}},
			{bridge.TagScope{From: at(2), Until: at(9)}, 9, []bridge.TagCount{{Tag: "refund", N: 1}}},
			{bridge.TagScope{From: at(0), Until: at(1)}, 9, []bridge.TagCount{{Tag: "vip", N: 1}}},
			{bridge.TagScope{From: at(0), Until: at(9), Owner: xavi}, 9, nil},
			{bridge.TagScope{From: at(0), Until: at(9), Department: one.Department, Kind: one.Kind}, 9, []bridge.TagCount{{Tag: "refund", N: 2}, {Tag: "vip", N: 1}}},
		} {
			if list, err := r.TagCounts(x.of, x.limit); err != nil || !slices.Equal(list, x.want) {
				t.Errorf("%+v: %+v, want %+v; %v", x.of, list, x.want, err)
			}
		}
		return nil
	})
}
