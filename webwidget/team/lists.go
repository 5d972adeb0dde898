package team

import (
	"slices"

	"porchlight/bridge"
)

// lists are the lines of a table of the board: of chats, and below them of tickets.
type lists[T any] struct {
	Chats, Tickets         []T
	MoreChats, MoreTickets int // how many further ones there are
}

// listed is how many lines a table of the board has: on a screen no more than it has room for.
func listed(named bool) int {
	if named {
		return 15
	}
	return 6
}

// listsOf makes the lines of some conversations. Chats come first, and tickets get the room that they leave.
func listsOf[T any](chats, tickets []bridge.Conversation, named bool, lines func([]bridge.Conversation) ([]T, error)) (l lists[T], err error) {
	room := listed(named)
	n := min(room, len(chats))
	m := min(room-n, len(tickets))
	l.MoreChats, l.MoreTickets = len(chats)-n, len(tickets)-m
	if l.Chats, err = lines(chats[:n]); err == nil {
		l.Tickets, err = lines(tickets[:m])
	}
	return l, err
}

// byKind divides conversations, which stay in their order.
func byKind(list []bridge.Conversation) (chats, tickets []bridge.Conversation) {
	for _, c := range list {
		if c.Kind == bridge.Chat {
			chats = append(chats, c)
		} else {
			tickets = append(tickets, c)
		}
	}
	return chats, tickets
}

// in lists the conversations in a state.
func in(state bridge.State, list []bridge.Conversation) []bridge.Conversation {
	return slices.DeleteFunc(slices.Clone(list), func(c bridge.Conversation) bool { return c.State != state })
}
