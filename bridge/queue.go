package bridge

// position is the place in the queue, 0 unless the conversation waits as a chat.
func position(r Reader, c Conversation) (int, error) {
	if c.State != Waiting || c.Kind != Chat {
		return 0, nil
	}
	ahead, err := r.WaitingChats(c.Department, c.Number)
	return ahead + 1, err
}

// queueTold is how many of the conversations behind are told their new place at once.
const queueTold = 50

// moveQueue tells the visitors who wait behind the conversation their new place in the queue.
func (u *commit) moveQueue(c Conversation) error {
	behind, err := u.tx.OpenConversations(Waiting, c.Number, queueTold)
	if err != nil || len(behind) == 0 {
		return err
	}
	place, err := u.tx.WaitingChats(c.Department, behind[0].Number)
	if err != nil {
		return err
	}
	for _, other := range behind {
		if other.Department != c.Department || other.Kind != Chat {
			continue
		}
		place++
		was := other.Seq
		other.Seq++
		e := Event{Conversation: other.Number, Seq: other.Seq, Type: EventPosition, From: FromSystem, At: u.b.clock.Now(), Data: Place{int64(place)}}
		if err := u.tx.SaveConversation(other, was); err != nil {
			return err
		}
		if err := u.tx.Append(e); err != nil {
			return err
		}
		u.changes = append(u.changes, Change{Conversation: other, Events: []Event{e}})
	}
	return nil
}
