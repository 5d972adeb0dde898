package report

import (
	"bytes"
	"flag"
	"image/png"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/chart"
)

var update = flag.Bool("update", false, "draw docs/stats-chart.png anew")

// docs/stats-chart.png shows the chats of the fixture in the week from 2 to 8 November.
func TestCourse_Picture(t *testing.T) {
	const file = "../../docs/stats-chart.png"
	facts, _, _ := reckoned(t)
	sums := make(map[Key]Sum)
	for _, f := range facts {
		Add(sums, f)
	}
	var course Course
	steps := make(map[Period]Step)
	for k, s := range sums {
		if k.Operator == "" && k.Department == "" && k.Kind == bridge.Chat && k.Period > 999999 && (k.Measure == Conversations || k.Measure == First) {
			course.add(steps, Counted{k.Period, k.Measure, s})
		}
	}
	c := chart.Chart{Title: "All, chats", Range: "2–8 Nov", Bars: chart.Series{Name: "Conversations"},
		Line: &chart.Series{Name: "First answer", Unit: chart.Seconds, Format: func(v float64) string {
			short := strings.NewReplacer("m", " min ", "s", " s").Replace(time.Duration(v * float64(time.Second)).String())
			return strings.TrimSuffix(short, " 0 s")
		}}}
	for day := Period(20261102); day <= 20261108; day = day.Next() {
		s := steps[day]
		s.Period = day
		course.Steps = append(course.Steps, s)
		first := math.NaN()
		if mean, ok := s.Mean(); ok {
			first = mean.Seconds()
		}
		c.Bars.Values, c.Line.Values = append(c.Bars.Values, float64(s.Conversations)), append(c.Line.Values, first)
	}
	for _, label := range course.Labels() {
		c.Labels = append(c.Labels, label.String())
	}
	got, err := c.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a, err := png.Decode(bytes.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	b, err := png.Decode(bytes.NewReader(want))
	if err != nil || a.Bounds() != b.Bounds() {
		t.Fatalf("%s: %v", file, err)
	}
	for y := range chart.Height {
		for x := range chart.Width {
			if a.At(x, y) != b.At(x, y) {
				t.Fatalf("%s shows something else at %d,%d; draw it anew with -update", file, x, y)
			}
		}
	}
}
