package hosts_test

import (
	"fmt"
	"net"
	"strings"
	"sync"

	"golang.org/x/net/dns/dnsmessage"
)

// names is the DNS server of all hosts. For each domain that was added it tells the address and the
// XMPP server (RFC 6120 §3.2.1). Every other name does not exist.
type names struct {
	conn net.PacketConn
	done chan struct{}
	mu   sync.Mutex
	at   map[string]string // domain → IP
}

func serveNames(addr string) (*names, error) {
	conn, err := net.ListenPacket("udp", addr)
	if err != nil {
		return nil, fmt.Errorf("serve DNS: %w", err)
	}
	n := &names{conn: conn, done: make(chan struct{}), at: map[string]string{}}
	go n.run()
	return n, nil
}

// add says that the domain is served by the host with that IP.
func (n *names) add(ip string, domains ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, d := range domains {
		n.at[d] = ip
	}
}

func (n *names) close() {
	n.conn.Close()
	<-n.done
}

func (n *names) run() {
	defer close(n.done)
	for buf := make([]byte, 4096); ; {
		size, from, err := n.conn.ReadFrom(buf)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buf[:size]) != nil || m.Response || len(m.Questions) != 1 {
			continue
		}
		if out, err := n.answer(m).Pack(); err == nil {
			n.conn.WriteTo(out, from)
		}
	}
}

// service is the beginning of the names of SRV records for servers.
const service = "_xmpp-server._tcp."

func (n *names) answer(m dnsmessage.Message) *dnsmessage.Message {
	q := m.Questions[0]
	a := &dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, Authoritative: true, RecursionDesired: m.RecursionDesired, RecursionAvailable: true},
		Questions: m.Questions}
	asked := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	domain, srv := strings.CutPrefix(asked, service)
	n.mu.Lock()
	addr, known := n.at[domain]
	n.mu.Unlock()
	var body dnsmessage.ResourceBody
	switch {
	case !known:
		a.RCode = dnsmessage.RCodeNameError
	case srv && q.Type == dnsmessage.TypeSRV:
		body = &dnsmessage.SRVResource{Port: serverPort, Target: dnsmessage.MustNewName(domain + ".")}
	case !srv && q.Type == dnsmessage.TypeA:
		body = &dnsmessage.AResource{A: [4]byte(net.ParseIP(addr).To4())}
	}
	if body != nil {
		a.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 5}, Body: body}}
	}
	return a
}
