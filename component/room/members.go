package room

import (
	"context"
	"errors"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// Affiliations to a room (XEP-0045 §5.2).
const (
	affiliationOwner  = "owner"
	affiliationAdmin  = "admin"
	affiliationMember = "member"
	affiliationNone   = "none"
)

// setup returns the settings that the room must have (XEP-0045 §16.5.3). The room is
// for members only, members can't invite others, and nobody else finds it. Members
// don't see each other's addresses: where they do, clients encrypt, and the desk
// can't. The room is not moderated: ejabberd lets everybody into a moderated room who
// once had a voice there, even if they are no member any more.
func (r *Room) setup() map[string]string {
	return map[string]string{
		option("roomname"):       r.voice().Say("Operators of %s", r.opts.Domain),
		option("persistentroom"): "1",
		option("membersonly"):    "1",
		option("allowinvites"):   "0",
		option("moderatedroom"):  "0",
		option("publicroom"):     "0",
		option("whois"):          "moderators",
	}
}

// option returns the name that a setting has in the room's form.
func option(field string) string { return "muc#roomconfig_" + field }

var errOpenRoom = errors.New("the service has no rooms for members only")

// configure asks for the room's form and sends back the settings that must change
// (XEP-0045 §10.2). A new room stays locked until the form is sent back (§10.1.1).
func (r *Room) configure(ctx context.Context, created bool) error {
	answer, err := r.link.Ask(ctx, "get", r.me(), r.jid, stream.New(stanza.NSMUCOwner, "query"))
	if err != nil {
		return &ownership{err}
	}
	form := answer.Child(stanza.NSMUCOwner, "query").Child(stanza.NSData, "x")
	has := stanza.Submitted(form)
	if _, ok := has[option("membersonly")]; !ok {
		return errOpenRoom
	}
	want := r.setup()
	back := stream.New(stanza.NSData, "x", stanza.Field("FORM_TYPE", stanza.NSRoomSetup).With("type", "hidden")).With("type", "submit")
	for _, f := range form.Children {
		name := f.Get("var")
		if value, ok := want[name]; ok && !same(strings.Join(has[name], "\n"), value) {
			back.Children = append(back.Children, stanza.Field(name, value))
		}
	}
	if !created && len(back.Children) == 1 {
		return nil
	}
	if _, err = r.link.Ask(ctx, "set", r.me(), r.jid, stream.New(stanza.NSMUCOwner, "query", back)); err != nil {
		return &ownership{err}
	}
	return nil
}

// same compares values of a form, in which yes and no have two names each
// (XEP-0004 §3.3).
func same(a, b string) bool {
	names := map[string]string{"true": "1", "false": "0"}
	if n, ok := names[a]; ok {
		a = n
	}
	return a == b
}

// reconcile makes the members equal to the operators, if the operators have changed
// since the last time (XEP-0045 §9.5). It asks for the list and sends the difference.
// Owners and admins keep their affiliation.
func (r *Room) reconcile(ctx context.Context) error {
	wanted := r.wanted()
	names := make([]bridge.OperatorJID, len(wanted))
	for i, o := range wanted {
		names[i] = o.JID
	}
	if r.members != nil && slices.Equal(names, r.members) {
		return nil
	}
	members, err := r.list(ctx, affiliationMember)
	if err != nil {
		return err
	}
	for _, m := range members {
		if !slices.Contains(names, m) {
			if err := r.affiliate(ctx, m, affiliationNone); err != nil && !r.tolerable(m, err) {
				return err
			}
		}
	}
	higher, err := r.higher(ctx)
	if err != nil {
		return err
	}
	members = append(members, higher...)
	for _, o := range wanted {
		if !slices.Contains(members, o.JID) {
			if err := r.admit(ctx, o); err != nil && !r.tolerable(o.JID, err) {
				return err
			}
		}
	}
	r.members = names
	return nil
}

// higher returns the owners and admins. One who is no operator is an error, a
// *squatter, since they could read what the desk says.
func (r *Room) higher(ctx context.Context) (list []bridge.OperatorJID, err error) {
	for _, affiliation := range []string{affiliationAdmin, affiliationOwner} {
		some, err := r.list(ctx, affiliation)
		if err != nil {
			return nil, err
		}
		for _, j := range some {
			if _, known := r.bridge.Team.Operator(j); !known && string(j) != r.opts.Desk {
				return nil, &squatter{j}
			}
		}
		list = append(list, some...)
	}
	return list, nil
}

// inspect makes sure that the room is the desk's own, and configures it.
func (r *Room) inspect(ctx context.Context, created bool) error {
	ours, err := r.made(ctx, created)
	if err != nil {
		return err
	}
	if !ours {
		return errForeign
	}
	if _, err = r.higher(ctx); err != nil {
		return err
	}
	return r.configure(ctx, created)
}

// made reports whether the desk has made the room, now or earlier. Somebody who made
// it before the desk could may be in it, or have left somebody else there.
func (r *Room) made(ctx context.Context, created bool) (bool, error) {
	kept, key := r.bridge.Kept, "room made "+r.jid
	if created {
		return true, kept.Set(ctx, key, "yes")
	}
	value, err := kept.Get(ctx, key)
	if value != "" || err != nil {
		return value != "", err
	}
	before, err := kept.Get(ctx, "room before") // the key that older databases have
	if before == "" || err != nil {
		return false, err
	}
	return true, errors.Join(kept.Set(ctx, key, "yes"), kept.Set(ctx, "room before", ""))
}

// tolerable reports whether an error is the server's refusal of one affiliation, and
// logs the refusal: it must not hold up the other affiliations. Any other error would
// hit those as well.
func (r *Room) tolerable(o bridge.OperatorJID, err error) bool {
	if stanza.Refused(err) == "" {
		return false
	}
	r.log.Warn("the room refuses a change of its members", "room", r.jid, "operator", o, "err", err)
	return true
}

// list returns everybody who has an affiliation to the room.
func (r *Room) list(ctx context.Context, affiliation string) ([]bridge.OperatorJID, error) {
	item := stream.New("", "item").With("affiliation", affiliation)
	answer, err := r.link.Ask(ctx, "get", r.me(), r.jid, stream.New(stanza.NSMUCAdmin, "query", item))
	if err != nil {
		return nil, &ownership{err}
	}
	var list []bridge.OperatorJID
	if q := answer.Child(stanza.NSMUCAdmin, "query"); q != nil {
		for _, item := range q.Children {
			if j, err := stream.ParseJID(item.Get("jid")); err == nil {
				list = append(list, bridge.OperatorJID(j.Bare()))
			}
		}
	}
	return list, nil
}

// affiliate changes one affiliation. Each is sent alone, so that a refused one takes
// no others with it.
func (r *Room) affiliate(ctx context.Context, o bridge.OperatorJID, affiliation string) error {
	item := stream.New("", "item").With("affiliation", affiliation, "jid", string(o))
	_, err := r.link.Ask(ctx, "set", r.me(), r.jid, stream.New(stanza.NSMUCAdmin, "query", item))
	return err
}

// admit makes an operator a member and invites them (XEP-0249 §2). An admin of the
// whole Prosody is an owner of all its rooms: Prosody refuses to make them a mere
// member, and lists them as an owner only after somebody has made them one.
func (r *Room) admit(ctx context.Context, o bridge.Operator) error {
	err := r.affiliate(ctx, o.JID, affiliationMember)
	if stanza.Refused(err) == "not-acceptable" {
		err = r.affiliate(ctx, o.JID, affiliationOwner)
	}
	if err != nil {
		return err
	}
	why := voice.For(r.bridge, o).Say("This is the room of the operators of %s. You are a member; \"status room off\" at the desk changes that.", r.opts.Domain)
	invitation := stream.New(stanza.NSInvite, "x").With("jid", r.jid, "reason", why)
	r.link.Send(stream.New("", "message", invitation).With("from", r.opts.Desk, "to", string(o.JID), "id", stanza.NewID()))
	return nil
}
