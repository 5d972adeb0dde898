package voice

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"porchlight/bridge"
)

// waitTold is the shortest wait that is told to operators.
const waitTold = 30 * time.Second

// Offer is the message that offers a request; w tells how the request came to wait, and
// a novice is told how to take it. The message ends with the visitor's words, since lists
// of chats show either the first or the last line.
func (v Voice) Offer(c bridge.Card, w bridge.WhyOffered, novice bool) string {
	said := cmp.Or(w.Said, c.Request.Reason)
	head := fmt.Sprintf("#%d %s, %s%s: %s", c.Number, c.Request.Called(), v.title(c.Department), v.invited(c.Request), indent(said))
	var b strings.Builder
	if why := v.why(w); why != "" {
		b.WriteString(indent(why) + "\n")
	}
	v.particulars(&b, c)
	v.pointers(&b, c)
	switch {
	case c.Subject != "":
		b.WriteString(strings.Join(append([]string{"✉ " + c.Subject}, v.doubts(c.Letter)...), "\n") + "\n")
	case c.Kind == bridge.Ticket:
		b.WriteString(v.Say("A ticket: the visitor left an address.") + "\n")
	}
	if waited := v.bridge.Now().Sub(c.WaitsSince); waited >= waitTold {
		b.WriteString(v.Say("Waiting: %s", v.ago(waited)) + "\n")
	}
	if novice {
		b.WriteString(v.Say("To take it send %d here, react with 👍, or write to %s", c.Number, c.Visitor) + "\n")
	}
	if b.Len() == 0 {
		return head
	}
	return head + "\n" + b.String() + v.Say("%s asks: %s", v.Visitor(c.Request.Called()), oneLine(said))
}

// oneLine is the beginning of a text, on one line.
func oneLine(text string) string { return Clip(strings.Join(strings.Fields(text), " "), 80) }

// Clip shortens s to about n bytes for showing it.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return bridge.Cut(s, n) + "…"
}

// why tells how a conversation came to be offered again.
func (v Voice) why(w bridge.WhyOffered) string {
	switch {
	case w.Reason == bridge.ReasonTransferred && w.Note != "":
		return v.Say("Passed on by %s: %s", w.By, w.Note)
	case w.Reason == bridge.ReasonTransferred:
		return v.Say("Passed on by %s.", w.By)
	case w.Reason == bridge.ReasonReopened:
		return v.Say("The visitor goes on after the end.")
	case w.Reason == bridge.ReasonOwnerLeft:
		return v.Say("%s had it and went offline.", w.By)
	case w.Reason == bridge.ReasonUnreachable:
		return v.Say("%s had it and can't be reached.", w.By)
	}
	return ""
}

// Waited tells that a request is waiting, and for how long unless the wait is short.
func (v Voice) Waited(c bridge.Card) string {
	waited := v.bridge.Now().Sub(c.WaitsSince)
	if waited < waitTold {
		return v.Say("waiting")
	}
	return v.Say("waiting %s", v.ago(waited))
}

// particulars writes the lines that offers, transcripts and the info share.
func (v Voice) particulars(b *strings.Builder, c bridge.Card) {
	r := c.Request
	if r.Page.URL != "" {
		b.WriteString(v.Say("Page: %s", r.Page.URL))
		if r.Page.Title != "" {
			b.WriteString(" (" + r.Page.Title + ")")
		}
		b.WriteByte('\n')
	}
	if text := r.Invited.Text; text != "" {
		b.WriteString(Clip(v.Say("Invitation: %s", oneLine(text)), filledMost) + "\n")
	}
	if c.Email != "" {
		b.WriteString(v.Say("Email: %s", c.Email))
		if r.Verified != "" {
			b.WriteString(" " + v.Say("(verified)"))
		}
		b.WriteByte('\n')
	} else if c.Kept.Email != "" {
		b.WriteString(v.Say("Email: %s", c.Kept.Email) + " " + v.Say("(from earlier)") + "\n")
	}
	if c.Kept.Phone != "" {
		b.WriteString(v.Say("Phone: %s", c.Kept.Phone) + "\n")
	}
	if c.Kept.Remark != "" {
		b.WriteString(indent(v.Say("Remark: %s", c.Kept.Remark)) + "\n")
	}
	for _, f := range c.Filled {
		label := f.Label
		if label == bridge.PhoneAttribute {
			label = v.Say("Phone")
		}
		b.WriteString(Clip(label+": "+f.Value, filledMost) + "\n")
	}
}

