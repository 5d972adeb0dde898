package report

import "porchlight/bridge"

// This file has what is reckoned of a conversation that an operator calls junk: nothing that was counted of it
// counts any more, but the time that operators gave it was given. If it turns out to be a request after all, it counts
// again.

// begun is the account of a conversation of whose log nothing was read. Logs of an earlier porchlight don't say what it
// holds.
func begun(c bridge.Conversation) Account {
	return Account{Department: c.Department, Mail: c.Email != ""}
}

// turned is the state into which a conversation goes with an event, zero if it stays in its state.
func turned(e bridge.Event) bridge.Turn {
	t, _ := e.Data.(bridge.Turn)
	return t
}

// junked adds n times what was reckoned from the log of a conversation before an event: -1 takes it back.
func junked(x Reader, r Reckoner, before bridge.Event, n int64, found *Found) error {
	c, err := x.Conversation(before.Conversation)
	if err != nil {
		return err
	}
	a, was := begun(c), new(Found)
	for after := int64(0); after < before.Seq-1; {
		events, err := x.Events(before.Conversation, after, atOnce)
		if err != nil {
			return err
		}
		for _, e := range events {
			if after = e.Seq; after < before.Seq {
				r.Read(&a, e, was)
			}
		}
		if len(events) == 0 {
			break
		}
	}
	for _, f := range was.Facts {
		if f.Measure == Support {
			continue
		}
		f.N, f.Total = n*f.N, n*f.Total
		found.Facts = append(found.Facts, f)
	}
	return nil
}
