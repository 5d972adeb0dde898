package bridge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"porchlight/bridge/phrase"
)

// mailing carries out what the rules say about the mail to a visitor.
func (u *commit) mailing(c Conversation, e Effect) error {
	g, err := u.tx.Mailing(c.Number)
	if err != nil {
		return err
	}
	was := g
	u.passSeen(&g)
	now := u.b.clock.Now()
	later := now.Add(u.b.opts.Timing.VisitorGrace)
	switch {
	case e.Type == MailNever:
		g.Due, g.Forced, g.Upto = time.Time{}, false, c.Seq
	case e.Type == MailNow:
		g.Due, g.Forced = now, g.Forced || e.Forced
	case e.Type == MailLater && g.Due.IsZero(), e.Type == MailHeld && !g.Due.IsZero() && !g.Forced:
		g.Due = later
	}
	if g == was {
		return nil
	}
	return u.tx.SaveMailing(g)
}

// passSeen moves a mailing past what the pages have shown, unless it goes at once: that goes though a page
// has shown it meanwhile.
func (u *commit) passSeen(g *Mailing) {
	if !g.Forced {
		g.Upto = max(g.Upto, u.b.hub.pages.seenUpto(g.Conversation))
	}
}

// send makes mails of what is due in these conversations. It is called once in a turn.
func (m *Mailroom) send(ctx context.Context, due []int64) (err error) {
	for _, number := range due {
		if m.bridge.Quarantine.Holds(number) {
			continue
		}
		var files []string
		failed := m.bridge.update(ctx, func(u *commit) (err error) {
			files, err = u.post(number)
			return err
		})
		switch {
		case failed == nil && len(files) > 0:
			m.bridge.opts.Mail.Uploads.Forget(files)
		case failed == nil:
		case phrase.CodeOf(failed) != phrase.CodeUnavailable && ctx.Err() == nil: // it would fail in each turn
			m.bridge.Quarantine.Put(number, failed)
		default:
			err = errors.Join(err, fmt.Errorf("#%d: %w", number, failed))
		}
	}
	return err
}

// post makes a mail of what the visitor has not seen, if anything is left. Who is blocked gets none. The
// mail stays due while files that shall go with it are fetched. post returns the files that are not
// needed any more.
func (u *commit) post(number int64) (files []string, err error) {
	g, err := u.tx.Mailing(number)
	if err != nil || g.Due.IsZero() || g.Due.After(u.b.clock.Now()) {
		return nil, err
	}
	c, err := u.tx.Conversation(number)
	if err != nil {
		return nil, err
	}
	u.passSeen(&g)
	g.Due, g.Forced = time.Time{}, false
	refused := u.b.Blocks.refuseIn(u.tx, c)
	if refused != nil && phrase.CodeOf(refused) != phrase.CodeForbidden {
		return nil, refused
	}
	if c.Email != "" {
		log, err := wholeLog(u.tx, number)
		if err != nil {
			return nil, err
		}
		lines, earlier := unread(log, g.Upto)
		switch {
		case len(lines) > 0 && refused != nil:
			if _, _, err := u.apply(c, Action{Type: MailHappens, Posting: Posting{Action: PostBlocked, To: c.Email}}); err != nil {
				return nil, err
			}
			g.Upto = c.Seq
		case len(lines) > 0:
			d := Draft{Kind: AnswerMail, Lines: lines, Earlier: earlier[max(0, len(earlier)-quotedBelow):]}
			if files = u.b.Mail.uploaded(lines); len(files) > 0 {
				ready := false
				if d.Files, ready = u.b.opts.Mail.Uploads.Want(files); !ready {
					return nil, nil
				}
			}
			if _, err := u.letter(c, d); err != nil {
				return nil, err
			}
			g.Upto = c.Seq
		}
	}
	return files, u.tx.SaveMailing(g)
}

// uploaded lists the URLs of files that may go with a mail of these lines.
func (m *Mailroom) uploaded(lines []Entry) (urls []string) {
	if m.bridge.opts.Mail.Uploads == nil {
		return nil
	}
	for _, e := range lines {
		if f, ok := e.Data.(SentFile); ok && f.URL != "" {
			urls = append(urls, f.URL)
		}
	}
	return urls
}

// quotedBelow is how many earlier messages a mail shows below the new ones.
const quotedBelow = 10

// wholeLog reads the log of a conversation.
func wholeLog(r Reader, number int64) (all []Event, err error) {
	for after := int64(0); ; after = all[len(all)-1].Seq {
		page, err := r.Events(number, after, sentBack)
		all = append(all, page...)
		if err != nil || len(page) < sentBack {
			return all, err
		}
	}
}

// unread lists what operators and the site said past an event of a log, as it stands, and what else was said. What
// they corrected past it is said again, as an EventCorrection.
func unread(log []Event, upto int64) (lines, earlier []Entry) {
	corrected := make(map[int64]bool)
	for _, e := range log {
		if e.Type == EventCorrection && e.Seq > upto {
			corrected[e.Amends()] = true
		}
	}
	for _, e := range AsItStands(log) {
		switch {
		case !e.Type.Content() || e.From == FromSystem && e.Posted() == "" || e.Changed == EventRetraction:
		case e.Seq > upto && (e.Answers() || e.Posted() != ""):
			lines = append(lines, e)
		case corrected[e.Seq] && e.Answers():
			e.Type = EventCorrection
			lines = append(lines, e)
		default:
			earlier = append(earlier, e)
		}
	}
	return lines, earlier
}

// mailed reports whether an event went to the visitor by mail.
func mailed(r Reader, e Event) (bool, error) {
	return anyAfter(r, e, func(later Event) bool {
		p, _ := later.Data.(Posting)
		return p.Action == PostSent && p.Upto >= e.Seq
	})
}
