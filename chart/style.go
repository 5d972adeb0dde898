package chart

import (
	"encoding/xml"
	"strings"
)

// role is what something is in the picture: its colour in a PNG, and its class in an SVG.
type role int

const (
	paper role = iota
	border
	ink  // the title, the values
	soft // the labels
	grid
	bar
	line
	halo     // around the line
	value    // the number of a bar
	barText  // the axis of the bars
	lineText // the axis of the line
)

// colour is a colour on light paper, which a PNG has and a page in light, and on the dark paper of a page in dark.
type colour struct{ name, light, dark string }

// The colours. A PNG stands on a card with a border, which can be told from a bubble of any colour. Texts have a
// contrast of at least 4.5:1 to the paper, shapes of at least 3:1 (WCAG 2.2 §1.4.3, §1.4.11).
var (
	paperColour    = colour{"paper", "fcfcfd", "1a1e26"}
	borderColour   = colour{"border", "858d9b", "6d7686"}
	inkColour      = colour{"ink", "1b202a", "eef1f6"}
	softColour     = colour{"soft", "4d5562", "b4bcc9"}
	gridColour     = colour{"grid", "dfe3e9", "343b48"}
	barColour      = colour{"bar", "3b82d6", "5b9bea"}
	lineColour     = colour{"line", "c2410c", "fb923c"}
	barTextColour  = colour{"bar-text", "1d5fae", "8fbcf4"}
	lineTextColour = colour{"line-text", "b23a0a", "fdb274"}
)

// look says how a role is drawn: its class in an SVG, and its colour.
type look struct {
	class string
	colour
}

// look is how the role is drawn.
func (r role) look() look {
	switch r {
	case paper:
		return look{"chart-paper", paperColour}
	case border:
		return look{"chart-border", borderColour}
	case soft:
		return look{"chart-soft", softColour}
	case grid:
		return look{"chart-grid", gridColour}
	case bar:
		return look{"chart-bar", barColour}
	case line:
		return look{"chart-line", lineColour}
	case halo:
		return look{"chart-halo", paperColour}
	case value:
		return look{"chart-value", barTextColour}
	case barText:
		return look{"chart-bar-text", barTextColour}
	case lineText:
		return look{"chart-line-text", lineTextColour}
	}
	return look{"chart-ink", inkColour}
}

// Style is what a page with charts has in its style sheet. The colours are variables, so that a page can give
// others.
func Style() string {
	var light, dark strings.Builder
	for _, c := range []colour{paperColour, borderColour, inkColour, softColour, gridColour, barColour, lineColour, barTextColour, lineTextColour} {
		light.WriteString("--chart-" + c.name + ":#" + c.light + ";")
		dark.WriteString("--chart-" + c.name + ":#" + c.dark + ";")
	}
	return ".chart{" + light.String() + "display:block;width:100%;max-width:900px;height:auto}\n@media (prefers-color-scheme:dark){.chart{" + dark.String() + "}}\n" + shapes
}

// shapes are the parts of Style that have no colour of their own.
const shapes = `.chart text{font:25px system-ui,sans-serif}
.chart text.chart-ink{fill:var(--chart-ink)}
.chart text.chart-head{font-size:32px;font-weight:600}
.chart text.chart-middle{text-anchor:middle}
.chart text.chart-end{text-anchor:end}
.chart-paper{fill:var(--chart-paper)}
.chart-border{fill:none;stroke:var(--chart-border);stroke-width:2px}
.chart text.chart-soft{fill:var(--chart-soft)}
.chart-grid{fill:none;stroke:var(--chart-grid);stroke-width:1px}
.chart-bar{fill:var(--chart-bar)}
.chart-line{fill:none;stroke:var(--chart-line);stroke-width:3px}
.chart-halo{fill:none;stroke:var(--chart-paper);stroke-width:7px}
circle.chart-line{fill:var(--chart-line)}
.chart text.chart-bar-text{fill:var(--chart-bar-text)}
.chart text.chart-value{fill:var(--chart-bar-text);stroke:var(--chart-paper);stroke-width:5px;stroke-linejoin:round;paint-order:stroke}
.chart text.chart-line-text{fill:var(--chart-line-text)}
`

// escape makes a text safe in an element and in an attribute. What XML can't hold becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder never fails
	return b.String()
}
