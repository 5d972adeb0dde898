package hours

import (
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// weekday is a day of the week with its names.
type weekday struct {
	day         time.Weekday
	short       string        // as the canonical text has it
	brief, long phrase.Phrase // as people read it
	accepted    string        // what else people write, in English, German, Spanish and French
}

// weekdays are the days in the order in which people write them. Abbreviations that mean one day
// in one language and another day in the next (do, di, ma, m) stand for the day that one
// language really abbreviates so, or for none.
var weekdays = [7]weekday{
	{time.Monday, "Mon", phrase.Say("Mon"), phrase.Say("Monday"), "monday mo montag lun lunes lundi"},
	{time.Tuesday, "Tue", phrase.Say("Tue"), phrase.Say("Tuesday"), "tuesday tu tues di dienstag mar martes mardi"},
	{time.Wednesday, "Wed", phrase.Say("Wed"), phrase.Say("Wednesday"), "wednesday we weds mi mittwoch mié mie miércoles miercoles mer mercredi"},
	{time.Thursday, "Thu", phrase.Say("Thu"), phrase.Say("Thursday"), "thursday th thur thurs do donnerstag jue jueves jeu jeudi"},
	{time.Friday, "Fri", phrase.Say("Fri"), phrase.Say("Friday"), "friday fr freitag vie viernes ven vendredi"},
	{time.Saturday, "Sat", phrase.Say("Sat"), phrase.Say("Saturday"), "saturday sa samstag sonnabend sáb sab sábado sabado sam samedi"},
	{time.Sunday, "Sun", phrase.Say("Sun"), phrase.Say("Sunday"), "sunday su so sonntag dom domingo dim dimanche"},
}

// months are the days of each month as people read them.
var months = [...]func(day int) phrase.Phrase{
	func(day int) phrase.Phrase { return phrase.Say("%d Jan", day) },
	func(day int) phrase.Phrase { return phrase.Say("%d Feb", day) },
	func(day int) phrase.Phrase { return phrase.Say("%d Mar", day) },
	func(day int) phrase.Phrase { return phrase.Say("%d Apr", day) },
	func(day int) phrase.Phrase { return phrase.Say("%d May", day) },
	func(day int) phrase.Phrase { return phrase.Say("%d Jun", day) },
	func(day int) phrase.Phrase { return phrase.Say("%d Jul", day) },
	func(day int) phrase.Phrase { return phrase.Say("%d Aug", day) },
	func(day int) phrase.Phrase { return phrase.Say("%d Sep", day) },
	func(day int) phrase.Phrase { return phrase.Say("%d Oct", day) },
	func(day int) phrase.Phrase { return phrase.Say("%d Nov", day) },
	func(day int) phrase.Phrase { return phrase.Say("%d Dec", day) },
}

// Day says the day of a time without its year: "28 Nov".
func Day(t time.Time) phrase.Phrase { return months[t.Month()-1](t.Day()) }

// Month says a month in short: "Nov".
func Month(m time.Month) phrase.Phrase {
	return [...]phrase.Phrase{phrase.Say("Jan"), phrase.Say("Feb"), phrase.Say("Mar"), phrase.Say("Apr"), phrase.Say("May"), phrase.Say("Jun"),
		phrase.Say("Jul"), phrase.Say("Aug"), phrase.Say("Sep"), phrase.Say("Oct"), phrase.Say("Nov"), phrase.Say("Dec")}[m-1]
}

// Weekday says a day of the week in short: "Mon".
func Weekday(d time.Weekday) phrase.Phrase { return weekdays[(d+6)%7].brief }

// The words of the canonical text.
const (
	daily  = "daily"
	closed = "closed"
)

// What else people write for them.
const (
	dailyToo  = " daily everyday täglich taeglich diario diariamente quotidien "
	closedToo = " closed geschlossen zu cerrado fermé ferme "
)

// among reports whether a word is in a list that has blanks around each word.
func among(list, word string) bool { return strings.Contains(list, " "+word+" ") }

// dayNamed is the place in weekdays of a name in any letters, with a dot or a plural s.
func dayNamed(name string) (place int, ok bool) {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	if name == "" {
		return 0, false
	}
	singular := name
	if len(name) > len("thurs") {
		singular = strings.TrimSuffix(name, "s")
	}
	for i, w := range weekdays {
		all := " " + strings.ToLower(w.short) + " " + w.accepted + " "
		if among(all, name) || among(all, singular) {
			return i, true
		}
	}
	return 0, false
}
