package config

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
)

// mailboxRules returns the rules between the mailboxes: each belongs to another department, and is
// another mailbox. Departments may share a sender.
func (c Config) mailboxRules() []relation {
	var all []relation
	belongs, reads := map[string]string{}, map[string]string{}
	if name := mailboxName(c.Email.IMAP); name != "" {
		reads[name] = "email.imap"
	}
	for i, m := range c.Email.Mailboxes {
		this := fmt.Sprintf("table %d", i+1)
		if other := belongs[m.Department]; other != "" && m.Department != "" {
			all = append(all, relation{[]string{"email.mailboxes"}, true,
				fmt.Sprintf("%s: department %q has a mailbox in %s; allowed: one for each department, to which other addresses may be delivered, too", this, m.Department, other)})
		}
		name := mailboxName(m.IMAP)
		if other := reads[name]; other != "" && name != "" {
			all = append(all, relation{[]string{"email.mailboxes"}, true,
				fmt.Sprintf("%s: imap is the mailbox of %s; allowed: another server, user or folder", this, other)})
		}
		belongs[m.Department], reads[name] = this, this
	}
	return all
}

// mailboxName is the same for two URLs of one mailbox: host, port, user and folder. It is "" for what is
// no URL, which another rule reports.
func mailboxName(secret Secret) string {
	u, err := url.Parse(secret.Reveal())
	if err != nil || u.Host == "" {
		return ""
	}
	port := "143"
	if u.Scheme == "imaps" {
		port = "993"
	}
	folder := cmp.Or(strings.TrimPrefix(u.Path, "/"), "INBOX")
	if strings.EqualFold(folder, "INBOX") { // RFC 9051 §5.1
		folder = "INBOX"
	}
	return strings.Join([]string{strings.ToLower(u.Hostname()), cmp.Or(u.Port(), port), u.User.Username(), folder}, "\x00")
}
