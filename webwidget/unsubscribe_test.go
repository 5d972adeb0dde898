package webwidget_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/report"
)

// weekly has statistics sent to an address each week, and returns the path at which that ends.
func (s *service) weekly(address string) string {
	s.Helper()
	by, _ := s.bridge.Team.Operator(xavi)
	s.must(s.counts.report.Send(s.Context(), report.Order{By: by, Weekly: true, Drafts: []bridge.StatisticsDraft{{To: address}}}))
	list, err := s.bridge.Mail.Outgoing(s.Context(), 9)
	s.must(err)
	return linkTo(address, list, report.UnsubscribePath)
}

// linkTo is the link that begins with a path in a mail to an address.
func linkTo(address string, list []bridge.OutMail, path string) string {
	for _, m := range list {
		if at := strings.Index(string(m.Raw), path); at >= 0 && m.To == address {
			return string(m.Raw)[at:]
		}
	}
	return ""
}

// subscribers are the addresses to which statistics go each week.
func (s *service) subscribers() string {
	s.Helper()
	list, err := s.counts.report.Subscriptions(s.Context())
	s.must(err)
	var all []string
	for _, x := range list {
		all = append(all, x.Address)
	}
	return strings.Join(all, " ")
}

// The recipient of weekly statistics ends them by the link in the mail: looking at it changes nothing, a POST without a
// cookie and from any site ends that one, and the same again is no error.
func TestUnsubscribe(t *testing.T) {
	s := limited(t)
	other := s.weekly("other@example.org")
	link := s.weekly("boss@example.org")
	for range 2 {
		r := s.do("GET", link, "")
		if r.status != 200 || !strings.Contains(r.body, "Statistics go to boss@example.org each Monday.") || !strings.Contains(r.body, `<form method="post" action="`+link+`"><button>`) {
			t.Fatalf("%d %s", r.status, r.body)
		}
		if r := s.do("HEAD", link, ""); r.status != 200 {
			t.Errorf("HEAD: %d", r.status)
		}
	}
	if got := s.subscribers(); got != "boss@example.org other@example.org" {
		t.Errorf("a look has changed something: %s", got)
	}
	for _, wrong := range []string{link + "x", link[:len(link)-1], report.UnsubscribePath + "x", report.UnsubscribePath + strings.Repeat("x", 5000), link + "/y", strings.ToUpper(link)} {
		for _, method := range []string{"GET", "POST"} {
			if r := s.do(method, wrong, "", "Accept-Language: de"); r.status != 404 {
				t.Errorf("%s %s: %d %s", method, wrong, r.status, r.body)
			}
		}
	}
	for range 2 {
		r := s.do("POST", link, "List-Unsubscribe=One-Click", "Content-Type: application/x-www-form-urlencoded", "Origin: https://mail.example.net", "Accept-Language: de")
		if r.status != 200 || !strings.Contains(r.body, "keine weiteren") || strings.Contains(r.body, "<form") {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	if r := s.do("GET", link, ""); r.status != 200 || !strings.Contains(r.body, "No more of these mails are sent to you.") || strings.Contains(r.body, "<form") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if got := s.subscribers(); got != "other@example.org" {
		t.Errorf("the link of one ended another: %s", got)
	}
	if r := s.do("GET", other, ""); !strings.Contains(r.body, "<form") {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := s.do("PUT", other, ""); r.status != 405 {
		t.Errorf("PUT: %d", r.status)
	}
}

// noticed has an operator's notices go to an address, and returns the path at which that ends.
func (s *service) noticed(o bridge.OperatorJID, address string) string {
	s.Helper()
	x, err := s.bridge.Team.Change(s.Context(), o, func(x *bridge.Operator) { x.Notify.Mail, x.Notify.MailTo = true, address })
	s.must(err)
	s.must(s.bridge.Notices.Try(s.Context(), x, bridge.ByMail))
	list, err := s.bridge.Mail.Outgoing(s.Context(), 9)
	s.must(err)
	return linkTo(address, list, bridge.NoticesPath)
}

// An operator ends notices by mail by the link in one of them: looking changes nothing, and the link is good for that
// operator and that address alone.
func TestUnsubscribe_Notices(t *testing.T) {
	s := limited(t)
	link := s.noticed(xavi, "xavi@example.net")
	mails := func() bool {
		o, _ := s.bridge.Team.Operator(xavi)
		return o.Notify.Mail
	}
	for range 2 {
		if r := s.do("GET", link, ""); r.status != 200 || !strings.Contains(r.body, "Notices for operators go to xavi@example.net.") || !strings.Contains(r.body, "<h1>Notices by mail</h1>") || !strings.Contains(r.body, `action="`+link+`"`) {
			t.Fatalf("%d %s", r.status, r.body)
		}
	}
	for _, wrong := range []string{link + "x", link[:len(link)-1], bridge.NoticesPath + "x", report.UnsubscribePath + strings.TrimPrefix(link, bridge.NoticesPath), bridge.NoticesPath + strings.TrimPrefix(s.weekly("boss@example.org"), report.UnsubscribePath)} {
		for _, method := range []string{"GET", "POST"} {
			if r := s.do(method, wrong, ""); r.status != 404 {
				t.Errorf("%s %s: %d %s", method, wrong, r.status, r.body)
			}
		}
	}
	if !mails() {
		t.Error("something but a POST of the link has ended them")
	}
	other := s.noticed(xavi, "else@example.net")
	if r := s.do("POST", link, "List-Unsubscribe=One-Click", "Content-Type: application/x-www-form-urlencoded"); r.status != 200 || !mails() {
		t.Errorf("%d %s: the link of an address ended another's", r.status, r.body)
	}
	for range 2 {
		if r := s.do("POST", other, "List-Unsubscribe=One-Click", "Content-Type: application/x-www-form-urlencoded"); r.status != 200 || mails() {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
}
