package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/crew"
	"porchlight/config"
)

// nodeOf is this process as one of several on the database of the config; it has no id if it is alone.
func nodeOf(cfg config.Config) crew.Node {
	if cfg.Store.URL.Reveal() == "" {
		return crew.Node{}
	}
	name := nodeName(cfg)
	return crew.Node{ID: name + idMark + strings.ToLower(rand.Text()[:10]), Name: name, Version: version, Shared: sharedBy(cfg), URL: cfg.Web.Listen}
}

// idMark stands in a node's id between its name and what is new with each start.
const idMark = "/"

// linkHolder is the name of the node that has the XMPP link, or is about to have it; "": none, or this node does not know.
func (p *program) linkHolder() string {
	id, _ := p.crew.Holder()
	name, _, _ := strings.Cut(id, idMark)
	return name
}

// nodeName is the name of this node for people.
func nodeName(cfg config.Config) string {
	host, _ := os.Hostname()
	return cmp.Or(cfg.Cluster.Node, host, "1")
}

// sharedBy is a hash of what must be alike in the configs of all nodes of a site: all but where this node listens, and who it is.
func sharedBy(cfg config.Config) string {
	cfg.Web.Listen, cfg.Web.MetricsListen, cfg.Web.TrustedProxies = "", "", nil
	cfg.Store, cfg.Cluster.Node, cfg.XMPP.Server = config.Store{}, "", ""
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v %s %s", cfg, cfg.XMPP.Secret.Reveal(), cfg.Identity.Secret.Reveal()))
	return hex.EncodeToString(sum[:8])
}

// joinCrew makes this porchlight one of several on its database, if it is one that several can have open.
func (p *program) joinCrew(cfg config.Config, node crew.Node, opts *bridge.Options) {
	shared, several := p.store.(crew.Store)
	if !several {
		return
	}
	p.crew = crew.New(shared, crew.Options{Node: node, TTL: cfg.Cluster.Lease, Log: p.log})
	opts.Node, opts.Tell = node.ID, p.crew.Tell
}

// lead runs what one node of a site does alone, whenever this node is that one, until ctx ends.
func (p *program) lead(ctx context.Context) error {
	if p.crew == nil {
		return p.hold(ctx)
	}
	var gaveUp time.Time // when this node last let another one have the link
	p.crew.Run(ctx, p.bridge.Nodes, func(ctx context.Context) {
		ctx, giveUp := context.WithCancel(ctx)
		defer giveUp()
		watch := func(ctx context.Context) error {
			p.awaitNoLink(ctx, gaveUp)
			if ctx.Err() == nil {
				p.log.Warn("no XMPP link, so another node may try")
				gaveUp = time.Now()
				giveUp()
			}
			return nil
		}
		if err := <-together(ctx, watch, p.hold); err != nil {
			p.log.Error("hold the link", "err", err)
		}
	})
	return nil
}

// hold has the XMPP link, and does all that depends on it or that one node alone may do, until ctx ends.
func (p *program) hold(ctx context.Context) error {
	return <-together(ctx, p.component.Run, p.bridge.Notices.Run, p.report.Run, p.archive.Run, p.hooks.Run, p.carryMail)
}

// together runs parts side by side. The channel gets their errors when all have ended.
func together(ctx context.Context, parts ...func(context.Context) error) <-chan error {
	all, done := make(chan error, 1), make(chan error, len(parts))
	for _, part := range parts {
		go func() { done <- part(ctx) }()
	}
	go func() {
		var errs []error
		for range parts {
			errs = append(errs, <-done)
		}
		all <- errors.Join(errs...)
	}()
	return all
}

const (
	linkPatienceOfHolder = 15 * time.Second // without a link, the holder lets another node try
	triesAlone           = 10 * time.Minute // and then keeps the lease for so long
	missesLink           = 30 * time.Second // after which no node of several is ready
)

// awaitNoLink waits until this node has had no XMPP link for so long that another one should try, or ctx ends. If nobody can reach the XMPP
// server, the lease does not go round all the time, since each taking gives owners time anew.
func (p *program) awaitNoLink(ctx context.Context, gaveUp time.Time) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	since := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		switch {
		case p.bridge.Link.IsUp():
			since = time.Now()
		case time.Since(since) >= linkPatienceOfHolder && time.Since(gaveUp) >= triesAlone:
			return
		}
	}
}

// leaveTime is how long one of several nodes goes on after it was told to stop: a balancer that asks /readyz each second sends nobody here by then.
const leaveTime = 1500 * time.Millisecond

// leave has balancers send nobody to this node any more, if there may be others.
func (p *program) leave() {
	if p.crew == nil {
		return
	}
	p.leaving.Store(true)
	time.Sleep(leaveTime)
}

// hasLink reports whether this node has the XMPP link itself.
func (p *program) hasLink() bool { return p.bridge.Nodes.Holding() && p.bridge.Link.IsUp() }

// linkMissing reports whether the program is not ready since there is no XMPP link. Of several nodes none needs it itself, and a take-over
// takes no visitor away from them.
func (p *program) linkMissing() bool {
	if p.crew != nil {
		return p.bridge.Link.DownFor() >= missesLink
	}
	return !p.bridge.Link.IsUp()
}
