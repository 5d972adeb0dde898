package compose

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// view is what both templates show: everything is said and cleaned.
type view struct {
	Lang, Dir string
	Subject   string
	Title     string   // the organization's name
	Intro     []string // what we say first
	Lines     []shown
	Picture   *shownPicture
	Outro     []string // what we say last
	Links     []link
	Signature []string // its lines
	Earlier   string   // the heading of what is quoted
	Quoted    []shown
	Leave     *link // unsubscribes
}

// shown is a line as it is shown.
type shown struct {
	Head  string // who said it and when; may be empty
	Own   bool
	Rows  [][]span // its lines, each in pieces
	Items [][]span // of figures: the lines below the first, which the HTML lists; else nil
	Files []link
}

// span is a piece of a line, with the address that it links to, if there is one.
type span struct{ Text, URL string }

// link is a link with its words.
type link struct{ Text, URL string }

// shownPicture is the picture within the HTML.
type shownPicture struct {
	URL   template.URL // cid:, which html/template would take for dangerous
	Alt   string
	Width int
}

// newView says and cleans what a mail shows.
func newView(m Mail, kind nature, tongue *phrase.Language) view {
	v := view{Lang: tongue.Tag, Dir: tongue.Dir(), Subject: m.Subject, Title: oneLine(m.Organization, mostName)}
	s := speaker{tongue, m.Zone}
	v.Intro, v.Outro = s.frame(m)
	several := false
	for _, l := range m.Lines {
		several = several || l.From != m.Lines[0].From
	}
	for _, l := range m.Lines {
		line := s.shown(l, kind.named, several)
		if m.Kind == Statistics {
			line.Items = items(line.Rows)
		}
		v.Lines = append(v.Lines, line)
	}
	for _, l := range m.Quoted[max(0, len(m.Quoted)-mostQuoted):] {
		l.Own = false // links in what is quoted need not be followed again
		v.Quoted = append(v.Quoted, s.shown(l, true, true))
	}
	if len(v.Quoted) > 0 {
		v.Earlier = s.say(phrase.Say("Earlier in this conversation:"))
	}
	if m.Resume != "" {
		v.Links = append(v.Links, link{s.say(phrase.Say("Continue the conversation on our website")), m.Resume})
	}
	if m.Feedback != "" {
		v.Links = append(v.Links, link{s.say(phrase.Say("How was our help? Tell us")), m.Feedback})
	}
	if m.Unsubscribe != "" {
		v.Leave = &link{s.say(phrase.Say("No longer send me such mails")), m.Unsubscribe}
	}
	if signature := paragraph(m.Signature); signature != "" {
		v.Signature = strings.Split(signature, "\n")
	}
	if p := m.Picture; p != nil {
		v.Picture = &shownPicture{URL: template.URL("cid:" + pictureID), Alt: oneLine(p.Alt, 2*mostSubject), Width: p.Width}
	}
	return v
}

// speaker says things in the reader's language and zone.
type speaker struct {
	tongue *phrase.Language
	zone   *time.Location
}

// say says a phrase.
func (s speaker) say(p phrase.Phrase) string { return s.tongue.Say(p) }

// stamp writes a time, with its zone.
func (s speaker) stamp(t time.Time) string {
	if s.zone == nil {
		return t.UTC().Format("2006-01-02 15:04 MST")
	}
	return t.In(s.zone).Format("2006-01-02 15:04 MST")
}

// frame is what we say before and after the lines.
func (s speaker) frame(m Mail) (intro, outro []string) {
	switch m.Kind {
	case Transcript:
		intro = append(intro, s.say(phrase.Say("This was said in your conversation with us (#%d).", m.Number)))
	case Acknowledgement:
		intro = append(intro, s.say(phrase.Say("We have received your request #%d and will answer to this address.", m.Number)))
	case Closed:
		intro = append(intro, s.say(phrase.Say("We have received your request #%d and will answer to this address.", m.Number)), s.closed(m.Back))
	}
	if m.ReplyTo != "" && m.Kind != Notice && m.Kind != Statistics {
		outro = append(outro, s.say(phrase.Say("To write to us, simply reply to this mail.")))
	}
	return intro, outro
}

// closed says that we are closed, and when we are back if that is known.
func (s speaker) closed(back time.Time) string {
	if back.IsZero() {
		return s.say(phrase.Say("We are closed at the moment."))
	}
	return s.say(phrase.Say("We are closed at the moment. We are back at %s.", s.stamp(back)))
}

// shown makes what is shown of a line: with who said it and when, with who alone, or neither.
func (s speaker) shown(l Line, whole, who bool) shown {
	from, at := oneLine(l.From, mostName), ""
	if whole && !l.At.IsZero() {
		at = s.stamp(l.At)
	}
	v := shown{Own: l.Own}
	switch {
	case at != "" && from != "":
		v.Head = at + ", " + from
	case at != "":
		v.Head = at
	case whole || who:
		v.Head = from
	}
	if text := paragraph(l.Text); text != "" {
		for row := range strings.SplitSeq(text, "\n") {
			v.Rows = append(v.Rows, spans(row, l.Own))
		}
	}
	for _, f := range l.Files {
		name := oneLine(f.Name, mostFileName)
		if f.Size > 0 {
			name += " (" + size(f.Size) + ")"
		}
		v.Files = append(v.Files, link{name, f.URL})
	}
	return v
}

// items are the rows of figures without their first one and without their indentation, in which a list would be hard to
// read once a row is broken.
func items(rows [][]span) (list [][]span) {
	for _, row := range rows[min(1, len(rows)):] {
		row = append([]span(nil), row...)
		row[0].Text = strings.TrimLeft(row[0].Text, " ")
		list = append(list, row)
	}
	return list
}

// size writes a number of bytes.
func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000_000:
		return fmt.Sprintf("%d KB", (n+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
