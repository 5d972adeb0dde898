package chart

import (
	"encoding/xml"
	"strings"

	"github.com/go-analyze/charts/chartdraw/drawing"
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

// look says how a role is drawn. Colours are those of light paper, which a PNG has: it stands on a card with
// a border, which can be told from a bubble of any colour. Texts have a contrast of at least 4.5:1 to the
// paper, shapes of at least 3:1 (WCAG 2.2 §1.4.3, §1.4.11).
type look struct {
	class  string
	colour drawing.Color
}

// looks are the looks by role.
func (r role) look() look {
	switch r {
	case paper:
		return look{"chart-paper", drawing.ColorFromHex("fcfcfd")}
	case border:
		return look{"chart-border", drawing.ColorFromHex("858d9b")}
	case soft:
		return look{"chart-soft", drawing.ColorFromHex("4d5562")}
	case grid:
		return look{"chart-grid", drawing.ColorFromHex("dfe3e9")}
	case bar:
		return look{"chart-bar", drawing.ColorFromHex("3b82d6")}
	case line:
		return look{"chart-line", drawing.ColorFromHex("c2410c")}
	case halo:
		return look{"chart-halo", drawing.ColorFromHex("fcfcfd")}
	case value:
		return look{"chart-value", drawing.ColorFromHex("1d5fae")}
	case barText:
		return look{"chart-bar-text", drawing.ColorFromHex("1d5fae")}
	case lineText:
		return look{"chart-line-text", drawing.ColorFromHex("b23a0a")}
	}
	return look{"chart-ink", drawing.ColorFromHex("1b202a")}
}

// Style is what a page with charts has in its style sheet. The colours are variables, so that a page can give
// others.
const Style = `.chart{--chart-paper:#fcfcfd;--chart-border:#858d9b;--chart-ink:#1b202a;--chart-soft:#4d5562;--chart-grid:#dfe3e9;--chart-bar:#3b82d6;--chart-line:#c2410c;--chart-bar-text:#1d5fae;--chart-line-text:#b23a0a;display:block;width:100%;max-width:900px;height:auto}
@media (prefers-color-scheme:dark){.chart{--chart-paper:#1a1e26;--chart-border:#6d7686;--chart-ink:#eef1f6;--chart-soft:#b4bcc9;--chart-grid:#343b48;--chart-bar:#5b9bea;--chart-line:#fb923c;--chart-bar-text:#8fbcf4;--chart-line-text:#fdb274}}
.chart text{font:25px system-ui,sans-serif}
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
