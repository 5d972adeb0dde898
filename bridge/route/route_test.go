package route

import (
	"testing"
	"time"
)

func at(minute int) time.Time { return time.Date(2026, 11, 21, 9, minute, 0, 0, time.UTC) }

// Who is asked next, for each strategy.
func TestNext(t *testing.T) {
	for name, x := range map[string]struct {
		strategy Strategy
		people   []Person
		want     string // the ID of who is asked; "": nobody
	}{
		"ring-all asks nobody alone":                {RingAll, []Person{{ID: "a"}}, ""},
		"an unknown strategy asks nobody alone":     {"by-lot", []Person{{ID: "a"}}, ""},
		"nobody is there":                           {InTurn, nil, ""},
		"who was never asked comes first":           {InTurn, []Person{{ID: "a", Asked: at(1)}, {ID: "b"}}, "b"},
		"who was asked longest ago comes first":     {InTurn, []Person{{ID: "a", Asked: at(2)}, {ID: "b", Asked: at(1)}, {ID: "c", Asked: at(3)}}, "b"},
		"in turn, it does not matter who has more":  {InTurn, []Person{{ID: "a", Chats: 3, Asked: at(1)}, {ID: "b", Asked: at(2)}}, "a"},
		"who has least comes first":                 {LeastActive, []Person{{ID: "a", Chats: 2}, {ID: "b", Chats: 1, Asked: at(9)}}, "b"},
		"what is on offer to somebody alone counts": {LeastActive, []Person{{ID: "a", Offers: 2}, {ID: "b", Chats: 1}}, "b"},
		"with as much to do, it goes by turns":      {LeastActive, []Person{{ID: "a", Chats: 1, Asked: at(2)}, {ID: "b", Offers: 1, Asked: at(1)}}, "b"},
		"among equals the ID decides":               {LeastActive, []Person{{ID: "b"}, {ID: "a"}}, "a"},
		"who is full is not asked":                  {InTurn, []Person{{ID: "a", Chats: 2, Limit: 2}, {ID: "b", Chats: 9, Asked: at(1)}}, "b"},
		"who has more than allowed is not asked":    {LeastActive, []Person{{ID: "a", Chats: 3, Limit: 2}}, ""},
		"who has room for one more is asked":        {LeastActive, []Person{{ID: "a", Chats: 1, Limit: 2}}, "a"},
		"who was asked for it is not asked again":   {InTurn, []Person{{ID: "a", Tried: true}, {ID: "b", Asked: at(1)}}, "b"},
		"all were asked":                            {LeastActive, []Person{{ID: "a", Tried: true}, {ID: "b", Tried: true}}, ""},
		"who is free for chat comes first":          {LeastActive, []Person{{ID: "a"}, {ID: "b", Chat: true, Chats: 4}}, "b"},
		"who speaks the language comes first":       {InTurn, []Person{{ID: "a", Chat: true}, {ID: "b", Speaks: true, Asked: at(5)}}, "b"},
		"who knows the visitor comes first":         {LeastActive, []Person{{ID: "a", Speaks: true, Chat: true}, {ID: "b", Knows: true, Chats: 5}}, "b"},
		"who knows the visitor may be full":         {InTurn, []Person{{ID: "a", Asked: at(3)}, {ID: "b", Knows: true, Chats: 1, Limit: 1}}, "a"},
		"who knows the visitor was asked before":    {InTurn, []Person{{ID: "a", Asked: at(3)}, {ID: "b", Knows: true, Tried: true}}, "a"},
	} {
		got, ok := Next(x.strategy, x.people)
		if got.ID != x.want || ok != (x.want != "") {
			t.Errorf("%s: %q, %v, want %q", name, got.ID, ok, x.want)
		}
	}
}

// The choice does not depend on the order in which people are listed.
func TestNext_OrderDoesNotMatter(t *testing.T) {
	people := []Person{{ID: "a", Chats: 1}, {ID: "b", Asked: at(1)}, {ID: "c", Speaks: true, Limit: 1, Chats: 1}, {ID: "d", Asked: at(1)}, {ID: "e", Tried: true}}
	for _, s := range []Strategy{InTurn, LeastActive} {
		want, _ := Next(s, people)
		for range people {
			people = append(people[1:], people[0])
			if got, _ := Next(s, people); got != want {
				t.Errorf("%s: %q, then %q", s, want.ID, got.ID)
			}
		}
	}
}
