package bridge_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// What the site says is in the log once for each client id, as the system's and with the name of the key. It answers
// nothing that the visitor has said, and is refused after the end.
func TestSitePost(t *testing.T) {
	o := newOffice(t).halted()
	chat, ticket := o.both()
	waits := o.conversation(chat.Number).Unanswered
	post := bridge.SitePost{Key: "shop", ClientID: "a client id of the shop", Text: " Order 17 has left.\r\n"}
	e, again, err := post.Post(t.Context(), o.Bridge, chat.Number)
	if err != nil || again || e.Type != bridge.EventMessage || e.From != bridge.FromSystem || e.Posted() != "shop" || e.Text != "Order 17 has left." || e.Speaker("Anna") != "" {
		t.Fatalf("posted %+v, %v, %v", e, again, err)
	}
	same, again, err := post.Post(t.Context(), o.Bridge, chat.Number)
	if err != nil || !again || same.Seq != e.Seq {
		t.Errorf("again: %+v, %v, %v", same, again, err)
	}
	if now := o.conversation(chat.Number); now.Seq != e.Seq || !now.Unanswered.Equal(waits) || waits.IsZero() {
		t.Errorf("the conversation is %+v", now)
	}
	for _, row := range []struct {
		number int64
		post   bridge.SitePost
		code   phrase.Code
		says   string
	}{
		{chat.Number, bridge.SitePost{ClientID: post.ClientID, Text: "Else"}, phrase.CodeConflict, "under this client_id"},
		{chat.Number, bridge.SitePost{Text: " \n"}, phrase.CodeInvalid, ""},
		{chat.Number, bridge.SitePost{Text: strings.Repeat("x", 9000)}, phrase.CodeTooLarge, ""},
		{99, post, phrase.CodeNotFound, ""},
	} {
		if _, _, err := row.post.Post(t.Context(), o.Bridge, row.number); phrase.CodeOf(err) != row.code || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%+v in #%d: %v", row.post, row.number, err)
		}
	}
	o.does(chat, func() error { _, err := o.Merge(t.Context(), xavi, chat.Visitor, ticket.Number); return err }())
	if _, _, err := post.Post(t.Context(), o.Bridge, ticket.Number); phrase.CodeOf(err) != phrase.CodeConflict || !strings.Contains(err.Error(), "Post there") {
		t.Errorf("in the one that goes on elsewhere: %v", err)
	}
	o.does(o.Close(t.Context(), xavi, chat.Visitor, ""))
	if _, _, err := (bridge.SitePost{Text: "late"}).Post(t.Context(), o.Bridge, chat.Number); phrase.CodeOf(err) != phrase.CodeConflict || !strings.Contains(err.Error(), "Open a ticket") {
		t.Errorf("after the end: %v", err)
	}
}

// Where no page is open, what the site says goes by mail, as an answer does.
func TestSitePost_GoesByMail(t *testing.T) {
	o := newOffice(t).halted()
	m := o.gets(anna("1@example.net", "Course", "How?"))
	_, _, err := bridge.SitePost{Key: "shop", Text: "Order 17 has left."}.Post(t.Context(), o.Bridge, m.Conversation)
	o.must(bridge.Conversation{}, err)
	o.goes(5*time.Minute, `to anna@example.net, Course, after "1@example.net": Order 17 has left.`)
}
