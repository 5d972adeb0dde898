// Package schedule holds what is done step by step while somebody waits: "1m repeat, 2m room" is a schedule
// of two steps. It reads what people write and says which steps come next. Values go in and come out: there is
// no clock and no store. Every function may be called by any goroutine.
package schedule

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Step is something that is done after a time.
type Step struct {
	After time.Duration // since the wait began
	Word  string        // what is done: one of the words that the schedule may have
}

// Schedule has steps by time. Steps of the same time are taken together. The empty Schedule does nothing.
type Schedule []Step

// Off is the schedule without a step, as people write it.
const Off = "off"

// The limits of a step's time, and how many steps there may be.
const (
	shortest = 10 * time.Second
	longest  = 24 * time.Hour
	most     = 12
)

// Parse reads a schedule such as "1m repeat, 2m room", in any order of its steps. words are those that a
// step may have; example is a schedule that is right. An error says what is wrong and how it is written right.
func Parse(text string, words []string, example string) (Schedule, error) {
	if text = strings.ToLower(strings.TrimSpace(text)); text == Off {
		return nil, nil
	}
	wrong := func(p phrase.Phrase) (Schedule, error) {
		return nil, phrase.Fail(phrase.CodeInvalid, "%s Write for example: %s.", p, example)
	}
	var list Schedule
	for part := range strings.SplitSeq(strings.TrimRight(text, ", "), ",") {
		fields := strings.Fields(part)
		if len(fields) != 2 {
			return wrong(phrase.Say("%q is no time with a word after it.", strings.TrimSpace(part)))
		}
		after, err := time.ParseDuration(fields[0])
		switch {
		case err != nil:
			return wrong(phrase.Say("%q is no time such as 90s, 2m or 1h.", fields[0]))
		case after < shortest || after > longest:
			return wrong(phrase.Say("%s is too short or too long: a step comes after 10s to 24h.", fields[0]))
		case !slices.Contains(words, fields[1]):
			return wrong(phrase.Say("%q is none of %s.", fields[1], strings.Join(words, ", ")))
		case slices.Contains(list, Step{after, fields[1]}):
			return wrong(phrase.Say("%q stands there twice.", strings.Join(fields, " ")))
		}
		list = append(list, Step{after, fields[1]})
	}
	if len(list) > most {
		return wrong(phrase.Say("These are %d steps; there is room for %d.", len(list), most))
	}
	slices.SortStableFunc(list, func(a, b Step) int { return cmp.Compare(a.After, b.After) })
	return list, nil
}

// String writes the schedule as Parse reads it.
func (s Schedule) String() string {
	if len(s) == 0 {
		return Off
	}
	var list []string
	for _, step := range s {
		list = append(list, written(step.After)+" "+step.Word)
	}
	return strings.Join(list, ", ")
}

// written is a duration without the units that are zero: 2m, 1h30m.
func written(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Next is the time of the steps that come after those of the time reached, which is 0 at the beginning, and
// what is done then. It is 0 if no step is left.
func (s Schedule) Next(reached time.Duration) (after time.Duration, words []string) {
	for _, step := range s {
		switch {
		case step.After <= reached:
		case after == 0:
			after, words = step.After, []string{step.Word}
		case step.After == after:
			words = append(words, step.Word)
		}
	}
	return after, words
}

// Taken reports whether a step with a word has been taken by the time that was reached.
func (s Schedule) Taken(word string, reached time.Duration) bool {
	return slices.ContainsFunc(s, func(step Step) bool { return step.Word == word && step.After <= reached })
}