// pointers writes the links into the site's own systems, a line each.
func (v Voice) pointers(b *strings.Builder, c bridge.Card) {
	for _, p := range v.bridge.SiteLinks.Of(c, v.reader) {
		b.WriteString(p.Name + ": " + p.URL + "\n")
	}
}

// filledMost is how much of an answer is shown, in letters.
const filledMost = 100

// Info tells what is known about a visitor; trail are the pages they were on, and vote is what they
// voted in this conversation.
func (v Voice) Info(c bridge.Card, trail []bridge.Page, vote bridge.Feedback) string {
	var b strings.Builder
	r := c.Request
	fmt.Fprintf(&b, "#%d %s, %s, %s%s\n", c.Number, r.Called(), v.title(c.Department), v.standing(c), v.invited(r))
	v.particulars(&b, c)
	v.pointers(&b, c)
	for _, line := range []struct{ value, said string }{
		{r.Page.Referrer, v.Say("Came from: %s", r.Page.Referrer)}, {r.Language, v.Say("Language: %s", r.Language)},
		{r.Browser, v.Say("Browser: %s", r.Browser)},
	} {
		if line.value != "" {
			b.WriteString(line.said + "\n")
		}
	}
	if list := attributes(c); len(list) > 0 {
		b.WriteString(v.Say("From the site: %s", strings.Join(list, "\n  ")) + "\n")
	}
	if at, err := time.LoadLocation(r.TimeZone); err == nil && r.TimeZone != "" {
		b.WriteString(v.Say("Local time: %s (%s)", v.bridge.Now().In(at).Format("15:04"), r.TimeZone) + "\n")
	}
	if len(trail) > 1 {
		b.WriteString(v.Say("Pages: %s", pages(trail)) + "\n")
	}
	b.WriteString(v.Say("Asked: %s, %s ago", v.stamp(c.OpenedAt), v.ago(v.bridge.Now().Sub(c.OpenedAt))) + "\n")
	if vote.ID > 0 {
		b.WriteString(v.Say("Vote: %s", v.VoteLine(bridge.Voted{Feedback: vote, Visitor: r.Called()})) + "\n")
	}
	var earlier []string
	for _, e := range c.Earlier {
		earlier = append(earlier, fmt.Sprintf("#%d (%s)", e.Number, e.OpenedAt.In(v.zone).Format("2006-01-02")))
	}
	b.WriteString(v.Say("Earlier conversations: %s", v.list(earlier)))
	return b.String()
}

// attributes are what the site told about a visitor, each as "key: value", by key. What is no JSON object stays as it is.
func attributes(c bridge.Card) (list []string) {
	var all map[string]any
	in := json.NewDecoder(strings.NewReader(c.Request.Attributes))
	in.UseNumber() // a long number of a customer stays as it is
	switch err := in.Decode(&all); {
	case c.Request.Attributes == "":
		return nil
	case err != nil:
		return []string{oneLine(c.Request.Attributes)}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		list = append(list, Clip(oneLine(key)+": "+attribute(all[key]), filledMost))
	}
	return list
}

// attribute says a value of JSON as people write it: lists with commas, and objects in brackets.
func attribute(value any) string {
	var parts []string
	switch x := value.(type) {
	case []any:
		for _, one := range x {
			parts = append(parts, attribute(one))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(x)) {
			parts = append(parts, oneLine(key)+": "+attribute(x[key]))
		}
		return "(" + strings.Join(parts, ", ") + ")"
	case nil:
		return "–"
	}
	return oneLine(fmt.Sprint(value))
}

// pages lists where somebody was, page after page.
func pages(trail []bridge.Page) string {
	var list []string
	for _, p := range trail {
		list = append(list, p.URL)
	}
	return strings.Join(list, " → ")
}

// standing is a conversation's state in words.
func (v Voice) standing(c bridge.Card) string {
	switch {
	case c.State == bridge.Active:
		return v.Say("with %s", c.OwnerName)
	case c.State == bridge.Closed:
		return v.ended(c.Reason, c.OwnerName, v.Visitor(c.Request.Name))
	case c.Kind == bridge.Ticket:
		return v.Say("ticket, waiting")
	}
	return v.Say("waiting, %d. in the queue", c.Position)
}

// Line is a conversation in one line: the visitor, the department, and the beginning of
// what was asked.
func (v Voice) Line(c bridge.Card) string {
	return fmt.Sprintf("#%d %s, %s: %s", c.Number, c.Request.Called(), v.title(c.Department), oneLine(c.Request.Reason))
}

