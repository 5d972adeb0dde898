package e2e_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/e2e/network"
)

// afar is a chat through a network that is not as it should be.
type afar struct {
	*chat
	net *network.Network
}

// startAfar starts an installation with a shop whose page reaches it through a network only, and opens the page.
func startAfar(t *testing.T, cfg network.Config) *afar {
	t.Helper()
	shop := httptest.NewUnstartedServer(nil)
	c := &afar{chat: &chat{site: start(t, settings{"web.allowed_origins": fmt.Sprintf(`["http://%s"]`, shop.Listener.Addr())})}}
	var err error
	if c.net, err = network.New(strings.TrimPrefix(c.url, "http://"), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.net.Close)
	shop.Config.Handler = website(c.net.URL)
	shop.Start()
	t.Cleanup(shop.Close)
	c.x = c.operators("xavi")[0]
	c.page = newVisitor(t)
	c.page.spoilt = true
	c.page.open(shop.URL)
	return c
}

// begin lets the visitor ring and the operator take it.
func (c *afar) begin() {
	c.site.t.Helper()
	c.page.ring("Anna", "", "Question")
	c.jid = c.visitorOf(c.x, 1)
	c.page.title("Xavi")
}

// talk lets both write at the same time, and then in turn.
func (c *afar) talk(round int) {
	c.site.t.Helper()
	for _, text := range numbered(fmt.Sprintf("mine %d-", round), 3) {
		c.page.write(text)
		c.x.says(c.jid, "re: "+text)
	}
	last := fmt.Sprintf("mine %d-last", round)
	c.page.write(last)
	c.x.hears(c.jid, last)
	c.x.says(c.jid, "re: "+last)
	c.page.shows("re: " + last)
}

// complete checks that each side has all of the other's words, each once and in order.
func (c *afar) complete(rounds int) {
	t := c.site.t
	t.Helper()
	mine, theirs := []string{"me: Question"}, []string{}
	for round := range rounds {
		for _, text := range append(numbered(fmt.Sprintf("mine %d-", round), 3), fmt.Sprintf("mine %d-last", round)) {
			mine, theirs = append(mine, "me: "+text), append(theirs, "them: re: "+text)
		}
	}
	if got := c.page.said("me: "); !slices.Equal(got, mine) {
		t.Errorf("the page shows of the visitor %q", got)
	}
	if got := c.page.said("them: "); !slices.Equal(got, theirs) {
		t.Errorf("the page shows of the operator %q", got)
	}
	heard := c.x.heard(c.jid, startsWith("mine "))
	for i := range heard {
		heard[i] = "me: " + heard[i]
	}
	if !slices.Equal(heard, mine[1:]) {
		t.Errorf("the operator got %q", heard)
	}
}

// asked lists the requests about conversations as "GET events" and the like; a stream is "GET stream".
func (c *afar) asked() (list []string) {
	for _, a := range c.net.Asked() {
		if !strings.HasPrefix(a.Path, "/v1/conversations") {
			continue
		}
		what := a.Path[strings.LastIndexByte(a.Path, '/')+1:]
		if a.Method == "GET" && strings.Contains(a.Accept, "event-stream") {
			what = "stream"
		}
		list = append(list, a.Method+" "+what)
	}
	return list
}

// count counts the requests about conversations that are the same as what.
func (c *afar) count(what string) (n int) {
	for _, asked := range c.asked() {
		if asked == what {
			n++
		}
	}
	return n
}

// fewRequests checks that the page has asked once how things stand, and that from the click to the live stream there were two
// requests, with leave asked for one of them.
func (c *afar) fewRequests() {
	c.site.t.Helper()
	states := 0
	for _, a := range c.net.Asked() {
		if a.Method == "GET" && a.Path == "/v1/status" {
			states++
		}
	}
	if states != 1 {
		c.site.t.Errorf("the page asked %d times how things stand", states)
	}
	if got, want := c.asked()[:3], []string{"POST conversations", "OPTIONS events", "GET stream"}; !slices.Equal(got, want) {
		c.site.t.Errorf("to the live stream: %q", got)
	}
}

// TestNetworks_Buffer: behind a proxy that passes an answer on only when it has ended, the visitor's words are shown at once,
// and the chat goes on by polls, for the whole session: a page that is loaded anew tries no stream.
func TestNetworks_Buffer(t *testing.T) {
	t.Parallel()
	c := startAfar(t, network.Config{Hold: 64 << 10})
	c.page.lamp("ONLINE")
	c.page.openPanel()
	c.page.fill("reason", "Question")
	c.page.send()
	c.page.shows("Question")
	if n := c.count("GET events"); n != 0 {
		t.Errorf("%d polls before the visitor's words are shown", n)
	}
	c.jid = c.visitorOf(c.x, 1)
	c.page.title("Xavi")
	c.fewRequests()
	c.talk(0)
	c.page.wait("it is remembered", `sessionStorage.getItem(`+js("porchlight:"+c.net.URL+":poll")+`) === "true"`)
	streams := c.count("GET stream")
	c.page.reload()
	c.page.shows("re: mine 0-last")
	c.talk(1)
	c.complete(2)
	if n := c.count("GET stream"); n != 1 || streams != 1 {
		t.Errorf("%d streams before the page was loaded anew, %d in all; one shows that they are held back", streams, n)
	}
}

// TestNetworks_Cut: behind a proxy that ends each connection after a while, the chat goes on by streams, and loses nothing.
func TestNetworks_Cut(t *testing.T) {
	t.Parallel()
	c := startAfar(t, network.Config{Cut: 2 * time.Second})
	c.page.lamp("ONLINE")
	c.begin()
	const rounds = 3
	for round := range rounds {
		c.talk(round)
		streams := c.count("GET stream")
		eventually(t, "the stream was cut and there is another one", func() bool { return c.count("GET stream") > streams })
	}
	c.page.lamp("ONLINE")
	c.complete(rounds)
	if n := c.count("GET events"); n > 0 {
		t.Errorf("%d polls where streams come through", n)
	}
}

// TestNetworks_Slow: over a long and thin line that loses packets, the chat takes no more requests than anywhere, goes by a
// stream, and loses nothing.
func TestNetworks_Slow(t *testing.T) {
	t.Parallel()
	c := startAfar(t, network.Config{Delay: 200 * time.Millisecond, Loss: 0.05, Rate: 50_000, Seed: 1})
	c.page.lamp("ONLINE")
	c.begin()
	c.fewRequests()
	c.talk(0)
	c.talk(1)
	c.complete(2)
	if n := c.count("GET events"); n > 0 {
		t.Errorf("%d polls where streams come through", n)
	}
}
