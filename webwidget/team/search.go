package team

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/bridge/hours"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// searchView is the page on which what was said is searched.
type searchView struct {
	frame
	Zone        string // in which days and times are told
	Asked       asked
	Operators   []choice
	Departments []choice
	Alert       string // what is wrong with what was asked
	Looked      bool   // something was searched for
	Hits        []hit
	Next        string // the address of the next page; "": there is none
	Further     string // where the search goes on that was too much to read; "": it was not
	Back        string // until when it was read then
	Upto        int64  // the last conversation in an index that is still being made; 0: it is made
}

// asked is what the reader has filled in.
type asked struct{ Words, Operator, Department, Tag, During string }

// choice is one value of a list.
type choice struct {
	Value, Text string
	Here        bool
}

// hit is a conversation that was found.
type hit struct {
	Number                 int64
	Visitor, When, Address string
	archive.Piece
}

// Search answers GET /team/search.
func (p *Page) Search(w http.ResponseWriter, r *http.Request) { p.admitted(w, r, p.search) }

func (p *Page) search(w http.ResponseWriter, r *http.Request, who reader) {
	if !who.May(bridge.MaySearch) || p.opts.Archive == nil {
		p.server.Fail(w, r, phrase.Fail(phrase.CodeForbidden, "You may not search. A super operator can allow it."))
		return
	}
	form := r.URL.Query()
	zone := p.bridge.Hours.Today().Location() // by it the days are read that are asked for
	who.Voice = who.Telling(zone)
	v := searchView{frame: p.frame(who.tongue, ""), Zone: zone.String()}
	v.Title = v.Say("Search")
	v.Asked = asked{form.Get("q"), form.Get("operator"), form.Get("department"), form.Get("tag"), form.Get("range")}
	v.choices(p, who)
	v.Looked = v.Asked != asked{}
	status := http.StatusOK
	if v.Looked {
		err := p.find(r, who, &v, form)
		switch code := phrase.CodeOf(err); {
		case code == phrase.CodeInvalid || code == phrase.CodeNotFound:
			status, v.Alert, v.Looked = http.StatusUnprocessableEntity, v.Language.Say(phrase.Of(err)), false
		case err != nil:
			p.server.Fail(w, r, err)
			return
		}
	}
	documents.Render(w, status, "search", v.Language, v)
}

// choices fills in the lists of the form.
func (v *searchView) choices(p *Page, who reader) {
	add := func(list *[]choice, value, text, chosen string) {
		*list = append(*list, choice{value, text, value == chosen})
	}
	for _, o := range p.bridge.Team.Everybody() {
		add(&v.Operators, string(o.JID), o.Name, v.Asked.Operator)
	}
	for _, d := range p.bridge.Team.Departments() {
		add(&v.Departments, d.Name, d.Title, v.Asked.Department)
	}
	for _, list := range [][]choice{v.Operators, v.Departments} {
		slices.SortFunc(list, func(a, b choice) int { return strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)) })
	}
}

// query is what the form asks for.
func (a asked) query(p *Page) (q archive.Query, err error) {
	now := p.bridge.Hours.Today()
	if strings.TrimSpace(a.Words) != "" {
		if q, err = archive.Parse(a.Words, now); err != nil {
			return q, err
		}
	}
	if a.Operator != "" {
		q.Operators = append(q.Operators, a.Operator)
	}
	if a.Department != "" {
		q.Departments = append(q.Departments, a.Department)
	}
	if tag := strings.TrimPrefix(strings.TrimSpace(a.Tag), "#"); tag != "" {
		q.Tags = append(q.Tags, tag)
	}
	if strings.TrimSpace(a.During) != "" {
		during, err := archive.Days(a.During, now)
		if err != nil {
			return q, err
		}
		q.During = &during
	}
	return q, nil
}

// find searches, and fills in what was found.
func (p *Page) find(r *http.Request, who reader, v *searchView, form url.Values) error {
	q, err := v.Asked.query(p)
	if err != nil {
		return err
	}
	page, _ := strconv.Atoi(cmp.Or(form.Get("page"), "1")) // 0 is refused
	found, err := p.opts.Archive.Search(r.Context(), who.Operator, q, page)
	if err != nil {
		return err
	}
	for _, h := range found.Hits {
		v.Hits = append(v.Hits, hit{h.Number, who.Visitor(h.Name), who.Short(h.Begun), p.opts.Base + "/team/" + bridge.TranscriptPage(h.Number), h.Piece})
	}
	address := func(key, value string) string {
		to := url.Values{}
		for name, text := range map[string]string{"q": v.Asked.Words, "operator": v.Asked.Operator, "department": v.Asked.Department, "tag": v.Asked.Tag, "range": v.Asked.During, key: value} {
			if text != "" {
				to.Set(name, text)
			}
		}
		return p.opts.Base + "/team/" + bridge.SearchPage + "?" + to.Encode()
	}
	if found.More {
		v.Next = address("page", strconv.Itoa(page+1))
	}
	if !found.Back.IsZero() {
		v.Back, v.Further = who.Short(found.Back), address("q", q.Before(found.Below))
	}
	v.Upto = found.Upto
	return nil
}

// transcriptView is all that was said in a conversation.
type transcriptView struct {
	frame
	Number              int64
	Visitor, Department string
	Zone                string // in which times are told
	Lines               []line
	Searches            bool // the reader may search
}

// line is an entry of a transcript.
type line struct{ Day, Time, Text string }

// Transcript answers GET /team/transcript/{number}.
func (p *Page) Transcript(w http.ResponseWriter, r *http.Request) { p.admitted(w, r, p.transcript) }

func (p *Page) transcript(w http.ResponseWriter, r *http.Request, who reader) {
	number, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil || p.opts.Archive == nil {
		err = phrase.Fail(phrase.CodeNotFound, "There is nothing here.")
	}
	v := transcriptView{frame: p.frame(who.tongue, ""), Number: number, Searches: who.May(bridge.MaySearch)}
	if err == nil {
		err = p.said(r, who, &v)
	}
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	documents.Render(w, http.StatusOK, "transcript", v.Language, v)
}

// said fills in what was said.
func (p *Page) said(r *http.Request, who reader, v *transcriptView) error {
	card, log, err := p.opts.Archive.Transcript(r.Context(), who.Operator, v.Number)
	if err != nil {
		return err
	}
	v.Title = v.Language.Say(phrase.Say("Transcript of #%d", v.Number))
	v.Visitor, v.Department = who.Visitor(card.Request.Called()), p.bridge.Team.Title(card.Department)
	zone, day := p.bridge.Hours.Today().Location(), ""
	v.Zone = zone.String()
	for _, s := range who.Telling(zone).Lines(card, log) {
		at := s.At.In(zone)
		l := line{Time: at.Format("15:04"), Text: upright(s)}
		if now := who.Phrase(hours.Weekday(at.Weekday())) + " " + who.Phrase(hours.Day(at)) + " " + strconv.Itoa(at.Year()); now != day {
			l.Day, day = now, now
		}
		v.Lines = append(v.Lines, l)
	}
	return nil
}

// upright is the text of a line without the marks that make it italic in chat programs.
func upright(s voice.Said) string {
	if s.From == bridge.FromSystem || !s.Type.Content() {
		if inner, ok := strings.CutPrefix(s.Text, "_"); ok {
			return strings.TrimSuffix(inner, "_")
		}
	}
	return s.Text
}
