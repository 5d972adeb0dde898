package imap

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What goes wrong before TLS is an error, and nothing is said but STARTTLS.
func TestDial_StartTLS(t *testing.T) {
	for name, c := range map[string]struct{ greeting, answer, want string }{
		"logged in already":   {"* PREAUTH welcome", "", `the server says "PREAUTH welcome"`},
		"busy":                {"* BYE too many", "", `the server says "BYE too many"`},
		"no IMAP":             {"HTTP/1.1 400 Bad Request", "", "does not speak IMAP"},
		"refused":             {"* OK hello", "S1 NO not here", "use imaps:// and port 993"},
		"unknown":             {"* OK hello", "* 1 EXISTS\r\nS1 BAD what?", "use imaps:// and port 993"},
		"more in the clear":   {"* OK hello", "S1 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN", "in the clear"},
		"silent":              {"", "", "Does a firewall stand between?"},
		"silent after that":   {"* OK hello", "", "Does a firewall stand between?"},
		"no TLS after it all": {"* OK hello", "S1 OK go", "Does a firewall stand between?"},
		"an endless line":     {"* OK " + strings.Repeat("x", 70<<10), "", "the server closed the connection"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := net.Pipe()
				heard := make(chan string, 1)
				go func() {
					if c.greeting != "" {
						_, _ = io.WriteString(theirs, c.greeting+"\r\n")
					}
					text := make([]byte, 100)
					n, _ := theirs.Read(text)
					heard <- string(text[:n])
					if c.answer != "" && n > 0 {
						_, _ = io.WriteString(theirs, c.answer+"\r\n")
					}
					_, _ = io.Copy(io.Discard, theirs)
				}()
				o := Options{Server: Server{Security: StartTLS, Host: "imap.test", Port: "143"}}
				o.Dial = func(context.Context, string, string) (net.Conn, error) { return ours, nil }
				began := time.Now()
				_, err := Check(t.Context(), o)
				if err == nil || !strings.Contains(err.Error(), c.want) || time.Since(began) > dialLimit {
					t.Errorf("after %s: %v", time.Since(began), err)
				}
				if said := <-heard; said != "" && said != "S1 STARTTLS\r\n" {
					t.Errorf("said in the clear: %q", said)
				}
			})
		})
	}
}

// Connecting takes no longer than it may.
func TestDial_Slow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := Options{Server: Server{Security: TLS, Host: "imap.test", Port: "993"}}
		o.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		_, err := Check(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), "connect to imaps://imap.test:993") || !strings.Contains(err.Error(), "firewall") {
			t.Error(err)
		}
	})
}
