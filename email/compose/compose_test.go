package compose_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"porchlight/email/compose"
)

var update = flag.Bool("update", false, "write the golden files anew")

// when is the time of all mails of the tests.
var when = time.Date(2026, 11, 29, 14, 2, 0, 0, time.UTC)

// base is a mail of a kind with what every mail has.
func base(kind compose.Kind, language string) compose.Mail {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return compose.Mail{
		Kind: kind, Language: language, Zone: berlin, Date: when, Number: 123, Organization: "Example",
		From: compose.Address{Name: "Jürgen (Example Support)", Addr: "support@example.org"}, To: compose.Address{Addr: "ann@bücher.example"},
		ReplyTo: "support+t.abcdefghij234567klmn@example.org", MessageID: "m.0123456789abcdef@example.org", Loop: "3f2a",
	}
}

// answer is a mail with all that an answer can have.
func answer(language string) compose.Mail {
	m := base(compose.Answer, language)
	m.To.Name, m.Subject, m.InReplyTo = "Ann, the (second)", "Re: Größe der Lampe", "CAF=x@mail.example.net"
	m.References = []string{"c.abcdefghij234567klmn@example.org", "CAF=x@mail.example.net"}
	m.Lines = []compose.Line{
		{From: "Jürgen", At: when.Add(-5 * time.Minute), Own: true, Text: "Hello Ann,\n\nthe lamp is 30 cm wide, see https://example.org/lamps/4711?a=1&b=2.\n  – with its foot\n.\nFrom here on it ships today."},
		{From: "Jürgen", At: when, Own: true, Text: "And here is the drawing.", Files: []compose.FileLink{{Name: "drawing.pdf", URL: "https://chat.example.org/f/1", Size: 84_213}}},
	}
	m.Quoted = []compose.Line{
		{From: "Ann", At: when.Add(-time.Hour), Text: "How <b>wide</b> is it?\n\nAnd is https://evil.example/ yours?"},
		{From: "Jürgen", At: when.Add(-50 * time.Minute), Own: true, Text: "A moment, I measure it."},
	}
	m.Signature = "Jürgen\nExample Support"
	m.Resume, m.Feedback = "https://chat.example.org/r/abc", "https://chat.example.org/v/abc"
	return m
}

// mails are the mails that have golden files.
func mails() map[string]compose.Mail {
	list := map[string]compose.Mail{}
	for _, l := range []string{"en", "de", "es", "fr"} {
		list["answer."+l] = answer(l)
		closed := base(compose.Closed, l)
		closed.Back = time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
		list["closed."+l] = closed
	}
	ack := base(compose.Acknowledgement, "en")
	ack.Resume = "https://chat.example.org/r/abc"
	list["acknowledgement"] = ack
	transcript := answer("en")
	transcript.Kind, transcript.Lines, transcript.Quoted = compose.Transcript, append(transcript.Quoted, transcript.Lines...), nil
	transcript.Attach = []compose.Attachment{{Name: "../Änderung\r\nX: y.pdf", Type: "application/pdf", Data: bytes.Repeat([]byte("%PDF"), 40)}}
	list["transcript"] = transcript
	notice := base(compose.Notice, "en")
	notice.Subject, notice.Lines = "New request #123", []compose.Line{{Own: true, Text: "New request #123 from Ann, page https://shop.example.org/lamps"}}
	notice.Unsubscribe = "https://chat.example.org/leave/abc"
	list["notice"] = notice
	stats := notice
	stats.Kind, stats.Subject, stats.Lines, stats.ReplyTo = compose.Statistics, "Statistics: Olga, 16–22 Nov", nil, ""
	for _, part := range []string{
		"Olga, 16–22 Nov (in brackets: 9–15 Nov):\n  First answer, median 21 s (35 s)\n  Answers, median 40 s (52 s)\n  41 conversations (38), missed 2 (4)\n  Vote 4.7 of 5 (4.6)\n" +
			"  Tickets: first answer, median 1 h 5 min (2 h); 9 new (7), 8 solved (7)",
		"Olga, 16–22 Nov, chats:\n  41 conversations, 6 h 12 min of support (5 h 40 min merged)\n  First answer 38 s, median 21 s; answers 52 s (n 212)\n  Waited 1 min 4 s before being taken\n" +
			"  Missed 2, abandoned 3\n  Vote 4.7 of 5 (12); online 31 h",
		"Olga, 16–22 Nov, tickets:\n  9 new, 8 solved, 1 reopened\n  First answer to new ones 2 h 10 min (1 h 5 min in hours); still unanswered: 1, oldest 26 h\n  Answers in general 1 h 40 min (n 23)\n" +
			"  New → solved 9 h 30 min (first time), 11 h with reopening",
		"Olga has this sent to you each Monday.",
	} {
		stats.Lines = append(stats.Lines, compose.Line{Own: true, Text: part})
	}
	stats.Picture = &compose.Picture{Type: "image/png", Data: bytes.Repeat([]byte{0x89, 'P', 'N', 'G'}, 30), Width: 560, Height: 311,
		Alt: "Olga, chats, 16–22 Nov. Conversations (First answer): Mon 16: 8 (38 s); Tue 17: 9 (21 s); Wed 18: 7 (44 s); Thu 19: 9 (35 s); Fri 20: 8 (52 s); Sat 21: 0; Sun 22: 0"}
	list["statistics"] = stats
	return list
}

