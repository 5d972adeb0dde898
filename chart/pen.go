package chart

import (
	"strings"
	"unicode"

	"github.com/go-analyze/charts/chartdraw"
	"github.com/go-analyze/charts/chartdraw/drawing"
)

// pen draws in roles, whatever the picture is made of.
type pen struct {
	chartdraw.Renderer
	vector bool // the picture is an SVG, which has classes and anchors instead of colours and measures
}

// anchor says which part of a text stands at its place.
type anchor int

const (
	begins anchor = iota
	middle
	ends
)

// The sizes of text in pixels.
const (
	textSize = 25
	headSize = 32
)

// point is a place in the picture.
type point struct{ x, y int }

// as begins to draw in a role.
func (p *pen) as(r role, more ...string) {
	l := r.look()
	p.ResetStyle()
	p.SetDPI(72) // a point is a pixel
	p.SetClassName(strings.Join(append([]string{l.class}, more...), " "))
	p.SetFont(chartdraw.GetDefaultFont()) // of an SVG only the measures, since its reader has another
	c := drawing.ColorFromHex(l.light)
	p.SetFillColor(c)
	p.SetStrokeColor(c)
	p.SetFontColor(c)
}

// path goes from point to point.
func (p *pen) path(points ...point) {
	p.MoveTo(points[0].x, points[0].y)
	for _, to := range points[1:] {
		p.LineTo(to.x, to.y)
	}
}

// filled fills a rectangle.
func (p *pen) filled(r role, from, to point) {
	p.as(r)
	p.path(from, point{to.x, from.y}, to, point{from.x, to.y}, from)
	p.Fill()
}

// stroke draws a line of some width in pixels.
func (p *pen) stroke(r role, width float64, points ...point) {
	p.as(r)
	p.SetStrokeWidth(width)
	p.path(points...)
	p.Stroke()
}

// dot draws a filled circle.
func (p *pen) dot(r role, radius float64, at point) {
	p.as(r)
	p.Circle(radius, at.x, at.y)
	p.Fill()
}

// width is how wide a text is in pixels. The reader of an SVG may have a wider font: the widest that is
// common, DejaVu Sans, needs a fifth more, and a third more for the bold head.
func (p *pen) width(text string, size float64) int {
	p.as(ink)
	p.SetFontSize(size)
	w := p.MeasureText(text).Width()
	switch {
	case p.vector && size == headSize:
		return w * 4 / 3
	case p.vector:
		return w * 6 / 5
	}
	return w
}

// text writes one line, which stands on its place.
func (p *pen) text(r role, text string, size float64, at point, a anchor) {
	var more []string
	x := at.x
	switch {
	case p.vector && a == middle:
		more = append(more, "chart-middle")
	case p.vector && a == ends:
		more = append(more, "chart-end")
	case a == middle:
		x -= p.width(text, size) / 2
	case a == ends:
		x -= p.width(text, size)
	}
	if size == headSize {
		more = append(more, "chart-head")
	}
	p.as(r, more...)
	p.SetFontSize(size)
	p.Text(text, x, at.y)
}

// outlined writes one line with paper around its letters, so that it can be read over a line. An SVG has that
// of its class.
func (p *pen) outlined(r role, text string, size float64, at point, a anchor) {
	for _, aside := range []point{{-2, 0}, {2, 0}, {0, -2}, {0, 2}, {-2, -2}, {-2, 2}, {2, -2}, {2, 2}} {
		if !p.vector {
			p.text(paper, text, size, point{at.x + aside.x, at.y + aside.y}, a)
		}
	}
	p.text(r, text, size, at, a)
}

// fit is a text without what can't be seen, cut to a width in pixels.
func (p *pen) fit(text string, size float64, width int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r):
			return r
		}
		return -1
	}, text)
	if len(text) > 1000 {
		text = strings.ToValidUTF8(text[:1000], "")
	}
	if p.width(text, size) <= width {
		return text
	}
	letters := []rune(text)
	least, most := 0, len(letters) // the longest beginning that fits lies between
	for least < most {
		n := (least + most + 1) / 2
		if p.width(string(letters[:n])+"…", size) <= width {
			least = n
		} else {
			most = n - 1
		}
	}
	return strings.TrimRight(string(letters[:least]), " ,") + "…"
}
