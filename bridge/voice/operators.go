package voice

import (
	"fmt"
	"strings"

	"porchlight/bridge"
)

// dutiesShown is how many operators and how many departments Duties lists at most.
const dutiesShown = 12

// Duties lists the operators with their duties, and then the departments with their lamps: as many as fit a
// phone. A long list leaves disabled operators out.
func (v Voice) Duties(duties []bridge.Duty) string {
	var lines []string
	shown := 0
	for _, o := range duties {
		if !o.Enabled && len(duties) > dutiesShown {
			continue
		}
		if shown++; shown > dutiesShown {
			continue
		}
		line := fmt.Sprintf("%s (%s): %s", o.Name, o.JID, v.Duty(o))
		if o.Super {
			line += ", " + v.Say("all departments")
		} else {
			line += ", " + v.Circle(o.Departments)
		}
		lines = append(lines, line+", "+v.Say("%d active", o.Active))
	}
	if shown > dutiesShown {
		lines = append(lines, v.Say("%d more: operators", shown-dutiesShown))
	}
	departments := v.bridge.Team.Departments()
	for _, dep := range departments[:min(len(departments), dutiesShown)] {
		state, _ := v.Lamp(dep.Name)
		lines = append(lines, v.Say("Department %s: %s", dep.Title, state))
	}
	if len(departments) > dutiesShown {
		lines = append(lines, v.Say("%d more: departments", len(departments)-dutiesShown))
	}
	return strings.Join(lines, "\n")
}

// Circle says which departments are in a circle: "sales, support", "all but billing, later ones too".
func (v Voice) Circle(c bridge.Circle) string {
	var in, out []string
	for _, word := range c {
		switch {
		case word == bridge.Everywhere:
		case strings.HasPrefix(word, "-"):
			out = append(out, word[1:])
		default:
			in = append(in, word)
		}
	}
	switch {
	case c.All() && len(out) > 0:
		return v.Say("all but %s, later ones too", strings.Join(out, ", "))
	case c.All():
		return v.Say("all, later ones too")
	case len(in) == 0:
		return v.Say("none")
	}
	return strings.Join(in, ", ")
}

// Lamp is what the site's button says of a department: ONLINE (lit is true then) or OFFLINE,
// in the reader's language.
func (v Voice) Lamp(department string) (word string, lit bool) {
	if s, err := v.bridge.Team.Status(department); err == nil && s.Online {
		return strings.ToUpper(v.Say("online")), true
	}
	return strings.ToUpper(v.Say("offline")), false
}

// Duty tells how an operator can be reached, and whether they get offers.
func (v Voice) Duty(o bridge.Duty) string {
	switch {
	case !o.Enabled:
		return v.Say("disabled")
	case o.Fault.Offline():
		return v.Say("offline, and what is sent there comes back: %s", o.Fault)
	case o.Fault.Condition != "":
		return v.Say("can't be reached: %s", o.Fault)
	case o.Available:
		return v.Say("available")
	case o.Paused:
		return v.Say("offers stopped")
	case o.Show == bridge.ShowAvailable || o.Show == bridge.ShowChat:
		return v.Say("online")
	}
	switch o.Show {
	case bridge.ShowAway:
		return v.Say("away")
	case bridge.ShowXA:
		return v.Say("away for long")
	case bridge.ShowDND:
		return v.Say("busy")
	}
	return v.Say("offline")
}

// Standing is Duty with what the list of operators says beside it: since when it is so, whether an operator who is
// away or offline is asked all the same, and when the hours of one who is offline begin again.
func (v Voice) Standing(o bridge.Duty) string {
	said, now := v.Duty(o), v.bridge.Now()
	switch {
	case !o.Enabled || o.Fault.Condition != "" || o.Paused:
		return said
	case o.Show != bridge.ShowOffline:
		if !o.Since.IsZero() {
			said = v.Say("%s since %s", said, v.clock(o.Since))
		}
		if v.bridge.Team.AskedAway(o.Operator) {
			said = v.Say("%s, asked all the same", said)
		}
		return said
	}
	table := v.bridge.Hours.Of(o.Operator)
	at, opens, ok := table.Next(now)
	switch asked := v.bridge.Team.AskedAway(o.Operator); {
	case asked && !table.Empty() && table.In(now):
		return v.Say("offline, but in hours: asked all the same")
	case asked:
		return v.Say("offline, asked all the same")
	case ok && opens:
		return v.Say("offline, hours again %s", table.Moment(at, now))
	}
	return said
}

// Presence is the status line of the desk: who is on duty, and how many visitors wait.
func (v Voice) Presence(names []string, waiting int) string {
	if len(names) == 0 {
		return v.Say("nobody on duty – %d waiting", waiting)
	}
	return v.Say("on duty: %s – %d waiting", strings.Join(names, ", "), waiting)
}

// Settings tells an operator their own settings.
func (v Voice) Settings(o bridge.Operator, available bool) string {
	lines := []string{v.Say("You are %s, %s.", o.Name, o.JID)}
	if o.Super {
		lines = append(lines, v.Say("Super operator: all departments."))
	} else {
		lines = append(lines, v.Say("Departments: %s", v.list(o.Departments)))
	}
	switch {
	case o.Paused:
		lines = append(lines, v.Say("Offers: stopped. Send back to get them again."))
	case available:
		lines = append(lines, v.Say("Offers: on."))
	case v.bridge.Team.AskedAway(o):
		lines = append(lines, v.Say("Offers: on, also while you are away or offline as now. notify says when."))
	default:
		lines = append(lines, v.Say("Offers: on, as soon as a client of yours is available (not away or busy)."))
	}
	if o.Satellite {
		lines = append(lines, v.Say("Satellite: on. You are not told of typing and of visitors' presence."))
	}
	if o.NoRoom {
		lines = append(lines, v.Say("You stay out of the operators' room."))
	}
	if o.NoFace {
		lines = append(lines, v.Say("Visitors don't see your picture, nor that you are here."))
	}
	return strings.Join(append(lines, v.Say("Language: %s", v.tongue.Name), v.Say("Times are told in %s.", v.zone.String())), "\n")
}

// Until tells when a block ends.
func (v Voice) Until(b bridge.Block) string {
	if b.Ends.IsZero() {
		return v.Say("for good")
	}
	return v.Say("until %s", v.stamp(b.Ends))
}
