package letter

import (
	"bytes"
	"fmt"
	"net/mail"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"porchlight/email/plain"
)

// Limits of what a header says.
const (
	maxSubject = 500 // characters
	maxLetter  = 25 << 20
)

// Read reads a mail as it came from the server. It returns what it could make of it and says in Flaws what
// was wrong. Of a mail of more than 25 MB it reads the beginning. Any goroutine may call it; it takes less
// than a second for the worst of mails and some memory for each byte of it.
func Read(raw []byte, opts Options) Letter {
	l, found := Letter{Kind: Normal}, &flaws{}
	if len(raw) > maxLetter {
		raw, opts.Partial = raw[:maxLetter], true
	}
	if opts.Partial {
		found.add(Partial)
	}
	whole := raw
	head, body, err := l.begin(raw, found, opts)
	if err == nil {
		err = guard(func() {
			r := &reader{letter: &l, tree: tree{flaws: found, left: maxParts}, raw: whole, partial: opts.Partial}
			r.read(head, body)
		})
	}
	if err != nil {
		found.add(Unreadable)
		l.rescue(whole, body)
		l.Fault = err
	}
	l.Flaws = found.list
	return l
}

// ReadHeader reads what the header of a mail says, and leaves its body alone.
func ReadHeader(raw []byte, opts Options) Letter {
	l, found := Letter{Kind: Normal}, &flaws{}
	_, _, l.Fault = l.begin(raw, found, opts)
	l.Flaws = found.list
	return l
}

// begin fills in what the header says, and returns the header and what follows it.
func (l *Letter) begin(raw []byte, found *flaws, opts Options) (head header, body []byte, err error) {
	if bytes.IndexByte(raw, '\n') < 0 {
		raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n")) // lines as old Macintoshes end them
	}
	body = raw
	err = guard(func() {
		var mended []Flaw
		head, body, mended = readHeader(raw, false)
		found.add(mended...)
		l.readFields(head, opts.Authserv)
	})
	return head, body, err
}

// guard calls f and returns its panic as an error. A mail that makes the reader panic is one of millions; all
// others must be read after it.
func guard(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("read mail: %v\n%s", r, debug.Stack())
		}
	}()
	f()
	return nil
}

// rescue fills in what a letter needs when the reader has failed: some text, and the raw mail.
func (l *Letter) rescue(raw, body []byte) {
	body = body[:min(len(body), 64<<10)]
	l.Text = plain.Clean(guessed(body))
	l.Chat, l.Hidden = l.Text, 0
	l.Files = []File{{Name: "message.eml", Type: "message/rfc822", Data: raw[:min(len(raw), maxFiles)]}}
	l.Omitted = nil
}

// readFields fills in what the header says.
func (l *Letter) readFields(h header, authserv string) {
	if ids := messageIDs(h.get("message-id")); len(ids) > 0 {
		l.ID = ids[0]
	}
	if ids := messageIDs(h.get("in-reply-to")); len(ids) > 0 {
		l.InReplyTo = ids[len(ids)-1]
	}
	l.References = messageIDs(h.get("references"))
	l.readPeople(h)
	l.Subject = cutText(line(h.get("subject")), maxSubject)
	if date, err := mail.ParseDate(h.get("date")); err == nil && date.Year() >= 1980 && date.Year() < 2200 {
		l.Date = date
	}
	l.Language = language(h)
	l.Loop = plain.Line(h.get(strings.ToLower(LoopField)))
	l.DMARC = dmarc(h, authserv)
	l.Kind = classify(h, l)
	l.Quiet = quiet(h, l)
}

// readPeople fills in who wrote to whom.
func (l *Letter) readPeople(h header) {
	for _, name := range []string{"from", "sender"} {
		if list := addresses(h.get(name)); len(list) > 0 && l.From.Addr == "" {
			l.From = list[0]
		}
	}
	if list := addresses(h.get("reply-to")); len(list) > 0 && list[0].Addr != l.From.Addr {
		l.ReplyTo = list[0]
	}
	for _, value := range h.all("to") {
		l.To = append(l.To, addresses(value)...)
	}
	for _, value := range h.all("cc") {
		l.Cc = append(l.Cc, addresses(value)...)
	}
	l.To, l.Cc = l.To[:min(len(l.To), maxAddresses)], l.Cc[:min(len(l.Cc), maxAddresses)]
	for _, name := range []string{"delivered-to", "x-original-to", "envelope-to", "x-envelope-to"} {
		for _, value := range h.all(name) {
			for _, a := range addresses(value) {
				l.Delivered = append(l.Delivered, a.Addr)
			}
		}
	}
	l.Delivered = l.Delivered[:min(len(l.Delivered), maxAddresses)]
	if h.has("return-path") {
		path := h.get("return-path")
		l.NullPath = strings.TrimSpace(strings.NewReplacer("<", "", ">", "").Replace(withoutComments(path))) == ""
		if list := addresses(path); len(list) > 0 {
			l.ReturnPath = list[0].Addr
		}
	}
}

// language returns the language of a mail, or the one that its writer likes to read.
func language(h header) string {
	for _, name := range []string{"content-language", "accept-language"} {
		first, _, _ := strings.Cut(h.get(name), ",")
		first, _, _ = strings.Cut(first, ";")
		first = strings.TrimSpace(first)
		bad := func(c rune) bool { return c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') }
		if len(first) >= 2 && len(first) <= 20 && !strings.ContainsFunc(first, bad) && first[0] > '9' {
			return first
		}
	}
	return ""
}

// cutText returns the first characters of a text, with a sign that it goes on.
func cutText(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}

// cutBytes cuts a text to a number of bytes, between two characters.
func cutBytes(s string, limit int) (text string, cut bool) {
	if len(s) <= limit {
		return s, false
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit], true
}
