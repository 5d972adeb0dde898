package chart

import "math"

// The places of the parts, in pixels.
const (
	margin     = 28  // left and right of everything
	headLine   = 54  // on which the title stands
	legendLine = 102 // on which the legend stands
	plotTop    = 156 // the end of the axes
	plotBottom = Height - 64
	labelLine  = Height - 26 // on which the labels stand
	axisGap    = 12          // between the numbers of an axis and the plot
)

// plot is where bars and lines are drawn.
type plot struct {
	*pen
	c           Chart
	left, right int
	bars, line  scale
}

// draw draws a chart.
func draw(p *pen, c Chart) {
	p.filled(paper, point{0, 0}, point{Width, Height})
	p.stroke(border, 2, point{1, 1}, point{Width - 1, 1}, point{Width - 1, Height - 1}, point{1, Height - 1}, point{1, 1})
	head(p, c)
	f := &plot{pen: p, c: c, bars: scaleOf(c.Bars)}
	f.left = margin + f.numbersWidth(c.Bars, f.bars) + axisGap
	f.right = Width - margin
	if c.Line != nil {
		f.line = scaleLike(*c.Line, f.bars.n)
		f.right -= f.numbersWidth(*c.Line, f.line) + axisGap
	}
	f.axes()
	f.labels()
	f.drawBars()
	if c.Line != nil {
		f.drawLine()
	}
	f.values()
	if c.Empty != "" && c.Bars.greatest() == 0 && (c.Line == nil || c.Line.greatest() == 0) {
		p.text(soft, p.fit(c.Empty, textSize, f.right-f.left), textSize, point{(f.left + f.right) / 2, (plotTop + plotBottom) / 2}, middle)
	}
}

// head writes the title, the range and the legend. The range has its room first.
func head(p *pen, c Chart) {
	when := p.fit(c.Range, headSize, Width/2-margin)
	room := Width - 2*margin - p.width(when, headSize) - 24
	p.text(ink, p.fit(c.Title, headSize, room), headSize, point{margin, headLine}, begins)
	p.text(soft, when, headSize, point{Width - margin, headLine}, ends)
	const sign = 34 // the room of a sign before its name
	room = Width/2 - margin - sign - 12
	p.filled(bar, point{margin, legendLine - 18}, point{margin + 20, legendLine + 2})
	p.text(barText, p.fit(c.Bars.Name, textSize, room), textSize, point{margin + sign, legendLine}, begins)
	if c.Line == nil {
		return
	}
	name := p.fit(c.Line.Name, textSize, room)
	x := Width - margin - p.width(name, textSize) - sign
	p.stroke(line, 3, point{x - 6, legendLine - 8}, point{x + 22, legendLine - 8})
	p.dot(line, 5, point{x + 8, legendLine - 8})
	p.text(lineText, name, textSize, point{Width - margin, legendLine}, ends)
}

// numbersWidth is how wide the widest number of an axis is.
func (f *plot) numbersWidth(s Series, by scale) int {
	widest := 0
	for i := range by.n + 1 {
		widest = max(widest, f.width(s.write(by.step*float64(i)), textSize))
	}
	return min(widest, Width/4)
}

// axes draws the lines at the marks, and their numbers on both sides.
func (f *plot) axes() {
	for i := range f.bars.n + 1 {
		y := plotBottom - i*(plotBottom-plotTop)/f.bars.n
		lines := grid
		if i == 0 {
			lines = border
		}
		f.stroke(lines, 1, point{f.left, y}, point{f.right, y})
		number := f.fit(f.c.Bars.write(f.bars.step*float64(i)), textSize, Width/4)
		f.text(barText, number, textSize, point{f.left - axisGap, y + 9}, ends)
		if f.c.Line != nil {
			number = f.fit(f.c.Line.write(f.line.step*float64(i)), textSize, Width/4)
			f.text(lineText, number, textSize, point{f.right + axisGap, y + 9}, begins)
		}
	}
}

// middleOf is where a step has its middle.
func (f *plot) middleOf(i int) int {
	return f.left + (2*i+1)*(f.right-f.left)/(2*len(f.c.Labels))
}

// height is where a value lies on an axis.
func (f *plot) height(v float64, by scale) int {
	return plotBottom - int(math.Round(v/by.top()*(plotBottom-plotTop)))
}

// labels writes as many labels as there is room for, at equal distances from the first one on.
func (f *plot) labels() {
	room := (f.right - f.left) / len(f.c.Labels)
	list := make([]string, len(f.c.Labels))
	widest := 0
	for i, label := range f.c.Labels {
		list[i] = f.fit(label, textSize, max(room, 180))
		widest = max(widest, f.width(list[i], textSize))
	}
	each := 1
	for each*(f.right-f.left) < (widest+14)*len(list) && each < len(list) {
		each++
	}
	for i := 0; i < len(list); i += each {
		f.text(soft, list[i], textSize, point{f.middleOf(i), labelLine}, middle)
	}
}

// barWidth is how wide a bar is.
func (f *plot) barWidth() int { return min(max(1, (f.right-f.left)*7/(10*len(f.c.Labels))), 72) }

// top is where the bar of a step ends; ok is false if there is no bar.
func (f *plot) top(i int) (y int, ok bool) {
	v := f.c.Bars.Values[i]
	if math.IsNaN(v) || v == 0 {
		return 0, false
	}
	return min(f.height(v, f.bars), plotBottom-2), true // who has little has a bar, too
}

// drawBars draws the bars.
func (f *plot) drawBars() {
	for i := range f.c.Labels {
		if y, ok := f.top(i); ok {
			x := f.middleOf(i) - f.barWidth()/2
			f.filled(bar, point{x, y}, point{x + f.barWidth(), plotBottom})
		}
	}
}

// written is up to how many bars have their value above them.
const written = 14

// values writes the value of each bar above it, and above the dot of the line if that is in the way.
func (f *plot) values() {
	if len(f.c.Labels) > written {
		return
	}
	for i, v := range f.c.Bars.Values {
		y, ok := f.top(i)
		if !ok {
			continue
		}
		y -= 8
		if f.c.Line != nil && !math.IsNaN(f.c.Line.Values[i]) {
			if dot := f.height(f.c.Line.Values[i], f.line); dot > y-textSize-6 && dot < y+8 {
				y = dot - 12
			}
		}
		f.outlined(value, f.fit(f.c.Bars.write(v), textSize, f.barWidth()*2), textSize, point{f.middleOf(i), y}, middle)
	}
}

// drawLine draws the line with a dot at each value. It is broken where a value is not known.
func (f *plot) drawLine() {
	radius := 6.0
	if len(f.c.Labels) > 2*written {
		radius = 4
	}
	var points, stretch []point
	draw := func() {
		if len(stretch) > 1 {
			f.stroke(halo, 7, stretch...) // which parts the line from the bars
			f.stroke(line, 3, stretch...)
		}
		points, stretch = append(points, stretch...), nil
	}
	for i, v := range f.c.Line.Values {
		if math.IsNaN(v) {
			draw()
			continue
		}
		stretch = append(stretch, point{f.middleOf(i), f.height(v, f.line)})
	}
	draw()
	for _, at := range points {
		f.dot(line, radius, at)
	}
}
