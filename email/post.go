package email

import (
	"fmt"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/email/compose"
	"porchlight/email/dkim"
)

// Post writes mails. It is a bridge.Post; any goroutine may call its methods.
type Post struct {
	from         compose.Address
	departments  map[string]compose.Address // of those that have an address of their own
	organization string
	key          *dkim.Key // nil: what is written is not signed
}

// NewPost writes mails that come from an address such as "Example Support <support@example.org>", or from that
// of a department, and signs them with a key unless that is nil.
func NewPost(from string, departments map[string]string, key *dkim.Key) (*Post, error) {
	a, err := address(from)
	if err != nil {
		return nil, err
	}
	p := &Post{from: a, departments: make(map[string]compose.Address), organization: a.Name, key: key}
	for name, from := range departments {
		if p.departments[name], err = address(from); err != nil {
			return nil, fmt.Errorf("address of %s: %w", name, err)
		}
	}
	return p, nil
}

// address reads an address of ours. Its domain is ASCII from here on (IDNA, RFC 5891 §4.4), as it is in mail that comes
// and in Message-IDs.
func address(from string) (compose.Address, error) {
	a, err := mail.ParseAddress(from)
	if err != nil {
		return compose.Address{}, err
	}
	at := strings.LastIndexByte(a.Address, '@')
	d, err := idna.Lookup.ToASCII(a.Address[at+1:])
	if err != nil {
		return compose.Address{}, fmt.Errorf("domain of %s: %w", a.Address, err)
	}
	return compose.Address{Name: a.Name, Addr: a.Address[:at+1] + d}, nil
}

// Addresses are the addresses from which it writes. separator stands between them and a mark, "" if the
// provider knows no marks.
func (p *Post) Addresses(separator string) bridge.Addresses {
	a := bridge.Addresses{Support: p.from.Addr, Departments: make(map[string]string), Separator: separator}
	for name, from := range p.departments {
		a.Departments[name] = from.Addr
	}
	return a
}

// sender is whoever writes from an address. A conversation may be in a department that has none.
func (p *Post) sender(d bridge.Draft) compose.Address {
	if own, ok := p.departments[d.Conversation.Department]; ok {
		return own
	}
	return p.from
}

// Compose implements bridge.Post. An automatic mail has nothing in it that its visitor gave, not even the name,
// since the address may be somebody else's.
func (p *Post) Compose(d bridge.Draft) ([]byte, error) {
	l := phrase.Tongue(d.Request.Language)
	m := compose.Mail{Kind: compose.Kind(d.Kind), Language: d.Request.Language, Zone: zone(d.Request.TimeZone), From: p.sender(d), To: compose.Address{Addr: d.To},
		ReplyTo: d.ReplyTo, Date: d.At, MessageID: d.MessageID, InReplyTo: d.InReplyTo, References: d.References, Loop: d.Loop, Number: d.Conversation.Number,
		Organization: p.organization, Resume: d.Links.Resume, Feedback: d.Links.Feedback}
	if d.Kind.Automatic() {
		m.Back = d.Back
		if m.Zone == nil {
			m.Zone = d.Back.Location()
		}
		return p.bytes(m)
	}
	m.To.Name, m.Lines, m.Quoted = d.Request.Name, p.lines(l, d.Lines, d.Request.Name), p.lines(l, d.Earlier, d.Request.Name)
	if name := writer(d); name != "" && m.From.Name != "" {
		m.From.Name = name + " (" + m.From.Name + ")"
	}
	m.Attach = attach(m.Lines, d, roomForFiles(m))
	m.Subject = d.Subject
	if d.Subject != "" && d.InReplyTo != "" {
		m.Subject = "Re: " + d.Subject
	}
	return p.bytes(m)
}

// Subject implements bridge.Post.
func (p *Post) Subject(c bridge.Conversation, r bridge.Request) string {
	return compose.Subject(r.Language, p.organization, c.Number)
}

// writer is who wrote an answer last; of another mail it is nobody.
func writer(d bridge.Draft) string {
	if d.Kind != bridge.AnswerMail || len(d.Lines) == 0 {
		return ""
	}
	return d.Lines[len(d.Lines)-1].Name
}

