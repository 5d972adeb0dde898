package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// chat is a conversation under way between a page and Xavi.
type chat struct {
	*site
	page *page
	x    *person
	jid  string
}

func startChat(t *testing.T, more settings) *chat {
	t.Helper()
	c := &chat{site: start(t, more)}
	c.x = c.operators("xavi")[0]
	c.page = newVisitor(t)
	c.page.open(c.shop)
	c.page.ring("Anna", "", "Question")
	c.jid = c.visitorOf(c.x, 1)
	c.page.title("Xavi")
	return c
}

// TestServerRestart: porchlight keeps a visitor's messages while the XMPP server is down.
// Afterwards they reach the operator in order, each once, and the chat goes on.
func TestServerRestart(t *testing.T) {
	t.Parallel()
	c := startChat(t, nil)
	c.tolerate("the XMPP link")
	want := []string{"Question"}
	for _, how := range []struct {
		name string
		end  func()
	}{{"stopped", c.server.Stop}, {"killed", c.server.Kill}} {
		before, during, after := numbered(how.name+" before ", 3), numbered(how.name+" during ", 5), numbered(how.name+" after ", 3)
		for _, text := range before {
			c.page.write(text)
		}
		c.x.hears(c.jid, before[2])
		how.end()
		for _, text := range during {
			c.page.write(text)
		}
		c.page.lamp("OFFLINE")
		c.page.wait("all of it is stored", inPanel(".meta [aria-live]")+`.textContent === "Sent"`)
		c.page.picture("server-" + how.name)
		if err := c.server.Restart(within(t)); err != nil {
			t.Fatal(err)
		}
		c.x = login(t, c.server.ClientAddr(), "xavi", "")
		c.x.hears(c.jid, during[4])
		if got := c.x.heard(c.jid, startsWith(how.name+" during ")); !slices.Equal(got, during) {
			t.Errorf("the operator got %q", got)
		}
		c.page.lamp("ONLINE")
		for _, text := range after {
			c.page.write(text)
			c.x.hears(c.jid, text)
			c.x.says(c.jid, "re: "+text)
			c.page.shows("re: " + text)
		}
		want = slices.Concat(want, before, during, after)
	}
	var mine []string
	for _, text := range c.page.said("me: ") {
		mine = append(mine, strings.TrimPrefix(text, "me: "))
	}
	if !slices.Equal(mine, want) {
		t.Errorf("the page shows %q", mine)
	}
}

// TestKilled: a page outlives porchlight's end by SIGKILL. The page later sends what the visitor
// wrote meanwhile; nothing is lost and nothing is shown twice.
func TestKilled(t *testing.T) {
	t.Parallel()
	c := startChat(t, nil)
	c.page.spoilt = true
	var want []string
	for _, text := range numbered("early ", 3) {
		c.page.write(text)
		c.x.hears(c.jid, text)
		c.x.says(c.jid, "re: "+text)
		c.page.shows("re: " + text)
		want = append(want, "me: "+text, "them: re: "+text)
	}
	c.kill()
	late := numbered("late ", 3)
	for _, text := range late {
		c.page.write(text)
		want = append(want, "me: "+text)
	}
	c.x.Chat(c.jid, "lost", "Are you there?")
	c.x.expect("my message back", func(el *stream.Element) bool { return el.Get("type") == "error" && el.Get("id") == "lost" })
	c.page.wait("the page says so", inPanel(".outage")+`.textContent === "No connection. Trying again…"`)
	c.page.picture("killed-down")
	c.up()
	c.x.hears(c.jid, late[2])
	if got := c.x.heard(c.jid, startsWith("late ")); !slices.Equal(got, late) {
		t.Errorf("the operator got %q", got)
	}
	c.page.wait("the line is back", inPanel(".outage")+`.textContent === ""`)
	c.x.says(c.jid, "Here I am again.")
	c.page.shows("Here I am again.")
	c.page.picture("killed-up")
	same(t, c.page, slices.Concat([]string{"me: Question", "Xavi joined the chat"}, want, []string{"them: Here I am again."}))
}

