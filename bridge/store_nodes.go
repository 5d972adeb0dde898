package bridge

import "time"

// Presence is how an operator can be reached, as the node with the XMPP link last knew it.
type Presence struct {
	Operator OperatorJID
	Show     Show      // the most available of those that the operator's clients show
	Since    time.Time // since when the operator shows that; zero: not known
	Fault    Fault     // why nothing reaches the operator; zero: nothing came back
}

// NodeReader reads what the nodes of a store tell each other. A node is a process that serves visitors, and is known by an id that is
// new with each start.
type NodeReader interface {
	Presences() ([]Presence, error) // by operator
	// PageElsewhere reports whether a node other than the given one has a page of a conversation connected.
	PageElsewhere(number int64, node string) (bool, error)
	// PagesOf lists the numbers of the conversations of which a node has pages, lowest first.
	PagesOf(node string, limit int) ([]int64, error)
	Pagers() ([]string, error) // the ids of the nodes that have pages, in the order of their bytes
	// Seqs returns where the logs of conversations end; it leaves out what there is not.
	Seqs(numbers []int64) (map[int64]int64, error)
}

// NodeWriter writes what NodeReader reads.
type NodeWriter interface {
	// SavePresence stores the presence of an operator, in the place of what was stored before.
	SavePresence(p Presence) error
	// DeletePresence deletes one; it may be gone already.
	DeletePresence(o OperatorJID) error
	// SavePage stores that a node has pages of a conversation, and DeletePage that it has none. Both may be said again.
	SavePage(number int64, node string) error
	DeletePage(number int64, node string) error
	// KeepSetting stores a value unless there is one under that key, and returns the one that is stored. Of several nodes that
	// do so at once all return the same.
	KeepSetting(key, value string) (string, error)
}
