package hours

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"porchlight/bridge/phrase"
)

// MaxText is how many bytes a table may have in writing.
const MaxText = 4000

// Parse reads a table as people write it: days and their slots, part after part, such as
// "Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed; 2026-12-27..2026-12-31 10-14". Parts end
// with ; or a line, and a part that begins with a day ends the one before, too. Days have their
// names or usual short forms in English, German, Spanish or French; "daily" is all of them. Where
// a day is named twice, the part that names fewer days counts. A slot that ends before it begins
// ends on the next day. A date without a year is the next one from now on. A zone in the text
// counts more than the argument; both are names that ZoneNamed knows. An empty text is the empty
// table. An error is a *phrase.Error of CodeInvalid, in one sentence.
func Parse(text, zone string, now time.Time) (Table, error) {
	if strings.TrimSpace(text) == "" {
		return Table{}, nil
	}
	if len(text) > MaxText {
		return Table{}, tooLong()
	}
	r := reading{zone: zone}
	for part := range strings.FieldsFuncSeq(tidy(text), isEnd) {
		if err := r.part(part); err != nil {
			return Table{}, err
		}
	}
	t, err := r.table(now)
	if err == nil && len(t.text) > MaxText {
		return Table{}, tooLong()
	}
	return t, err
}

func tooLong() error {
	return phrase.Invalid("hours", "That is too long: hours have at most %d letters.", MaxText)
}

// reading gathers what a text says.
type reading struct {
	zone  string
	zoned bool // the text has named the zone
	lines []line
}

// line is one statement: days, and what counts on them.
type line struct {
	days  []string // as written: names, dates, and spans of them
	slots []Slot
	shut  bool // it says closed
}

func (l line) done() bool { return l.shut || l.slots != nil }

// part reads one part, which is one line or several in a row.
func (r *reading) part(text string) error {
	var l line
	for _, word := range strings.FieldsFunc(text, isGap) {
		var err error
		switch low := strings.ToLower(word); {
		case isZone(word):
			err = r.named(word)
		case among(closedToo, low):
			err = l.add(word, nil)
		case word[0] >= '0' && word[0] <= '9' && !isDates(word):
			var s Slot
			if s, err = slotOf(word); err == nil {
				err = l.add(word, &s)
			}
		default:
			if l.done() {
				r.lines = append(r.lines, l)
				l = line{}
			}
			l.days = append(l.days, word)
		}
		if err != nil {
			return err
		}
	}
	if l.days == nil {
		return nil
	}
	r.lines = append(r.lines, l)
	return nil
}

// add adds a slot to the line, or closed if it is nil.
func (l *line) add(word string, s *Slot) error {
	switch {
	case l.days == nil:
		return phrase.Invalid("hours", "%s has no day before it: write Mon-Fri 9-17, or daily 9-17.", quote(word))
	case l.shut || s == nil && l.slots != nil:
		return phrase.Invalid("hours", "%s can't be closed and open at once.", quote(strings.Join(l.days, ",")))
	case s == nil:
		l.shut = true
	default:
		l.slots = append(l.slots, *s)
	}
	return nil
}

// named takes the zone that the text names.
func (r *reading) named(zone string) error {
	if r.zoned && !strings.EqualFold(r.zone, zone) {
		return phrase.Invalid("zone", "There are two time zones, %s and %s: write one.", r.zone, zone)
	}
	r.zone, r.zoned = zone, true
	return nil
}

// table makes the table of all that was read.
func (r *reading) table(now time.Time) (Table, error) {
	zone, err := ZoneNamed(r.zone)
	if err != nil {
		return Table{}, err
	}
	b := building{today: dateOf(now.In(zone))}
	for _, l := range r.lines {
		if err := b.line(l); err != nil {
			return Table{}, err
		}
	}
	if b.named == [7]int{} {
		return Table{}, phrase.Invalid("hours", "No day of the week is named: add daily 0-24 or daily closed.")
	}
	dates, err := disjoint(b.dates)
	if err != nil {
		return Table{}, err
	}
	return newTable(zone, b.week, dates), nil
}

// building is a table that is being made.
type building struct {
	today date
	week  [7][]Slot
	named [7]int // how many days of the week the line names that counts for a day; 0: none does
	dates []dated
}

// line adds a line.
func (b *building) line(l line) error {
	if !l.done() {
		last := l.days[len(l.days)-1]
		if _, err := b.days(l.days); err != nil {
			return err
		}
		return phrase.Invalid("hours", "%s has no hours after it: write %s 9-17, or %s closed.", quote(last), last, last)
	}
	slots, err := merged(l.slots)
	if err != nil {
		return err
	}
	days, err := b.days(l.days)
	if err != nil {
		return err
	}
	for _, d := range days.weekdays {
		if err := b.weekday(d, len(days.weekdays), slots); err != nil {
			return err
		}
	}
	for _, d := range days.dates {
		b.dates = append(b.dates, dated{d.from, d.to, slots})
	}
	return nil
}

