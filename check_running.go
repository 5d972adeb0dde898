package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"porchlight/bridge"
	"porchlight/component"
	"porchlight/config"
	"porchlight/db/sqlite"
)

// running is what a porchlight that runs says of itself.
type running struct {
	url       string
	PID       int      `json:"pid"`
	Reasons   []string `json:"reasons"`
	HoldsLink bool     `json:"holds_link"`
	Details   *details `json:"details"` // nil if its config has another secret or domain
}

// details are what /readyz adds for a check that proves to know the component's secret.
type details struct {
	Operators []component.Reached `json:"operators"`
	Rooms     string              `json:"rooms,omitempty"` // why there is no room for the operators
}

// String names the porchlight in a line of the check.
func (r *running) String() string {
	return fmt.Sprintf("the running porchlight (pid %d, %s)", r.PID, r.url)
}

// findRunning asks the program that holds the database, and the program that listens on
// web.listen. It returns nil if neither answers as a porchlight does.
func findRunning(ctx context.Context, cfg config.Config, s sqlite.State) *running {
	var urls []string
	for _, word := range strings.Fields(s.Holder) {
		if address, ok := strings.CutPrefix(strings.TrimRight(word, ";"), "http://"); ok {
			urls = append(urls, "http://"+reachable(address))
		}
	}
	for _, url := range append(urls, "http://"+reachable(cfg.Web.Listen)) {
		if run := askRunning(ctx, url, proof(cfg)); run != nil {
			return run
		}
	}
	return nil
}

// askRunning asks for /readyz. It returns nil if the answer is not a porchlight's.
func askRunning(ctx context.Context, url, bearer string) *running {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", url+"/readyz", nil)
	if err != nil {
		return nil
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	resp, err := checkClient().Do(req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	run := &running{url: url}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(run); err != nil || run.PID == 0 {
		return nil
	}
	return run
}

// checkClient makes a client that follows no redirects, so that each answer comes from the
// address that is checked.
func checkClient() *http.Client {
	return &http.Client{
		Timeout:       checkLimit,
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// reachable returns the address under which this machine reaches a listener.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
		if ip != nil && ip.To4() == nil {
			host = "::1"
		}
	}
	return net.JoinHostPort(host, port)
}

// proof shows that the check has the same secret and domain as the porchlight that it asks. The
// proof opens nothing else, and does not give the secret away.
func proof(cfg config.Config) string {
	mac := hmac.New(sha256.New, []byte(cfg.XMPP.Secret.Reveal()))
	mac.Write([]byte("porchlight check\n" + cfg.XMPP.Domain))
	return hex.EncodeToString(mac.Sum(nil))
}

// details returns what answers a check: it tries over the link whether operators and rooms can
// be reached. Whoever is no check, and everybody while there is no link, gets nil.
func (p *program) details(cfg config.Config, rooms string) func(*http.Request) any {
	want := []byte("Bearer " + proof(cfg))
	return func(r *http.Request) any {
		if !hmac.Equal([]byte(r.Header.Get("Authorization")), want) || !p.hasLink() {
			return nil
		}
		var d details
		t := component.NewTrial(p.component)
		d.Operators = t.Operators(r.Context(), addresses(p.bridge.Team.Operators()))
		if rooms == "" {
			return d
		}
		if err := t.Rooms(r.Context(), rooms); err != nil {
			d.Rooms = err.Error()
		}
		return d
	}
}

func addresses(operators []bridge.Operator) []string {
	var list []string
	for _, o := range operators {
		if o.Enabled {
			list = append(list, string(o.JID))
		}
	}
	return list
}
