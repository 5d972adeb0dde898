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

// ParseJID reads an address as it stands in a stanza. It is lenient about the
// resource, whose bytes it does not look at: servers let users bind resources
// that mellium's PRECIS refuses, and such a user must get an answer like anybody
// else. Local part and domain are normalised by mellium and refused if it
// refuses them, so that bare addresses can be compared byte by byte.
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
	resource = strings.Clone(resource) // or an address kept would keep its stanza
	if isNormal(local) && isNormal(domain) && domain != "" {
		return JID{strings.Clone(local), strings.Clone(domain), resource}, nil
	}
	j, err := jid.New(local, domain, "")
	if err != nil {
		return JID{}, fmt.Errorf("parse address: %w", err)
	}
	return JID{j.Localpart(), j.Domainpart(), resource}, nil
}

// isNormal reports whether normalising s, as local part or as domain, certainly
// leaves it as it is. That is so for all that servers usually send, and costs
// a hundredth of what finding it out by PRECIS and IDNA does.
func isNormal(s string) bool {
	if len(s) > 63 {
		return false
	}
	edge := true // at the start of a domain label
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			edge = false
		case c == '-' || c == '.':
			if edge || i == len(s)-1 || s[i+1] == '-' || s[i+1] == '.' {
				return false // among these are xn-- and the final dot
			}
			edge = c == '.'
		default:
			return false
		}
	}
	return true
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
