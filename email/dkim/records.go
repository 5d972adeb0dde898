package dkim

import (
	"fmt"
	"net"
	"strings"
)

// Record is a TXT record that the DNS of a domain should have.
type Record struct {
	Name  string // the whole name, without the dot at its end
	Value string // empty: somebody else knows it, as Note says
	Note  string // what it is for, and what may have to be changed, in English
}

// mostString is how long a string of a TXT record may be (RFC 1035 §3.3).
const mostString = 255

// String writes the record as a zone file has it, in several strings if it is long.
func (r Record) String() string {
	var parts []string
	for rest := r.Value; ; rest = rest[mostString:] {
		if len(rest) <= mostString {
			parts = append(parts, `"`+rest+`"`)
			break
		}
		parts = append(parts, `"`+rest[:mostString]+`"`)
	}
	return fmt.Sprintf("%s. IN TXT %s", r.Name, strings.Join(parts, " "))
}

// includes are the SPF records of large providers, by the domain of their relays, as their documentation
// gives them.
var includes = map[string]string{
	"mailbox.org": "mailbox.org", "fastmail.com": "spf.messagingengine.com", "messagingengine.com": "spf.messagingengine.com",
	"gmail.com": "_spf.google.com", "office365.com": "spf.protection.outlook.com", "outlook.com": "spf.protection.outlook.com",
}

// Records are the records that the domain of an address needs if the relay at host:port sends its mail. key is nil
// if the relay signs.
func Records(from, relay string, key *Key) ([]Record, error) {
	domain, err := domainOf(from)
	if err != nil {
		return nil, err
	}
	list := []Record{{
		Name: domain, Value: "v=spf1 " + senders(relay) + " ~all",
		Note: "SPF: who may send mail of this domain. There must be one such record: if there is one already, add to it what is missing. If the relay sends from other addresses than the one you hand mail to, its documentation names the include: to write instead.",
	}}
	if key != nil {
		value, err := key.record()
		if err != nil {
			return nil, err
		}
		list = append(list, Record{Name: key.selector + "._domainkey." + key.domain, Value: value, Note: "DKIM: the key by which others check our signatures."})
	} else {
		list = append(list, Record{Name: "…._domainkey." + domain, Note: "DKIM: the relay signs, so it knows this record; its documentation or settings show it."})
	}
	return append(list, Record{
		Name: "_dmarc." + domain, Value: "v=DMARC1; p=none; rua=mailto:postmaster@" + domain,
		Note: "DMARC: what others do with mail that is neither. Begin with p=none, read the reports, then take p=quarantine.",
	}), nil
}

// senders are the mechanisms of an SPF record that name who sends for a relay.
func senders(relay string) string {
	host, _, err := net.SplitHostPort(relay)
	if err != nil {
		host = relay
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for suffix, include := range includes {
		if host == suffix || strings.HasSuffix(host, "."+suffix) {
			return "include:" + include
		}
	}
	ip := net.ParseIP(host)
	switch {
	case ip != nil && ip.IsLoopback(), host == "localhost", host == "":
		return "a mx" // the relay is on this machine
	case ip != nil && ip.To4() != nil:
		return "ip4:" + ip.String()
	case ip != nil:
		return "ip6:" + ip.String()
	}
	return "a:" + host
}