// The bytes of each kind of mail are those of the golden files, which have LF where mails have CRLF.
func TestBytes_Golden(t *testing.T) {
	for name, m := range mails() {
		raw, err := compose.Bytes(m)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.ReplaceAll(string(raw), "\r\n", "\n")
		if strings.Count(string(raw), "\r\n") != strings.Count(string(raw), "\n") || strings.Contains(got, "\r") {
			t.Errorf("%s: not every line ends in CRLF", name)
		}
		path := filepath.Join("testdata", name+".eml")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs from its golden file; go test ./email/compose -update writes it anew:\n%s", name, got)
		}
	}
}

// leaf is a part of a mail without parts.
type leaf struct {
	kind, encoding, disposition string
	body                        string // decoded, if it is text
}

// read reads a mail as others do: its header, and its leaves in order.
func read(t testing.TB, raw []byte) (mail.Header, []leaf) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	return m.Header, leaves(t, m.Header.Get, m.Body)
}

func leaves(t testing.TB, get func(string) string, body io.Reader) []leaf {
	t.Helper()
	kind, params, err := mime.ParseMediaType(get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		l := leaf{kind: kind, encoding: get("Content-Transfer-Encoding"), disposition: get("Content-Disposition")}
		if l.encoding == "quoted-printable" {
			body = quotedprintable.NewReader(body)
		}
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		l.body = strings.ReplaceAll(string(b), "\r\n", "\n")
		return []leaf{l}
	}
	var list []leaf
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, leaves(t, p.Header.Get, p)...)
	}
}

// write writes a mail and reads it.
func write(t testing.TB, m compose.Mail) (mail.Header, []leaf) {
	t.Helper()
	raw, err := compose.Bytes(m)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line has %d characters (RFC 5322 §2.1.1)", len(line))
		}
	}
	return read(t, raw)
}

// An operator's answer is a mail of a person: nothing in it says that a program wrote it. What programs write says so.
// Only what recurs can be unsubscribed.
func TestBytes_SaysWhatIsAutomatic(t *testing.T) {
	for name, m := range mails() {
		h, _ := write(t, m)
		want := map[compose.Kind]string{compose.Answer: "", compose.Acknowledgement: "auto-replied", compose.Closed: "auto-replied"}
		automatic, ok := want[m.Kind]
		if !ok {
			automatic = "auto-generated"
		}
		suppress := "All"
		if automatic == "" {
			suppress = ""
		}
		if h.Get("Auto-Submitted") != automatic || h.Get("X-Auto-Response-Suppress") != suppress || h.Get("X-Porchlight-Loop") != "3f2a" {
			t.Errorf("%s: %v", name, h)
		}
		leave := m.Unsubscribe != ""
		if (h.Get("List-Unsubscribe") == "<https://chat.example.org/leave/abc>") != leave || (h.Get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click") != leave {
			t.Errorf("%s: %v", name, h)
		}
	}
	m := answer("en")
	m.Unsubscribe = "https://chat.example.org/leave/abc"
	if _, err := compose.Bytes(m); err == nil {
		t.Error("an answer can be unsubscribed")
	}
}

// Whoever typed an address into a form may not be its owner, so an acknowledgement carries nothing that they wrote.
func TestBytes_AcknowledgementHasNothingOfTheVisitor(t *testing.T) {
	for _, kind := range []compose.Kind{compose.Acknowledgement, compose.Closed} {
		for what, set := range map[string]func(*compose.Mail){
			"subject": func(m *compose.Mail) { m.Subject = "Buy" },
			"name":    func(m *compose.Mail) { m.To.Name = "Buy" },
			"line":    func(m *compose.Mail) { m.Lines = []compose.Line{{Text: "Buy"}} },
			"quote":   func(m *compose.Mail) { m.Quoted = []compose.Line{{Text: "Buy"}} },
			"file":    func(m *compose.Mail) { m.Attach = []compose.Attachment{{Name: "Buy"}} },
			"picture": func(m *compose.Mail) { m.Picture = &compose.Picture{Type: "image/png"} },
		} {
			m := base(kind, "en")
			set(&m)
			if raw, err := compose.Bytes(m); err == nil {
				t.Errorf("%s with a %s: %s", kind, what, raw)
			}
		}
	}
}

