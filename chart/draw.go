package chart

import "math"

// The places of the parts, in pixels.
const (
	margin   = 28 // left and right of everything
	headLine = 54 // on which the title stands
	lineStep = 36 // between two lines of text
	axisGap  = 12 // between the numbers of an axis and the plot
)

// frame is the size of a picture, and where its parts stand in it, in pixels.
type frame struct {
	width, height int
	legend        int  // the line on which the legend begins
	top           int  // where the axes end
	narrow        bool // the range and each name of the legend have lines of their own
}

// wide is a picture of the usual size.
func wide() frame { return frame{width: Width, height: Height, legend: 102, top: 156} }

// narrow is a picture whose texts can still be read where a phone shows it.
func narrow() frame {
	return frame{width: 540, height: 560, legend: headLine + 2*lineStep + 6, top: headLine + 3*lineStep + 60, narrow: true}
}

// bottom is where the axes begin.
func (f frame) bottom() int { return f.height - 64 }

// labels is the line on which the labels stand.
func (f frame) labels() int { return f.height - 26 }

// plot is where bars and lines are drawn.
type plot struct {
	*pen
	at          frame
	c           Chart
	left, right int
	bars, line  scale
}

// draw draws a chart.
func draw(p *pen, c Chart, at frame) {
	p.filled(paper, point{0, 0}, point{at.width, at.height})
	p.stroke(border, 2, point{1, 1}, point{at.width - 1, 1}, point{at.width - 1, at.height - 1}, point{1, at.height - 1}, point{1, 1})
	head(p, c, at)
	legend(p, c, at)
	f := &plot{pen: p, at: at, c: c, bars: scaleOf(c.Bars)}
	f.left = margin + f.numbersWidth(c.Bars, f.bars) + axisGap
	f.right = at.width - margin
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
		p.text(soft, p.fit(c.Empty, textSize, f.right-f.left), textSize, point{(f.left + f.right) / 2, (at.top + at.bottom()) / 2}, middle)
	}
}

// head writes the title and the range. Where both share a line, the range has its room first.
func head(p *pen, c Chart, at frame) {
	if at.narrow {
		p.text(ink, p.fit(c.Title, textSize, at.width-2*margin), textSize, point{margin, headLine}, begins)
		p.text(soft, p.fit(c.Range, textSize, at.width-2*margin), textSize, point{margin, headLine + lineStep}, begins)
		return
	}
	when := p.fit(c.Range, headSize, at.width/2-margin)
	room := at.width - 2*margin - p.width(when, headSize) - 24
	p.text(ink, p.fit(c.Title, headSize, room), headSize, point{margin, headLine}, begins)
	p.text(soft, when, headSize, point{at.width - margin, headLine}, ends)
}

// legend says which sign is which series.
func legend(p *pen, c Chart, at frame) {
	const sign = 34 // the room of a sign before its name
	room, y := at.width/2-margin-sign-12, at.legend
	if at.narrow {
		room = at.width - 2*margin - sign
	}
	p.filled(bar, point{margin, y - 18}, point{margin + 20, y + 2})
	p.text(barText, p.fit(c.Bars.Name, textSize, room), textSize, point{margin + sign, y}, begins)
	if c.Line == nil {
		return
	}
	name := p.fit(c.Line.Name, textSize, room)
	x := at.width - margin - p.width(name, textSize) - sign
	where, a := point{at.width - margin, y}, ends
	if at.narrow {
		x, y = margin, y+lineStep
		where, a = point{margin + sign, y}, begins
	}
	p.stroke(line, 3, point{x - 6, y - 8}, point{x + 22, y - 8})
	p.dot(line, 5, point{x + 8, y - 8})
	p.text(lineText, name, textSize, where, a)
}

// numbersWidth is how wide the widest number of an axis is.
func (f *plot) numbersWidth(s Series, by scale) int {
	widest := 0
	for i := range by.n + 1 {
		widest = max(widest, f.width(s.write(by.step*float64(i)), textSize))
	}
	return min(widest, f.at.width/4)
}

// axes draws the lines at the marks, and their numbers on both sides.
func (f *plot) axes() {
	for i := range f.bars.n + 1 {
		y := f.at.bottom() - i*(f.at.bottom()-f.at.top)/f.bars.n
		lines := grid
		if i == 0 {
			lines = border
		}
		f.stroke(lines, 1, point{f.left, y}, point{f.right, y})
		number := f.fit(f.c.Bars.write(f.bars.step*float64(i)), textSize, f.at.width/4)
		f.text(barText, number, textSize, point{f.left - axisGap, y + 9}, ends)
		if f.c.Line != nil {
			number = f.fit(f.c.Line.write(f.line.step*float64(i)), textSize, f.at.width/4)
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
	return f.at.bottom() - int(math.Round(v/by.top()*float64(f.at.bottom()-f.at.top)))
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
		f.text(soft, list[i], textSize, point{f.middleOf(i), f.at.labels()}, middle)
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
	return min(f.height(v, f.bars), f.at.bottom()-2), true // who has little has a bar, too
}

// drawBars draws the bars.
func (f *plot) drawBars() {
	for i := range f.c.Labels {
		if y, ok := f.top(i); ok {
			x := f.middleOf(i) - f.barWidth()/2
			f.filled(bar, point{x, y}, point{x + f.barWidth(), f.at.bottom()})
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
