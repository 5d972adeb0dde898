package webwidget_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"porchlight/bridge"
)

// pixel begins like a PNG.
var pixel = append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{7}, 1000)...)

// form makes the body of an upload and its header.
func form(t testing.TB, clientID, name string, content []byte) (body, header string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField("client_id", clientID); err != nil {
		t.Fatal(err)
	}
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename="%s"`, name)}, "Content-Type": {"text/html"}})
	if err != nil {
		t.Fatal(err)
	}
	part.Write(content)
	w.Close()
	return b.String(), "Content-Type: " + w.FormDataContentType()
}

func (s *service) send(o opened, clientID, name string, content []byte) reply {
	s.Helper()
	body, header := form(s, clientID, name, content)
	return s.call(o, "POST", "/files", body, header)
}

// A file is one event of the log, however often it is sent under its client id. It can be
// read whole and with its type, by its link or by the token, and not without.
func TestFiles_SentAndRead(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	for query, want := range map[string]bool{"": false, "?with=files": true} {
		if r := s.call(o, "GET", query, ""); strings.Contains(r.body, fmt.Sprintf(`"files":{"max_bytes":%d,"types":["image/png"`, maxFile)) != want {
			t.Errorf("%s: %s", query, r.body)
		}
	}
	big := append(pixel, bytes.Repeat([]byte("0123456789abcdef"), 40_000)...) // the store keeps it in several parts
	a := s.send(o, "f1-client-id-0000", `C:\pictures\..\chart 1.png`, big)
	var e event
	a.into(t, http.StatusCreated, &e)
	again := s.send(o, "f1-client-id-0000", `C:\pictures\..\chart 1.png`, big)
	again.want(t, http.StatusOK)
	if again.body != a.body && !strings.Contains(again.body, `"seq":`+fmt.Sprint(e.Seq)) {
		t.Errorf("the same client id gives %s, then %s", a.body, again.body)
	}
	if e.Type != "file" || e.From != "visitor" || e.ClientID != "f1-client-id-0000" || e.File.Type != "image/png" || e.File.Size != int64(len(big)) || !strings.HasSuffix(e.File.Name, ".png") || strings.ContainsAny(e.File.Name, `/\`) {
		t.Errorf("event %+v", e)
	}
	list := s.stream(o, 0).until(func(x event) bool { return x.Type == "file" })
	if got := list[len(list)-1]; got.File != e.File && got.File.ID != e.File.ID {
		t.Errorf("streamed %+v", got)
	}
	for name, r := range map[string]reply{
		"link":  s.do("GET", e.File.URL, ""),
		"token": s.call(o, "GET", "/files/"+e.File.ID, ""),
	} {
		r.want(t, http.StatusOK)
		if r.body != string(big) {
			t.Errorf("%s: %d bytes, want %d", name, len(r.body), len(big))
		}
		for header, want := range map[string]string{"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"} {
			if got := r.header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		if got := r.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
			t.Errorf("%s: disposition %q", name, got)
		}
	}
	head := s.do("HEAD", e.File.URL, "")
	head.want(t, http.StatusOK)
	if head.body != "" || head.header.Get("Content-Length") != fmt.Sprint(len(big)) {
		t.Errorf("HEAD: %d bytes, length %s", len(head.body), head.header.Get("Content-Length"))
	}
	other := s.ask("")
	for name, r := range map[string]reply{
		"another conversation's token": s.call(other, "GET", "/files/"+e.File.ID, ""),
		"no token":                     s.do("GET", "/v1/conversations/"+o.ID+"/files/"+e.File.ID, ""),
		"a changed signature":          s.do("GET", strings.Replace(e.File.URL, "signature=", "signature=x", 1), ""),
		"a longer time":                s.do("GET", strings.Replace(e.File.URL, "expires=", "expires=9", 1), ""),
		"another file":                 s.do("GET", strings.Replace(e.File.URL, e.File.ID, "x.png", 1), ""),
		"another conversation's link":  s.do("GET", strings.Replace(e.File.URL, o.ID, other.ID, 1), ""),
		"unknown":                      s.call(o, "GET", "/files/x.png", ""),
	} {
		r.refused(t, http.StatusNotFound, "not-found")
		if !strings.Contains(r.body, "There is no such conversation.") {
			t.Errorf("%s: %s", name, r.body)
		}
	}
}

// The download of a file that can't be read to its end is cut off, and the log says why.
func TestFiles_WhatCantBeReadIsLogged(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	var e event
	s.send(o, "f1-client-id-0000", "a.png", pixel).into(t, http.StatusCreated, &e)
	s.store.set(func(g *gate) { g.torn = errors.New("disk I/O error") })
	if res, err := s.client.Get(s.url + e.File.URL); err == nil {
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err == nil {
			t.Errorf("a whole answer came: %d %q", res.StatusCode, body)
		}
	}
	if log := s.log.String(); !strings.Contains(log, "request failed") || !strings.Contains(log, "disk I/O error") {
		t.Errorf("logged: %s", log)
	}
}

// The name and the content of a file must agree and be in the list. Sizes and counts are
// bounded. Nothing is kept of a file that is refused.
func TestFiles_Refused(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	before := s.conversation(o).Seq
	for _, c := range []struct {
		name, content string
		status        int
		code          string
	}{
		{"page.html", "<!doctype html><script>alert(1)</script>", 415, "unsupported-media-type"},
		{"picture.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, 415, "unsupported-media-type"},
		{"picture.png", "<html><script>alert(1)</script>", 415, "unsupported-media-type"},
		{"picture.png", "just text", 415, "unsupported-media-type"},
		{"text.txt", string(pixel), 415, "unsupported-media-type"},
		{"program.exe", "MZ\x90\x00\x03", 415, "unsupported-media-type"},
		{"noname", "plain words", 415, "unsupported-media-type"},
		{"empty.png", "", 422, "invalid"},
		{"large.png", string(pixel) + strings.Repeat("x", maxFile), 413, "too-large"},
		{"huge.png", string(pixel) + strings.Repeat("x", 3*maxFile), 413, "too-large"},
	} {
		s.send(o, "", c.name, []byte(c.content)).refused(t, c.status, c.code)
	}
	s.call(o, "POST", "/files", `{"file":"x"}`).refused(t, 415, "unsupported-media-type")
	s.call(o, "POST", "/files", "--b\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\nx\r\n--b--\r\n", "Content-Type: multipart/form-data; boundary=b").refused(t, 422, "invalid")
	s.call(o, "POST", "/files", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n"+string(pixel), "Content-Type: multipart/form-data; boundary=b").refused(t, 422, "invalid")
	if now := s.conversation(o).Seq; now != before {
		t.Errorf("the log grew from %d to %d", before, now)
	}
	if n := s.storedFiles(o); n != 0 {
		t.Errorf("%d files are left of what was refused", n)
	}
	for i := range maxFiles {
		s.send(o, fmt.Sprint("client-id-number-", i), "a.png", pixel).want(t, http.StatusCreated)
	}
	s.send(o, "one more-client-id-0000", "a.png", pixel).refused(t, http.StatusConflict, "conflict")
	s.send(o, "client-id-number-0", "a.png", pixel).want(t, http.StatusOK)
	s.must(s.bridge.VisitorCloses(t.Context(), o.Number))
	s.send(o, "late-client-id-0000", "a.png", pixel).refused(t, http.StatusConflict, "conflict")
}

// The server refuses everything from a blocked visitor, and from everybody in a blocked
// range, that would reach operators.
func TestBlock_VisitorIsRefused(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	s.answer(o, "Hello")
	_, err := s.bridge.BlockVisitor(t.Context(), xavi, bridge.VisitorJID(o.Visitor), false, 0, "spam")
	s.must(err)
	if c := s.conversation(o); c.State != bridge.Closed || c.Reason != bridge.ReasonBlocked {
		t.Errorf("the conversation is %s (%s)", c.State, c.Reason)
	}
	s.call(o, "POST", "/messages", `{"client_id":"b1-client-id-0000","text":"again"}`).refused(t, http.StatusForbidden, "forbidden")
	s.send(o, "b2-client-id-0000", "a.png", pixel).refused(t, http.StatusForbidden, "forbidden")
	s.do("POST", "/v1/conversations", fmt.Sprintf(`{"client_id":"b3-client-id-0000","reason":"again","previous":%q}`, o.ID), "Authorization: Bearer "+o.Token).refused(t, http.StatusForbidden, "forbidden")
	if _, err := s.bridge.Blocks.Unblock(t.Context(), o.Visitor); err != nil {
		t.Fatal(err)
	}
	s.call(o, "POST", "/messages", `{"client_id":"b4-client-id-0000","text":"thanks"}`).want(t, http.StatusCreated)
}
