// Package chart draws statistics: bars over days or months, and a line with an axis of its own. The picture
// is a PNG for a chat bubble, which looks the same on a light and on a dark background, or an SVG for a page,
// which follows the reader's light or dark colours by Style.
//
// The package knows nothing of conversations: it gets values, and words in the reader's language. Its
// functions may be called by any goroutine.
package chart

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-analyze/charts/chartdraw"
)

// Width and Height are the size of a picture in pixels. No text is smaller than 16 pixels.
const (
	Width  = 900
	Height = 500
)

// MaxSteps is how many steps a chart has at most: a year of days.
const MaxSteps = 366

// Chart says what is drawn. Its texts may hold anything; what is too long is cut.
type Chart struct {
	Title  string   // whose values these are, and of what: "Olga, chats"
	Range  string   // when: "22–28 Nov". It is never cut for the sake of a long title.
	Labels []string // one for each step from left to right; those without room are left out
	Bars   Series
	Line   *Series // nil: there is none
	Empty  string  // what is said in place of bars if no step has a value above 0
}

// Series are the values of one kind.
type Series struct {
	Name   string    // what the legend says
	Values []float64 // one for each label, none below 0; NaN: not known, which draws nothing
	Unit   Unit
	Format func(float64) string // writes a value for the reader; nil: as a plain number
}

// Unit decides at which values an axis has its marks.
type Unit int

// The units.
const (
	Count   Unit = iota // whole numbers
	Seconds             // marks at whole seconds, minutes, hours or days
)

// write writes a value, "–" if it is not known.
func (s Series) write(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case s.Format != nil:
		return s.Format(v)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// greatest is the greatest value, 0 if there is none.
func (s Series) greatest() float64 {
	most := 0.0
	for _, v := range s.Values {
		if v > most { // not so if v is NaN
			most = v
		}
	}
	return most
}

// check refuses values that can't be drawn.
func (c Chart) check() error {
	if n := len(c.Labels); n == 0 || n > MaxSteps {
		return fmt.Errorf("draw chart: %d steps", n)
	}
	for _, s := range c.series() {
		if len(s.Values) != len(c.Labels) {
			return fmt.Errorf("draw chart: %d values for %d labels", len(s.Values), len(c.Labels))
		}
		for _, v := range s.Values {
			if v < 0 || math.IsInf(v, 0) {
				return fmt.Errorf("draw chart: a value of %v", v)
			}
		}
	}
	return nil
}

func (c Chart) series() []Series {
	if c.Line == nil {
		return []Series{c.Bars}
	}
	return []Series{c.Bars, *c.Line}
}

// PNG draws the chart as a picture of Width × Height pixels with a background of its own. The same chart
// gives the same bytes. An error says that the values can't be drawn.
func (c Chart) PNG() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	r := chartdraw.PNG(Width, Height)
	draw(&pen{Renderer: r}, c, wide())
	var out bytes.Buffer
	if err := r.Save(&out); err != nil {
		return nil, fmt.Errorf("draw chart: %w", err)
	}
	return out.Bytes(), nil
}

// SVG draws the chart as an svg element for a page that has Style in its style sheet. It has no script, no
// style attribute and no font of its own, so it needs nothing of a content security policy. A screen reader
// reads out its title and all values. Each chart of a page has an id of its own, of letters, digits and
// hyphens. An error says that the values can't be drawn.
func (c Chart) SVG(id string) (string, error) { return c.svg(id, wide()) }

// Narrow draws the chart as SVG does, for where a page is as narrow as a phone: all steps are there, and the texts can
// still be read. The element has the class "narrow", too.
func (c Chart) Narrow(id string) (string, error) { return c.svg(id, narrow()) }

func (c Chart) svg(id string, at frame) (string, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	r := chartdraw.SVG(at.width, at.height)
	draw(&pen{Renderer: r, vector: true}, c, at)
	var out bytes.Buffer
	if err := r.Save(&out); err != nil {
		return "", fmt.Errorf("draw chart: %w", err)
	}
	_, drawn, ok := strings.Cut(out.String(), ">")
	if !ok {
		return "", errors.New("draw chart: no svg element")
	}
	class := "chart"
	if at.narrow {
		class = "chart narrow"
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="%s" viewBox="0 0 %d %d" role="img" aria-labelledby="%s-title %s-desc"><title id="%s-title">%s</title><desc id="%s-desc">%s</desc>%s`,
		class, at.width, at.height, escape(id), escape(id), escape(id), escape(c.Title+", "+c.Range), escape(id), escape(c.describe()), drawn), nil
}

// Row is a step in words: what stands below it, and the value of each series.
type Row struct {
	Label  string
	Values []string
}

// Rows says all values in words, for a table beside the picture. What stands above the values are the names of the
// series.
func (c Chart) Rows() (list []Row) {
	for i, label := range c.Labels {
		row := Row{Label: label}
		for _, s := range c.series() {
			row.Values = append(row.Values, s.write(s.Values[i]))
		}
		list = append(list, row)
	}
	return list
}

// Names are the names of the series: of the bars, and of the line if there is one.
func (c Chart) Names() (list []string) {
	for _, s := range c.series() {
		list = append(list, s.Name)
	}
	return list
}

// describe says all values in words, for people who can't see them.
func (c Chart) describe() string {
	b := strings.Join(c.Names(), ", ")
	for _, row := range c.Rows() {
		b += "; " + row.Label + ": " + strings.Join(row.Values, ", ")
	}
	return b
}
