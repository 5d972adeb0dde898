package bridge

import (
	"slices"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

// What is put off is no matter of timers and of presence until then, and then of the usual ones.
func TestApply_PutOff(t *testing.T) {
	type when = func(*Conversation, *Action)
	put := func(c *Conversation, _ *Action) { c.Due.Later = t0.Add(time.Hour) }
	away := func(_ *Conversation, a *Action) { a.Away, a.Known = true, true }
	starting := func(_ *Conversation, a *Action) { a.Away, a.Known = true, false }
	ticket := func(c *Conversation, a *Action) { c.Kind, a.Post = Ticket, true }
	shown := func(c *Conversation, _ *Action) { c.Present = true }
	mailed := func(_ *Conversation, a *Action) { a.Post = true }
	now := func(_ *Conversation, a *Action) { a.Until = time.Time{} }
	left := func(c *Conversation, a *Action) { a.Operator, a.Guest.There = c.Owner, true }
	right := func(_ *Conversation, a *Action) { a.Operator, a.Right = "someone@example.org", true }
	for what, x := range map[string]struct {
		action ActionType
		when   []when
		does   list
		timers list
	}{
		"an owner who writes does not begin again":  {OperatorWrites, []when{put}, list{"log message (operator)"}, nil},
		"an owner may go":                           {OwnerGone, []when{put}, nil, nil},
		"the visitor's words bring it back":         {VisitorWrites, []when{put}, list{"log message (visitor)", "log defer back", "tell"}, list{"IdleWarn 15m0s", "IdleClose 30m0s", "Receipt 1m0s", "no Later", "Remind 1m0s"}},
		"a mail brings it back":                     {VisitorWrites, []when{put, ticket}, list{"log message (visitor)", "log defer back", "tell"}, list{"no Later"}},
		"the owner is away when the visitor writes": {VisitorWrites, []when{put, away}, list{"log message (visitor)", "log defer back", "log operator left (operator-left)", "leave", "close offer", "log state waiting (operator-left)", "log position", "offer", "queue moved"}, list{"Waiting 3m0s", "no Later", "Escalate 1m0s"}},
		"nobody is known to be there yet":           {VisitorWrites, []when{put, starting}, list{"log message (visitor)"}, list{"Receipt 1m0s", "Later 10s"}},
		"the owner is away when it is due":          {LaterDue, []when{away}, list{"log defer back", "log operator left (operator-left)", "leave", "close offer", "log state waiting (operator-left)", "log position", "offer", "queue moved"}, list{"Waiting 3m0s", "no Later", "Escalate 1m0s"}},
		"it is due shortly after a start":           {LaterDue, []when{starting}, nil, list{"Later 10s"}},
		"a ticket is due":                           {LaterDue, []when{ticket}, list{"log defer back", "tell"}, list{"no Later"}},
		"a ticket is due, and its owner is away":    {LaterDue, []when{ticket, away}, list{"log defer back", "tell"}, list{"no Later"}},
		"a ticket is due shortly after a start":     {LaterDue, []when{ticket, starting}, list{"log defer back", "tell"}, list{"no Later"}},
		"a ticket whose page is open is due":        {LaterDue, []when{ticket, shown, away}, list{"log defer back", "log operator left (operator-left)", "leave", "close offer", "log state ticket (operator-left)", "offer", "queue moved"}, list{"no Later"}},
		"a mail comes while its owner is away":      {VisitorWrites, []when{put, ticket, away}, list{"log message (visitor)", "log defer back", "tell"}, list{"no Later"}},
		"the owner takes it back":                   {OperatorDefers, []when{put, now}, list{"log defer back"}, list{"IdleWarn 15m0s", "IdleClose 30m0s", "no Later"}},
		"another moment":                            {OperatorDefers, []when{put, func(_ *Conversation, a *Action) { a.Until = t0.Add(2 * time.Hour) }}, list{"log defer put off"}, list{"Later 2h0m0s"}},
		"who follows the owner has put nothing off": {OperatorLeaves, []when{put, left}, list{"log operator left", "leave", "log defer back", "log owner follows", "tell"}, list{"IdleWarn 15m0s", "IdleClose 30m0s", "no Later"}},
		"another takes it over":                     {OperatorTakesOver, []when{put, right}, list{"log operator left (taken-over)", "leave", "close offer", "log operator joined", "join", "log defer back", "log owner took-over", "tell"}, list{"IdleWarn 15m0s", "IdleClose 30m0s", "no Later"}},
		"it is passed on":                           {OperatorPasses, []when{put}, list{"log note", "log operator left (transferred)", "leave", "close offer", "log defer back", "log state waiting (transferred)", "log position", "offer to one", "queue moved"}, list{"Waiting 3m0s", "Offer 30s", "no Later", "Escalate 1m0s"}},
		"the page goes, and mail reaches them":      {VisitorDue, []when{put, mailed}, list{"tell"}, list{"no Visitor"}},
		"the page goes, and nothing reaches them":   {VisitorDue, []when{put}, list{"log state closed (visitor-left)"}, list{"no Visitor", "no Later"}},
	} {
		c, a := sample(defaults(), Active, x.action, t0)
		for _, set := range x.when {
			set(&c, &a)
		}
		next, effects, err := usual().Apply(c, a, t0)
		var does list
		for _, e := range effects {
			does = append(does, renderEffect(e))
		}
		if timers := changed(c.Due, next.Due); err != nil || !slices.Equal(does, x.does) || !slices.Equal(timers, x.timers) {
			t.Errorf("%s: does %q, want %q; timers %q, want %q; %v", what, does, x.does, timers, x.timers, err)
		}
	}
}

// Only the owner puts off, and takes back only what is put off.
func TestApply_PutOffRefused(t *testing.T) {
	for what, change := range map[string]func(*Conversation, *Action){
		"by somebody else": func(_ *Conversation, a *Action) { a.Operator = "olga@example.org" },
		"back":             func(_ *Conversation, a *Action) { a.Until = time.Time{} },
	} {
		c, a := sample(defaults(), Active, OperatorDefers, t0)
		change(&c, &a)
		if next, effects, err := usual().Apply(c, a, t0); phrase.CodeOf(err) != phrase.CodeConflict || next != c || effects != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}
