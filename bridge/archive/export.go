package archive

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Dossier is all that is stored about a person, as docs/privacy.md describes it. It has no tokens, no signatures and no
// operators' addresses. Its JSON keeps its form: fields may be added, and Version counts what breaks.
type Dossier struct {
	Format        string            `json:"format"`
	Version       int               `json:"version"`
	Made          time.Time         `json:"made_at"`
	Visitors      []DossierVisitor  `json:"visitors"`
	Conversations []DossierLog      `json:"conversations"`
	Cards         []bridge.Card     `json:"-"` // of Conversations, in their order
	Logs          [][]bridge.Event  `json:"-"` // of Conversations, in their order
	Blocks        []DossierBlock    `json:"blocks,omitempty"`
	Elsewhere     map[string]string `json:"not_included,omitempty"` // what is kept elsewhere, for whoever reads this
}

// DossierVisitor is a visitor under one address here.
type DossierVisitor struct {
	Address string    `json:"address"`
	Name    string    `json:"name,omitempty"`
	Called  string    `json:"name_by_operators,omitempty"`
	Email   string    `json:"email,omitempty"`
	Phone   string    `json:"phone,omitempty"`
	Remark  string    `json:"remark_by_operators,omitempty"`
	Subject string    `json:"signed_identity,omitempty"`
	Made    time.Time `json:"created_at,omitzero"`
}

// DossierLog is one conversation.
type DossierLog struct {
	Number     int64           `json:"number"`
	Kind       string          `json:"kind"`
	Department string          `json:"department"`
	State      string          `json:"state"`
	Opened     time.Time       `json:"opened_at"`
	Closed     time.Time       `json:"closed_at,omitzero"`
	Request    DossierRequest  `json:"request"`
	Tags       []string        `json:"tags,omitempty"`
	Vote       *DossierVote    `json:"vote,omitempty"`
	Files      []DossierFile   `json:"files,omitempty"`
	Mails      int             `json:"mails,omitempty"` // how many came or went
	Events     []DossierEvent  `json:"events"`
	Attributes json.RawMessage `json:"attributes,omitempty"` // that the site gave
	Fields     json.RawMessage `json:"fields,omitempty"`     // that the visitor filled in, by label
}

// DossierRequest is what was known when the conversation began.
type DossierRequest struct {
	Name     string `json:"name,omitempty"`
	Email    string `json:"email,omitempty"`
	Reason   string `json:"reason"`
	URL      string `json:"page_url,omitempty"`
	Title    string `json:"page_title,omitempty"`
	Referrer string `json:"page_referrer,omitempty"`
	Language string `json:"language,omitempty"`
	Browser  string `json:"browser,omitempty"`
	Zone     string `json:"time_zone,omitempty"`
	Range    string `json:"address_range,omitempty"`

	Invited bridge.Invited `json:"invitation,omitzero"` // that the visitor answers
}

// DossierVote is what the visitor thought of the help.
type DossierVote struct {
	Score   int64     `json:"score"`
	Comment string    `json:"comment,omitempty"`
	At      time.Time `json:"at"`
}

// DossierFile is a file that the visitor sent.
type DossierFile struct {
	Name  string `json:"name"`
	Media string `json:"media"`
	Bytes int64  `json:"bytes"`
}

// DossierEvent is an entry of the log; operators' notes are among them.
type DossierEvent struct {
	Seq     int64        `json:"seq"`
	At      time.Time    `json:"at"`
	Type    string       `json:"type"`
	From    string       `json:"from,omitempty"`
	Name    string       `json:"name,omitempty"`
	Text    string       `json:"text,omitempty"`
	Subject string       `json:"mail_subject,omitempty"`
	File    *DossierFile `json:"file,omitempty"`
	Of      int64        `json:"of,omitempty"`    // the event that is corrected or taken back
	State   string       `json:"state,omitempty"` // of an event of type state
	Page    string       `json:"page_url,omitempty"`
}

// DossierBlock is a block of the visitor.
type DossierBlock struct {
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
	Ends   time.Time `json:"ends_at,omitzero"`
}

