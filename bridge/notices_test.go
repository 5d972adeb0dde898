package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// phone is a channel that keeps what is sent. do, if there is one, answers instead.
type phone struct {
	way bridge.Way
	do  func(context.Context, bridge.Notice) error
	mu  sync.Mutex
	got []string
	ids []string
}

// Way implements bridge.Channel.
func (p *phone) Way() bridge.Way { return p.way }

// Send implements bridge.Channel.
func (p *phone) Send(ctx context.Context, n bridge.Notice) error {
	if p.do != nil {
		if err := p.do(ctx, n); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, fmt.Sprint(n.Operator.Name, " ", numbers(n)))
	p.ids = append(p.ids, n.ID)
	return nil
}

// numbers lists the requests of a notice.
func numbers(n bridge.Notice) (list []int64) {
	for _, a := range n.Requests {
		list = append(list, a.Number)
	}
	return list
}

// heard is what has been sent so far.
func (p *phone) heard() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.got)
}

// notified is a house with channels, where Olga is asked at any time and is notified by all ways.
func notified(t *testing.T, channels ...bridge.Channel) *house {
	t.Helper()
	h := newHouse(t)
	h.channels = channels
	h.close()
	h.open()
	h.wants(olga, bridge.Notify{When: bridge.NotifyAlways, Mail: true, Pushover: "u123", Webhook: "https://hook.example"})
	h.wants(xavi, bridge.Notify{When: bridge.NotifyOnline})
	h.linked()
	return h
}

// wants sets when and how an operator is asked.
func (h *house) wants(o bridge.OperatorJID, n bridge.Notify) {
	h.t.Helper()
	if _, err := h.Team.Change(h.t.Context(), o, func(o *bridge.Operator) { o.Notify = n }); err != nil {
		h.t.Fatal(err)
	}
}

