package e2e_test

import (
	"slices"
	"testing"

	"github.com/chromedp/cdproto/cdp"
)

// TestOffline: what the visitor writes while the browser is offline is sent when the browser is
// back, once and in order. The page then shows what the operator wrote meanwhile.
func TestOffline(t *testing.T) {
	t.Parallel()
	c := startChat(t, nil)
	c.page.spoilt = true
	want := []string{"me: Question", "Xavi joined the chat"}
	var mine []string
	for _, round := range []string{"first", "second"} {
		c.page.offline(true)
		c.page.wait("it is offline", "navigator.onLine === false")
		texts := numbered("offline "+round+" ", 3)
		for _, text := range texts {
			c.page.write(text)
			want = append(want, "me: "+text)
		}
		c.x.says(c.jid, "Are you there? "+round)
		c.page.offline(false)
		c.x.hears(c.jid, texts[2])
		c.page.shows("Are you there? " + round)
		c.x.says(c.jid, "Good. "+round)
		c.page.shows("Good. " + round)
		mine = append(mine, texts...)
		want = append(want, "them: Are you there? "+round, "them: Good. "+round)
	}
	if got := c.x.heard(c.jid, startsWith("offline ")); !slices.Equal(got, mine) {
		t.Errorf("the operator got %q", got)
	}
	got := c.page.log()
	slices.Sort(got) // messages that were written at the same time may come in either order
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the page shows %q, want %q", got, want)
	}
}

// conditions are the parameters of Network.emulateNetworkConditions. The generated commands leave
// that command out because it is deprecated, but it sets navigator.onLine as well, as a real loss
// of the network does.
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
