package team

import (
	"cmp"
	"time"

	"porchlight/bridge/hours"
)

// weekView are the hours of this week as a grid.
type weekView struct {
	Days []weekday
	Rows []week
}

// weekday is a day at the head of the grid.
type weekday struct {
	Name, Date string
	Today      bool
}

// week is a line of the grid.
type week struct {
	Name, Standing string
	Zone           string // "" if it is that of the page
	Days           []hoursOfDay
}

// hoursOfDay are the hours that begin on a day, in words and as bars.
type hoursOfDay struct {
	Says string
	Bars []bar
}

// bar is a time of a day, in minutes.
type bar struct{ From, Width int }

// dayMinutes is how wide a day is.
const dayMinutes = 24 * 60

// week makes the grid of all hours that the reader may see; those of nobody for whom none are set.
func (p *Page) week(f frame, who reader) (v weekView) {
	now := p.now(who)
	monday := time.Date(now.Year(), now.Month(), now.Day()-(int(now.Weekday())+6)%7, 12, 0, 0, 0, now.Location())
	for i := range 7 {
		day := monday.AddDate(0, 0, i)
		v.Days = append(v.Days, weekday{who.Phrase(hours.Weekday(day.Weekday())), who.Phrase(hours.Day(day)), day.YearDay() == now.YearDay()})
	}
	add := func(name string, t hours.Table) {
		line := week{Name: name, Standing: f.Say("no hours are set")}
		if !t.Empty() {
			line.Standing = who.Phrase(t.Standing(now))
			if zone := t.Zone().String(); zone != now.Location().String() {
				line.Zone = zone
			}
			for i := range 7 {
				line.Days = append(line.Days, dayOf(who, t, monday.AddDate(0, 0, i)))
			}
		}
		v.Rows = append(v.Rows, line)
	}
	add(f.Say("The site"), p.bridge.Hours.Site())
	if who.SeesDepartmentsHours() {
		for _, d := range p.bridge.Team.Departments() {
			add(cmp.Or(d.Title, d.Name), p.bridge.Hours.Department(d.Name))
		}
	}
	for _, o := range p.bridge.Team.Operators() {
		if who.SeesHoursOf(o.JID) {
			add(o.Name, p.bridge.Hours.Of(o))
		}
	}
	return v
}

// dayOf are the hours of one day. The bars have what goes on from the day before, too.
func dayOf(who reader, t hours.Table, day time.Time) hoursOfDay {
	d := hoursOfDay{Says: who.Phrase(t.SaysDay(day))}
	for _, s := range t.On(day.AddDate(0, 0, -1)) {
		if s.Until > dayMinutes {
			d.Bars = append(d.Bars, bar{0, s.Until - dayMinutes})
		}
	}
	for _, s := range t.On(day) {
		d.Bars = append(d.Bars, bar{s.From, min(s.Until, dayMinutes) - s.From})
	}
	return d
}
