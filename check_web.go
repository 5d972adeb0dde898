package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"porchlight/config"
	"porchlight/webwidget"
)

// listener says whether porchlight can listen on an address.
func (c *checker) listener(what, key, addr string, run *running) {
	if run != nil {
		if own := "http://" + reachable(addr); key == "web.listen" && own != run.url {
			c.warn(what, "%s is %s, but %s listens elsewhere: was the config changed since its start?", key, addr, run)
			return
		}
		c.ok(what, "%s, in use by the running porchlight", addr)
		return
	}
	l, err := net.Listen("tcp", addr)
	if err == nil {
		err = l.Close()
	}
	if err != nil {
		c.fail(what, "%v", listenError(key, err))
		return
	}
	c.ok(what, "%s is free", addr)
}

// listenError says what to do when porchlight can't listen on an address.
func listenError(key string, err error) error {
	var dns *net.DNSError
	remedy := "choose another address"
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		remedy = "is another program using it? Stop that one, or choose another port; ss -ltnp names it"
	case errors.Is(err, syscall.EACCES):
		remedy = "this user may not use that port (those below 1024 are the system's): choose a port above, behind the proxy"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		remedy = "this machine has no such address: use 127.0.0.1, or :PORT for all of its own"
	case errors.As(err, &dns):
		remedy = "no such host: use 127.0.0.1, or :PORT for all addresses"
	}
	return fmt.Errorf("%s: %w (%s)", key, err, remedy)
}

// publicURL says whether browsers can reach porchlight under web.public_url.
func (c *checker) publicURL(ctx context.Context, run *running) {
	public := c.cfg.Web.PublicURL
	u, err := url.Parse(public)
	if err != nil {
		c.fail("public URL", "%v", err)
		return
	}
	foreign := slices.IndexFunc(c.cfg.Web.AllowedOrigins, func(o string) bool { return !local(o) })
	switch {
	case local(public) && foreign >= 0:
		c.fail("public URL", "web.public_url is %s, which leads every visitor of %s to their own machine: set it to where browsers reach porchlight, as in https://chat.example.org",
			public, c.cfg.Web.AllowedOrigins[foreign])
	case public == config.Default().Web.PublicURL && len(c.cfg.Web.AllowedOrigins) == 0:
		c.fail("public URL", "web.public_url is not set, and %s leads every visitor to their own machine: set it to where browsers reach porchlight, as in https://chat.example.org", public)
	case u.Scheme == "http" && foreign >= 0 && strings.HasPrefix(c.cfg.Web.AllowedOrigins[foreign], "https:"):
		c.fail("public URL", "web.public_url is %s without TLS, and browsers load nothing from there into pages of %s (mixed content): it has to be https://",
			public, c.cfg.Web.AllowedOrigins[foreign])
	default:
		c.tryPublic(ctx, public, run)
	}
}

// local reports whether a URL leads a browser to the browser's own machine.
func local(s string) bool {
	u, err := url.Parse(s)
	return err == nil && webwidget.OnlyHere(u.Host)
}

// tryPublic sends a request to the public URL, as a visitor's browser does.
func (c *checker) tryPublic(ctx context.Context, public string, run *running) {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	listen := "http://" + reachable(c.cfg.Web.Listen)
	if run == nil && public == listen {
		c.ok("public URL", "%s, for this machine only", public)
		return
	}
	if run != nil {
		listen = run.url
	}
	if there := askRunning(ctx, public, ""); there != nil && run != nil && there.PID == run.PID {
		c.ok("public URL", "%s leads to %s", public, run)
		return
	}
	req, err := http.NewRequestWithContext(ctx, "GET", public+"/v1/status", nil)
	if err != nil {
		c.fail("public URL", "%v", err)
		return
	}
	resp, err := checkClient().Do(req)
	if err != nil {
		c.unreached(public, err)
		return
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 4096)) // enough, since "departments" comes at the beginning
	switch ours := strings.Contains(string(body), `"departments"`); {
	case ours && run != nil:
		c.ok("public URL", "%s is answered by a porchlight", public)
	case ours:
		c.fail("public URL", "%s is answered by another porchlight than that of this config", public)
	case run == nil && resp.StatusCode >= http.StatusBadGateway && resp.StatusCode <= http.StatusGatewayTimeout:
		c.ok("public URL", "the proxy of %s answers (%s, while porchlight does not run)", public, resp.Status)
	default:
		c.fail("public URL", "%s/v1/status is answered with %s, and not by porchlight: the proxy has to pass on all that is under %[1]s to %[3]s", public, resp.Status, listen)
	}
}

// unreached says why the public URL can't be reached. Some machines can't reach their own public
// address, so that alone is no failure.
func (c *checker) unreached(public string, err error) {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		c.fail("public URL", "%s: there is no such host: make a DNS record that leads to the proxy, or correct web.public_url", public)
	case errors.As(err, &cert):
		c.fail("public URL", "%s: browsers will refuse its certificate: %v", public, cert.Err)
	case errors.Is(err, syscall.ECONNREFUSED) && local(public):
		c.fail("public URL", "%s: nothing listens there; web.listen is %s", public, c.cfg.Web.Listen)
	default:
		c.warn("public URL", "%s can't be reached from this machine: %v. See from another whether %[1]s/readyz answers", public, err)
	}
}

// origins says whether any site may embed the widget.
func (c *checker) origins() {
	u, err := url.Parse(c.cfg.Web.PublicURL)
	switch list := c.cfg.Web.AllowedOrigins; {
	case len(list) > 0:
		c.ok("origins", "%s may embed the widget", strings.Join(list, ", "))
	case err == nil && u.Path != "":
		c.ok("origins", "only pages of %s://%s itself may embed the widget", u.Scheme, u.Host)
	default:
		c.fail("origins", "web.allowed_origins is empty, so requests from your website are refused: name it, as in allowed_origins = [\"https://www.example.org\"]; check --origin URL tells about a site")
	}
}

// proxies says whether visitors are told apart behind the proxy.
func (c *checker) proxies() {
	web := c.cfg.Web
	switch {
	case len(web.TrustedProxies) > 0:
		c.ok("proxies", "%s may say in X-Forwarded-For who the client is", strings.Join(web.TrustedProxies, ", "))
	case strings.HasPrefix(web.PublicURL, "https:"):
		c.warn("proxies", "web.public_url is https, so a proxy stands before porchlight, and web.trusted_proxies is empty: all visitors count as one, and share its rate limits. Name the proxy, as in trusted_proxies = [\"127.0.0.1/32\"], and let it send X-Forwarded-For")
	default:
		c.ok("proxies", "none")
	}
}
