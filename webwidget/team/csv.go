package team

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
)

// File answers GET /team/stats.csv with the statistics as a table for a spreadsheet (RFC 4180): UTF-8
// with a byte order mark, without which some take names for another encoding. Times are seconds; what
// is not known is empty.
func (p *Page) File(w http.ResponseWriter, r *http.Request) { p.admitted(w, r, p.file) }

func (p *Page) file(w http.ResponseWriter, r *http.Request, who reader) {
	q := queryOf(r)
	if p.opts.Report == nil {
		p.server.Fail(w, r, phrase.Fail(phrase.CodeUnavailable, "Nothing is counted here."))
		return
	}
	during, err := bridge.ParseRange(q.During, p.opts.Report.Today())
	if err == nil {
		err = p.seen(who, q)
	}
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	t, err := p.count(r.Context(), who, q, during)
	if err != nil {
		p.server.Fail(w, r, err)
		return
	}
	b := t.file(who)
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="`+q.kindWord()+"-"+during.From.Format(time.DateOnly)+"-"+during.Until.AddDate(0, 0, -1).Format(time.DateOnly)+`.csv"`)
	h.Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = w.Write(b) // an error means that the client's connection is gone
}

// file writes the rows as CSV, those of operators first.
func (t table) file(who reader) []byte {
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	out := csv.NewWriter(&b)
	out.UseCRLF = true
	names := []string{"of", "name"}
	for _, c := range t.columns {
		for _, v := range c.of(who.Voice, report.Answer{}, t.now).plain {
			names = append(names, strings.TrimSuffix(c.name+"_"+v.name, "_"))
		}
	}
	_ = out.Write(names) // can't fail: it writes to a buffer
	for _, part := range []struct {
		of   string
		rows []row
	}{{"operator", t.People}, {"department", t.Departments}, {"team", t.Team}} {
		for _, r := range part.rows {
			values := []string{part.of, harmless(r.Name)}
			for _, f := range r.Cells {
				for _, v := range f.plain {
					values = append(values, v.value)
				}
			}
			_ = out.Write(values)
		}
	}
	out.Flush()
	return b.Bytes()
}

// harmless is a text that no spreadsheet takes for a formula (OWASP ASVS 5.0.0 §1.2.10).
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}
