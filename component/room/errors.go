package room

import (
	"errors"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
)

// entry says why the desk did not get into the room, ownership why the desk can't do
// what an owner of the room can.
type (
	entry     struct{ error }
	ownership struct{ error }
)

// squatter owns or administers the room, and is no operator.
type squatter struct{ jid bridge.OperatorJID }

// Error names the squatter.
func (s *squatter) Error() string {
	return string(s.jid) + " is no operator and owns or administers the room"
}

// errForeign says that somebody else made the room before the desk could.
var errForeign = errors.New("somebody else has made the room")

// Unwrap returns the reason.
func (e *entry) Unwrap() error { return e.error }

// Unwrap returns the reason.
func (e *ownership) Unwrap() error { return e.error }

// remedy tells the super operators what to do about an error; it is false for an
// error that may pass by itself.
func (r *Room) remedy(err error) (phrase.Phrase, bool) {
	_, service, _ := strings.Cut(r.jid, "@")
	var in *entry
	var own *ownership
	var other *squatter
	switch condition := stanza.Refused(err); {
	case errors.Is(err, errOpenRoom):
		return phrase.Say("There is no operators' room: %s has no rooms for members only. Name another service in xmpp.rooms, or leave it empty.", service), true
	case errors.As(err, &other):
		return phrase.Say("The operators' room %s is not used: %s owns or administers it and is no operator. Take that from them, or remove the room, and the desk makes its own.", r.jid, string(other.jid)), true
	case errors.Is(err, errForeign):
		return r.foreign(), true
	case errors.As(err, &in) && condition == "conflict":
		return phrase.Say("The desk can't enter the operators' room %s: somebody there is called desk. They have to choose another name.", r.jid), true
	case errors.As(err, &in) && condition == "registration-required":
		return r.foreign(), true
	case errors.As(err, &in):
		return phrase.Say("There is no operators' room: %s refuses it (%s). xmpp.rooms has to name your server's service for rooms, and that has to let %s make one (Prosody: restrict_room_creation; ejabberd: access_create of mod_muc). Without xmpp.rooms there is none.",
			service, in.Error(), r.opts.Desk), true
	case errors.As(err, &own) && condition != "":
		return r.foreign(), true
	}
	return phrase.Phrase{}, false
}

// foreign says that the room belongs to somebody else.
func (r *Room) foreign() phrase.Phrase {
	return phrase.Say("The operators' room %s is not used: it belongs to somebody else, who made it before the desk could and may read along. Remove it (ejabberd: ejabberdctl destroy_room), and the desk makes its own.", r.jid)
}
