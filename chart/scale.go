package chart

import "math"

// marks is how many marks an axis has at most above 0.
const marks = 5

// scale is an axis: from 0 in so many steps of the same size.
type scale struct {
	step float64
	n    int
}

// top is the value at the end of the axis.
func (s scale) top() float64 { return s.step * float64(s.n) }

// scaleOf makes the axis of a series: as few marks as reach the greatest value with the least step that leaves no
// more than marks of them.
func scaleOf(s Series) scale {
	most := math.Max(s.greatest(), 1)
	step := stepFor(s.Unit, most/marks)
	return scale{step, int(math.Ceil(most / step))}
}

// scaleLike makes the axis of a series with as many marks as another axis has, so that both share their lines.
func scaleLike(s Series, n int) scale {
	return scale{stepFor(s.Unit, math.Max(s.greatest(), 1)/float64(n)), n}
}

// stepFor is the least step of a unit's that is not below a value.
func stepFor(u Unit, least float64) float64 {
	if u == Seconds {
		for _, step := range []float64{1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 2 * 3600, 3 * 3600, 4 * 3600, 6 * 3600, 12 * 3600} {
			if step >= least {
				return step
			}
		}
		return 86400 * stepFor(Count, least/86400)
	}
	for ten := 1.0; ; ten *= 10 {
		for _, step := range []float64{1, 2, 5} {
			if step*ten >= least {
				return step * ten
			}
		}
	}
}
