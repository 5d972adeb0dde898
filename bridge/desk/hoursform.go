package desk

import (
	"context"
	"strings"
	"time"

	"porchlight/bridge/hours"
	"porchlight/bridge/voice"
)

// hoursRecord is the form of hours-set: a line for each day of the week, exceptions, and the zone.
func hoursRecord() *Record {
	return &Record{
		Keys: func() []Key { return new(week).keys(time.Time{}) },
		Read: func(d *Desk, _ context.Context, call Call) (Subject, error) {
			w := d.whose(call)
			if err := w.permits(call, "hours-set", false); err != nil {
				return Subject{}, err
			}
			return d.weekOf(call, w).subject(d, call, w), nil
		},
		Edit: editHours,
	}
}

// editHours changes hours day by day. What is edited is the table that counts, also if it is the site's.
func editHours(d *Desk, ctx context.Context, call Call, change func(Subject) ([]Change, error)) (said string, err error) {
	w := d.whose(call)
	var table hours.Table
	err = d.saveHours(ctx, call, w, "hours-set", func(was string) (string, error) {
		w.own = was
		form := d.weekOf(call, w)
		if _, err := change(form.subject(d, call, w)); err != nil {
			return "", err
		}
		table, err = hours.Parse(form.text(), "", d.bridge.Now())
		return table.String(), err
	})
	if err != nil {
		return "", err
	}
	return d.nowHas(call, w, table), nil
}

// week is a table as a form has it.
type week struct {
	days        [7]string // by weekdayKeys: slots with commas between; "": closed
	dates, zone string    // the exceptions have a line each
}

// weekdayKeys are the keys of the days.
var weekdayKeys = [7]struct {
	day        time.Weekday
	key, label string
}{
	{time.Monday, "mon", "Monday"}, {time.Tuesday, "tue", "Tuesday"}, {time.Wednesday, "wed", "Wednesday"}, {time.Thursday, "thu", "Thursday"},
	{time.Friday, "fri", "Friday"}, {time.Saturday, "sat", "Saturday"}, {time.Sunday, "sun", "Sunday"},
}

// weekOf is somebody's own table as a form has it, or else the table that counts.
func (d *Desk) weekOf(call Call, w whose) *week {
	table, err := d.stored(w.own)
	if err != nil || table.Empty() {
		table = d.tableOf(w)
	}
	f := weekFrom(table)
	if table.Empty() {
		f.zone = d.zone(call, w)
	}
	return f
}

// weekFrom is a table as a form has it.
func weekFrom(table hours.Table) *week {
	f := &week{zone: table.Zone().String()}
	for i, day := range weekdayKeys {
		var slots []string
		for _, s := range table.Day(day.day) {
			slots = append(slots, s.String())
		}
		f.days[i] = strings.Join(slots, ", ")
	}
	f.dates = strings.Join(table.Exceptions(), "\n")
	return f
}

// text writes the table for hours.Parse.
func (f *week) text() string {
	lines := []string{f.zone}
	for i, day := range weekdayKeys {
		slots := f.days[i]
		if slots == "" {
			slots = "closed"
		}
		lines = append(lines, day.key+" "+slots)
	}
	return strings.Join(append(lines, f.dates), "\n")
}

func (f *week) subject(d *Desk, call Call, w whose) Subject {
	return Subject{Name: d.titled(call, w), Arg: w.arg, Own: w.mine, Keys: f.keys(d.bridge.Now())}
}

// keys are bound to the table of the form. Who may see the form may change all of it.
func (f *week) keys(now time.Time) []Key {
	var list []Key
	for i, day := range weekdayKeys {
		list = append(list, Key{Field: Field{Name: day.key, Label: day.label, Help: "9-12:30, 13:30-18; empty: closed", Kind: Text},
			Value: value{func() string { return f.days[i] }, func(s string) (err error) {
				f.days[i], err = daySlots(i, s, now)
				return err
			}}, Shown: shownSlots})
	}
	return append(list,
		Key{Field: Field{Name: "dates", Label: "Dates that are an exception", Help: "24.12. closed, or 2026-12-27..2026-12-31 10-14: one in each line", Kind: Lines},
			Value: value{func() string { return f.dates }, func(s string) (err error) {
				f.dates, err = exceptions(s, f.zone, now)
				return err
			}}},
		Key{Field: Field{Name: "zone", Label: "Time zone", Help: "Such as Europe/Madrid", Kind: Word, Required: true, Open: true, Choices: commonZones(f.zone)},
			Value: value{func() string { return f.zone }, func(s string) error {
				zone, err := hours.ZoneNamed(s)
				if err == nil {
					f.zone = zone.String()
				}
				return err
			}}})
}

// zones are the time zones that a form offers: some of each part of the world, from west to east. They are few, since
// Profanity writes each on a line of its own.
var zones = []string{"UTC", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/Mexico_City", "America/New_York", "America/Bogota", "America/Santiago", "America/Sao_Paulo",
	"America/Argentina/Buenos_Aires", "Atlantic/Azores", "Europe/Lisbon", "Europe/London", "Africa/Lagos", "Europe/Madrid", "Europe/Paris", "Europe/Berlin", "Europe/Rome", "Europe/Warsaw",
	"Europe/Athens", "Europe/Helsinki", "Africa/Cairo", "Africa/Johannesburg", "Europe/Istanbul", "Africa/Nairobi", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo",
	"Australia/Sydney", "Pacific/Auckland"}

// commonZones lists the zones that a form offers, the one that is set first.
func commonZones(set string) choices {
	return func(*Desk, context.Context, Call) (list []Choice, err error) {
		if set != "" {
			list = append(list, Choice{set, set})
		}
		for _, zone := range zones {
			if zone != set {
				list = append(list, Choice{zone, zone})
			}
		}
		return list, nil
	}
}

// shownSlots says the slots of a day.
func shownSlots(v voice.Voice, slots string) string {
	if slots == "" {
		return v.Say("closed")
	}
	return slots
}

// daySlots reads the slots of one day as a form has them.
func daySlots(i int, text string, now time.Time) (string, error) {
	if text == "" {
		return "", nil
	}
	table, err := hours.Parse(weekdayKeys[i].key+" "+text, "", now)
	if err != nil {
		return "", err
	}
	f := weekFrom(table)
	slots := f.days[i]
	f.days[i], f.zone = "", ""
	if *f != (week{}) {
		return "", refuse("%q is more than the hours of one day.", text)
	}
	return slots, nil
}

// exceptions reads the dates of a form.
func exceptions(text, zone string, now time.Time) (string, error) {
	table, err := hours.Parse("daily closed\n"+text, zone, now)
	if err != nil {
		return "", err
	}
	f := weekFrom(table)
	dates := f.dates
	f.dates, f.zone = "", ""
	if *f != (week{}) {
		return "", refuse("%q names a day of the week; here are dates only.", text)
	}
	return dates, nil
}
