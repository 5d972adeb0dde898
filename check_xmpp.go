package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	xmppstream "mellium.im/xmpp/stream"

	"porchlight/component"
	"porchlight/config"
	"porchlight/db/sqlite"
)

// xmpp says whether the server takes the component, and whether operators and rooms can be
// reached over it. It connects only if no porchlight runs, whose place it would take.
func (c *checker) xmpp(ctx context.Context, s sqlite.State, stateErr error, run *running) {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	switch {
	case run != nil && !run.HoldsLink:
		c.fail("XMPP", "%s says: %s. Its log says why", run, strings.Join(run.Reasons, "; "))
	case run != nil:
		c.ok("XMPP", "%s as %s, linked, says %s", c.cfg.XMPP.Server, c.cfg.XMPP.Domain, run)
		c.askedRunning(run)
	case stateErr != nil || s.InUse:
		c.warn("XMPP", "not tried: while it is not known whether a porchlight runs, trying could take its place at the server")
	default:
		c.link(ctx, s)
	}
}

// askedRunning says what the running porchlight found out about operators and rooms.
func (c *checker) askedRunning(run *running) {
	if run.Details == nil {
		c.warn("operators", "not tried: %s has another xmpp.secret or xmpp.domain; was the config changed since its start?", run)
		return
	}
	c.operators(run.Details.Operators)
	var err error
	if run.Details.Rooms != "" {
		err = errors.New(run.Details.Rooms)
	}
	c.rooms(err)
}

// link connects as the component, tries to reach operators and rooms, and disconnects.
func (c *checker) link(ctx context.Context, s sqlite.State) {
	opts, err := bridgeOptions(c.cfg)
	if err != nil {
		c.fail("XMPP", "%v", err)
		return
	}
	t, err := component.DialTrial(ctx, component.Options{Addr: c.cfg.XMPP.Server, Domain: opts.Domain, Secret: c.cfg.XMPP.Secret.Reveal()})
	if err != nil {
		c.fail("XMPP", "%s: %v. %s", c.cfg.XMPP.Server, err, linkRemedy(c.cfg, err))
		return
	}
	defer t.Close(ctx)
	c.ok("XMPP", "%s accepts %s", c.cfg.XMPP.Server, c.cfg.XMPP.Domain)
	list := s.Operators
	for _, o := range opts.SuperOperators {
		if !slices.Contains(list, string(o)) {
			list = append(list, string(o))
		}
	}
	c.operators(t.Operators(ctx, list))
	if rooms := c.cfg.XMPP.Rooms; rooms != "" {
		err = t.Rooms(ctx, rooms)
	}
	c.rooms(err)
}

// linkRemedy says what to do about an error of the link.
func linkRemedy(cfg config.Config, err error) string {
	var refused xmppstream.Error
	var dns *net.DNSError
	switch {
	case errors.As(err, &refused):
		return streamRemedy(cfg, refused.Err)
	case errors.As(err, &dns):
		return "Is the host in xmpp.server spelled right?"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Nothing listens there: is the XMPP server running, and is that its port for components (Prosody: component_ports, 5347 unless set; ejabberd: the port of its ejabberd_service)?"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "There is no way to that host: is xmpp.server right, and the network up?"
	case errors.Is(err, context.DeadlineExceeded):
		return "Nothing came back in time: is xmpp.server right, does a firewall stand between, and is it the port for components? (One for TLS waits for the other side to begin.)"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return notComponents
	}
	return "Is xmpp.server an XMPP server's port for components? " + notComponents
}

const notComponents = "What listens there does not speak as a port for components does: it is neither that for clients (5222) nor for servers (5269) nor one with TLS, but 5347 unless set otherwise."

// streamRemedy says what to do about a condition with which a server refuses a
// component (RFC 6120 §4.9.3).
func streamRemedy(cfg config.Config, condition string) string {
	switch condition {
	case "not-authorized":
		return fmt.Sprintf("The server refuses the secret: xmpp.secret has to be what it has for %s (Prosody: component_secret; ejabberd: password, and the domain under hosts)", cfg.XMPP.Domain)
	case "host-unknown":
		return fmt.Sprintf("The server has no component of that name: xmpp.domain (%s) has to be the name in its config (Prosody: Component \"…\"; ejabberd: under hosts), and it reads that at its start or reload. Or xmpp.server is its port for clients: that for components is 5347 unless set otherwise", cfg.XMPP.Domain)
	case "conflict":
		return "Another component has that domain there: does a porchlight run on another machine? If it is a dead connection, Prosody's component_conflict_resolve = \"kick_old\" replaces it"
	}
	return notComponents
}

// operators says which operators' addresses can be reached.
func (c *checker) operators(all []component.Reached) {
	for _, r := range all {
		switch {
		case r.Problem != "":
			c.fail("operators", "%s can't be reached: %s. %s", r.Address, r.Problem, operatorRemedy(c.cfg, r))
		case r.As != "":
			c.warn("operators", "%s is %s on its server: write it so, as other servers and clients may not find the former", r.Address, r.As)
		default:
			c.ok("operators", "%s can be reached", r.Address)
		}
	}
}

// operatorRemedy says what to do about an operator who can't be reached.
func operatorRemedy(cfg config.Config, r component.Reached) string {
	_, domain, _ := strings.Cut(r.Address, "@")
	condition, _, _ := strings.Cut(r.Problem, " ")
	switch strings.TrimSuffix(condition, ":") {
	case "remote-server-not-found":
		return fmt.Sprintf("Is %s spelled right? If so, its server can't be found or refuses yours: %s needs a DNS record that leads to your server and a certificate (docs/install.md, operators on other servers)", domain, cfg.XMPP.Domain)
	case "remote-server-timeout", "no":
		return fmt.Sprintf("The server of %s does not answer: it is down, or can't connect back to %s, which needs a DNS record and a certificate (docs/install.md, operators on other servers)", domain, cfg.XMPP.Domain)
	case "not-allowed":
		return "Your XMPP server does not talk to other servers: switch that on (s2s), or use an account on it"
	case "service-unavailable", "subscription-required", "item-not-found", "forbidden", "not-authorized":
		return "Is the name before the @ spelled right, and was the account made?"
	}
	return "The condition is named in RFC 6120, section 8.3.3"
}

// rooms says whether there can be a room for the operators.
func (c *checker) rooms(err error) {
	switch service := c.cfg.XMPP.Rooms; {
	case service == "":
		c.ok("rooms", "off")
	case err != nil:
		c.fail("rooms", "xmpp.rooms: %s: %v. It has to be your server's service for rooms, such as conference.example.org (Prosody: Component \"…\" \"muc\"; ejabberd: host of mod_muc); leave it empty for no room", service, err)
	default:
		c.ok("rooms", "%s", service)
	}
}
