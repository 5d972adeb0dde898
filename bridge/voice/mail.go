package voice

import (
	"strconv"
	"strings"

	"porchlight/bridge"
)

// posting says to an operator what happened to a mail.
func (v Voice) posting(e bridge.Event) string {
	p, _ := e.Data.(bridge.Posting)
	to := p.To
	if p.Said != "" {
		to += ` ("` + Clip(p.Said, 40) + `")`
	}
	switch p.Action {
	case bridge.PostSent:
		return "_✉ " + v.Say("Sent by mail to %s.", to) + "_"
	case bridge.PostAcknowledged:
		return "_✉ " + v.Say("Acknowledged by mail to %s.", p.To) + "_"
	case bridge.PostLate:
		return "_✉ " + v.Say("The mail to %s could not be sent yet, and is tried again: %s", to, e.Text) + "_"
	case bridge.PostFailed:
		return "_✉ " + v.Say("The mail to %s was NOT sent: %s", to, e.Text) + "_"
	case bridge.PostBounced:
		return "_✉ " + v.Say("The mail to %s came back: %s", to, e.Text) + "_"
	case bridge.PostAutomatic:
		return "_✉ " + v.Say("An automatic answer came from %s: %s", p.To, e.Text) + "_"
	case bridge.PostOutside:
		return "_✉ " + v.Say("Somebody answered from %s with a mail program:", p.To) + "_\n" + indent(e.Text)
	case bridge.PostTranscript:
		return "_✉ " + v.Say("The visitor had this conversation sent to %s.", p.To) + "_"
	case bridge.PostLeft:
		return "_✉ " + v.Say("Files of the mail from %s could NOT be stored, and are in the mailbox alone: %s", p.To, e.Text) + "_"
	case bridge.PostBlocked:
		return "_✉ " + v.Say("The visitor is blocked: what was to go by mail to %s was NOT sent.", p.To) + "_"
	case bridge.PostRelated:
		return "_✉ " + v.Say("This looks related to #%d.", p.Related) + "_"
	}
	return ""
}

// NoMailbox warns an operator who writes to an address that is dead (see bridge.Card).
func (v Voice) NoMailbox() string {
	return v.Say("Mail to this address was refused or came back lately: there is no such mailbox.")
}

// heading is what stands above a message that came by mail, "" above another one.
func (v Voice) heading(h bridge.Heading) string {
	if !h.Came {
		return ""
	}
	lines := []string{strings.TrimSpace("✉ " + h.Subject)}
	return strings.Join(append(lines, v.doubts(h)...), "\n") + "\n"
}

// doubts are lines about the sender of a mail.
func (v Voice) doubts(h bridge.Heading) (lines []string) {
	if h.Mute {
		lines = append(lines, "_"+v.Say("Its sender can't be answered by mail: %s is no address.", strconv.Quote(h.Address))+"_")
	} else if h.Address != "" {
		lines = append(lines, "_"+v.Say("It is from %s, who is not the one who asked.", h.Address)+"_")
	}
	if h.Doubtful {
		lines = append(lines, "_"+v.Say("Its sender may be FORGED: your mail server could not confirm it.")+"_")
	}
	if h.AnswerTo != "" {
		lines = append(lines, "_"+v.Say("Its sender wants answers at %s.", h.AnswerTo)+"_")
	}
	return lines
}

// footing is what stands below a message that came by mail.
func (v Voice) footing(h bridge.Heading) string {
	var b strings.Builder
	if h.More > 0 {
		b.WriteString("\n_" + v.Say("… %d more characters, in the file below", h.More) + "_")
	}
	switch {
	case h.Hidden == 1:
		b.WriteString("\n_" + v.Say("… 1 line that looks like a quote or a signature is not shown, but is in the file below") + "_")
	case h.Hidden > 1:
		b.WriteString("\n_" + v.Say("… %d lines that look like a quote or a signature are not shown, but are in the file below", h.Hidden) + "_")
	}
	if h.Files != "" {
		b.WriteString("\n_" + v.Say("Files: %s", h.Files) + "_")
	}
	var missing []string
	if h.Left != "" {
		missing = append(missing, h.Left)
	}
	for _, l := range strings.Fields(h.Lacks) {
		missing = append(missing, v.lack(bridge.Lack(l)))
	}
	if len(missing) > 0 {
		b.WriteString("\n_" + v.Say("Not shown: %s", strings.Join(missing, ", ")) + "_")
	}
	return b.String()
}

// lack says what of a mail is not shown.
func (v Voice) lack(l bridge.Lack) string {
	switch l {
	case bridge.LongText:
		return v.Say("the end of a very long text")
	case bridge.ManyParts:
		return v.Say("parts beyond the 200th")
	case bridge.DeepParts:
		return v.Say("parts that were nested too deep")
	case bridge.MailEnd:
		return v.Say("the end of the mail, which is too large")
	case bridge.BrokenParts:
		return v.Say("parts that are damaged")
	case bridge.Encryption:
		return v.Say("encrypted text, which only a mail program can open")
	case bridge.Signature:
		return v.Say("a signature (not checked)")
	}
	return string(l)
}

// mailed is what the visitor said, with what an operator has to know about the mail in which it came.
func (v Voice) mailed(e bridge.Event, said string) string {
	m, _ := e.Data.(bridge.Message)
	return v.heading(m.Mail) + said + v.footing(m.Mail)
}