// Client is a visitor with a past in one line: name, address, how many conversations, the newest of them and
// what was noted in it.
func (v Voice) Client(c bridge.Client) string {
	said := v.Visitor(c.Called)
	if c.Email != "" {
		said += ", " + c.Email
	}
	switch c.Count {
	case 1:
		said += " – " + v.Say("#%d on %s", c.Last.Number, v.day(c.Last.OpenedAt))
	default:
		said += " – " + v.Say("%d conversations, the last #%d on %s", c.Count, c.Last.Number, v.day(c.Last.OpenedAt))
	}
	if c.Note != "" {
		said += ". " + oneLine(c.Note)
	}
	return said
}

// Queue lists conversations that wait, are active, or were put off.
func (v Voice) Queue(q bridge.Queued) string {
	if q.Waiting+q.Active+q.Later == 0 {
		return v.Say("Nobody waits and nobody is being served.")
	}
	var waiting, active, later []string
	for _, c := range q.Cards {
		since := c.OpenedAt
		if c.State == bridge.Waiting {
			since = c.WaitsSince
		}
		line := fmt.Sprintf("  %s (%s)", v.Line(c), v.ago(v.bridge.Now().Sub(since)))
		switch {
		case !c.Due.Later.IsZero():
			later = append(later, line+" "+v.Say("with %s", c.OwnerName)+v.until(c)+v.lastWord(c))
		case c.State == bridge.Active:
			active = append(active, line+" "+v.Say("with %s", c.OwnerName)+v.lastWord(c)+v.inDanger(c))
		case c.Kind == bridge.Ticket:
			waiting = append(waiting, line+" "+v.Say("ticket")+v.inDanger(c))
		default:
			waiting = append(waiting, line+v.inDanger(c))
		}
	}
	lines := append([]string{v.Say("Waiting: %d", q.Waiting)}, waiting...)
	lines = append(append(lines, v.Say("Active: %d", q.Active)), active...)
	if q.Later > 0 {
		lines = append(append(lines, v.Say("Put off: %d", q.Later)), later...)
	}
	return strings.Join(lines, "\n")
}

// Mine lists an operator's conversations.
func (v Voice) Mine(m bridge.Mine) string {
	if m.Counts == [4]int{} {
		return v.Say("You have no conversation. next takes whoever has waited longest.")
	}
	lines := []string{v.Say("Yours: %d", m.Counts[0])}
	lines = append(lines, v.mine(m.Owned)...)
	if m.Counts[1] > 0 {
		lines = append(append(lines, v.Say("You take part in: %d", m.Counts[1])), v.mine(m.Guest)...)
	}
	if m.Counts[2] > 0 {
		lines = append(append(lines, v.Say("You watch: %d", m.Counts[2])), v.mine(m.Watched)...)
	}
	if m.Counts[3] > 0 {
		lines = append(append(lines, v.Say("Put off: %d", m.Counts[3])), v.mine(m.Later)...)
	}
	return strings.Join(lines, "\n")
}

// mine is a line of each of an operator's conversations.
func (v Voice) mine(cards []bridge.Card) (lines []string) {
	for _, c := range cards {
		lines = append(lines, "  "+v.Line(c)+v.until(c)+v.lastWord(c)+v.inDanger(c))
	}
	return lines
}

// until says until when a conversation was put off; "" if it was not.
func (v Voice) until(c bridge.Card) string {
	at := c.Due.Later
	if at.IsZero() {
		return ""
	}
	return "; " + v.Say("put off until %s", v.clock(at)+v.named(at))
}

// lastWord says who wrote last and when, and since when the visitor has no answer; "" if nobody has written.
func (v Voice) lastWord(c bridge.Card) string {
	who := c.Last.Name
	switch c.Last.From {
	case "":
		return ""
	case bridge.FromVisitor:
		who = v.Visitor(c.Request.Called())
	}
	now := v.bridge.Now()
	ago, unanswered := v.ago(now.Sub(c.Last.At)), v.ago(now.Sub(c.Unanswered))
	said := "; " + v.Say("%s wrote %s ago", who, ago)
	if !c.Unanswered.IsZero() && unanswered != ago {
		said += ", " + v.Say("unanswered for %s", unanswered)
	}
	return said
}

// title is what people call a department.
func (v Voice) title(name string) string { return v.bridge.Team.Title(name) }

func (v Voice) list(words []string) string {
	if len(words) == 0 {
		return v.Say("none")
	}
	return strings.Join(words, ", ")
}

// ago shows a duration as people say it.
func (v Voice) ago(t time.Duration) string { return v.Phrase(bridge.Span(t)) }