// Export reads all that is stored about a person.
func (a *Archive) Export(ctx context.Context, p Person) (d Dossier, err error) {
	err = a.store.ViewArchive(ctx, func(r Reader) error {
		d = Dossier{Format: "porchlight-visitor", Version: 1, Made: a.bridge.Now().UTC(), Visitors: []DossierVisitor{}, Conversations: []DossierLog{}}
		for _, v := range p.Visitors {
			d.Visitors = append(d.Visitors, DossierVisitor{string(v.JID), v.Name, v.Called, v.Email, v.Phone, v.Remark, v.Subject, v.CreatedAt})
		}
		for _, c := range p.Conversations {
			log, one, err := exported(r, c.Number)
			if err != nil {
				return err
			}
			d.Conversations, d.Logs = append(d.Conversations, one), append(d.Logs, log)
		}
		d.Blocks, err = exportedBlocks(r, p)
		return err
	})
	for _, c := range p.Conversations {
		if err == nil {
			var card bridge.Card
			card, err = a.bridge.Card(ctx, c.Number)
			d.Cards = append(d.Cards, card)
		}
	}
	if err != nil {
		return d, fmt.Errorf("export visitor: %w", err)
	}
	d.Elsewhere = map[string]string{"files": "The contents of files are not part of this; they are in the transcripts of the conversations.",
		"copies": "Operators' chat programs, the archives of the XMPP server, mail providers and backups may have copies."}
	return d, nil
}

// Exporting notes in the audit log that somebody exports a person; it names only the first conversation's number.
func (a *Archive) Exporting(ctx context.Context, by bridge.Operator, p Person) error {
	line := bridge.Audit{At: a.bridge.Now(), By: by.JID, ByName: by.Name, About: string(by.JID), Line: "export"}
	if len(p.Conversations) > 0 {
		line.Line = fmt.Sprintf("export %d", p.Conversations[0].Number)
	}
	return a.store.UpdateArchive(ctx, func(tx Tx) error { return tx.AppendAudit(&line) })
}

// exported reads one conversation.
func exported(r Reader, number int64) (log []bridge.Event, one DossierLog, err error) {
	c, err := r.Conversation(number)
	if err != nil {
		return nil, one, err
	}
	q, err := r.Request(number)
	if err != nil {
		return nil, one, err
	}
	one = DossierLog{Number: number, Kind: string(c.Kind), Department: c.Department, State: string(c.State), Opened: c.OpenedAt, Closed: c.ClosedAt, Events: []DossierEvent{},
		Request: DossierRequest{q.Name, q.Email, q.Reason, q.Page.URL, q.Page.Title, q.Page.Referrer, q.Language, q.Browser, q.TimeZone, q.Address, q.Invited}}
	if json.Valid([]byte(q.Attributes)) {
		one.Attributes = json.RawMessage(q.Attributes)
	}
	if q.Fields != "" {
		one.Fields = json.RawMessage(q.Fields)
	}
	if one.Tags, err = r.Tags(number); err != nil {
		return nil, one, err
	}
	if one.Mails, err = r.CountMails(number); err != nil {
		return nil, one, err
	}
	vote, err := r.Bridge().FeedbackIn(number)
	switch {
	case err == nil:
		one.Vote = &DossierVote{vote.Score, vote.Comment, vote.At}
	case phrase.CodeOf(err) != phrase.CodeNotFound:
		return nil, one, err
	}
	files, err := r.Bridge().Files(number, mostConversations)
	if err != nil {
		return nil, one, err
	}
	for _, f := range files {
		one.Files = append(one.Files, DossierFile{f.Name, f.Type, f.Size})
	}
	log, err = logOf(r, number)
	for _, e := range log {
		one.Events = append(one.Events, exportedEvent(e))
	}
	return log, one, err
}

// exportedEvent is an event without what is of no concern to the person: ids of messages, and operators' addresses.
func exportedEvent(e bridge.Event) DossierEvent {
	one := DossierEvent{Seq: e.Seq, At: e.At, Type: string(e.Type), From: string(e.From), Name: e.Name, Text: e.Text}
	switch d := e.Data.(type) {
	case bridge.SentFile:
		one.File = &DossierFile{d.Name, d.Media, d.Bytes}
	case bridge.Message:
		one.Subject = d.Mail.Subject
	case bridge.Amended:
		one.Of = d.Of
	case bridge.Turn:
		one.State = d.State
	case bridge.PageVisit:
		one.Page = d.URL
	}
	return one
}

// exportedBlocks are the blocks of the person's own addresses here.
func exportedBlocks(r Reader, p Person) (list []DossierBlock, err error) {
	blocks, err := r.Bridge().Blocks()
	for _, b := range blocks {
		for _, v := range p.Visitors {
			if b.Target == string(v.JID) {
				list = append(list, DossierBlock{b.Reason, b.At, b.Ends})
			}
		}
	}
	return list, err
}