// bytes is a mail as it is sent.
func (p *Post) bytes(m compose.Mail) ([]byte, error) {
	raw, err := compose.Bytes(m)
	if err != nil || p.key == nil {
		return raw, err
	}
	return p.key.Sign(raw)
}

// Notify implements bridge.Post.
func (p *Post) Notify(d bridge.NoticeDraft) ([]byte, error) {
	l := d.Operator.Reads()
	return p.bytes(compose.Mail{Kind: compose.Notice, Language: l.Tag, From: p.from, To: compose.Address{Name: d.Operator.Name, Addr: d.To}, Date: d.At,
		MessageID: d.MessageID, Loop: d.Loop, Subject: d.Say(d.Title), Organization: p.organization, Unsubscribe: d.Unsubscribe, Lines: []compose.Line{{Own: true, Text: d.Say(d.Text)}}})
}

// Statistics implements bridge.Post.
func (p *Post) Statistics(d bridge.StatisticsDraft) ([]byte, error) {
	m := compose.Mail{Kind: compose.Statistics, Language: d.Operator.Reads().Tag, From: p.from, To: compose.Address{Addr: d.To}, Date: d.At,
		MessageID: d.MessageID, Loop: d.Loop, Subject: d.Subject, Organization: p.organization, Unsubscribe: d.Unsubscribe}
	for _, part := range d.Parts {
		m.Lines = append(m.Lines, compose.Line{Own: true, Text: part})
	}
	if d.Picture != nil {
		m.Picture = &compose.Picture{Type: "image/png", Data: d.Picture, Alt: d.Alt, Width: d.Width, Height: d.Height}
	}
	return p.bytes(m)
}

// roomForFiles is how many bytes of files may go with a mail, so that the whole mail stays below mailMost: a relay that
// finds a mail too large refuses it for good, with its text. A file grows when it is written in lines of base64 (RFC 2045
// §6.8). Text goes twice, as text and as HTML, and each byte of it may become three of quoted-printable.
func roomForFiles(m compose.Mail) int {
	text := 64 << 10 // the header, and what surrounds the lines
	for _, list := range [][]compose.Line{m.Lines, m.Quoted} {
		for _, l := range list {
			text += 1<<10 + 6*(len(l.From)+len(l.Text))
		}
	}
	return min(uploadsMost, (mailMost-text)/78*76/4*3)
}

// attach takes the files of a draft that are there, and are not too much for a mail, and puts their names in the place
// of their links. What is too much stays a link.
func attach(lines []compose.Line, d bridge.Draft, room int) (list []compose.Attachment) {
	total := 0
	for i, e := range d.Lines {
		f, ok := e.Data.(bridge.SentFile)
		data := d.Files[f.URL]
		if !ok || data == nil || total+len(data) > room {
			continue
		}
		total += len(data)
		list = append(list, compose.Attachment{Name: f.Called(), Type: f.Media, Data: data})
		lines[i].Text, lines[i].Files = f.Called(), nil
	}
	return list
}

// zone is the time zone of that name, nil if it is unknown.
func zone(name string) *time.Location {
	if z, err := time.LoadLocation(name); err == nil && name != "" {
		return z
	}
	return nil
}

// lines are what was said as a mail shows it. What a server of the site said bears the site's name.
func (p *Post) lines(l *phrase.Language, entries []bridge.Entry, visitor string) []compose.Line {
	var list []compose.Line
	for _, e := range entries {
		said := e.Words(l)
		if e.Type == bridge.EventCorrection {
			said = l.Say(phrase.Say("Correction: %s", said))
		}
		line := compose.Line{From: e.Speaker(visitor), At: e.At, Own: e.From == bridge.FromOperator || e.Posted() != "", Text: said}
		if e.Posted() != "" {
			line.From = p.organization
		}
		if f, ok := e.Data.(bridge.SentFile); ok {
			if f.URL == "" { // a visitor's own file is named, since only the visitor and operators may have it
				line.Text = f.Called()
			} else {
				line.Files = []compose.FileLink{{Name: f.Called(), URL: f.URL, Size: f.Bytes}}
			}
		}
		list = append(list, line)
	}
	return list
}
