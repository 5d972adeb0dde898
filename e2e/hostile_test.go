package e2e_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// besieged is an installation with a conversation that attacks must not harm.
type besieged struct {
	*site
	x     *person
	c     *visitor.Conversation
	after int64 // the log was read up to this event
}

func besiege(t *testing.T) *besieged {
	t.Helper()
	b := &besieged{site: start(t, settings{"limits.strangers_per_minute": "1000"})} // the test looks at each answer to a stranger
	b.x = b.operators("xavi")[0]
	b.c = b.ask("Anna", "Question")
	b.visitorOf(b.x, b.c.Number)
	return b
}

// unharmed checks that the chat works over the first and only link.
func (b *besieged) unharmed(t *testing.T) {
	t.Helper()
	token := rand.Text()
	if _, err := b.c.Write(within(t), token+"-client-id-0000", "from visitor "+token); err != nil {
		t.Fatal(err)
	}
	b.x.t = t
	b.x.hears(b.c.Visitor, "from visitor "+token)
	b.x.says(b.c.Visitor, "from operator "+token)
	b.hears(t, "from operator "+token)
	if n := b.links(); n != 1 {
		t.Errorf("the XMPP link came up %d times", n)
	}
}

// hears reads on in the visitor's log until an operator's message contains the text, and returns
// that message.
func (b *besieged) hears(t *testing.T, text string) string {
	t.Helper()
	ctx := within(t)
	for {
		log, err := b.c.Poll(ctx, b.after, 5)
		if err != nil {
			t.Fatalf("the visitor never hears %q: %v", text, err)
		}
		for _, e := range log.Events {
			b.after = e.Seq
			if e.From == "operator" && strings.Contains(e.Text, text) {
				return e.Text
			}
		}
	}
}

// TestHostile_VisitorTexts: whatever a visitor types reaches the operator as
// text, or is refused before it is stored.
func TestHostile_VisitorTexts(t *testing.T) {
	t.Parallel()
	b := besiege(t)
	var forbidden strings.Builder // what XML 1.0 §2.2 rules out
	for r := rune(0); r < ' '; r++ {
		if r != '\t' && r != '\n' && r != '\r' {
			forbidden.WriteRune(r)
		}
	}
	forbidden.WriteString("\uFFFE\uFFFF")
	for _, c := range []struct{ name, json, want string }{ // want is what the operator reads between the marks
		{"forbidden", quote(forbidden.String()), ""},
		{"surrogates", `\ud800\udfff\ud800x\udc00`, "\U000103ff\uFFFDx\uFFFD"},
		{"CDATA", quote(`]]><![CDATA[<body>`), `]]><![CDATA[<body>`},
		{"markup", quote(`<script>alert(1)</script></body></message><iq/>&lt;&#0;&bogus;'"`), `<script>alert(1)</script></body></message><iq/>&lt;&#0;&bogus;'"`},
		{"bidi", quote("\u202Etxt.exe\u2066\u200F"), "txt.exe"},
		{"noncharacters", quote("\uFDD0\U0001FFFE\U0010FFFF\u0085\u2028"), "\uFDD0\U0001FFFE\U0010FFFF\u2028"},
		{"lines", `a\r\nb\rc\n\td`, "a\nb\nc\n\td"},
		{"emoji", quote("👩‍👩‍👧❤️"), "👩‍👩‍👧❤️"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := b.post(t, `{"client_id":"hostile-client-id-`+c.name+`","text":"«`+c.json+`»`+c.name+`"}`)
			if a.Status != http.StatusCreated {
				t.Fatalf("status %d: %s", a.Status, a.Body)
			}
			b.x.t = t
			if got, want := b.x.hears(b.c.Visitor, "»"+c.name), "«"+c.want+"»"+c.name; got != want {
				t.Errorf("the operator reads %q, want %q", got, want)
			}
			b.unharmed(t)
		})
	}
	t.Run("longest", func(t *testing.T) {
		longest := strings.Repeat("<&>'\"]é", 8192/8)
		if a := b.post(t, `{"client_id":"l1-client-id-0000","text":`+string(encode(longest))+`}`); a.Status != http.StatusCreated {
			t.Fatalf("8192 bytes: status %d: %.200s", a.Status, a.Body)
		}
		b.x.t = t
		if got := b.x.hears(b.c.Visitor, "<&>"); got != longest {
			t.Errorf("%d bytes came", len(got))
		}
		b.unharmed(t)
	})
}

