package letter

import (
	"strings"
	"testing"
)

// What reports of many servers say about the recipient that concerns people most.
func TestFailureOf(t *testing.T) {
	const host = "Reporting-MTA: dns; mx.example.com\r\n\r\n"
	for _, c := range []struct {
		name, status string
		want         Failure
	}{
		{"usual", host + "Final-Recipient: rfc822; Ann@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User\r\n unknown\r\n",
			Failure{Recipient: "ann@example.org", Action: "failed", Status: "5.1.1", Diagnostic: "550 5.1.1 User unknown"}},
		{"one group", "Final-Recipient: rfc822; a@x.org\r\nAction: delayed\r\nStatus: 4.4.1 (timed out)\r\n",
			Failure{Recipient: "a@x.org", Action: "delayed", Status: "4.4.1"}},
		{"the failed one of three", host + "Final-Recipient: rfc822;a@x.org\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\nFinal-Recipient: rfc822;b@x.org\r\nAction: delayed\r\n\r\nFinal-Recipient: rfc822;c@x.org\r\nAction: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp;552 5.2.2 Over quota\r\n",
			Failure{Recipient: "c@x.org", Action: "failed", Status: "5.2.2", Diagnostic: "552 5.2.2 Over quota"}},
		{"only the original recipient", "Original-Recipient: rfc822;<a@x.org>\r\nAction: FAILED (really)\r\n",
			Failure{Recipient: "a@x.org", Action: "failed"}},
		{"no action, a status", "Final-Recipient: a@x.org\r\nStatus: 4.2.2\r\n", Failure{Recipient: "a@x.org", Action: "delayed", Status: "4.2.2"}},
		{"no action and no status", "Final-Recipient: utf-8; \u00fc@x.org\r\n", Failure{Recipient: "\u00fc@x.org", Action: "failed"}},
		{"words with a semicolon", "Final-Recipient: rfc822;a@x.org\r\nAction: failed\r\nDiagnostic-Code: mailbox full; try later\r\n",
			Failure{Recipient: "a@x.org", Action: "failed", Diagnostic: "mailbox full; try later"}},
	} {
		got := failureOf([]byte(c.status))
		if got == nil || *got != c.want {
			t.Errorf("%s: %+v, should be %+v", c.name, got, c.want)
		}
	}
	if got := failureOf([]byte(host)); got != nil {
		t.Errorf("about nobody: %+v", got)
	}
}

// What is no bounce stays a mail, whatever it talks about.
func TestRead_NoBounce(t *testing.T) {
	report := "MIME-Version: 1.0\r\nContent-Type: multipart/%; boundary=b\r\n\r\n--b\r\n\r\nYour mail could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822;a@x.org\r\nAction: failed\r\n--b--\r\n"
	for _, c := range []struct {
		name, mail string
		kind       Kind
	}{
		{"a person's words about a bounce", "From: ann@example.org\r\n\r\nMy mail could not be delivered:\r\n<bob@example.org>:\r\n550 5.1.1 User unknown\r\n", Normal},
		{"a person shows a report", "From: ann@example.org\r\n" + strings.Replace(report, "%", "mixed", 1), Normal},
		{"an empty return path without a recipient", "From: ann@example.org\r\nReturn-Path: <>\r\n\r\nIt could not be delivered.\r\n", Automatic},
		{"postmaster writes", "From: postmaster@example.org\r\n\r\nWe move to new servers.\r\n", Normal},
		{"a report of abuse", "From: abuse@example.org\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nAn abuse report.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n--b--\r\n", Automatic},
		{"a report", "From: ann@example.org\r\n" + strings.Replace(report, "%", "report; report-type=delivery-status", 1), Bounce},
	} {
		l := Read([]byte(c.mail), Options{})
		if l.Kind != c.kind || len(l.Files) > 1 {
			t.Errorf("%s: %s, files %v", c.name, l.Kind, l.Files)
		}
		checkLetter(t, l)
	}
}

func FuzzBounce(f *testing.F) {
	f.Add([]byte("Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822;a@x.org\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no\r\n"), "text")
	f.Add([]byte(""), "Hi. This is the qmail-send program at x.\nI wasn't able to deliver\n\n<a@x.org>:\n550 5.1.1 no\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <1@x>\n")
	f.Fuzz(func(t *testing.T, status []byte, words string) {
		if got := failureOf(status); got != nil && weight(got.Action) == 0 && got.Action != "delivered" && got.Action != "relayed" && got.Action != "expanded" {
			t.Errorf("action %q", got.Action)
		}
		mail := "From: MAILER-DAEMON@x.org\r\nReturn-Path: <>\r\nX-Failed-Recipients: a@x.org\r\n\r\n" + words
		checkLetter(t, Read([]byte(mail), Options{}))
		mail = "From: x@x.org\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\n" + words + "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" + string(status) + "\r\n--b--\r\n"
		checkLetter(t, Read([]byte(mail), Options{}))
	})
}