// weekday sets what counts on a day of the week, by a line that names so many of them.
func (b *building) weekday(d time.Weekday, named int, slots []Slot) error {
	switch before := b.named[d]; {
	case before == 0 || named < before:
		b.week[d], b.named[d] = slots, named
	case named == before && !slices.Equal(b.week[d], slots):
		i := slices.IndexFunc(weekdays[:], func(w weekday) bool { return w.day == d })
		return twice(weekdays[i].short, b.week[d], slots)
	}
	return nil
}

// twice says that a day has two kinds of hours.
func twice(day string, a, b []Slot) error {
	if len(a) == 0 || len(b) == 0 {
		return phrase.Invalid("hours", "%s can't be closed and open at once.", quote(day))
	}
	both := day + " " + written(a) + "," + written(b)
	return phrase.Invalid("hours", "%s is there twice: write all its hours in one place, %s.", quote(day), both)
}

// days are what the days of a line mean.
type days struct {
	weekdays []time.Weekday // each once
	dates    []dated        // without slots
}

// days reads the days of a line.
func (b *building) days(words []string) (all days, err error) {
	for _, word := range words {
		if isDates(word) {
			from, to, err := datesOf(word, b.today)
			if err != nil {
				return all, err
			}
			all.dates = append(all.dates, dated{from: from, to: to})
			continue
		}
		first, last, ok := weekdaysOf(word)
		if !ok {
			return all, phrase.Invalid("hours", "%s is no day: Mon Tue Wed Thu Fri Sat Sun, a date, or a span of them.", quote(word))
		}
		for i := first; ; i = (i + 1) % 7 {
			if d := weekdays[i].day; !slices.Contains(all.weekdays, d) {
				all.weekdays = append(all.weekdays, d)
			}
			if i == last {
				break
			}
		}
	}
	return all, nil
}

// weekdaysOf reads a day of the week or a span of days, as places in weekdays.
func weekdaysOf(word string) (first, last int, ok bool) {
	if among(dailyToo, strings.ToLower(word)) {
		return wholeWeek.first, wholeWeek.last, true
	}
	from, to, span := strings.Cut(word, "-")
	if !span {
		to = from
	}
	first, ok = dayNamed(from)
	if !ok {
		return 0, 0, false
	}
	last, ok = dayNamed(to)
	return first, last, ok
}

// isZone reports whether a word can only be meant as a time zone.
func isZone(word string) bool {
	area, _, path := strings.Cut(word, "/")
	_, day := dayNamed(area)
	letter := area != "" && (area[0]|0x20 >= 'a' && area[0]|0x20 <= 'z')
	return path && letter && !day || strings.EqualFold(word, "utc") || strings.EqualFold(word, "gmt") || offsetZone.MatchString(word)
}

// isEnd and isGap tell what separates parts, and words within a part.
func isEnd(r rune) bool { return r == ';' || r == '\n' || r == '\r' }
func isGap(r rune) bool { return r == ',' || unicode.IsSpace(r) }

// What people write in more than one way.
var (
	dashes    = strings.NewReplacer("–", "-", "—", "-", "−", "-", "‒", "-", "‑", "-", "\u00a0", " ", "\u202f", " ", "\u2009", " ")
	aroundGap = regexp.MustCompile(`[ \t]*-[ \t]*|[ \t]+(?i:to|bis|a|à)[ \t]+|[ \t]*(\.\.)[ \t]*`)
	andWord   = regexp.MustCompile(`[ \t]+(?i:and|und|y|et|&)[ \t]+`)
	unitGap   = regexp.MustCompile(`(\d)[ \t]+((?i:am|pm|h|uhr))\b`)
	dayColon  = regexp.MustCompile(`(\pL\.?):`)
)

// tidy writes spans without gaps, lists with commas, and times with their unit.
func tidy(text string) string {
	text = dashes.Replace(strings.ToValidUTF8(text, "?"))
	text = unitGap.ReplaceAllString(text, "$1$2")
	text = aroundGap.ReplaceAllStringFunc(text, func(gap string) string {
		if strings.Contains(gap, "..") {
			return ".."
		}
		return "-"
	})
	return dayColon.ReplaceAllString(andWord.ReplaceAllString(text, ", "), "$1 ")
}

// quote shows what was written, cut if it is long.
func quote(word string) string {
	if n := 40; utf8.RuneCountInString(word) > n {
		word = string([]rune(word)[:n]) + "…"
	}
	return `"` + word + `"`
}
