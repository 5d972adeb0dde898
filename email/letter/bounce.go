package letter

import (
	"bytes"
	"regexp"
	"strings"

	"porchlight/email/plain"
)

// Limits of a bounce.
const (
	maxRecipients = 100 // of one bounce
	maxDiagnostic = 500 // characters
	maxNotice     = 64 << 10
)

// bounce reads a bounce and reports whether the mail is one. It is looser than RFC 3464: the report may have
// one part or many, of types that the RFC does not know, and may be plain text.
func (r *reader) bounce(root *part) bool {
	l := r.letter
	found := report{}
	found.look(r, root)
	isReport := root.kind == "multipart/report" || len(root.parts) > 0 && root.parts[0].kind == "multipart/report"
	switch {
	case found.status != nil && (isReport || l.NullPath):
		l.Failure = failureOf(found.status)
	case r.looksBounced(root, &found):
	case isReport && l.Kind == Normal:
		l.Kind, l.Quiet = Automatic, true // a receipt, or a report of abuse
		return false
	default:
		return false
	}
	if l.Failure == nil {
		return false
	}
	l.Kind, l.Quiet = Bounce, true
	if found.returned != nil {
		l.Failure.MessageID, l.Failure.Sender = returned(found.returned)
	}
	r.walk(root, true, false)
	r.files = nil
	r.join()
	l.Chat = l.Text
	if l.Failure.Status == "" {
		l.Failure.Status = statusIn(l.Failure.Diagnostic)
	}
	return true
}

// report is what a bounce has besides words.
type report struct {
	status   []byte // of message/delivery-status, decoded
	returned []byte // the mail that came back, or its header
}

// look finds the parts of a report.
func (f *report) look(r *reader, p *part) {
	switch p.kind {
	case "message/delivery-status", "message/global-delivery-status":
		if f.status == nil {
			f.status = r.tree.decode(p, maxNotice)
		}
	case "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers":
		if f.returned == nil {
			f.returned = r.tree.decode(p, maxHeader)
		}
	}
	for _, child := range p.parts {
		f.look(r, child)
	}
}

// returned reads the header of the mail that came back.
func returned(b []byte) (id, sender string) {
	h, _, _ := readHeader(b, false)
	if ids := messageIDs(h.get("message-id")); len(ids) > 0 {
		id = ids[0]
	}
	if list := addresses(h.get("return-path")); len(list) > 0 {
		sender = list[0].Addr
	}
	return id, sender
}

// failureOf reads what a delivery-status part says (RFC 3464 §2): of several recipients the first whom the
// mail did not reach.
func failureOf(status []byte) *Failure {
	status = bytes.ReplaceAll(status, []byte("\r\n"), []byte("\n"))
	var best *Failure
	n := 0
	for group := range bytes.SplitSeq(status, []byte("\n\n")) {
		h, _, _ := readHeader(bytes.Trim(group, "\n"), true)
		if !h.has("final-recipient") && !h.has("original-recipient") && !h.has("action") {
			continue
		}
		f := recipientOf(h)
		if best == nil || weight(f.Action) > weight(best.Action) {
			best = f
		}
		if n++; n == maxRecipients {
			break
		}
	}
	return best
}

// weight orders actions by how much they concern people.
func weight(action string) int {
	switch action {
	case "failed":
		return 2
	case "delayed":
		return 1
	}
	return 0
}

var enhanced = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)

// statusIn returns the first enhanced status code in a text, or "".
func statusIn(s string) string { return enhanced.FindString(s) }

// recipientOf reads the fields about one recipient.
func recipientOf(h header) *Failure {
	f := &Failure{Status: statusIn(h.get("status")), Action: strings.ToLower(plain.Line(h.get("action")))}
	for _, name := range []string{"final-recipient", "original-recipient"} {
		if _, addr, ok := strings.Cut(h.get(name), ";"); ok && f.Recipient == "" {
			f.Recipient = anyAddress(addr)
		} else if f.Recipient == "" {
			f.Recipient = anyAddress(h.get(name))
		}
	}
	diagnostic := h.get("diagnostic-code")
	if kind, words, ok := strings.Cut(diagnostic, ";"); ok && !strings.Contains(strings.TrimSpace(kind), " ") {
		diagnostic = words
	}
	f.Diagnostic = cutText(line(diagnostic), maxDiagnostic)
	if precise := statusIn(f.Diagnostic); precise != "" && strings.HasSuffix(f.Status, ".0.0") || f.Status == "" {
		f.Status = precise
	}
	f.Action, _, _ = strings.Cut(f.Action, " ")
	switch f.Action {
	case "failed", "delayed", "delivered", "relayed", "expanded":
	default:
		f.Action = map[byte]string{'2': "delivered", '4': "delayed"}[(f.Status + "5")[0]]
		if f.Action == "" {
			f.Action = "failed"
		}
	}
	return f
}