// TestKilled_UnderLoad: porchlight is killed again and again while both sides write. Each message
// that was acknowledged to the visitor reaches the operator once, in order. Each message that was
// acknowledged to the operator is in the log once.
func TestKilled_UnderLoad(t *testing.T) {
	t.Parallel()
	const messages, every = 60, 15
	s := start(t, nil)
	x := s.operators("xavi")[0]
	c := s.ask("Anna", "Question")
	s.visitorOf(x, c.Number)
	var sides sync.WaitGroup
	stored := make(chan int, messages)
	sides.Go(func() {
		for i := 1; i <= messages; i++ {
			insist(t, c, fmt.Sprintf("v%d", i))
			stored <- i
		}
		close(stored)
	})
	stop := make(chan struct{})
	sides.Go(func() {
		for i := 1; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond): // the pause of an operator between two messages
				x.Chat(c.Visitor, fmt.Sprintf("o%d", i), fmt.Sprintf("o%d", i))
			}
		}
	})
	for i := range stored {
		if i%every == 0 && i < messages {
			s.kill()
			s.up()
		}
	}
	close(stop)
	sides.Wait()
	x.hears(c.Visitor, fmt.Sprintf("v%d", messages))
	if got, want := x.heard(c.Visitor, startsWith("v")), numbered("v", messages); !slices.Equal(got, want) {
		t.Errorf("the operator got %q", got)
	}
	x.says(c.Visitor, "the end")
	acknowledged(t, x, c)
}

// TestKilled_Unsent: a message that was acknowledged to a visitor, and sent to nobody before
// porchlight was killed, is sent at the next start without anybody's doing. The conversation is a
// ticket, so no presence starts the delivery.
func TestKilled_Unsent(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	c, err := visitor.New(s.url).Ask(within(t), visitor.Inquiry{Name: "Anna", Email: "anna@example.org", Reason: "Question"})
	if err != nil || c.State != "ticket" {
		t.Fatalf("%+v, %v", c, err)
	}
	x := s.operators("xavi")[0]
	s.visitorOf(x, c.Number)
	s.server.Stop()
	unsent := numbered("unsent ", 3)
	for _, text := range unsent {
		if _, err := c.Write(within(t), "", text); err != nil {
			t.Fatal(err)
		}
	}
	s.kill()
	if err := s.server.Restart(within(t)); err != nil {
		t.Fatal(err)
	}
	x = login(t, s.server.ClientAddr(), "xavi", "")
	s.up()
	x.hears(c.Visitor, unsent[2])
	if got := x.heard(c.Visitor, startsWith("unsent ")); !slices.Equal(got, unsent) {
		t.Errorf("the operator got %q", got)
	}
}

// insist sends a message with the same id again and again until it is stored, as a page does.
func insist(t *testing.T, c *visitor.Conversation, text string) {
	for end := time.Now().Add(2 * patience); ; time.Sleep(look) {
		_, err := c.Write(t.Context(), "client-id-of-"+strings.Repeat("-", 16)+text, text)
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Errorf("send %s: %v", text, err)
			return
		}
	}
}

// acknowledged compares the operator's receipts with the log.
func acknowledged(t *testing.T, x *person, c *visitor.Conversation) {
	t.Helper()
	count := map[string]int{}
	log, err := c.Poll(within(t), 0, 0)
	for after := int64(0); err == nil && len(log.Events) > 0; log, err = c.Poll(within(t), after, 0) {
		for _, e := range log.Events {
			if e.From == "operator" {
				count[e.Text]++
			}
		}
		after = log.Seq
	}
	if err != nil {
		t.Fatal(err)
	}
	receipts := 0
	for _, el := range x.All() {
		if id := el.Child(nsReceipts, "received").Get("id"); strings.HasPrefix(id, "o") {
			receipts++
			if count[id] != 1 {
				t.Errorf("%s was acknowledged and is %d times in the log", id, count[id])
			}
		}
	}
	for text, n := range count {
		if n != 1 {
			t.Errorf("%s is %d times in the log", text, n)
		}
	}
	t.Logf("%d receipts, %d in the log", receipts, len(count))
	if receipts == 0 {
		t.Error("nothing was acknowledged")
	}
}

// TestTerminated: SIGTERM ends porchlight in order, and the pages come back after the next start.
func TestTerminated(t *testing.T) {
	t.Parallel()
	c := startChat(t, nil)
	c.page.spoilt = true
	c.page.write("one")
	c.x.hears(c.jid, "one")
	if status, took := c.stop(syscall.SIGTERM); status != 0 || took > 10*time.Second {
		t.Errorf("exit status %d after %v", status, took)
	}
	c.x.Forget()
	c.up()
	c.x.expect("the desk is back", presenceOf(demo.Desk, ""))
	c.page.write("two")
	c.x.expect("two", operator.Body(c.jid, "two"))
	c.x.says(c.jid, "three")
	c.page.shows("three")
	same(t, c.page, []string{"me: Question", "Xavi joined the chat", "me: one", "me: two", "them: three"})
}
