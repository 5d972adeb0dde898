package e2e_test

import (
	"slices"
	"testing"

	"github.com/chromedp/cdproto/cdp"
)

// TestOffline: what is written while the browser is offline is sent when it is
// back, once and in order, and what the operator wrote meanwhile is shown.
func TestOffline(t *testing.T) {
	t.Parallel()
	c := startChat(t, nil)
	c.page.spoilt = true
	want := []string{"me: Question", "Xavi joined the chat"}
	for range 2 {
		c.page.offline(true)
		c.page.wait("it is offline", "navigator.onLine === false")
		mine := numbered("while offline ", 3)
		for _, text := range mine {
			c.page.write(text)
		}
		c.x.says(c.jid, "Are you there?")
		c.page.offline(false)
		c.x.hears(c.jid, mine[2])
		c.page.shows("Are you there?")
		c.x.says(c.jid, "Good.")
		c.page.shows("Good.")
	}
	mine := numbered("while offline ", 3)
	if got := c.x.heard(c.jid, startsWith("while ")); !slices.Equal(got, slices.Concat(mine, mine)) {
		t.Errorf("the operator got %q", got)
	}
	got := c.page.log()
	for _, once := range []string{"them: Are you there?", "them: Good.", "me: while offline 1", "me: while offline 3"} {
		n := 0
		for _, line := range got {
			if line == once {
				n++
			}
		}
		if n != 2 {
			t.Errorf("the page shows %q %d times instead of twice: %q", once, n, got)
		}
	}
	if !slices.Equal(got[:2], want) {
		t.Errorf("the page begins with %q", got)
	}
}

// conditions are the parameters of Network.emulateNetworkConditions, which the
// generated commands leave out because it is deprecated; it sets navigator.onLine
// as well, as a real loss of the network does.
type conditions struct {
	Offline  bool    `json:"offline"`
	Latency  float64 `json:"latency"`
	Download float64 `json:"downloadThroughput"`
	Upload   float64 `json:"uploadThroughput"`
}

// offline takes the browser off the network, or back.
func (p *page) offline(on bool) {
	p.t.Helper()
	command(p, "lose the network", cdp.Command[conditions, cdp.Empty]{Method: "Network.emulateNetworkConditions"}, conditions{on, 0, -1, -1})
}
