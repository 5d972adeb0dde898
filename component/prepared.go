package component

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"porchlight/bridge"
	"porchlight/component/stream"
)

// sameAccount reports whether got may be the form in which a server that uses nodeprep
// (RFC 3920 §A) writes the address want. We compare addresses by PRECIS (RFC 7622), which
// keeps ß and ς apart from ss and σ; nodeprep does not.
func sameAccount(want, got string) bool {
	return want != got && strings.Contains(want, "@") && prepared(want) == got
}

// prepared returns an address in nodeprep's form, as far as that differs from PRECIS: case
// folded (RFC 3454 §B.2) and normalised to NFKC.
func prepared(address string) string {
	local, domain, ok := strings.Cut(address, "@")
	if !ok {
		return address
	}
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(local))) + "@" + domain
}

// names remembers operators' addresses that their servers write in another form than the
// config or the desk. Only a server's answer to a question of ours counts as evidence,
// since nobody else knows the question's id. Any goroutine may use it.
type names struct {
	mu sync.Mutex
	as map[string]bridge.OperatorJID // by the address in the server's form
}

func newNames() *names { return &names{as: make(map[string]bridge.OperatorJID)} }

// of returns the address by which we know the operator behind a stanza's sender. It is
// the sender's own bare address if no other is known.
func (n *names) of(from stream.JID) bridge.OperatorJID {
	bare := from.Bare()
	n.mu.Lock()
	defer n.mu.Unlock()
	if o, ok := n.as[bare]; ok {
		return o
	}
	return bridge.OperatorJID(bare)
}

func (n *names) put(as string, o bridge.OperatorJID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.as[as] = o
}

// namesLimit bounds how long the start of a link waits for the answers.
const namesLimit = 5 * time.Second

// learn asks the servers of those operators whose address nodeprep would write otherwise.
func (n *names) learn(ctx context.Context, b *bridge.Bridge, t *Trial, log *slog.Logger) {
	var list []string
	for _, o := range b.Team.Operators() {
		if address := string(o.JID); prepared(address) != address {
			list = append(list, address)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, namesLimit)
	defer cancel()
	for _, r := range t.Operators(ctx, list) {
		if _, taken := b.Team.Operator(bridge.OperatorJID(r.As)); r.As != "" && !taken && sameAccount(r.Address, r.As) {
			n.put(r.As, bridge.OperatorJID(r.Address))
			log.Info("an operator's server writes their address otherwise", "operator", r.Address, "as", r.As)
		}
	}
}
