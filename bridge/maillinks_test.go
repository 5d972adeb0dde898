package bridge_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// linkPen is a pen that keeps the links of the last mail.
type linkPen struct {
	pen
	last bridge.MailLinks
}

func (p *linkPen) Compose(d bridge.Draft) ([]byte, error) {
	p.last = d.Links
	return p.pen.Compose(d)
}

// linkOffice is an office whose pages have an address.
type linkOffice struct {
	*office
	pen *linkPen
}

func newLinkOffice(t *testing.T) *linkOffice {
	t.Helper()
	o := &linkOffice{newOffice(t), &linkPen{}}
	o.mail.Post, o.public = o.pen, "https://chat.example.org"
	o.close()
	o.open()
	o.halted()
	o.come(xavi)
	return o
}

// mailed is a conversation that was answered by mail, and the links of that mail.
func (o *linkOffice) mailed() (bridge.Conversation, bridge.MailLinks) {
	o.t.Helper()
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s1", Text: "So."})
	o.sent(o.outbox(2 * time.Minute))
	return o.conversation(c.Number), o.pen.last
}

// value is what stands in a link for a use.
func (o *linkOffice) value(use bridge.LinkUse, url string) string {
	o.t.Helper()
	value, ok := strings.CutPrefix(url, "https://chat.example.org/chat/"+string(use)+"/")
	if !ok || !regexp.MustCompile(`^\d+-\d+-[a-z2-9]{26}$`).MatchString(value) {
		o.t.Errorf("the link for %s is %q", use, url)
	}
	return value
}

// works checks what a link answers.
func (o *linkOffice) works(use bridge.LinkUse, link string, want phrase.Code) {
	o.t.Helper()
	_, err := o.Mail.Linked(o.t.Context(), use, link)
	if phrase.CodeOf(err) != want {
		o.t.Errorf("%s %q: %v, want %q", use, link, err, want)
	}
	var told *phrase.Error
	if want != "" && errors.As(err, &told) && !strings.Contains(told.Phrase.String(), "answer the mail") {
		o.t.Errorf("it does not say what to do: %v", err)
	}
}

// The links of a mail hold for their use, for three weeks, and while the conversation has the address to
// which the mail went.
func TestMailLinks_WhatTheyOpen(t *testing.T) {
	o := newLinkOffice(t)
	c, links := o.mailed()
	resume, vote := o.value(bridge.LinkResume, links.Resume), o.value(bridge.LinkFeedback, links.Feedback)
	o.works(bridge.LinkResume, resume, "")
	o.works(bridge.LinkFeedback, vote, "")
	for name, link := range map[string]string{"another use": vote, "nothing": "", "no number": "x" + resume, "another number": "9" + resume,
		"a later end": strings.Replace(resume, "-2", "-3", 1), "a wrong seal": resume[:len(resume)-1] + "0", "half a seal": resume[:len(resume)-3], "more": resume + "a"} {
		t.Log(name)
		o.works(bridge.LinkResume, link, phrase.CodeNotFound)
	}
	o.works(bridge.LinkFeedback, resume, phrase.CodeNotFound)

	o.clock.Move(21 * 24 * time.Hour)
	o.works(bridge.LinkResume, resume, "")
	o.clock.Move(24 * time.Hour)
	o.works(bridge.LinkResume, resume, phrase.CodeNotFound)
	o.works(bridge.LinkFeedback, vote, phrase.CodeNotFound)

	o.clock.Move(-22 * 24 * time.Hour)
	o.works(bridge.LinkResume, resume, "")
	o.must(c, o.VisitorMails(t.Context(), c.Number, "anna@example.com"))
	o.works(bridge.LinkResume, resume, phrase.CodeNotFound)
	o.works(bridge.LinkFeedback, vote, phrase.CodeNotFound)
	o.must(c, o.VisitorMails(t.Context(), c.Number, "Anna@example.net")) // the case of an address means nothing
	o.works(bridge.LinkResume, resume, "")
}

