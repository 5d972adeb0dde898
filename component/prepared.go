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

// sameAccount reports whether a server that prepares addresses by nodeprep (RFC
// 3920 §A) may mean with got the account that was asked for as want. PRECIS (RFC
// 7622), by which we compare, keeps ß, ς and the like apart from ss and σ.
func sameAccount(want, got string) bool {
	return want != got && strings.Contains(want, "@") && prepared(want) == got
}

// prepared is an address as nodeprep has it, as far as that is not PRECIS: folded
// (RFC 3454 §B.2) and in the form NFKC.
func prepared(address string) string {
	local, domain, ok := strings.Cut(address, "@")
	if !ok {
		return address
	}
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(local))) + "@" + domain
}

// names are the operators' addresses as their servers write them, where that is
// not as the config or the desk has them. A server tells it by answering a question of
// ours: nobody else knows the question's id. Any goroutine may use it.
type names struct {
	mu sync.Mutex
	as map[string]bridge.OperatorJID // by the address as written
}

func newNames() *names { return &names{as: make(map[string]bridge.OperatorJID)} }

// of is the operator's address behind one that a stanza came from.
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

// namesLimit bounds how long the operators whose names are plain wait for others'.
const namesLimit = 5 * time.Second

// learn asks the servers of operators whose address may be written otherwise.
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
