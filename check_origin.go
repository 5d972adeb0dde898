package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"porchlight/webwidget"
)

// origin says whether pages of a site may embed the widget, and if not, which line of the
// config is missing.
func (c *checker) origin(ctx context.Context, site string) {
	u, err := url.Parse(site)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		c.fail("origin", "%q is no address of a website, as in https://www.example.org", site)
		return
	}
	origin, own := webwidget.OriginOf(u), ""
	public, err := url.Parse(c.cfg.Web.PublicURL)
	if err == nil {
		own = webwidget.OriginOf(public)
	}
	list := c.cfg.Web.AllowedOrigins
	switch {
	case u.Scheme == "https" && strings.HasPrefix(own, "http:") && !local(own):
		c.fail("origin", "pages of %s can't load anything from %s (mixed content): web.public_url has to be https://", origin, own)
	case origin == own:
		c.originRuns(ctx, origin, "it is that of web.public_url")
	case slices.Contains(list, origin):
		c.originRuns(ctx, origin, "it is in web.allowed_origins")
	default:
		c.fail("origin", "pages of %s may not embed the widget%s. In section [web] of %s: allowed_origins = [%s]; then restart porchlight",
			origin, alike(list, u), c.file, quoted(append(slices.Clone(list), origin)))
	}
}

// originRuns says that pages of an origin may embed the widget, unless the porchlight that runs
// does not know the origin yet.
func (c *checker) originRuns(ctx context.Context, origin, why string) {
	state, _ := keeperOf(c.cfg).peek(ctx) // without a state, web.listen is asked
	if run := findRunning(ctx, c.cfg, state); run != nil && !run.lists(ctx, origin) {
		c.fail("origin", "pages of %s may embed the widget by the config, but %s does not know it yet: restart porchlight", origin, run)
		return
	}
	c.ok("origin", "pages of %s may embed the widget: %s", origin, why)
}

// lists reports whether the running porchlight takes requests from an origin; false if it does
// not answer.
func (r *running) lists(ctx context.Context, origin string) bool {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", r.url+"/v1/status", nil)
	if err != nil {
		return false
	}
	req.Header.Set("Origin", origin)
	resp, err := checkClient().Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.Header.Get("Porchlight-Origin") != "foreign"
}

// alike names an allowed origin that differs only in what is easily overlooked.
func alike(list []string, u *url.URL) string {
	plain := func(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }
	for _, o := range list {
		if v, err := url.Parse(o); err == nil && plain(v.Hostname()) == plain(u.Hostname()) {
			return fmt.Sprintf(" (%s is allowed, but scheme, www. and port count)", o)
		}
	}
	return ""
}

func quoted(list []string) string {
	for i, s := range list {
		list[i] = fmt.Sprintf("%q", s)
	}
	return strings.Join(list, ", ")
}
