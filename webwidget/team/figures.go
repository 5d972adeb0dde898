package team

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/report"
	"porchlight/bridge/voice"
)

// column is a column of the statistics: what people read above it, and what stands in it.
type column struct {
	name  string // in ?sort= and at the beginning of the names that its values have in a file
	Title string
	of    func(v voice.Voice, a report.Answer, now time.Time) figure
}

// figure is what stands in one cell.
type figure struct {
	Head  string   // the heading of the column
	Text  string   // "–" if nothing is known
	More  []string // what stands below it in small letters, line by line
	order float64  // by what the column is sorted
	known bool
	plain []plain // what a file has of it
}

// plain is a value in a file: a number, or "" if it is not known.
type plain struct{ name, value string }

// columns are those of a kind of conversations. The definitions are those of package report.
func columns(kind bridge.Kind) []column {
	if kind == bridge.Ticket {
		return []column{
			{name: "new", Title: "New", of: counted(report.Conversations)},
			{name: "solved", Title: "Solved", of: counted(report.Solved)},
			{name: "reopened", Title: "Reopened", of: counted(report.Reopened)},
			{name: "first_answer", Title: "First answer to new ones", of: timed(report.FirstNew)},
			{name: "unanswered", Title: "Unanswered", of: owed},
			{name: "answers", Title: "Answers in general", of: timed(report.Answers)},
			{name: "solve_first", Title: "New → solved, first time", of: timed(report.SolveFirst)},
			{name: "solve_last", Title: "New → solved, with reopening", of: timed(report.SolveLast)},
			{name: "targets", Title: "Targets kept", of: kept},
			{name: "vote", Title: "Vote", of: voted},
		}
	}
	return []column{
		{name: "conversations", Title: "Conversations", of: counted(report.Conversations)},
		{name: "support", Title: "Support time", of: supported},
		{name: "first_answer", Title: "First answer", of: timed(report.First)},
		{name: "answers", Title: "Answers", of: timed(report.Answers)},
		{name: "waited", Title: "Waited before being taken", of: timed(report.Taken)},
		{name: "missed", Title: "Missed", of: counted(report.Missed)},
		{name: "abandoned", Title: "Abandoned", of: counted(report.Abandoned)},
		{name: "targets", Title: "Targets kept", of: kept},
		{name: "vote", Title: "Vote", of: voted},
		{name: "online", Title: "Online", of: online},
	}
}

// counted is how many there are of a measure.
func counted(m report.Measure) func(voice.Voice, report.Answer, time.Time) figure {
	return func(_ voice.Voice, a report.Answer, _ time.Time) figure {
		n := strconv.FormatInt(a.Count(m), 10)
		return figure{Text: n, order: float64(a.Count(m)), known: true, plain: []plain{{"", n}}}
	}
}

// timed is the mean of a time, with its median, its 90th percentile, how many there are, and the mean in
// business hours if that is another.
func timed(m report.Measure) func(voice.Voice, report.Answer, time.Time) figure {
	return func(v voice.Voice, a report.Answer, _ time.Time) figure {
		mean, known := a.Mean(m)
		median, _ := a.Median(m)
		p90, _ := a.P90(m)
		open, _ := a.Mean(m.InHours())
		f := figure{Text: v.Phrase(voice.Lasted(mean, known)), order: mean.Seconds(), known: known}
		if known {
			f.More = []string{v.Say("median %s", voice.Lasted(median, true)), v.Say("p90 %s", voice.Lasted(p90, true)), v.Say("n %d", a.Count(m))}
		}
		if known && open != mean {
			f.More = append(f.More, v.Say("%s in hours", voice.Lasted(open, true)))
		}
		n := strconv.FormatInt(a.Count(m), 10)
		f.plain = []plain{{"mean_s", seconds(mean, known)}, {"median_s", seconds(median, known)}, {"p90_s", seconds(p90, known)}, {"n", n}, {"mean_in_hours_s", seconds(open, known)}}
		return f
	}
}

// kept is how many of 100 times the targets of departments were kept, with how many of how many times each was.
func kept(v voice.Voice, a report.Answer, _ time.Time) figure {
	f := figure{Text: "–"}
	var yes, all int64
	for _, t := range bridge.EachTarget() {
		kept, of := a.Kept(t)
		yes, all = yes+kept, all+of
		if of > 0 {
			f.More = append(f.More, voice.KeptSaid(v, t, kept, of))
		}
		f.plain = append(f.plain, plain{string(t) + "_kept", strconv.FormatInt(kept, 10)}, plain{string(t) + "_n", strconv.FormatInt(of, 10)})
	}
	if f.known = all > 0; f.known {
		f.order = float64(yes) / float64(all)
		f.Text = v.Say("%d %%", int64(100*f.order)) // rounded down: 100 % is all
	}
	return f
}

