package crew

import (
	"context"
	"fmt"

	"porchlight/bridge"
)

// beat says that this node lives.
func (c *Crew) beat(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, c.patience())
	defer cancel()
	c.say(ctx, "say that this node lives", c.store.Beat(limited, c.node))
}

// mourn looks, on the node that has the link, which nodes have died: those whose heartbeats have ended, and those that have pages and are
// not known at all. The latter were forgotten before their last page was. A node is known before it has pages, so nobody who lives
// is taken for dead.
func (c *Crew) mourn(ctx context.Context, b Bridge) {
	t := c.tenure.Load()
	if t == nil {
		return
	}
	ctx = t.Under(ctx) // what is late is not stored
	var pagers []string
	err := c.store.View(ctx, func(r bridge.Reader) (err error) {
		pagers, err = r.Pagers()
		return err
	})
	if err != nil {
		c.say(ctx, "look for dead nodes", err)
		return
	}
	list, err := c.store.Nodes(ctx) // after the pages were looked for
	if err != nil {
		c.say(ctx, "look for dead nodes", err)
		return
	}
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

// lose takes in that a node is gone, and forgets it after that.
func (c *Crew) lose(ctx context.Context, b Bridge, id string) {
	err := b.Mourn(ctx, id)
	if err == nil {
		err = c.store.Bury(ctx, id)
	}
	c.say(ctx, "take in that a node is gone", err)
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
