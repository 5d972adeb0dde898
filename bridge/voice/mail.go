package voice

import (
	"strings"

	"porchlight/bridge"
)

// posting says to an operator what happened to a mail.
func (v Voice) posting(e bridge.Event) string {
	p, _ := e.Data.(bridge.Posting)
	switch p.Action {
	case bridge.PostSent:
		return "_✉ " + v.Say("Sent by mail to %s.", p.To) + "_"
	case bridge.PostLate:
		return "_✉ " + v.Say("The mail to %s could not be sent yet, and is tried again: %s", p.To, e.Text) + "_"
	case bridge.PostFailed:
		return "_✉ " + v.Say("The mail to %s was NOT sent: %s", p.To, e.Text) + "_"
	case bridge.PostBounced:
		return "_✉ " + v.Say("The mail to %s came back: %s", p.To, e.Text) + "_"
	case bridge.PostAutomatic:
		return "_✉ " + v.Say("An automatic answer came from %s: %s", p.To, e.Text) + "_"
	case bridge.PostOutside:
		return "_✉ " + v.Say("Somebody answered from %s with a mail program:", p.To) + "_\n" + e.Text
	case bridge.PostTranscript:
		return "_✉ " + v.Say("The visitor had this conversation sent to %s.", p.To) + "_"
	case bridge.PostRelated:
		return "_✉ " + v.Say("This looks related to #%d.", p.Related) + "_"
	}
	return ""
}

// heading is what stands above a message that came by mail, "" above another one.
func (v Voice) heading(h bridge.Heading) string {
	if !h.Came {
		return ""
	}
	lines := []string{strings.TrimSpace("✉ " + h.Subject)}
	if h.Address != "" {
		lines = append(lines, "_"+v.Say("It is from %s, who is not the one who asked.", h.Address)+"_")
	}
	if h.Doubtful {
		lines = append(lines, "_"+v.Say("Its sender may be FORGED: your mail server could not confirm it.")+"_")
	}
	if h.AnswerTo != "" {
		lines = append(lines, "_"+v.Say("Its sender wants answers at %s.", h.AnswerTo)+"_")
	}
	return strings.Join(lines, "\n") + "\n"
}

// footing is what stands below a message that came by mail.
func (v Voice) footing(h bridge.Heading) string {
	var b strings.Builder
	if h.More > 0 {
		b.WriteString("\n_" + v.Say("… %d more characters, in the file below", h.More) + "_")
	}
	if h.Left != "" {
		b.WriteString("\n_" + v.Say("Not shown: %s", h.Left) + "_")
	}
	return b.String()
}

// mailed is what the visitor said, with what an operator has to know about the mail in which it came.
func (v Voice) mailed(e bridge.Event, said string) string {
	m, _ := e.Data.(bridge.Message)
	return v.heading(m.Mail) + said + v.footing(m.Mail)
}