// What comes from others neither adds a field nor hides one, whatever it is.
func TestBytes_HeadersHoldWhatIsGiven(t *testing.T) {
	m := answer("en")
	evil := "a\r\nBcc: x@evil.example\r\n\r\n<script>\x00\u202e =?utf-8?Q?=0D=0ABcc:_y?="
	m.Subject, m.To.Name, m.From.Name, m.Loop = evil, evil, evil, evil
	m.MessageID, m.InReplyTo, m.References = evil, evil, []string{evil, "a@b> <c@d", "ok@example.org", ""}
	h, _ := write(t, m)
	if len(h) != 11 || h.Get("Bcc") != "" || h.Get("In-Reply-To") != "" || h.Get("References") != "<ok@example.org>" || !strings.HasSuffix(h.Get("Message-ID"), "@example.org>") {
		t.Errorf("got %v", h)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
	if err != nil || subject != "a Bcc: x@evil.example <script> = ?utf-8?Q?=0D=0ABcc:_y?=" {
		t.Errorf("the subject is %q, %v", subject, err)
	}
	to, err := h.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Address != "ann@xn--bcher-kva.example" {
		t.Errorf("the recipient is %v, %v", to, err)
	}
}

// A thread's references are its root and its last ten.
func TestBytes_References(t *testing.T) {
	m := answer("en")
	m.References = nil
	for i := range 30 {
		m.References = append(m.References, fmt.Sprintf("%d@example.org", i))
	}
	h, _ := write(t, m)
	list := strings.Fields(h.Get("References"))
	if len(list) != 11 || list[0] != "<0@example.org>" || list[1] != "<20@example.org>" || list[10] != "<29@example.org>" {
		t.Errorf("got %v", list)
	}
}

// A Message-ID that is not given is made, another one each time, at our domain.
func TestNewID(t *testing.T) {
	a, b := compose.NewID("support@bücher.example"), compose.NewID("support@bücher.example")
	if a == b || len(a) != len("m.0123456789abcdef0123456789abcdef@xn--bcher-kva.example") || !strings.HasSuffix(a, "@xn--bcher-kva.example") {
		t.Errorf("got %q and %q", a, b)
	}
}

// Both bodies say the same: what is said, its files, the links, the signature, and the last ten lines before.
func TestBytes_BothBodiesSayTheSame(t *testing.T) {
	m := answer("en")
	for i := range 30 {
		m.Quoted = append(m.Quoted, compose.Line{From: "Ann", Text: fmt.Sprintf("earlier %d", i)})
	}
	_, list := write(t, m)
	if len(list) != 2 || list[0].kind != "text/plain" || list[1].kind != "text/html" {
		t.Fatalf("got %v", list)
	}
	for _, l := range list {
		for _, want := range []string{"the lamp is 30 cm wide", "  – with its foot", "drawing.pdf (84 KB)", "https://chat.example.org/f/1", "https://chat.example.org/r/abc",
			"https://chat.example.org/v/abc", "Example Support", "earlier 20", "earlier 29", "To write to us"} {
			if !strings.Contains(l.body, want) {
				t.Errorf("%s does not say %q", l.kind, want)
			}
		}
		if strings.Contains(l.body, "earlier 19") {
			t.Errorf("%s quotes more than ten lines", l.kind)
		}
	}
	if !strings.Contains(list[0].body, "\n-- \nJürgen\nExample Support\n") || !strings.Contains(list[0].body, "\n> earlier 29\n") {
		t.Errorf("the text is %q", list[0].body)
	}
}

// The HTML brings nothing from outside, runs nothing, and vouches for no link of a stranger's.
func TestBytes_HTMLIsClosed(t *testing.T) {
	m := answer("en")
	m.Lines = append(m.Lines, compose.Line{From: `"><script>alert(1)</script>`, Text: `<img src=https://evil.example/x.png> https://evil.example/a javascript:alert(1)`})
	_, list := write(t, m)
	html := list[1].body
	for _, bad := range []string{"<script", "<img", `href="https://evil`, "src=\"http", "url(", "@import", "<link", "ZgotmplZ"} {
		if strings.Contains(html, bad) {
			t.Errorf("the HTML has %s", bad)
		}
	}
	if !strings.Contains(html, `<a class="link" href="https://example.org/lamps/4711?a=1&amp;b=2" style="color:#0b57d0;">https://example.org/lamps/4711?a=1&amp;b=2</a>.`) {
		t.Error("our own link is no link")
	}
	_, list = write(t, mails()["statistics"])
	if len(list) != 3 || !strings.Contains(list[1].body, `<img src="cid:picture@porchlight.invalid" alt="Olga, chats, 16–22 Nov. Conversations (First answer): Mon 16: 8 (38 s); `) || list[2].kind != "image/png" || list[2].disposition != "inline" {
		t.Errorf("the picture: %v", list)
	}
}

// A file's name can't lead anywhere, and its type can't make it a part of the mail.
func TestBytes_Attachments(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd": "_.._etc_passwd", "a\u202egnp.exe": "agnp.exe", "": "file", ".bashrc": "bashrc", "Ä b.pdf": "Ä b.pdf",
		strings.Repeat("字", 300) + ".pdf": "",
	} {
		m := answer("en")
		m.Attach = []compose.Attachment{{Name: name, Type: "message/rfc822", Data: []byte("x")}}
		_, list := write(t, m)
		_, params, err := mime.ParseMediaType(list[2].disposition)
		if err != nil || list[2].kind != "application/octet-stream" || want != "" && params["filename"] != want || len(params["filename"]) > 240 {
			t.Errorf("%q: got %+v, %v", name, list[2], err)
		}
	}
}