// after lets time pass and sends what is due then.
func (h *house) after(d time.Duration) {
	h.t.Helper()
	h.clock.Move(d)
	if err := h.Notices.Pass(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// rings checks what a channel was told so far.
func (h *house) rings(p *phone, when string, want ...string) {
	h.t.Helper()
	if got := p.heard(); !slices.Equal(got, want) {
		h.t.Errorf("%s: by %s was sent %q, want %q", when, p.way, got, want)
	}
}

// Whoever is asked though they are away is told by the ways that they want: once each, when nobody has taken the
// request at once, and again after 1, 3 and 10 minutes until somebody takes it.
func TestNotices_AskedAway(t *testing.T) {
	mail, push := &phone{way: bridge.ByMail}, &phone{way: bridge.ByPushover}
	h := notified(t, mail, push)
	c := h.ring("a")
	h.after(9 * time.Second)
	h.rings(push, "at once")
	h.after(time.Second)
	h.after(30 * time.Second)
	h.rings(mail, "after 40 s", "Olga [1]")
	h.rings(push, "after 40 s", "Olga [1]")
	h.after(30 * time.Second)
	h.after(2 * time.Minute)
	h.after(2 * time.Minute)
	h.rings(mail, "after 5 min", "Olga [1]")
	h.rings(push, "after 5 min", "Olga [1]", "Olga [1]", "Olga [1]")
	if push.ids[0] == push.ids[1] || push.ids[0] == "" {
		t.Errorf("the ids are %q", push.ids)
	}
	h.must(h.Take(t.Context(), xavi, c.Number))
	h.after(time.Hour)
	h.rings(push, "after it was taken", "Olga [1]", "Olga [1]", "Olga [1]")
}

// A notice names the request and the page, without what the page's address may hold of the visitor; what the
// visitor wrote is in it only if the site wants that. Its link opens the desk in a chat client.
func TestNotices_WhatTheySay(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	var got bridge.Notice
	push.do = func(_ context.Context, n bridge.Notice) error {
		got = n
		return nil
	}
	h := notified(t, push)
	asks := func(id string) {
		t.Helper()
		_, err := h.Ask(t.Context(), bridge.Inquiry{ClientID: id, Request: bridge.Request{Name: "Anna", Email: "anna@example.org", Reason: "How much?",
			Page: bridge.Page{URL: "https://shop.example/prices?session=1234#top", Title: "Prices"}}})
		if err != nil {
			t.Fatal(err)
		}
		h.after(10 * time.Second)
	}
	asks("a")
	const says = "#1 Anna, Support, waits: 10 s, page: https://shop.example/prices"
	if want := says + "\nThe number takes it, sent to desk@support.example.org."; got.Text.String() != want || got.Link != "xmpp:desk@support.example.org?message;body=1" {
		t.Errorf("says %q with %q", got.Text, got.Link)
	}
	asked := bridge.Asked{Number: 1, Name: "Anna", Department: "Support", Page: "https://shop.example/prices", Since: h.clock.Now().Add(-10 * time.Second)}
	if got.Kind != bridge.NoticeRequests || !got.At.Equal(h.clock.Now()) || len(got.Requests) != 1 || !got.Requests[0].Since.Equal(asked.Since) {
		t.Errorf("the notice is %+v", got)
	}
	got.Requests[0].Since = asked.Since
	if got.Requests[0] != asked {
		t.Errorf("the request is %+v", got.Requests[0])
	}
	h.wordy = true
	h.close()
	h.open()
	h.linked()
	asks("b")
	if want := "waits: 10 s, page: https://shop.example/prices\n“How much?”\n"; !strings.Contains(got.Text.String(), want) {
		t.Errorf("says %q", got.Text)
	}
}

// The last of the repetitions comes after 10 minutes, also by mail.
func TestNotices_RepeatEnds(t *testing.T) {
	mail, push := &phone{way: bridge.ByMail}, &phone{way: bridge.ByPushover}
	h := notified(t, mail, push)
	h.ring("a")
	for range 60 {
		h.after(30 * time.Second)
	}
	h.rings(mail, "after half an hour", "Olga [1]", "Olga [1]")
	h.rings(push, "after half an hour", "Olga [1]", "Olga [1]", "Olga [1]", "Olga [1]")
}

// There is one mail in 10 minutes at most; the next one tells of all requests that came meanwhile and still wait.
func TestNotices_OneMailInTenMinutes(t *testing.T) {
	mail := &phone{way: bridge.ByMail}
	h := notified(t, mail)
	h.ring("a")
	h.after(10 * time.Second)
	h.ring("b")
	taken := h.ring("c")
	h.ring("d")
	h.after(5 * time.Minute)
	h.rings(mail, "after 5 min", "Olga [1]")
	h.must(h.Take(t.Context(), xavi, taken.Number))
	h.after(5*time.Minute - time.Second)
	h.rings(mail, "shortly before", "Olga [1]")
	h.after(2 * time.Second)
	h.rings(mail, "after 10 min", "Olga [1]", "Olga [1 2 4]")
}

// An operator who comes, whose hours end, or who switches a way off gets no notice any more, and neither does
// one who is available when they are asked.
func TestNotices_OnlyWhileWanted(t *testing.T) {
	for name, change := range map[string]func(*house){
		"comes":           func(h *house) { h.come(olga) },
		"stops offers":    func(h *house) { h.Team.Change(h.t.Context(), olga, func(o *bridge.Operator) { o.Paused = true }) },
		"switches it off": func(h *house) { h.wants(olga, bridge.Notify{When: bridge.NotifyAlways}) },
		"only online":     func(h *house) { h.wants(olga, bridge.Notify{When: bridge.NotifyOnline, Pushover: "u123"}) },
		"declines":        func(h *house) { h.Decline(h.t.Context(), olga, 1) },
		"is deleted": func(h *house) {
			h.Team.Administer(h.t.Context(), func(tx bridge.Tx) error { return tx.DeleteOperator(olga) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			push := &phone{way: bridge.ByPushover}
			h := notified(t, push)
			h.ring("a")
			change(h)
			h.after(10 * time.Second)
			h.rings(push, "later")
		})
	}
}

// Who was available when they were asked and is not any more is told then.
func TestNotices_WhoLeftWithAnOffer(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	h := notified(t, push)
	h.come(olga)
	h.mustAsk("a")
	h.after(time.Minute)
	h.rings(push, "while she is available")
	h.leave(olga)
	h.after(10 * time.Second)
	h.rings(push, "after she left", "Olga [1]")
}

// What is to be sent outlives a restart, and what was offered anew is told anew.
func TestNotices_OverARestart(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	h := notified(t, push)
	c := h.ring("a")
	h.close()
	h.open()
	h.after(20 * time.Second)
	h.rings(push, "without a link")
	h.Link.Up()
	h.after(time.Second)
	h.linked()
	h.after(0)
	h.rings(push, "after the restart", "Olga [1]")
	h.must(h.Take(t.Context(), xavi, c.Number))
	h.after(time.Minute)
	if err := h.Reach.Unreachable(t.Context(), xavi, c.Number, 0); err != nil {
		t.Fatal(err)
	}
	h.after(10 * time.Second)
	h.rings(push, "offered anew", "Olga [1]", "Olga [1]")
}

// A notice that was not sent is sent again under the same id. If the operator's own settings are wrong it is
// not, and they are told.
func TestNotices_Fail(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	fault := errors.New("no route to host")
	var ids []string
	push.do = func(_ context.Context, n bridge.Notice) error {
		ids = append(ids, n.ID)
		return fault
	}
	h := notified(t, push)
	h.ring("a")
	h.after(10 * time.Second)
	h.after(29 * time.Second)
	if len(ids) != 1 {
		t.Fatalf("tried %d times", len(ids))
	}
	fault = nil
	h.after(time.Second)
	h.rings(push, "after 30 s", "Olga [1]")
	if ids[0] != ids[1] {
		t.Errorf("the ids are %q", ids)
	}
	push.do = func(context.Context, bridge.Notice) error { panic("a fault in the channel") }
	h.after(time.Minute)
	push.do = func(context.Context, bridge.Notice) error {
		return phrase.Fail(phrase.CodeInvalid, "This key is not known.")
	}
	h.after(time.Minute)
	if got := h.last(olga); got != "notice #0 A notice was not sent (pushover): This key is not known." {
		t.Errorf("she reads %q", got)
	}
	push.do = nil
	h.after(time.Hour)
	h.rings(push, "later", "Olga [1]")
}

// A channel may be slow, for one operator or for all: others, other channels, visitors and the team's changes
// go on. Nothing is locked while it sends, so it may ask the bridge itself.
func TestNotices_SlowChannel(t *testing.T) {
	release := make(chan struct{})
	slow, quick := &phone{way: bridge.ByWebhook}, &phone{way: bridge.ByPushover}
	h := notified(t, slow, quick)
	slow.do = func(ctx context.Context, n bridge.Notice) error {
		if n.Operator.JID != olga {
			return nil
		}
		<-release
		_, err := h.Team.Change(ctx, sam, func(o *bridge.Operator) { o.About = "changed while sending" })
		return err
	}
	h.wants(xavi, bridge.Notify{When: bridge.NotifyAlways, Webhook: "https://hook.example"})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- h.Notices.Run(ctx) }()
	c := h.ring("a")
	h.clock.Move(10 * time.Second)
	h.until("others are told", func() bool {
		return slices.Equal(slow.heard(), []string{"Xavi [1]"}) && slices.Equal(quick.heard(), []string{"Olga [1]"})
	})
	if _, _, err := h.VisitorWrites(t.Context(), c.Number, "client-id-of-16-letters", "Anybody?"); err != nil {
		t.Error(err)
	}
	close(release)
	h.until("she is told", func() bool { return slices.Contains(slow.heard(), "Olga [1]") })
	if h.operator(sam).About != "changed while sending" {
		t.Error("the channel could not change anything")
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Without channels nothing is stored, and Run waits for its end.
func TestNotices_WithoutChannels(t *testing.T) {
	h := notified(t)
	h.ring("a")
	if h.Notices.Has(bridge.ByMail) {
		t.Error("there is a channel")
	}
	if n, err := h.Bridge.Notices.Stored(t.Context(), 1, olga, bridge.ByMail); n || err != nil {
		t.Errorf("a notice is stored: %v, %v", n, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := h.Notices.Run(ctx); err != nil {
		t.Error(err)
	}
}

// A request that can't be processed keeps no other notice back, and is reported once.
func TestNotices_WhatCantBeProcessed(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	h := notified(t, push)
	h.ring("a")
	h.ring("b")
	h.stop()
	b := h.with(lossy{unread: 1})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- b.Run(ctx) }()
	b.Link.Up()
	h.clock.Move(10 * time.Second)
	h.until("the link is old enough", func() bool { return !b.Link.Fresh() })
	for range 2 {
		if err := b.Notices.Pass(t.Context()); err != nil {
			t.Error(err)
		}
	}
	h.rings(push, "beside it", "Olga [2]")
	if f, err := b.Stats(t.Context()); err != nil || f.Alarms != 1 {
		t.Errorf("%d alarms, %v", f.Alarms, err)
	}
	stop()
	<-done
}
