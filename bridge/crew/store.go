package crew

import (
	"context"
	"time"

	"porchlight/bridge"
)

// Node is a porchlight on a store that several have open.
type Node struct {
	ID      string // new with each start
	Name    string // as the config says
	Version string
	Shared  string // a hash of what must be alike in the configs of all nodes
	URL     string // where it answers HTTP
	Schema  int64  // the last step of the store's schema that it knows; Beat does not look at it
	Started time.Time
	Seen    time.Time // as the other times, by the store's clock
	Alive   bool      // it was seen lately, by the same clock
}

// Lease says who has the XMPP link, and for how long.
type Lease struct {
	Holder string // the id of a node
	Epoch  int64
	Left   time.Duration // by the store's clock; 0 or less: nobody has it
}

// Tenure is the tenure that a lease gives to its holder.
func (l Lease) Tenure() bridge.Tenure { return bridge.Tenure{Holder: l.Holder, Epoch: l.Epoch} }

// Store is where the nodes of a crew meet. Any goroutine may call its methods.
type Store interface {
	// View is that of bridge.Store.
	View(ctx context.Context, f func(bridge.Reader) error) error
	// Beat says that a node lives, with what there is to say about it.
	Beat(ctx context.Context, n Node) error
	// Nodes lists the nodes, those that have died included, by name and then by id.
	Nodes(ctx context.Context) ([]Node, error)
	// Bury forgets a node.
	Bury(ctx context.Context, id string) error
	// Take renews the lease of a holder, or takes it if nobody has it and no living node knows a newer schema than this program. It
	// returns the lease as it is then, whoever has it. It frees the store of a holder that has stopped in the middle of something.
	Take(ctx context.Context, holder string, ttl time.Duration) (Lease, error)
	// Release gives the lease of a tenure back, if it still lasts.
	Release(ctx context.Context, t bridge.Tenure) error
	// Notify sends a text of at most MostPayload bytes to all who listen, this node included. It may get lost.
	Notify(ctx context.Context, payload string) error
	// Doubts counts the updates of which it was not known at once whether they are stored: there may be no hint of what they stored.
	Doubts() int64
	// Listen calls heard with each text that is sent, one after the other, and with "" as soon as it listens. It returns when ctx
	// ends or the connection breaks; what is sent until it is called again is lost.
	Listen(ctx context.Context, heard func(payload string)) error
}

// MostPayload is how many bytes a text of Notify may have (https://www.postgresql.org/docs/current/sql-notify.html).
const MostPayload = 7999