// supported is how long people were helped, and how long with overlaps counted once.
func supported(v voice.Voice, a report.Answer, _ time.Time) figure {
	sum, merged := a.Total(report.Support), a.Total(report.Merged)
	f := figure{Text: v.Phrase(voice.Lasted(sum, sum > 0)), order: sum.Seconds(), known: sum > 0}
	if sum > 0 {
		f.More = []string{v.Say("%s merged", voice.Lasted(merged, true))}
	}
	f.plain = []plain{{"s", seconds(sum, true)}, {"merged_s", seconds(merged, true)}}
	return f
}

// voted is the average vote with how many there are.
func voted(v voice.Voice, a report.Answer, _ time.Time) figure {
	t := a.Votes()
	f := figure{Text: t.Mean(), known: t.Count() > 0}
	mean := ""
	if f.known {
		mean = t.Mean()
		f.order, _ = strconv.ParseFloat(mean, 64) // Mean writes a number
		f.More = []string{v.Say("n %d", t.Count())}
	}
	if percent, ok := a.Satisfied(); ok {
		f.More = append(f.More, v.Say("%d %% are 4 or 5", percent))
	}
	f.plain = []plain{{"mean", mean}, {"n", strconv.FormatInt(t.Count(), 10)}}
	return f
}

// online is how long somebody was online; it is not known of departments.
func online(v voice.Voice, a report.Answer, _ time.Time) figure {
	known := a.Online > 0
	return figure{Text: v.Phrase(voice.Online(a.Online.Round(time.Minute))), order: a.Online.Seconds(), known: known, plain: []plain{{"s", seconds(a.Online, known)}}}
}

// owed is how many conversations still wait for their first answer, and since when the oldest does.
func owed(v voice.Voice, a report.Answer, now time.Time) figure {
	f := figure{Text: strconv.FormatInt(a.Owed, 10), order: float64(a.Owed), known: true}
	oldest := ""
	if a.Owed > 0 {
		f.More = []string{v.Say("oldest %s", voice.Lasted(now.Sub(a.Oldest), true))}
		oldest = seconds(now.Sub(a.Oldest), true)
	}
	f.plain = []plain{{"", f.Text}, {"oldest_s", oldest}}
	return f
}

// seconds writes a time as a number of seconds, "" if it is not known.
func seconds(d time.Duration, known bool) string {
	if !known {
		return ""
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}

// row is somebody with their figures.
type row struct {
	Name    string
	Note    string // what is to be said beside the name, as that the operator is disabled
	Address string // shows this operator alone; "": there is no such thing
	Cells   []figure
}

// byName is the sort by people's names.
const byName = "name"

// sorted sorts rows by a column, or by name if there is no such column. Those who have nothing in the
// column come last either way.
func sorted(rows []row, all []column, by string) {
	name, down := strings.CutPrefix(by, "-")
	at := slices.IndexFunc(all, func(c column) bool { return c.name == name })
	slices.SortStableFunc(rows, func(a, b row) int {
		order := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		if at >= 0 {
			x, y := a.Cells[at], b.Cells[at]
			if x.known != y.known {
				return cmp.Compare(second(x.known), second(y.known))
			}
			order = cmp.Compare(x.order, y.order)
		}
		if down {
			return -order
		}
		return order
	})
}

// second is 1 for what comes after what is known.
func second(known bool) int {
	if known {
		return 0
	}
	return 1
}

// head is the heading of a column, which is a link that sorts by it.
type head struct {
	Title, Address string
	Sort           string // for aria-sort: ascending, descending or none
}

// heads are the headings; the column by which the rows are sorted is sorted the other way by its link.
// A number begins with the greatest, a name with the first.
func (p *Page) heads(f frame, all []column, q query) []head {
	list := []head{p.head(q, byName, f.Say("Name"), byName)}
	for _, c := range all {
		list = append(list, p.head(q, c.name, f.Say(c.Title), "-"+c.name))
	}
	return list
}

// head is one heading; first is how a column is sorted that was not sorted before.
func (p *Page) head(q query, name, title, first string) head {
	h := head{Title: title, Sort: "none"}
	now := cmp.Or(q.sort, byName)
	to := q
	to.sort = first
	switch now {
	case name:
		h.Sort, to.sort = "ascending", "-"+name
	case "-" + name:
		h.Sort, to.sort = "descending", name
	}
	h.Address = p.address(to, "stats")
	return h
}