// Whoever comes by a link gets a token that opens this conversation and no other, beside the first
// browser's own token, until the conversation has another address.
func TestMailLinks_Resume(t *testing.T) {
	o := newLinkOffice(t)
	first, err := o.ask("a", "anna@example.net")
	o.must(first.Conversation, err)
	other, err := o.ask("b", "anna@example.net")
	o.must(other.Conversation, err)
	defer o.see(first.Number)()
	o.writes(xavi, first, bridge.Said{ID: "s1", Text: "So."})
	o.must(first.Conversation, o.SendTranscript(t.Context(), first.Number, "anna@example.net"))
	o.sent(o.outbox(0))
	link := o.value(bridge.LinkResume, o.pen.last.Resume)
	r, err := o.Mail.Resume(t.Context(), link)
	if err != nil || r.Number != first.Number || r.Name != "Anna" || r.Token == first.Token || strings.Contains(link, r.Token) {
		t.Fatalf("it resumes %+v, %v", r, err)
	}
	opens := func(id bridge.ConversationID, token string) bool {
		t.Helper()
		n, err := o.Tokens.Admit(t.Context(), id, token)
		if code := phrase.CodeOf(err); code != "" && (code != phrase.CodeNotFound || n != 0) {
			t.Errorf("#%d, %v", n, err)
		}
		return err == nil
	}
	if !opens(first.ID, r.Token) || !opens(first.ID, first.Token) || opens(other.ID, r.Token) || opens(first.ID, r.Token+"a") || opens(first.ID, "mail.") || opens(first.ID, link) {
		t.Error("the token opens something else than its conversation")
	}
	o.must(first.Conversation, o.VisitorMails(t.Context(), first.Number, "eve@example.net"))
	if opens(first.ID, r.Token) || !opens(first.ID, first.Token) {
		t.Error("after a change of address the tokens open something else")
	}
	_, err = o.Mail.Resume(t.Context(), link)
	if phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("after a change of address: %v", err)
	}
}

// A conversation that has ended is resumed as long as the visitor may go on with it.
func TestMailLinks_AfterTheEnd(t *testing.T) {
	o := newLinkOffice(t)
	c, links := o.mailed()
	link := o.value(bridge.LinkResume, links.Resume)
	o.must(c, o.VisitorCloses(t.Context(), c.Number))
	c = o.conversation(c.Number)
	for _, now := range []struct {
		after time.Duration
		over  bool
		want  phrase.Code
	}{{0, false, ""}, {336 * time.Hour, false, ""}, {time.Minute, true, phrase.CodeConflict}} {
		o.clock.Move(now.after)
		_, err := o.Mail.Resume(t.Context(), link)
		if phrase.CodeOf(err) != now.want || o.Over(c) != now.over {
			t.Errorf("%v later: %v, over %v", now.after, err, o.Over(c))
		}
	}
}

// A mail asks for a vote once an operator has answered the visitor, and until the visitor has voted.
func TestMailLinks_WhichMailHasWhich(t *testing.T) {
	o := newLinkOffice(t)
	has := func(when string, feedback bool) {
		t.Helper()
		if l := o.pen.last; l.Resume == "" || (l.Feedback != "") != feedback {
			t.Errorf("%s: %+v", when, l)
		}
	}
	first, err := o.WriteFirst(t.Context(), xavi, "bert@example.net", "Invoice", "Where is it?")
	o.must(first, err)
	o.sent(o.outbox(0))
	has("an operator wrote first", false)

	c, _ := o.mailed()
	has("an answer", true)
	o.votes(bridge.Opened{Conversation: c}, 5, "", "")
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s2", Text: "And this."})
	o.sent(o.outbox(2 * time.Minute))
	has("after the vote", false)
	o.must(c, o.SendTranscript(t.Context(), c.Number, c.Email))
	o.sent(o.outbox(0))
	has("a transcript", false)
}
