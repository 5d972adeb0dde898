package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"porchlight/internet"
)

// fetch gets a file, which has uploadLimit for that.
func (u *Uploads) fetch(ctx context.Context, name string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, uploadLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, name, nil)
	if err != nil {
		return nil, err
	}
	resp, err := u.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.ContentLength > uploadMost {
		return nil, fmt.Errorf("status %d, %d bytes", resp.StatusCode, resp.ContentLength)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, uploadMost+1))
	if err == nil && (len(data) == 0 || len(data) > uploadMost) {
		err = errors.New("it is empty or too large")
	}
	return data, err
}

// allowed reports whether a URL is on one of the hosts: by https, or in the clear on this machine.
func (u *Uploads) allowed(name string) bool {
	at, err := url.Parse(name)
	if err != nil || at.User != nil || !slices.Contains(u.hosts, strings.ToLower(at.Host)) {
		return false
	}
	a, err := netip.ParseAddr(at.Hostname())
	return at.Scheme == "https" || at.Scheme == "http" && err == nil && a.IsLoopback()
}

// redirect follows at most three redirects, and none to another host.
func (u *Uploads) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > 3 || !strings.EqualFold(req.URL.Host, via[0].URL.Host) || !u.allowed(req.URL.String()) {
		return errors.New("it is elsewhere")
	}
	return nil
}

// guard refuses connections to addresses that are not public, unless the config names the very address. The
// address is the one that is connected to, so a name that changes between a look and the connection opens nothing.
func (u *Uploads) guard(_ context.Context, _, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if internet.Public(to.Addr()) {
		return nil
	}
	for _, host := range u.hosts {
		if u, err := url.Parse("//" + host); err == nil {
			if a, err := netip.ParseAddr(u.Hostname()); err == nil && a == to.Addr().Unmap() {
				return nil
			}
		}
	}
	return errors.New("the host is in a private network, and not named by its address")
}

// bareError takes the URL out of an error.
func bareError(err error) error {
	if whole, ok := errors.AsType[*url.Error](err); ok {
		return whole.Err
	}
	return err
}