// What can't be part of a mail is said, and nothing is written.
func TestBytes_SaysWhatIsWrong(t *testing.T) {
	for what, set := range map[string]func(*compose.Mail){
		"kind":        func(m *compose.Mail) { m.Kind = "letter" },
		"date":        func(m *compose.Mail) { m.Date = time.Time{} },
		"from":        func(m *compose.Mail) { m.From.Addr = "support" },
		"to":          func(m *compose.Mail) { m.To.Addr = "ann@example.net>\r\nBcc: <x@evil.example" },
		"two":         func(m *compose.Mail) { m.To.Addr = "ann@example.net, bob@example.net" },
		"reply":       func(m *compose.Mail) { m.ReplyTo = "@" },
		"resume":      func(m *compose.Mail) { m.Resume = "javascript:alert(1)" },
		"feedback":    func(m *compose.Mail) { m.Feedback = "https://example.org/\r\nX: y" },
		"unsubscribe": func(m *compose.Mail) { m.Kind, m.Unsubscribe = compose.Notice, "https://a/> <b" },
	} {
		m := answer("en")
		set(&m)
		if raw, err := compose.Bytes(m); err == nil {
			t.Errorf("%s: %s", what, raw)
		}
	}
}

// No link to a file keeps a mail back: it is encoded, or else it is text, in what is said and in what is quoted.
func TestBytes_OddLinks(t *testing.T) {
	for address, want := range map[string]string{
		"https://up.example.org/Größe.pdf?q=ä#ö": "https://up.example.org/Gr%C3%B6%C3%9Fe.pdf?q=%C3%A4#%C3%B6",
		"https://bücher.example:8443/a b\"<c>":   "https://xn--bcher-kva.example:8443/a%20b%22%3Cc%3E",
		"https://up.example.org/a%20b.pdf":       "https://up.example.org/a%20b.pdf",
		"javascript:alert(1)":                    "",
		"https://":                               "",
		"file:///etc/passwd\r\nX: y":             "",
	} {
		m := answer("en")
		odd := []compose.Line{{From: "Olga", Own: true, Files: []compose.FileLink{{Name: "odd", URL: address}}}}
		m.Lines, m.Quoted = odd, odd
		_, list := write(t, m)
		shown := strings.Join(strings.Fields(address), " ")
		if want != "" {
			shown = want
		}
		if text := list[0].body; strings.Count(text, "odd: "+shown) != 2 {
			t.Errorf("%q: the text is %q", address, text)
		}
		if html := list[1].body; want != "" != strings.Contains(html, `href="`+strings.ReplaceAll(want, "&", "&amp;")+`"`) || strings.Contains(html, `href="javascript`) || strings.Contains(html, `href="file`) {
			t.Errorf("%q: the HTML is %s", address, html)
		}
	}
}

// Whatever people write, the mail can be read by others, and has the fields and parts that it should have.
func FuzzBytes(f *testing.F) {
	f.Add("Re: x", "Ann", "hello https://a.example/ b", "id@example.org", "a.pdf")
	f.Add("=?utf-8?Q?=0D=0A?=", "\"\r\n", "--=_\r\n.\r\n\x00", "<>", "../\u202e")
	f.Add("x", "\xda\\", "x", "id@example.org", "a.pdf")
	f.Fuzz(func(t *testing.T, subject, name, text, id, file string) {
		m := answer("en")
		m.Subject, m.To.Name, m.InReplyTo, m.References = subject, name, id, []string{id, id}
		m.Lines, m.Quoted = []compose.Line{{From: name, Own: true, Text: text}}, []compose.Line{{From: name, At: when, Text: text}}
		m.Attach = []compose.Attachment{{Name: file, Type: file, Data: []byte(text)}}
		h, list := write(t, m)
		if len(list) != 3 || len(h) < 10 || len(h) > 12 {
			t.Errorf("got %v, %v", h, list)
		}
		if _, err := h.AddressList("To"); err != nil {
			t.Error(err)
		}
	})
}
