package email

import (
	"cmp"
	"context"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/email/letter"
)

// sortedAtOnce is how many mails are looked for together.
const sortedAtOnce = 50

// sortAgain is how long a mail that could not be sorted waits.
const sortAgain = 10 * time.Second

// sort puts what came by mail where it belongs, until ctx ends.
func (c *Channel) sort(ctx context.Context) {
	again := time.NewTicker(sortAgain)
	defer again.Stop()
	for {
		list, err := c.bridge.Mail.Unsorted(ctx, sortedAtOnce)
		if err != nil && ctx.Err() == nil {
			c.log.Error("look for mail", "err", err)
		}
		failed := false
		for _, id := range list {
			if err := c.sortOne(ctx, id); err != nil && ctx.Err() == nil {
				failed = true
				c.log.Error("sort mail", "mail", id, "err", err)
			}
		}
		if len(list) == sortedAtOnce && !failed {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-c.came:
		case <-again.C:
		}
	}
}

// sortOne sorts one mail. A mail that fails although the store works is tried again later, and given up in the
// end.
func (c *Channel) sortOne(ctx context.Context, id int64) error {
	m, err := c.bridge.Mail.Arrived(ctx, id)
	if phrase.CodeOf(err) == phrase.CodeNotFound { // a part of it is missing
		return cmp.Or(c.bridge.Mail.GiveUp(ctx, id, bridge.Letter{}, err), err)
	}
	if err != nil {
		return err
	}
	l := letter.Read(m.Raw, letter.Options{Authserv: c.opts.Authserv, Partial: m.Bytes > int64(len(m.Raw))})
	if l.Fault != nil && m.Failed == 0 {
		c.log.Error("read mail", "mail", id, "err", l.Fault)
	}
	said := c.sent(l)
	err = c.bridge.Mail.Sort(ctx, id, c.department(m.Mailbox), said)
	if err == nil || phrase.CodeOf(err) == phrase.CodeUnavailable || ctx.Err() != nil {
		return err
	}
	if gave := c.bridge.Mail.GiveUp(ctx, id, said, err); gave != nil {
		return gave
	}
	return err
}

// sent is a letter as the bridge knows it, its sender's domain written as people write it.
func (c *Channel) sent(l letter.Letter) bridge.Letter {
	if !c.bridge.Mail.Own(l.From.Addr) {
		l.From.Addr = lettered(l.From.Addr)
	}
	l.ReplyTo.Addr = lettered(l.ReplyTo.Addr)
	return translated(l)
}

// lettered is an address whose domain has the letters that stand behind its ASCII form (RFC 5891 §4.2), as
// visitors give it on the page; mail programs write either.
func lettered(address string) string {
	at := strings.LastIndexByte(address, '@')
	if !strings.Contains(address[at+1:], "xn--") {
		return address
	}
	d, err := idna.Lookup.ToUnicode(address[at+1:])
	if err != nil {
		return address
	}
	return address[:at+1] + d
}

// translated is a letter as the bridge knows it.
func translated(l letter.Letter) bridge.Letter {
	out := bridge.Letter{MessageID: l.ID, InReplyTo: l.InReplyTo, References: l.References, From: l.From.Addr, Name: l.From.Name, Recipients: l.Recipients(),
		Subject: l.Subject, About: letter.BaseSubject(l.Subject), Number: letter.TicketNumber(l.Subject), Language: l.Language, Text: l.Text, Said: l.Chat, Hidden: l.Hidden, Quiet: l.Quiet, Doubtful: l.DMARC == "fail", Loop: l.Loop, Left: left(l), Lacks: lacks(l)}
	if l.ReplyTo.Addr != "" && domain(l.ReplyTo.Addr) != domain(l.From.Addr) {
		out.AnswerTo = l.ReplyTo.Addr
	}
	switch l.Kind {
	case letter.Normal:
		out.Nature = bridge.Personal
	case letter.List:
		out.Nature = bridge.Listed
	case letter.Generated:
		out.Nature = bridge.Generated
	case letter.Automatic:
		out.Nature = bridge.Automatic
	case letter.Bounce:
		out.Nature = bridge.Bounced
	}
	if f := l.Failure; f != nil {
		out.Bounce = bridge.Bounce{Failed: f.Action == "failed", Words: words(f), MessageID: f.MessageID}
		if f.Sender != "" {
			out.Recipients = append(out.Recipients, f.Sender)
		}
	}
	for _, f := range l.Files {
		out.Files = append(out.Files, bridge.Attachment{Name: f.Name, Data: f.Data})
	}
	return out
}

// words are what a bounce says, with its status unless the server said that too.
func words(f *letter.Failure) string {
	if f.Diagnostic == "" {
		return f.Status
	}
	if f.Status == "" {
		return f.Diagnostic
	}
	return f.Status + " " + f.Diagnostic
}

// left names the files that are not shown.
func left(l letter.Letter) string {
	var names []string
	for _, o := range l.Omitted {
		if o.Why != letter.Decoration {
			names = append(names, o.Name)
		}
	}
	return strings.Join(names, ", ")
}

// lacks says what else is not shown.
func lacks(l letter.Letter) (list []bridge.Lack) {
	for _, f := range l.Flaws {
		switch f {
		case letter.TextCut:
			list = append(list, bridge.LongText)
		case letter.PartsCut:
			list = append(list, bridge.ManyParts)
		case letter.DepthCut:
			list = append(list, bridge.DeepParts)
		case letter.Partial:
			list = append(list, bridge.MailEnd)
		case letter.Broken, letter.Unreadable:
			list = append(list, bridge.BrokenParts)
		}
	}
	if l.Encrypted {
		list = append(list, bridge.Encryption)
	}
	if l.Signed {
		list = append(list, bridge.Signature)
	}
	return list
}
