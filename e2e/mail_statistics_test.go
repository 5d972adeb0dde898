package e2e_test

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"porchlight/e2e/visitor"
	"porchlight/email/smtp/smtptest"
)

// pieces are the leaves of a mail by type, decoded.
func pieces(t *testing.T, header mail.Header, body io.Reader) map[string][]byte {
	t.Helper()
	found := make(map[string][]byte)
	var walk func(kind, encoding string, body io.Reader)
	walk = func(kind, encoding string, body io.Reader) {
		kind, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(kind, "multipart/") {
			for r := multipart.NewReader(body, params["boundary"]); ; {
				p, err := r.NextRawPart()
				if err == io.EOF {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				walk(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
			}
		}
		switch encoding {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		if found[kind], err = io.ReadAll(body); err != nil {
			t.Fatal(err)
		}
	}
	walk(header.Get("Content-Type"), header.Get("Content-Transfer-Encoding"), body)
	return found
}

// TestMail_Statistics: statistics go by mail, once and each Monday, with the picture inside, until their recipient ends
// them by the link, as a mail program does (RFC 8058).
func TestMail_Statistics(t *testing.T) {
	t.Parallel()
	s, p := startMail(t, nil)
	x := s.operators("xavi")[0]
	c, err := visitor.New(s.url).Ask(within(t), visitor.Inquiry{Name: "Anna", Email: "anna@example.net", Reason: "How?"})
	if err != nil {
		t.Fatal(err)
	}
	jid, _ := s.takes(x, c.Number)
	x.says(jid, "Like this.")
	p.sent(1) // the answer
	// On a busy machine the visitor has got a word about the wait, too.
	toBoss := func(n int) (m smtptest.Mail, read *mail.Message) {
		for i := 1; n > 0; i++ {
			if m, read = p.sent(i); m.To == "boss@example.org" {
				n--
			}
		}
		return m, read
	}
	x.desk("stats-mail boss@example.org", "Sent to boss@example.org.")
	x.desk("stats-mail boss@example.org 30d weekly", "Sent to boss@example.org; from now on each Monday 7:00. stats-mail boss@example.org off ends it.")
	once, read := toBoss(1)
	if once.To != "boss@example.org" || read.Header.Get("List-Unsubscribe") != "" || read.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("once: to %s, %v", once.To, read.Header)
	}
	said := strings.Join(strings.SplitN(x.desk("stats", "First answer "), "\n", 3)[:2], "\n") // the range, and how many conversations
	parts := pieces(t, read.Header, read.Body)
	if text := strings.ReplaceAll(string(parts["text/plain"]), "\r\n", "\n"); !strings.Contains(text, strings.Split(said, ",")[0]) || !strings.Contains(text, "  1 conversations") || !strings.Contains(text, "Xavi has sent you this.") {
		t.Errorf("the text does not say what stats says (%s): %s", said, text)
	}
	html := string(parts["text/html"])
	if alt := regexp.MustCompile(`<img src="cid:[^"]+" alt="Xavi, chats, [^"]*Conversations \(First answer\)[^"]*: 1 `); !alt.MatchString(html) || !strings.Contains(html, "1 conversations") {
		t.Errorf("html: %s", html)
	}
	if _, err := png.Decode(bytes.NewReader(parts["image/png"])); err != nil {
		t.Errorf("the picture: %v", err)
	}

	_, first := toBoss(2)
	link := regexp.MustCompile(`^<(\S+/unsubscribe/\S+)>$`).FindStringSubmatch(first.Header.Get("List-Unsubscribe"))
	if link == nil {
		t.Fatalf("List-Unsubscribe: %v", first.Header)
	}
	if status, _ := s.stop(syscall.SIGTERM); status != 0 {
		t.Fatalf("exit status %d", status)
	}
	s.ahead += 8 * 24 * time.Hour
	s.up()
	_, week := toBoss(3)
	if got := string(pieces(t, week.Header, week.Body)["text/plain"]); !strings.Contains(got, "First answer, median ") || !strings.Contains(got, "in brackets: ") || !strings.Contains(got, link[1]) || week.Header.Get("List-Unsubscribe") != "<"+link[1]+">" {
		t.Errorf("the weekly mail: %v\n%s", week.Header, got)
	}
	newReader(t).load("GET", link[1], 200, "Statistics go to boss@example.org each Monday.")
	x.desk("stats-mail", "boss@example.org – Xavi") // a look at the link ended nothing
	answer, err := http.Post(link[1], "application/x-www-form-urlencoded", strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil || answer.StatusCode != 200 {
		t.Fatal(answer, err)
	}
	answer.Body.Close()
	x.hears("desk@support.localhost", "boss@example.org wants no more weekly statistics")
	x.desk("stats-mail", "No statistics go by mail each week.")
	if status, _ := s.stop(syscall.SIGTERM); status != 0 {
		t.Fatalf("exit status %d", status)
	}
	s.ahead += 7 * 24 * time.Hour
	s.up()
	x.desk("stats-mail boss@example.org today", "Sent to boss@example.org.")
	if _, last := toBoss(4); last.Header.Get("List-Unsubscribe") != "" {
		t.Error("the mail went on after its recipient had ended it")
	}
}
