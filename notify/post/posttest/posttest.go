// Package posttest lets tests of what package post reaches stand in for outside services with servers of
// net/http/httptest.
package posttest

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Main runs a package's tests, with the certificate of httptest's servers among those that are trusted.
func Main(m *testing.M) {
	os.Exit(trusting(m))
}

func trusting(m *testing.M) int {
	dir, err := os.MkdirTemp("", "posttest-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "ca.pem")
	if err := Certificate(file); err != nil {
		panic(err)
	}
	os.Setenv("SSL_CERT_FILE", file) // it is read when the first certificate is verified
	return m.Run()
}

// Certificate writes the certificate of httptest's servers into a file. A program that has the file's name in
// SSL_CERT_FILE trusts them.
func Certificate(file string) error {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600)
}

// Request is what a Service was asked.
type Request struct {
	Method, Path string
	Query        string
	Header       http.Header
	Body         string
}

// Service is an outside service, which answers every request alike.
type Service struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	says   string
	got    []Request
}

// Plain starts a Service that speaks HTTP. It ends with the test.
func Plain(t *testing.T) *Service { return begin(t, (*httptest.Server).Start) }

// Secure starts a Service that speaks HTTPS. It ends with the test.
func Secure(t *testing.T) *Service { return begin(t, (*httptest.Server).StartTLS) }

func begin(t *testing.T, start func(*httptest.Server)) *Service {
	t.Helper()
	s := &Service{status: http.StatusOK, says: "{}"}
	s.Server = httptest.NewUnstartedServer(s)
	start(s.Server)
	t.Cleanup(s.Close)
	return s
}

// Answer sets what the service answers from now on.
func (s *Service) Answer(status int, says string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.says = status, says
}

// Got lists what was asked so far.
func (s *Service) Got() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.got...)
}

// ServeHTTP implements http.Handler.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, Request{r.Method, r.URL.Path, r.URL.RawQuery, r.Header, string(body)})
	if s.status/100 == 3 {
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(s.status)
	io.WriteString(w, s.says)
}
