package desk

import (
	"context"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// departmentRecord is a department as a record.
func departmentRecord() *Record {
	subject := func(dep *bridge.Department) Subject {
		return Subject{Name: dep.Title, Arg: dep.Name, Keys: departmentKeys(dep)}
	}
	return &Record{
		Keys: func() []Key { return departmentKeys(new(bridge.Department)) },
		Read: func(d *Desk, _ context.Context, call Call) (Subject, error) {
			dep := d.department(call.arg("department"))
			return subject(&dep), nil
		},
		Edit: func(d *Desk, ctx context.Context, call Call, change func(Subject) ([]Change, error)) (string, error) {
			return "", d.staff().EditDepartment(ctx, call.Operator, call.arg("department"), func(dep *bridge.Department) ([]bridge.Changed, error) {
				changes, err := change(subject(dep))
				if err == nil && dep.Overflow == dep.Name {
					err = refuse("%s can't go on to itself.", dep.Title)
				}
				return changed(changes), err
			})
		},
		Last: func(d *Desk, ctx context.Context, call Call) (string, time.Time, error) {
			return d.last(ctx, call.arg("department"))
		},
	}
}

// departmentKeys are the keys of a department.
func departmentKeys(dep *bridge.Department) []Key {
	may := bridge.MayDepartments
	return []Key{
		{Field: Field{Name: "title", Label: "Title", Help: "Visitors read it.", Kind: Text, Required: true}, Heading: "Department", Permission: may, Value: textOf(&dep.Title, nameLetters)},
		{Field: Field{Name: "language", Label: "Language", Help: "In which visitors are greeted; empty: their own.", Kind: OneOf, Choices: visitorTongues}, Permission: may, Value: textOf(&dep.Language, nameLetters)},
		{Field: Field{Name: "tags", Label: "Ask for tags", Help: "Whoever ends a conversation without a tag is asked for one.", Kind: Flag}, Permission: may, Value: flagOf(&dep.AsksTags, true)},
		{Field: Field{Name: "routing", Label: "Who is asked", Help: "All at once, one after the other, or who has least to do first.", Kind: OneOf, Options: bridge.Routings(), Required: true}, Heading: "Requests", Permission: may, Value: routingOf(&dep.Routing)},
		{Field: Field{Name: "offer", Label: "How long each is asked", Help: "As 30s or 2m; empty: as in the config.", Kind: Word}, Permission: may, Value: lastsOf(&dep.Offer), Shown: spanned},
		{Field: Field{Name: "limit", Label: "At most at once", Help: "Chats of one operator; empty: no limit.", Kind: Word}, Permission: may, Value: countOf(&dep.Limit)},
		{Field: Field{Name: "overflow", Label: "What waits goes on to", Help: "Chats that nobody has taken, as soon as somebody is there.", Kind: Department, Choices: departmentChoices}, Permission: may, Value: textOf(&dep.Overflow, nameLetters)},
		{Field: Field{Name: "after", Label: "After how long", Help: "As 2m; empty: 1m.", Kind: Word}, Permission: may, Value: lastsOf(&dep.After), Shown: spanned, Joins: true},
		{Field: Field{Name: "first", Label: "First answer within", Help: "In business hours, as 10m; it counts for requests from then on. off: no target.", Kind: Word}, Heading: "Targets", Permission: may, Value: targetOf(&dep.Targets.First), Shown: spanned},
		{Field: Field{Name: "next", Label: "Each next answer within", Help: "In business hours, as 5m. off: no target.", Kind: Word}, Permission: may, Value: targetOf(&dep.Targets.Next), Shown: spanned},
		{Field: Field{Name: "solved", Label: "Solved within", Help: "In business hours, as 16h. off: no target.", Kind: Word}, Permission: may, Value: targetOf(&dep.Targets.Solved), Shown: spanned},
		{Field: Field{Name: "retention", Label: "Keep conversations for", Help: "After they ended, as 90d; then they are deleted for good. off: for ever; empty: as the setting retention says.", Kind: Word}, Heading: "Privacy", Permission: may, Value: retentionOf(&dep.Retention)},
	}
}

// The ways in which a department's operators are asked, as the list of departments says them.
var (
	allSaid   = struct{ Label string }{Label: "Ring all"}
	turnSaid  = struct{ Label string }{Label: "In turn"}
	leastSaid = struct{ Label string }{Label: "Least active first"}
)

// routingOf is the Value of a routing; the one of a new department is not stored.
func routingOf(p *string) Value {
	return value{func() string {
		if *p == "" {
			return bridge.RingAll
		}
		return *p
	}, func(s string) error {
		*p = s
		return nil
	}}
}

// longestSet is the longest time that can be set, and longestTarget the longest target: 125 working days.
const (
	longestSet    = 24 * time.Hour
	longestTarget = 1000 * time.Hour
)

// lastsOf is the Value of a time from a second to a day, as 30s or 2m; 0 is empty.
func lastsOf(p *time.Duration) Value { return timeOf(p, longestSet) }

// targetOf is the Value of a target, a time from a second on; 0 is empty, which may also be written off or -.
func targetOf(p *time.Duration) Value {
	set := timeOf(p, longestTarget).(value)
	return value{set.get, func(s string) error {
		if s == off || s == "-" {
			s = ""
		}
		return set.set(s)
	}}
}

// longestKept is how long conversations can be kept at most without keeping them for ever.
const longestKept = 20 * 366 * 24 * time.Hour

// retentionOf is the Value of Department.Retention, in whole days.
func retentionOf(p *time.Duration) Value {
	const day = 24 * time.Hour
	return value{func() string {
		switch {
		case *p == 0:
			return ""
		case *p < 0:
			return off
		}
		return strconv.Itoa(int(*p/day)) + "d"
	}, func(s string) error {
		kept, ok := span(s)
		switch {
		case s == "" || s == "-":
			*p = 0
		case s == off:
			*p = -day
		case !ok || kept < day || kept > longestKept || kept%day != 0:
			return refuse("%q is no number of days such as 90d.", voice.Clip(s, 40))
		default:
			*p = kept
		}
		return nil
	}}
}

// timeOf is the Value of a time from a second to the longest.
func timeOf(p *time.Duration, longest time.Duration) Value {
	return value{func() string {
		if *p == 0 {
			return ""
		}
		return short(*p)
	}, func(s string) error {
		d, err := time.ParseDuration(strings.ReplaceAll(s, " ", ""))
		switch {
		case s == "":
		case err != nil || d%time.Second != 0:
			return refuse("%q is no time such as 30s, 2m or 1h.", voice.Clip(s, 40))
		case d < time.Second || d > longest:
			return refuse("%q is too short or too long: from 1s to %s.", voice.Clip(s, 40), short(longest))
		}
		*p = d
		return nil
	}}
}

// spanned says a time as the desk says times: 2 min.
func spanned(v voice.Voice, value string) string {
	d, err := time.ParseDuration(value)
	if err != nil {
		return v.Say("none")
	}
	return v.Phrase(voice.Lasted(d, true))
}

// short writes a time without what is zero: 2m, 1h30m.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
