package team

import (
	"fmt"
	"slices"

	"porchlight/bridge"
)

// lists are the lines of a table of the board: of chats, and below them of tickets.
type lists[T any] struct {
	Chats, Tickets []T
	Filed          string // the class of the tickets' heading
	Left           []left // what is not listed, by how many lines there is room for
}

// left is how many further conversations there are on a board that has room for some lines.
type left struct {
	Class          string
	Chats, Tickets int
}

// On the team's page a table of the board has listedNamed lines at most. A screen has room for screenLeast, and for up to screenMost if
// it is high or little else is on it; the style sheet and live.js say for how many.
const listedNamed, screenLeast, screenMost = 15, 6, 10

// lineClass is the class of a line, from 1, which a screen shows that has room for so many; "": every screen has.
func lineClass(line int, named bool) string {
	if named || line <= screenLeast {
		return ""
	}
	return fmt.Sprint("row", line)
}

// listsOf makes the lines of some conversations, the first of which is a line of the table, from 1. Chats come first, and tickets get
// the room that they leave.
func listsOf[T any](chats, tickets []bridge.Conversation, named bool, lines func(list []bridge.Conversation, first int) ([]T, error)) (l lists[T], err error) {
	least, most := screenLeast, screenMost
	if named {
		least, most = listedNamed, listedNamed
	}
	n := min(most, len(chats))
	m := min(most-n, len(tickets))
	l.Filed = lineClass(n+1, named)
	for room := least; room <= most; room++ {
		n := min(room, len(chats))
		l.Left = append(l.Left, left{fmt.Sprint("rows", room), len(chats) - n, len(tickets) - min(room-n, len(tickets))})
	}
	if l.Chats, err = lines(chats[:n], 1); err == nil {
		l.Tickets, err = lines(tickets[:m], n+1)
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
