package e2e_test

import (
	"bytes"
	"image/png"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
)

// pictures are the messages of the desk that a person has got, which are nothing but the link to a picture.
func (p *person) pictures() (list []*stream.Element) {
	for _, el := range p.All() {
		if el.Local == "message" && el.Child("jabber:x:oob", "x") != nil {
			list = append(list, el)
		}
	}
	return list
}

// fetched asks for a URL and returns the answer with its body.
func fetched(t *testing.T, method, url string) (*http.Response, []byte) {
	t.Helper()
	q, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, b
}

// TestStatsPicture: after the words of stats comes one message with a picture, as a link that clients show
// (XEP-0066 §3, with the URL as the body). Whoever has the link gets a PNG of 900 × 500; nobody gets one by
// another name. The picture is left out if somebody says text, has little traffic, asks for one day, or asks
// in a conversation.
func TestStatsPicture(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	p := s.operators("xavi", "olga")
	x, o := p[0], p[1]
	c := s.ask("Anna", "Question")
	x.take(c.Number, c.Visitor)
	x.says(c.Visitor, "Answer")
	for _, line := range []string{"stats text", "stats today", "stats 2026-11-03 chats", "stats all 30d tickets text"} {
		x.desk(line, "\n")
	}
	x.write(c.Visitor, "!stats", "First answer ") // in a conversation a picture would seem to be the visitor's
	x.handled(c.Visitor)
	x.silence(demo.Desk, "a picture that nobody wants", func(el *stream.Element) bool { return el.Child("jabber:x:oob", "x") != nil })

	x.Chat(demo.Desk, "q1", "stats")
	x.hears(demo.Desk, "First answer ")
	m := x.expect("the picture", func(el *stream.Element) bool { return el.Child("jabber:x:oob", "x") != nil })
	link := m.ChildText("", "body")
	if m.Get("type") != "chat" || !strings.HasPrefix(m.Get("from"), demo.Desk) || m.Child("jabber:x:oob", "x").ChildText("jabber:x:oob", "url") != link ||
		!regexp.MustCompile(`^`+regexp.QuoteMeta(s.url)+`/pictures/[A-Za-z0-9_-]{60,300}/stats\.png$`).MatchString(link) {
		t.Fatalf("the picture is %s", m.Append(nil))
	}
	all := x.All()
	for i, el := range all {
		if el.Get("id") == m.Get("id") && !strings.Contains(all[i-1].ChildText("", "body"), "First answer ") {
			t.Errorf("before the picture came %s", all[i-1].Append(nil))
		}
	}
	x.handled(demo.Desk)
	if n := len(x.pictures()); n != 1 {
		t.Errorf("%d pictures", n)
	}

	r, b := fetched(t, "GET", link)
	picture, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil || r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/png" || picture.Width != 900 || picture.Height != 500 {
		t.Errorf("GET: %d %v, %v, %v", r.StatusCode, r.Header, picture, err)
	}
	if r, _ := fetched(t, "HEAD", link); r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/png" || r.ContentLength != int64(len(b)) { // clients ask for the size first
		t.Errorf("HEAD: %d %v, %d bytes of %d", r.StatusCode, r.Header, r.ContentLength, len(b))
	}
	at := len(s.url + "/pictures/")
	for _, wrong := range []string{link + "x", strings.TrimSuffix(link, ".png"), strings.TrimSuffix(link, "/stats.png"), link[:at] + "A" + link[at+1:] + "", link[:at] + "stats.png", link[:at] + "AAAA/stats.png", link[:at] + link[at+8:],
		strings.Replace(link, "/stats.png", "A/stats.png", 1), s.url + "/pictures/"} {
		if r, b := fetched(t, "GET", wrong); r.StatusCode != 404 && wrong != link {
			t.Errorf("%s: %d %s", wrong, r.StatusCode, b)
		}
	}

	s.stopAndConfigure(nil) // another process draws the same picture
	s.online(2)
	if r, again := fetched(t, "GET", link); r.StatusCode != 200 || !bytes.Equal(b, again) {
		t.Errorf("after a restart: %d, the same picture: %v", r.StatusCode, bytes.Equal(b, again))
	}

	o.desk("status satellite on", "Satellite: on")
	o.desk("stats 30d", "First answer ")
	o.silence(demo.Desk, "a picture in spite of little traffic", func(el *stream.Element) bool { return el.Child("jabber:x:oob", "x") != nil })
	if note := o.adhoc(demo.Desk, "stats", "who=olga@localhost&range=7d&kind=chats"); strings.Contains(note, "/pictures/") {
		t.Errorf("the form says %s", note)
	}
	note := x.adhoc(demo.Desk, "stats", "who=xavi@localhost&range=7d&kind=chats")
	if _, link, ok := strings.Cut(note, "\nPicture: "+s.url+"/pictures/"); !ok || !strings.HasSuffix(link, "/stats.png") || !strings.Contains(note, "First answer ") {
		t.Errorf("the form says %s", note)
	}
	if note := x.adhoc(demo.Desk, "stats", "who=xavi@localhost&range=7d&kind=chats&text=1"); strings.Contains(note, "/pictures/") {
		t.Errorf("without a picture the form says %s", note)
	}
}
