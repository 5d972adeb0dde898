package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"time"

	"porchlight/demo"
	"porchlight/e2e/network"
	"porchlight/e2e/operator"
)

// ways are the networks through which visitors come, each with the attributes of the widget's tag.
var ways = []struct {
	name, tag string
	cfg       network.Config
}{
	{"nothing in the way", "", network.Config{}},
	{"a proxy that buffers", "", network.Config{Hold: 64 << 10}},
	{"one that cuts after 3 s", "", network.Config{Cut: 3 * time.Second}},
	{"400 ms, 5 % loss, 50 kB/s", "", slowLine},
	{`the same, data-link="slow"`, `data-link="slow"`, slowLine},
}

var slowLine = network.Config{Delay: 200 * time.Millisecond, Loss: 0.05, Rate: 50_000, Seed: 1}

// afar measures conversations through one network.
type afar struct {
	op   *operator.Client
	net  *network.Network
	shop *httptest.Server
	times
	lost, doubled   int
	states          int // requests how things stand, on load
	calls, leaves   int // from submit to the live stream: requests, and preflights
	bytes, requests int // of a whole visit
}

// times are how long a visitor waits, in milliseconds.
type times struct{ form, own, live, tick, bubble []float64 }

// networks prints how long visitors wait for what, in real conversations through each network, which take turns.
func networks(ctx context.Context, bin, dir string, rounds int) error {
	all := make([]*afar, len(ways))
	var origins []string
	for i := range ways {
		all[i] = &afar{shop: httptest.NewUnstartedServer(nil)}
		origins = append(origins, fmt.Sprintf("%q", "http://"+all[i].shop.Listener.Addr().String()))
	}
	site, err := newSite(ctx, bin, filepath.Join(dir, "networks"), "allowed_origins = ["+strings.Join(origins, ",")+"]")
	if err != nil {
		return err
	}
	defer site.close()
	op, err := operator.Login(site.server.ClientAddr(), demo.Host, "xavi", demo.Password, "bench", "")
	if err != nil {
		return err
	}
	defer op.Close(true)
	if err := (&chat{web: "http://" + site.program.Web}).online(); err != nil {
		return err
	}
	browser, end, err := newBrowser(ctx)
	if err != nil {
		return err
	}
	defer end()
	for i, a := range all {
		if a.net, err = network.New(site.program.Web, ways[i].cfg); err != nil {
			return err
		}
		defer a.net.Close()
		a.op = op
		a.shop.Config.Handler = lamps(fmt.Sprintf(`<script async src="%s/widget.js" %s></script>`, a.net.URL, ways[i].tag))
		a.shop.Start()
		defer a.shop.Close()
	}
	for range rounds {
		for i, a := range all {
			if err := a.visit(browser); err != nil {
				return fmt.Errorf("%s: %w", ways[i].name, err)
			}
		}
	}
	fmt.Printf("%d conversations through each network, each with %d messages in either direction; median and longest, in ms:\n", rounds, talkLength)
	fmt.Printf("%-28s %14s %14s %14s %14s %14s\n", "", "open form", "own message", "live", "sent", "bubble")
	for i, a := range all {
		fmt.Printf("%-28s %14s %14s %14s %14s %14s\n", ways[i].name, spread(a.form), spread(a.own), spread(a.live), spread(a.tick), spread(a.bubble))
	}
	for i, a := range all {
		fmt.Printf("%-28s %d lost, %d doubled; on load %.1f requests of the state, from submit to live %.1f and %.1f preflights; in all %.0f requests, %.1f kB\n",
			ways[i].name, a.lost, a.doubled, per(a.states, rounds), per(a.calls, rounds), per(a.leaves, rounds), per(a.requests, rounds), per(a.bytes, rounds)/1000)
	}
	fmt.Println()
	return nil
}

func per(sum, n int) float64 { return float64(sum) / float64(n) }

// spread is the median and the longest of times.
func spread(ms []float64) string {
	most := 0.0
	for _, t := range ms {
		most = max(most, t)
	}
	return fmt.Sprintf("%.0f (%.0f)", middle(ms), most)
}

// lamps is the visitor's page. It notes when the conversation's stream is open, or its first poll is under way.
func lamps(tag string) http.Handler {
	const page = `<!doctype html><html lang="en"><title>Lamps</title><link rel="icon" href="data:,"><script>
{
  const real = fetch;
  globalThis.live = new Promise((done) => {
    globalThis.fetch = async (url, ...rest) => {
      if (/events\?after=/.test(url)) done(performance.now());
      const answer = await real(url, ...rest);
      if (/events$/.test(url)) done(performance.now());
      return answer;
    };
  });
}
</script>%s<h1>Lamps</h1><p>Warm light for every porch.</p>`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, page, tag)
	})
}
