package email

import (
	"bytes"

	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
)

// storage is where operators' clients put their files.
type storage struct {
	*httptest.Server
	asked atomic.Int64
	hold  chan struct{} // closed: what hangs is answered
}

func newStorage(t *testing.T) *storage {
	t.Helper()
	s := &storage{hold: make(chan struct{})}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "secret") }))
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		switch r.URL.Path {
		case "/a.pdf":
			fmt.Fprint(w, "PDF")
		case "/moved":
			http.Redirect(w, r, "/a.pdf", http.StatusFound)
		case "/away":
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/large":
			w.Header().Set("Content-Type", "application/octet-stream")
			for range 6 {
				w.Write(make([]byte, 1<<20)) // in chunks, so that its size is not told before
			}
		case "/hangs":
			select {
			case <-s.hold:
			case <-r.Context().Done():
			}
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(func() {
		close(s.hold)
		s.Close()
		elsewhere.Close()
	})
	return s
}

func (s *storage) host() string { return strings.TrimPrefix(s.URL, "http://") }

// A file is fetched from the hosts of the config alone, follows no redirect to elsewhere, and is cut while it is
// read.
func TestUploads_Fetch(t *testing.T) {
	s := newStorage(t)
	u := NewUploads([]string{s.host()}, clocktest.At(time.Now()), slog.New(slog.DiscardHandler))
	for path, want := range map[string]string{"/a.pdf": "PDF", "/moved": "PDF", "/away": "", "/round": "", "/large": "", "/none": ""} {
		data, err := u.fetch(t.Context(), s.URL+path)
		if string(data) != want && err == nil || (err == nil) != (want != "") {
			t.Errorf("%s: %d bytes, %v", path, len(data), err)
		}
	}
}

// Which URLs are asked at all.
func TestUploads_Allowed(t *testing.T) {
	u := NewUploads([]string{"upload.example.org", "files.example.org:5281", "192.0.2.7", "127.0.0.1:8080", "[::1]:8080"}, clocktest.At(time.Now()), slog.New(slog.DiscardHandler))
	for address, want := range map[string]bool{
		"https://upload.example.org/x": true, "https://UPLOAD.example.org/x": true, "https://files.example.org:5281/x": true, "https://192.0.2.7/x": true,
		"http://127.0.0.1:8080/x": true, "http://[::1]:8080/x": true,
		"http://upload.example.org/x": false, "https://upload.example.org:22/x": false, "https://files.example.org/x": false, "https://example.org/x": false,
		"https://upload.example.org.evil.example/x": false, "https://upload.example.org@evil.example/x": false, "https://evil@upload.example.org/x": false,
		"http://192.0.2.7/x": false, "file:///etc/passwd": false, "gopher://upload.example.org/x": false, "aesgcm://upload.example.org/x": false, "": false, "https://": false, "//upload.example.org/x": false,
		"http://127.0.0.1/x": false, "https://localhost:8080/x": false,
	} {
		if got := u.allowed(address); got != want {
			t.Errorf("%s is allowed: %v", address, got)
		}
	}
}

// A name that leads into a private network opens nothing; an address that the config names does.
func TestUploads_PrivateNetworks(t *testing.T) {
	u := NewUploads([]string{"upload.example.org", "10.1.2.3", "localhost:1"}, clocktest.At(time.Now()), slog.New(slog.DiscardHandler))
	for address, want := range map[string]bool{
		"9.9.9.9:443": true, "10.1.2.3:443": true, "10.1.2.4:443": false, "127.0.0.1:443": false, "169.254.169.254:80": false, "192.168.0.1:443": false,
		"[::1]:443": false, "[fd00::1]:443": false, "[::ffff:10.1.2.4]:443": false, "[::ffff:10.1.2.3]:443": true, "nonsense": false,
	} {
		if err := u.guard(t.Context(), "tcp", address, nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := netip.MustParseAddrPort(l.Addr().String()).Port()
	name := fmt.Sprintf("localhost:%d", port)
	u = NewUploads([]string{name}, clocktest.At(time.Now()), slog.New(slog.DiscardHandler))
	if _, err := u.fetch(t.Context(), "https://"+name+"/x"); err == nil || !strings.Contains(err.Error(), "private network") {
		t.Errorf("a name of this machine: %v", err)
	}
}

// runs lets u fetch until the test ends.
func runs(t *testing.T, u *Uploads) {
	done := make(chan struct{})
	go func() { u.Run(t.Context()); close(done) }()
	t.Cleanup(func() { <-done })
}

// A file is fetched once, however often it is wanted, and again when it was forgotten. What hangs makes a mail
// wait for the limit and no longer.
func TestUploads_Want(t *testing.T) {
	s := newStorage(t)
	clock := clocktest.At(time.Now())
	u := NewUploads([]string{s.host()}, clock, slog.New(slog.DiscardHandler))
	runs(t, u)
	urls := []string{s.URL + "/a.pdf", s.URL + "/none", "https://elsewhere.example/x"}
	want := func() map[string][]byte {
		t.Helper()
		for range 2000 {
			if found, ready := u.Want(urls); ready {
				return found
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatal("never ready")
		return nil
	}
	for range 3 {
		if got := want(); len(got) != 1 || !bytes.Equal(got[urls[0]], []byte("PDF")) {
			t.Errorf("found %v", got)
		}
	}
	if n := s.asked.Load(); n != 2 {
		t.Errorf("asked %d times for two files", n)
	}
	u.Forget(urls)
	want()
	if n := s.asked.Load(); n != 4 || u.held != 3 {
		t.Errorf("asked %d times, holds %d bytes", n, u.held)
	}
	urls = append(urls, s.URL+"/hangs")
	if found, ready := u.Want(urls); ready || len(found) != 1 {
		t.Errorf("while one hangs: %v, %v", found, ready)
	}
	clock.Move(uploadLimit)
	if found, ready := u.Want(urls); !ready || len(found) != 1 {
		t.Errorf("after the limit: %v, %v", found, ready)
	}
	clock.Move(uploadStale + time.Second)
	u.Want(nil)
	if len(u.files) != 0 || u.held != 0 {
		t.Errorf("%d files are held for nobody", len(u.files))
	}
}

// Files that are there go with the mail, named in the text, as long as they are not too much together. The rest
// are links.
func TestCompose_AttachesFiles(t *testing.T) {
	p, err := NewPost("support@example.org", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	file := func(name string) bridge.Entry {
		return bridge.Entry{Event: bridge.Event{Type: bridge.EventFile, From: bridge.FromOperator, Data: bridge.SentFile{URL: "https://upload.example.org/" + name, Name: name, Media: "text/plain"}}}
	}
	raw, err := p.Compose(bridge.Draft{Kind: bridge.AnswerMail, Conversation: bridge.Conversation{Number: 1}, To: "anna@example.net", ReplyTo: "support@example.org", MessageID: "1@example.org", References: []string{"c@example.org"}, At: time.Now(),
		Lines: []bridge.Entry{file("a.txt"), file("b.txt"), file("c.txt"), file("d.txt")},
		Files: map[string][]byte{"https://upload.example.org/a.txt": []byte("hello"), "https://upload.example.org/b.txt": make([]byte, uploadsMost), "https://upload.example.org/d.txt": []byte("bye")}})
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for name, attached := range map[string]bool{"a.txt": true, "b.txt": false, "c.txt": false, "d.txt": true} {
		if strings.Contains(text, "attachment; filename="+name) != attached || strings.Contains(text, "upload.example.org/"+name) == attached || !strings.Contains(text, name) {
			t.Errorf("%s is attached: %v\n%s", name, !attached, text)
		}
	}
}
