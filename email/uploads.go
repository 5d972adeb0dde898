package email

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"porchlight/bridge"
)

const (
	uploadLimit  = 10 * time.Second // for one file, after which its mail goes with a link
	uploadMost   = 5 << 20          // bytes of a file that goes with a mail
	uploadsMost  = 7_000_000        // bytes of all files of a mail
	mailMost     = 10_240_000       // bytes of a mail that Postfix takes unless somebody says otherwise (message_size_limit)
	uploadsHeld  = 64 << 20         // bytes of files that wait for their mails
	uploadsAsked = 64               // files that wait to be fetched
	fetchers     = 4                // files that are fetched at the same time
	uploadStale  = 10 * time.Minute // a file that no mail took is forgotten
)

// Uploads fetches the files that operators sent, so that they go with the mail rather than as a link that
// ends some day. It fetches from hosts that the config names alone, since an operator names the URL. It is a
// bridge.Uploads; any goroutine may call its methods.
type Uploads struct {
	hosts []string // lower case, with a port if it is not that of the scheme
	http  http.Client
	clock bridge.Clock
	log   *slog.Logger
	asked chan string

	mu    sync.Mutex
	files map[string]*upload // by URL
	held  int                // bytes of all files
}

// upload is a file that a mail wants.
type upload struct {
	asked time.Time
	done  bool
	data  []byte // nil: it could not be fetched
}

// NewUploads makes an Uploads for hosts such as upload.example.org or 192.0.2.1:5281. Run fetches.
func NewUploads(hosts []string, clock bridge.Clock, log *slog.Logger) *Uploads {
	u := &Uploads{clock: clock, log: log, asked: make(chan string, uploadsAsked), files: make(map[string]*upload)}
	for _, h := range hosts {
		u.hosts = append(u.hosts, strings.ToLower(h))
	}
	dialer := &net.Dialer{Timeout: uploadLimit, ControlContext: u.guard}
	u.http = http.Client{
		Transport:     &http.Transport{DialContext: dialer.DialContext, ForceAttemptHTTP2: true, DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10},
		CheckRedirect: u.redirect,
	}
	return u
}

// Want implements bridge.Uploads. It does not wait.
func (u *Uploads) Want(urls []string) (found map[string][]byte, ready bool) {
	now := u.clock.Now()
	u.mu.Lock()
	defer u.mu.Unlock()
	for name, f := range u.files {
		if now.Sub(f.asked) > uploadStale && !slices.Contains(urls, name) {
			u.forget(name)
		}
	}
	found, ready = make(map[string][]byte), true
	for _, name := range urls {
		if !u.allowed(name) {
			continue
		}
		f := u.files[name]
		if f == nil {
			f = &upload{asked: now}
			u.files[name] = f
			select {
			case u.asked <- name:
			default:
				f.done = true // too many wait
			}
		}
		switch {
		case f.data != nil:
			found[name] = f.data
		case !f.done && now.Sub(f.asked) < uploadLimit && !now.Before(f.asked):
			ready = false
		}
	}
	return found, ready
}

// Forget implements bridge.Uploads.
func (u *Uploads) Forget(urls []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, name := range urls {
		u.forget(name)
	}
}

// forget is called with mu held.
func (u *Uploads) forget(name string) {
	if f := u.files[name]; f != nil {
		u.held -= len(f.data)
		delete(u.files, name)
	}
}

// Run fetches what is wanted until ctx ends. It may be called once.
func (u *Uploads) Run(ctx context.Context) {
	var owned sync.WaitGroup
	for range fetchers {
		owned.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case name := <-u.asked:
					data, err := u.fetch(ctx, name)
					u.keep(name, data, err)
				}
			}
		})
	}
	owned.Wait()
}

// keep notes what came of a file.
func (u *Uploads) keep(name string, data []byte, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f := u.files[name]
	if f == nil {
		return
	}
	f.done = true
	switch {
	case err != nil: // the URL may let everybody have the file, so it is not logged
		u.log.Warn("a file that an operator sent goes by mail as a link", "err", bareError(err))
	case u.held+len(data) <= uploadsHeld:
		f.data = data
		u.held += len(data)
	}
}
