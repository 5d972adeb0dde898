package hosts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"porchlight/component/stream"
	"porchlight/demo/pgd"
	"porchlight/demo/xmppd"
	"porchlight/e2e/balance"
	"porchlight/e2e/operator"
	"porchlight/e2e/rig"
	"porchlight/e2e/visitor"
)

// machine is a host with a node. The database is at the router, and the XMPP server on host A.
type machine struct {
	*host
	node *rig.Program
}

// crewLease is cluster.lease, as porchlight has it by itself.
const crewLease = 5 * time.Second

// newCrew starts two nodes.
func newCrew(t *testing.T) (w *world, machines []*machine) {
	t.Helper()
	w = &world{t: t, hostA: newHost(t, "a"), laptop: newHost(t, "l"), domain: "crew.test", service: "support.crew.test", desk: "desk@support.crew.test"}
	var err error
	w.a, err = xmppd.Start(t.Context(), xmppd.Config{Dir: w.folder(w.hostA.name), Host: w.domain, Component: w.service, Secret: rig.Secret, Enter: w.hostA.enter,
		ClientAddr: w.hostA.addr + ":5222", ComponentAddr: w.hostA.addr + ":5347", Accounts: []xmppd.Account{{Name: "xavi", Password: password}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.a.Stop() })
	access := filepath.Join(w.folder("database"), "pg_hba.conf")
	if err := os.WriteFile(access, []byte("local all all trust\nhost all all all trust\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	store, err := pgd.Start(t.Context(), pgd.Config{Settings: []string{"listen_addresses=" + router, "hba_file=" + access}})
	if errors.Is(err, pgd.ErrMissing) && os.Getenv("CI") != "true" {
		t.Skip("SKIPPED: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if _, err := store.Create("porchlight", "template0"); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		machines = append(machines, &machine{host: newHost(t, fmt.Sprintf("n%d", i+1))})
	}
	via, err := balance.New(1, machines[0].web(), machines[1].web())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(via.Close)
	w.site = visitor.New(via.URL)
	for i, m := range machines {
		m.serve(w, i+1, via.URL)
	}
	return w, machines
}

func (m *machine) web() string { return m.addr + ":8080" }

// serve starts the machine's node.
func (m *machine) serve(w *world, number int, public string) {
	w.t.Helper()
	text := fmt.Sprintf("super_operators = [%q]\n[xmpp]\ndomain = %q\nsecret = %q\nserver = %q\n[store]\nurl = \"postgres://postgres@%s/porchlight?sslmode=disable&connect_timeout=2\"\n"+
		"[web]\nlisten = %q\npublic_url = %q\n[timing]\nvisitor_grace = \"1h\"\n[limits]\nrequests_per_minute = 0\n[cluster]\nnode = \"%d\"\nlease = %q\n",
		"xavi@"+w.domain, w.service, rig.Secret, w.a.ComponentAddr(), router, m.web(), public, number, crewLease)
	var err error
	if m.node, err = rig.New(house.binary, w.folder(m.name), rig.Config{Web: m.web(), Text: text, Enter: m.enter, Env: trueClock}); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		m.node.Close()
		w.keep(fmt.Sprintf("node %d", number), m.node.Log())
	})
	if err := m.node.Start(within(w.t)); err != nil {
		w.t.Fatal(err)
	}
}

// trueClock has a node's clock run as fast as ours, since gaps are told by it.
func trueClock() []string { return []string{"PORCHLIGHT_CLOCK_RATE=1"} }

// holds reports whether the machine's node says that it has the link, and that it is ready.
func (m *machine) holds() (link, ready bool) {
	client := http.Client{Timeout: time.Second}
	answer, err := client.Get("http://" + m.web() + "/readyz")
	if err != nil {
		return false, false
	}
	defer answer.Body.Close()
	var r struct {
		Holds bool `json:"holds_link"`
	}
	err = json.NewDecoder(answer.Body).Decode(&r)
	return err == nil && r.Holds, answer.StatusCode == http.StatusOK
}

// insists sends a message as the widget does, until it is stored.
func (v *visit) insists(text string) {
	v.w.t.Helper()
	v.n++
	eventually(v.w.t, text+" is stored", patience, func() bool {
		_, err := v.Write(within(v.w.t), fmt.Sprintf("hosts-%s-%010d", v.ID, v.n), text)
		return err == nil
	})
}

// TestCrew_MachineGone: the machine of the node with the link is gone without a packet that tells anybody; or it is only cut off for longer
// than the lease, and comes back. The database and the XMPP server hold their connections to it as if it lived. Another takes the link, what
// the operator wrote is stored or refused or lies in the gap that they are told of, and nothing is lost or comes twice.
func TestCrew_MachineGone(t *testing.T) {
	t.Parallel()
	w, machines := newCrew(t)
	var holder, other *machine
	find := func() bool {
		for i, m := range machines {
			if link, _ := m.holds(); link {
				holder, other = m, machines[1-i]
				_, ready := other.holds()
				return ready
			}
		}
		return false
	}
	eventually(t, "a node has the link, and the other is ready", patience, find)
	xavi := w.login(w.laptop, w.a, w.domain, "xavi", "gajim", "")
	xavi.befriend()
	eventually(t, "both nodes know that somebody is there", patience, func() bool {
		for _, m := range machines {
			if s, err := visitor.New("http://" + m.web()).Status(within(t)); err != nil || s.Status != "online" {
				return false
			}
		}
		return true
	})
	c := w.rings("Anna", "Question")
	xavi.hears(w.desk, "#1 Anna")
	xavi.says(w.desk, "1")
	xavi.hears(c.Visitor, "Question")
	for i, dies := range []bool{true, false, true} {
		eventually(t, "a node has the link, and the other is ready", patience, find)
		xavi.says(c.Visitor, fmt.Sprintf("before %d", i))
		xavi.Forget()
		holder.unplug(t)
		if dies {
			holder.node.Kill()
		}
		began := time.Now()
		sent := map[string]time.Time{}
		eventually(t, "the other has the link, and it answers", patience, func() bool {
			id := fmt.Sprintf("during-%d-%d", i, len(sent))
			sent[id] = time.Now()
			if err := xavi.Chat(c.Visitor, id, id); err != nil {
				t.Fatal(err)
			}
			_, err := xavi.Expect("receipt", receipt(id), look)
			return err == nil
		})
		took(t, fmt.Sprintf("machine gone (dies %v), the desk answers", dies), time.Since(began))
		c.insists(fmt.Sprintf("visitor %d", i))
		xavi.hears(c.Visitor, fmt.Sprintf("visitor %d", i))
		holder.replug(t)
		if dies {
			if err := holder.node.Start(within(t)); err != nil {
				t.Fatal(err)
			}
		}
		eventually(t, "both are ready", patience, find)
		xavi.says(c.Visitor, fmt.Sprintf("after %d", i))
		c.hears(fmt.Sprintf("after %d", i))
		w.answered(xavi, c, sent)
	}
}

// receipt matches the receipt of a message (XEP-0184).
func receipt(id string) operator.Match {
	return func(el *stream.Element) bool {
		r := el.Child("urn:xmpp:receipts", "received")
		return r != nil && r.Get("id") == id
	}
}

// answered checks what became of words that were sent at some times: those with a receipt are on the page once, and the others were refused, or
// lie in a gap that the operator is told of.
func (w *world) answered(p *person, c *visit, sent map[string]time.Time) {
	w.t.Helper()
	var counts string
	eventually(w.t, "all words are answered, or lie in a gap that is told", patience, func() bool {
		acknowledged, refused, silent, open := 0, 0, 0, 0
		gaps := p.gaps()
		for id, at := range sent {
			acked, bounced := false, false
			for _, el := range p.All() {
				acked = acked || receipt(id)(el)
				bounced = bounced || el.Get("type") == "error" && el.Get("id") == id
			}
			told := slices.ContainsFunc(gaps, func(g [2]time.Time) bool { return !at.Before(g[0]) && at.Before(g[1].Add(time.Second)) })
			switch {
			case acked:
				acknowledged++
			case bounced:
				refused++
			case told:
				silent++
			default:
				open++
			}
		}
		counts = fmt.Sprintf("%d acknowledged, %d refused, %d in a gap that was told", acknowledged, refused, silent)
		return open == 0
	})
	w.t.Log(counts)
	log, err := c.Poll(within(w.t), 0, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	shown := map[string]int{}
	for _, e := range log.Events {
		shown[e.Text]++
	}
	for id := range sent {
		if n := shown[id]; n > 1 || n == 0 && slices.ContainsFunc(p.All(), receipt(id)) {
			w.t.Errorf("%s is on the page %d times", id, n)
		}
	}
}

// gaps lists the gaps that the operator was told of.
func (p *person) gaps() (list [][2]time.Time) {
	for _, el := range p.All() {
		var ends [2]string
		if _, err := fmt.Sscanf(el.ChildText("", "body"), "The link to the server was down from %s to %s UTC.", &ends[0], &ends[1]); err != nil {
			continue
		}
		var gap [2]time.Time
		for i, end := range ends {
			t, err := time.Parse(time.TimeOnly, end)
			if err != nil {
				p.w.t.Fatal(err)
			}
			now := time.Now().UTC()
			gap[i] = now.Truncate(24 * time.Hour).Add(t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)))
			if gap[i].After(now.Add(time.Hour)) { // it was yesterday
				gap[i] = gap[i].AddDate(0, 0, -1)
			}
		}
		list = append(list, gap)
	}
	return list
}
