package ui_test

import (
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"
)

// between puts a proxy before the fake, such as those of companies and virus scanners. Each answer comes through in the form
// that pass gives it.
func between(t *testing.T, f *fake, pass func(*http.Response) error) string {
	t.Helper()
	at, err := url.Parse(f.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(at)
	proxy.FlushInterval = -1
	proxy.ModifyResponse = pass
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	s := newServer(proxy)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

// whole passes an answer on only when it has ended.
func whole(r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	return err
}

// behind opens a page whose widget talks to the service at base. It shortens the timers of limits milliseconds.
func behind(t *testing.T, f *fake, base string, limits ...int) tab {
	t.Helper()
	b := newTab(t)
	b.listen()
	for _, limit := range limits {
		b.hasten(limit, 300)
	}
	direct := f.URL
	f.URL = base // goes into the script tag
	b.open(newSite(t, f, "", "").URL)
	f.URL = direct
	return b
}

// Behind a proxy that holds streams back the chat goes both ways by polls. The visitor's own words stand there at once.
func TestLine_GoesByPollsWhereStreamsAreHeldBack(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := behind(t, f, between(t, f, whole), 5000)
	b.openPanel()
	b.request("Anna", "", "Is somebody there?")
	b.wait(`texts().join() === "Is somebody there?"`)
	if n := f.count("/messages"); n != 0 {
		t.Errorf("%d calls of messages", n)
	}
	f.await(t, "a poll", func() bool { return f.polls > 0 })
	f.join("Olga")
	f.say("Yes")
	b.write("Good")
	b.wait(`texts().join() === "Is somebody there?,Yes,Good"`)
	b.wait(`P("h2").textContent === "Olga" && P(".outage").textContent === ""`)
	b.complained(`holds streams back`)
	var streams int
	f.look(func() { streams = f.opened })
	b.reload()
	b.wait(`texts().length === 3`)
	f.say("Remembered")
	b.wait(`texts().at(-1) === "Remembered"`)
	f.look(func() { streams -= f.opened })
	if streams != 0 {
		t.Errorf("%d more streams after the reload", -streams)
	}
	b.noViolations()
}

// The chat goes by polls too if a proxy passes the beginning of a stream on and keeps what follows.
func TestLine_GoesByPollsWhereStreamsFallSilent(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := behind(t, f, between(t, f, func(r *http.Response) error {
		if !strings.Contains(r.Header.Get("Content-Type"), "event-stream") {
			return nil
		}
		first := make([]byte, 3)
		_, err := io.ReadFull(r.Body, first)
		rest := r.Body
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(strings.NewReader(string(first)), held{rest}), rest}
		return err
	}), 45000)
	b.openPanel()
	b.request("Anna", "", "Hello")
	f.await(t, "a poll", func() bool { return f.polls > 0 })
	f.join("Olga")
	b.wait(`P("h2").textContent === "Olga"`)
	b.complained(`holds streams back`)
}

// held is a reader that gives nothing before its end.
type held struct{ r io.Reader }

func (h held) Read([]byte) (int, error) {
	_, err := io.Copy(io.Discard, h.r)
	if err == nil {
		err = io.EOF
	}
	return 0, err
}

// The chat goes on by streams behind a proxy that ends every answer after a while.
func TestLine_GoesOnWhereEverythingIsCut(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := behind(t, f, between(t, f, func(r *http.Response) error {
		body := r.Body
		end := time.AfterFunc(time.Second, func() { _ = body.Close() })
		r.Body = struct {
			io.Reader
			io.Closer
		}{body, closer(func() error { end.Stop(); return body.Close() })}
		return nil
	}))
	b.openPanel()
	b.request("Anna", "", "Hello")
	f.await(t, "some cuts", func() bool { return f.opened >= 3 && f.ended >= 2 })
	f.join("Olga")
	f.say("Still here")
	b.wait(`texts().at(-1) === "Still here"`)
	b.want(`P(".outage").textContent + B("span").textContent`, "ONLINE")
	f.look(func() {
		if f.polls > 0 {
			t.Errorf("%d polls where streams come through", f.polls)
		}
	})
}

type closer func() error

func (c closer) Close() error { return c() }
