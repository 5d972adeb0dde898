package desk

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
)

// Offer is the message by which a request is offered.
func (d *Desk) Offer(c bridge.Card) string {
	var b strings.Builder
	fmt.Fprintf(&b, "#%d %s, %s: %s\n", c.Number, c.Request.Name, d.title(c.Department), indent(c.Request.Reason))
	d.particulars(&b, c)
	if c.Kind == bridge.Ticket {
		b.WriteString("A ticket: nobody was online, the visitor left an address.\n")
	}
	fmt.Fprintf(&b, "Waiting: %s\n", ago(d.bridge.Now().Sub(c.OpenedAt)))
	fmt.Fprintf(&b, "To take it send %d here, react with 👍, or write to %s", c.Number, c.Visitor)
	return b.String()
}

// particulars writes the lines that offers, transcripts and the info share.
func (d *Desk) particulars(b *strings.Builder, c bridge.Card) {
	r := c.Request
	if r.Page.URL != "" {
		b.WriteString("Page: " + r.Page.URL)
		if r.Page.Title != "" {
			b.WriteString(" (" + r.Page.Title + ")")
		}
		b.WriteByte('\n')
	}
	if c.Email != "" {
		b.WriteString("Email: " + c.Email)
		if r.Verified != "" {
			b.WriteString(" (verified)")
		}
		b.WriteByte('\n')
	}
}

// Info tells what is known about a visitor.
func (d *Desk) Info(c bridge.Card) string {
	var b strings.Builder
	r := c.Request
	fmt.Fprintf(&b, "#%d %s, %s, %s\n", c.Number, r.Name, d.title(c.Department), d.standing(c))
	d.particulars(&b, c)
	for _, line := range []struct{ label, value string }{
		{"Came from", r.Page.Referrer}, {"Language", r.Language}, {"Browser", r.Browser}, {"From the site", r.Attributes},
	} {
		if line.value != "" {
			fmt.Fprintf(&b, "%s: %s\n", line.label, line.value)
		}
	}
	fmt.Fprintf(&b, "Asked: %s, %s ago\n", stamp(c.OpenedAt), ago(d.bridge.Now().Sub(c.OpenedAt)))
	if len(c.Earlier) == 0 {
		b.WriteString("Earlier conversations: none")
	} else {
		b.WriteString("Earlier conversations:")
		for _, e := range c.Earlier {
			fmt.Fprintf(&b, " #%d (%s)", e.Number, e.OpenedAt.UTC().Format("2006-01-02"))
		}
	}
	return b.String()
}

// standing is a conversation's state in words.
func (d *Desk) standing(c bridge.Card) string {
	switch {
	case c.State == bridge.Active:
		return "with " + c.OwnerName
	case c.State == bridge.Closed:
		return "closed: " + bridge.EndText(c.Reason)
	case c.Kind == bridge.Ticket:
		return "ticket, waiting"
	}
	return "waiting, " + strconv.Itoa(c.Position) + ". in the queue"
}

// Queue lists conversations that wait or are active.
func (d *Desk) Queue(cards []bridge.Card) string {
	if len(cards) == 0 {
		return "Nobody waits and nobody is being served."
	}
	var waiting, active []string
	for _, c := range cards {
		line := fmt.Sprintf("  #%d %s, %s: %s (%s)", c.Number, c.Request.Name, d.title(c.Department),
			clip(strings.ReplaceAll(c.Request.Reason, "\n", " "), 80), ago(d.bridge.Now().Sub(c.OpenedAt)))
		switch {
		case c.State == bridge.Active:
			active = append(active, line+" with "+c.OwnerName)
		case c.Kind == bridge.Ticket:
			waiting = append(waiting, line+" ticket")
		default:
			waiting = append(waiting, line)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Waiting: %d\n", len(waiting))
	b.WriteString(strings.Join(append(waiting, fmt.Sprintf("Active: %d", len(active))), "\n"))
	if len(active) > 0 {
		b.WriteString("\n" + strings.Join(active, "\n"))
	}
	return b.String()
}

// Duties lists the operators.
func (d *Desk) Duties(duties []bridge.Duty) string {
	var b strings.Builder
	for i, o := range duties {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s (%s): %s", o.Name, o.JID, presence(o))
		if o.Super {
			b.WriteString(", all departments")
		} else {
			b.WriteString(", " + list(o.Departments))
		}
		fmt.Fprintf(&b, ", %d active", o.Active)
	}
	for _, dep := range d.bridge.Departments() {
		state := "OFFLINE"
		if s, err := d.bridge.Status(dep.Name); err == nil && s.Online {
			state = "ONLINE"
		}
		fmt.Fprintf(&b, "\nDepartment %s: %s", dep.Title, state)
	}
	return b.String()
}

func presence(o bridge.Duty) string {
	switch {
	case !o.Enabled:
		return "disabled"
	case o.Available:
		return "available"
	case o.Paused:
		return "offers stopped"
	case o.Show == bridge.ShowAvailable || o.Show == bridge.ShowChat:
		return "online"
	}
	return map[bridge.Show]string{bridge.ShowAway: "away", bridge.ShowXA: "away for long",
		bridge.ShowDND: "busy", bridge.ShowOffline: "offline"}[o.Show]
}

// Presence is the status line of the desk: who is on duty and how many wait.
func (d *Desk) Presence(names []string, waiting int) string {
	if len(names) == 0 {
		return fmt.Sprintf("nobody on duty, %d waiting", waiting)
	}
	return fmt.Sprintf("on duty: %s – %d waiting", strings.Join(names, ", "), waiting)
}

// title is what people call a department.
func (d *Desk) title(name string) string {
	for _, dep := range d.bridge.Departments() {
		if dep.Name == name && dep.Title != "" {
			return dep.Title
		}
	}
	return name
}

func list(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

// ago shows a duration as people say it: 40 s, 3 min, 2 h 5 min, 4 days.
func ago(t time.Duration) string {
	switch {
	case t < time.Minute:
		return fmt.Sprintf("%d s", max(0, int(t.Seconds())))
	case t < time.Hour:
		return fmt.Sprintf("%d min", int(t.Minutes()))
	case t < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(t.Hours()), int(t.Minutes())%60)
	}
	return fmt.Sprintf("%d days", int(t.Hours())/24)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
