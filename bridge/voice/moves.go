package voice

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hours"
)

// Moment says a time in full, in its own zone: "Mon 30 Nov 2026, 9:00 (Europe/Madrid)".
func (v Voice) Moment(t time.Time) string {
	return fmt.Sprintf("%s %s %d, %s (%s)", v.Phrase(hours.Weekday(t.Weekday())), v.Phrase(hours.Day(t)), t.Year(), strconv.Itoa(t.Hour())+t.Format(":04"), t.Location())
}

// greets reports whether an event is an operator's greeting, which nobody has written.
func greets(e bridge.Event) bool {
	m, _ := e.Data.(bridge.Message)
	return m.Greeting
}

// kept says what an operator keeps about the visitor from now on.
func (v Voice) kept(e bridge.Event) string {
	k, _ := e.Data.(bridge.KeptData)
	return v.Say("%s set the %s: %s → %s", e.Name, string(k.What), v.orNone(k.Was), v.orNone(e.Text))
}

// identified says who the visitor is by the word of the site.
func (v Voice) identified(e bridge.Event) string {
	i, _ := e.Data.(bridge.Identified)
	who := slices.DeleteFunc([]string{e.Text, i.Email, i.Subject}, func(s string) bool { return s == "" })
	return v.Say("%s has signed in. The site vouches for who it is: %s", v.Visitor(i.Was), strings.Join(who, ", "))
}

// orNone is a value, or that there is none.
func (v Voice) orNone(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// Hashed writes tags as operators read them: #refund #vip.
func Hashed(tags []string) string {
	var list []string
	for _, t := range tags {
		list = append(list, "#"+t)
	}
	return strings.Join(list, " ")
}

// tagged says which tags an operator gave or took away.
func (v Voice) tagged(e bridge.Event) string {
	t, _ := e.Data.(bridge.Tagged)
	var changes []string
	if t.Added != "" {
		changes = append(changes, Hashed(strings.Fields(t.Added)))
	}
	for _, tag := range strings.Fields(t.Removed) {
		changes = append(changes, "–#"+tag)
	}
	return v.Say("%s: tags %s", e.Name, strings.Join(changes, " "))
}

// merged says that two requests of a visitor are one now, or are so no more.
func (v Voice) merged(e bridge.Event) string {
	m, _ := e.Data.(bridge.Merged)
	if m.Into > 0 {
		return v.Say("%s joined this with #%d, where it goes on.", e.Name, m.Into)
	}
	if m.Parted > 0 {
		return v.Say("%s parted #%d from this: it goes on by itself again.", e.Name, m.Parted)
	}
	if m.From > 0 {
		return v.Say("%s parted this from #%d: it goes on by itself again.", e.Name, m.From)
	}
	return v.Say("%s joined #%d with this: !history %d shows what was said there.", e.Name, m.Of, m.Of)
}

// putOff says that a conversation was put off, or came back.
func (v Voice) putOff(e bridge.Event) string {
	d, _ := e.Data.(bridge.Deferred)
	switch {
	case d.Action == bridge.PutOff:
		return v.Say("%s put it off until %s.", e.Name, v.Moment(time.UnixMilli(d.Until).In(v.zone)))
	case e.From == bridge.FromOperator:
		return v.Say("%s has it back before the time.", e.Name)
	}
	return v.Say("It is not put off any more.")
}