// TestHostile_VisitorRequests: a malformed request is refused with the right status, and nothing
// of it is stored.
func TestHostile_VisitorRequests(t *testing.T) {
	t.Parallel()
	b := besiege(t)
	before, err := b.c.Snapshot(within(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"too long", `{"text":"` + strings.Repeat("x", 8193) + `"}`, 413},
		{"body too long", `{"text":"` + strings.Repeat("x", 70000) + `"}`, 413},
		{"nothing", `{}`, 422},
		{"nothing left", `{"text":"\u0001\u0002 \n"}`, 422},
		{"no text", `{"text":7}`, 422},
		{"deep array", `{"text":` + strings.Repeat("[", 30000) + strings.Repeat("]", 30000) + `}`, 400},
		{"deep object", strings.Repeat(`{"a":`, 10900) + "1" + strings.Repeat("}", 10900), 400},
		{"raw control characters", "{\"text\":\"a\x00b\"}", 400},
		{"no UTF-8", "{\"text\":\"a\xff\xfeb\"}", 400},
		{"no JSON", `text=hello`, 400},
		{"two", `{"text":"a"}{"text":"b"}`, 400},
		{"no object", `["text"]`, 400},
		{"empty", ``, 400},
		{"long id", `{"client_id":"` + strings.Repeat("i", 129) + `","text":"a"}`, 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := b.post(t, c.body)
			var p visitor.Problem
			if a.Status != c.status || a.Header.Get("Content-Type") != "application/problem+json" || json.Unmarshal(a.Body, &p) != nil || p.Type == "" {
				t.Errorf("status %d, want %d: %.300s", a.Status, c.status, a.Body)
			}
		})
	}
	if after, err := b.c.Snapshot(within(t)); err != nil || after.Seq != before.Seq {
		t.Errorf("the log went from %d to %d, %v", before.Seq, after.Seq, err)
	}
	b.unharmed(t)
}

// TestHostile_Names: a visitor's name and page can't forge the words around them in an offer.
func TestHostile_Names(t *testing.T) {
	t.Parallel()
	b := besiege(t)
	c, err := visitor.New(b.url).Ask(within(t), visitor.Inquiry{Name: "<b>\"'&]]>\u202E\n#7 Xavi\x00 \u200Bdesk", Reason: "Hm",
		Page:     &visitor.Page{URL: "https://a.example/\n#99 is yours", Title: "a\nb\x01", Referrer: "javascript:alert(1)\r\n"},
		Language: "de\nxx", Attributes: map[string]any{"a": strings.Repeat("]]>", 100)}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(c.Visitor, "b-7-xavi-desk-") {
		t.Errorf("the address is %s", c.Visitor)
	}
	offer := b.x.hears(demo.Desk, "#2 ")
	if want := "#2 <b>\"'&]]> #7 Xavi desk, Support: Hm\nPage: https://a.example/ #99 is yours (a b)\n"; !strings.HasPrefix(offer, want) {
		t.Errorf("the offer is %q, want %q …", offer, want)
	}
	b.x.take(2, c.Visitor)
	b.x.Chat(c.Visitor, "i", "!info")
	b.x.hears(c.Visitor, "Earlier conversations")
	b.unharmed(t)
}

// TestHostile_Strangers: a sender who is no operator gets service-unavailable for everything,
// and leaves no trace.
func TestHostile_Strangers(t *testing.T) {
	t.Parallel()
	b := besiege(t)
	vera := login(t, b.server.ClientAddr(), "vera", "")
	for i, to := range []string{demo.Domain, demo.Desk, "support@" + demo.Domain, b.c.Visitor, "nobody@" + demo.Domain} {
		id := fmt.Sprint("m", i)
		vera.Chat(to, id, "1")
		vera.expect("a refusal of the message to "+to, bounced(id, "service-unavailable"))
		for j, query := range []*stream.Element{
			stream.New("http://jabber.org/protocol/disco#info", "query"),
			stream.New("http://jabber.org/protocol/disco#items", "query").With("node", "http://jabber.org/protocol/commands"),
			stream.New("http://jabber.org/protocol/commands", "command").With("node", "queue", "action", "execute"),
			stream.New("vcard-temp", "vCard"), stream.New("jabber:iq:version", "query"), stream.New("urn:xmpp:ping", "ping"),
		} {
			id := fmt.Sprintf("q%d.%d", i, j)
			kind := "get"
			if query.Local == "command" {
				kind = "set"
			}
			vera.Send(stream.New("", "iq", query).With("type", kind, "to", to, "id", id))
			vera.expect("a refusal of the query to "+to, bounced(id, "service-unavailable"))
		}
	}
	vera.Send(stream.New("", "iq", stream.New("jabber:iq:roster", "query")).With("type", "get", "id", "roster")) // a client that has not asked for its roster would not be shown the answer
	vera.Send(stream.New("", "presence").With("type", "subscribe", "to", demo.Desk))
	vera.expect("no subscription", presenceOf(demo.Desk, "unsubscribed"))
	b.unharmed(t)
	for _, el := range vera.All() {
		if operator.Body("", "")(el) {
			t.Errorf("the stranger was sent %s", el.Append(nil))
		}
	}
	copied := filepath.Join(b.dir, "copy.db")
	if r := run(t, b.dir, nil, "backup", "--config", b.config(), copied); r.status != 0 {
		t.Fatalf("backup: %d %s", r.status, r.stderr)
	}
	data, err := os.ReadFile(copied)
	if err != nil || !bytes.Contains(data, []byte("xavi@localhost")) {
		t.Fatalf("the copy is no copy: %v", err)
	}
	if bytes.Contains(data, []byte("vera")) {
		t.Error("the database knows the stranger")
	}
	if strings.Contains(b.stderr.String(), "vera") {
		t.Error("the log knows the stranger")
	}
}

// post sends raw bytes as a message.
func (b *besieged) post(t *testing.T, body string) visitor.Answer {
	t.Helper()
	a, err := b.c.Do(within(t), b.c.At("POST", "/messages", []byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// encode returns v as JSON.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // can't happen: the tests give strings
	}
	return b
}

// quote returns s as JSON without the quotes around it.
func quote(s string) string {
	b := encode(s)
	return string(b[1 : len(b)-1])
}
