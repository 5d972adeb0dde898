package crew

import (
	"context"
	"errors"
	"fmt"

	"porchlight/bridge"
)

// beat says that this node lives.
func (c *Crew) beat(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, c.patience())
	defer cancel()
	c.say(ctx, "say that this node lives", c.store.Beat(limited, c.node))
}

// look takes in which nodes there are. The node that has the link mourns those that have died: those whose heartbeats have ended, and those that
// have pages and are not known at all. The latter were forgotten before their last page was. A node is known before it has pages, so
// nobody who lives is taken for dead.
func (c *Crew) look(ctx context.Context, b Bridge) {
	t := c.tenure.Load()
	var pagers []string
	if t != nil {
		ctx = t.Under(ctx) // what is late is not stored
		err := c.store.View(ctx, func(r bridge.Reader) (err error) {
			pagers, err = r.Pagers()
			return err
		})
		c.say(ctx, "look for dead nodes", err)
	}
	limited, cancel := context.WithTimeout(ctx, c.patience())
	defer cancel()
	list, err := c.store.Nodes(limited) // after the pages were looked for
	if err != nil {
		c.say(ctx, "look for dead nodes", err)
		return
	}
	c.voices.know(list)
	if t != nil {
		c.mourn(ctx, b, list, pagers)
	}
}

// mourn takes in who has died.
func (c *Crew) mourn(ctx context.Context, b Bridge, list []Node, pagers []string) {
	c.compare(list)
	known := map[string]bool{c.node.ID: true}
	for _, n := range list {
		known[n.ID] = true
		if !n.Alive && n.ID != c.node.ID {
			c.log.Warn("a node has died", "node", n.ID, "seen", n.Seen)
			c.lose(ctx, b, n.ID)
		}
	}
	for _, id := range pagers {
		if !known[id] {
			c.lose(ctx, b, id)
		}
	}
}

// lose takes in that a node is gone, and forgets it after that, even if only a part of its pages could be taken in: the others are
// looked for, and a node that lives all the same sees that it was forgotten and stores its pages anew.
func (c *Crew) lose(ctx context.Context, b Bridge, id string) {
	c.say(ctx, "take in that a node is gone", errors.Join(b.Mourn(ctx, id), c.store.Bury(ctx, id)))
}

// compare logs once which nodes have configs that differ in what must be alike.
func (c *Crew) compare(list []Node) {
	for _, n := range list {
		if n.Alive && n.Shared != c.node.Shared && c.odd[n.ID] != n.Shared {
			c.odd[n.ID] = n.Shared
			c.log.Warn("the config of a node differs from this one's in what must be alike", "node", n.ID, "there", fmt.Sprintf("%.8s", n.Shared), "here", fmt.Sprintf("%.8s", c.node.Shared))
		}
	}
}
