package mailbox

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/email/letter"
)

// sentMail is a mail to a visitor, with what nobody should trust.
const sentMail = `From: "Xavi (Demo)" <support@localhost>
Reply-To: <support+t.abc@localhost>
To: =?utf-8?q?J=C3=BCrgen?= <j@example.org>
Subject: Re: <script>alert(1)</script>
Message-ID: <m2@localhost>
References: <c.abc@localhost> <m1@localhost>
Content-Type: multipart/related; boundary=r

--r
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain; charset=utf-8

Look at <https://shop.example/a?b=1&c=2>, or http://127.0.0.1:8080/chat.
<img src=x onerror=alert(1)> httpd
--a
Content-Type: text/html; charset=utf-8

<html><head></head><body><script>alert(1)</script><a href="https://shop.example/">Look</a><img src="cid:p1"></body></html>
--a--
--r
Content-Type: image/png
Content-ID: <p1>
Content-Transfer-Encoding: base64

iVBORw0=
--r--
`

// asks makes a request to the pages, with a form if there is one.
func asks(s *Servers, method, path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// What a mail says is shown as text, with links; its HTML is a document of its own that may do nothing.
func TestHandler_ShowsMail(t *testing.T) {
	s := started(t)
	sends(t, s, "support+b.1@localhost", []string{"j@example.org"}, sentMail)
	for path, wants := range map[string][]string{
		"/mail": {`<a href="/mail/1">Re: &lt;script&gt;alert(1)&lt;/script&gt;</a>`, "Xavi (Demo) &lt;support@localhost&gt; → Jürgen &lt;j@example.org&gt;", "To a visitor", `http-equiv="refresh"`},
		"/mail/1": {"&lt;img src=x onerror=alert(1)&gt; httpd", `<a href="https://shop.example/a?b=1&amp;c=2" target="_blank" rel="noopener">https://shop.example/a?b=1&amp;c=2</a>&gt;, or <a href="http://127.0.0.1:8080/chat" `,
			"Answer as Jürgen", "It goes to support&#43;t.abc@localhost", `<iframe class="html" src="/mail/1/html"`},
	} {
		w := asks(s, "GET", path, nil)
		for _, want := range wants {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s lacks %s:\n%s", path, want, w.Body)
			}
		}
	}
	w := asks(s, "GET", "/mail/1/html", nil)
	if want := `<html><head><base target="_blank"></head><body><script>alert(1)</script><a href="https://shop.example/">Look</a><img src="data:image/png;base64,iVBORw0="></body></html>`; strings.TrimSpace(w.Body.String()) != want {
		t.Errorf("the HTML is\n%s", w.Body)
	}
	csp := w.Header().Get("Content-Security-Policy")
	if !strings.HasPrefix(csp, "default-src 'none';") || !strings.Contains(csp, "; sandbox allow-popups") || strings.Contains(csp, "script") || strings.Contains(csp, "allow-same-origin") {
		t.Errorf("the policy of the HTML is %s", csp)
	}
}

// The pages hold nothing that a strict policy forbids, and are protected from other sites.
func TestHandler_Strict(t *testing.T) {
	inline := regexp.MustCompile(`(?i)\sstyle=|<style|\son[a-z]+="|javascript:|<script`)
	s := started(t)
	sends(t, s, "support@localhost", []string{"j@example.org"}, "Subject: Hello\n\nHello!\n")
	for _, path := range []string{"/mail", "/mail/1", "/mail/new", "/mail/mail.css"} {
		w := asks(s, "GET", path, nil)
		if m := inline.FindString(w.Body.String()); m != "" || w.Code != http.StatusOK {
			t.Errorf("%s: %d, %s", path, w.Code, m)
		}
		if got := w.Header().Get("Content-Security-Policy"); got != policy {
			t.Errorf("%s has the policy %q", path, got)
		}
	}
	for path, want := range map[string]int{"/mail/2": 404, "/mail/x": 404, "/mail/1/html": 404, "/mail/pages/mail.css": 404} {
		if w := asks(s, "GET", path, nil); w.Code != want {
			t.Errorf("GET %s: %d, want %d", path, w.Code, want)
		}
	}
	if w := asks(s, "POST", "/mail/1", url.Values{"text": {"I am another site"}}, "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden || len(s.Mails()) != 1 {
		t.Errorf("another site's form: %d", w.Code)
	}
}

// An answer goes to Reply-To and names the mails before it, so that porchlight and mail programs know what it answers.
func TestHandler_Answers(t *testing.T) {
	s := started(t)
	sends(t, s, "support+b.1@localhost", []string{"j@example.org"}, sentMail)
	w := asks(s, "POST", "/mail/1", url.Values{"text": {"Schön, danke!\r\nBis bald.\r\n"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/mail" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	list := lies(t, s)
	if len(list) != 1 {
		t.Fatalf("%d mails in the mailbox", len(list))
	}
	l := letter.Read([]byte(list[0]), letter.Options{})
	if l.From != (letter.Address{Name: "Jürgen", Addr: "j@example.org"}) || l.Recipients()[0] != "support+t.abc@localhost" || l.ReturnPath != "j@example.org" ||
		l.Subject != "Re: <script>alert(1)</script>" || l.InReplyTo != "m2@localhost" || !slices.Equal(l.References, []string{"c.abc@localhost", "m1@localhost", "m2@localhost"}) ||
		l.Chat != "Schön, danke!\nBis bald." || !strings.Contains(l.Text, "> Look at") || l.ID == "" || time.Since(l.Date) > time.Hour || len(l.Flaws) > 0 {
		t.Errorf("the answer is %+v", l)
	}
	if w := asks(s, "GET", "/mail", nil); !strings.Contains(w.Body.String(), "To support") {
		t.Errorf("the list lacks the answer:\n%s", w.Body)
	}
	if w := asks(s, "POST", "/mail/1", url.Values{"text": {" \n"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Please write something.") {
		t.Errorf("an empty answer: %d", w.Code)
	}
	if w := asks(s, "POST", "/mail/2", url.Values{"text": {"To myself"}}); w.Code != http.StatusNotFound || len(s.Mails()) != 2 {
		t.Errorf("an answer to one's own mail: %d", w.Code)
	}
}

// A new mail goes to the support address. What is wrong is said, and what was typed stays.
func TestHandler_Writes(t *testing.T) {
	s := started(t)
	w := asks(s, "POST", "/mail/new", url.Values{"from": {"Bert <bert@example.org>"}, "subject": {"Grüße\r\nBcc: x@example.org"}, "text": {"Hallo"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	list := lies(t, s)
	if len(list) != 1 {
		t.Fatalf("%d mails in the mailbox", len(list))
	}
	if l := letter.Read([]byte(list[0]), letter.Options{}); l.From.Name != "Bert" || !strings.HasPrefix(l.Subject, "Grüße") || strings.Contains(list[0], "\r\nBcc:") || l.Text != "Hallo" || l.InReplyTo != "" {
		t.Errorf("the mail is %+v", l)
	}
	for _, form := range []url.Values{
		{"from": {"nobody"}, "subject": {"Kept subject"}, "text": {"Kept text"}},
		{"from": {"a@b.example"}, "subject": {"Kept subject"}, "text": {" "}},
	} {
		w := asks(s, "POST", "/mail/new", form)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `role="alert"`) || !strings.Contains(w.Body.String(), "Kept subject") {
			t.Errorf("%v: %d\n%s", form, w.Code, w.Body)
		}
	}
	if len(s.Mails()) != 1 {
		t.Error("a bad form has sent a mail")
	}
}
