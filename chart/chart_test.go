package chart_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"porchlight/chart"
)

// week is a chart of seven days.
func week() chart.Chart {
	return chart.Chart{
		Title: "Olga, chats", Range: "22–28 Nov", Empty: "Nothing was counted.",
		Labels: []string{"Sun 22", "Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28"},
		Bars:   chart.Series{Name: "Conversations", Values: []float64{2, 9, 7, 8, 0, 12, 3}},
		Line: &chart.Series{Name: "First answer", Unit: chart.Seconds, Format: seconds,
			Values: []float64{38, 64, 41, 90, math.NaN(), 122, 30}},
	}
}

func seconds(v float64) string {
	switch {
	case v < 60:
		return strconv.Itoa(int(v)) + " s"
	case v < 3600:
		return strconv.Itoa(int(v/60)) + " min"
	}
	return strconv.Itoa(int(v/3600)) + " h"
}

// long is a chart of n steps.
func long(n int, label func(int) string) chart.Chart {
	c := week()
	c.Labels, c.Bars.Values, c.Line.Values = nil, nil, nil
	for i := range n {
		c.Labels = append(c.Labels, label(i))
		c.Bars.Values = append(c.Bars.Values, float64(i*7919%23))
		c.Line.Values = append(c.Line.Values, float64(20+i*104729%600))
	}
	return c
}

// samples are charts of all shapes.
func samples() map[string]chart.Chart {
	day := func(i int) string { return strconv.Itoa(i + 1) }
	months := []string{"ene.", "feb.", "mar.", "abr.", "may.", "jun.", "jul.", "ago.", "sept.", "oct.", "nov.", "dic."}
	zero, names, hostile, german := week(), week(), week(), long(30, day)
	zero.Bars.Values, zero.Line.Values = make([]float64, 7), []float64{math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	zero.Title, zero.Bars.Name, zero.Line.Name, zero.Empty = "Zoë, Gespräche", "Gespräche", "Erste Antwort", "In diesen Tagen war nichts."
	names.Title = strings.Repeat("Llanfairpwllgwyngyll ", 20) + "chats"
	names.Range = "28 Nov 2025 – 3 Dec 2026"
	names.Bars.Name, names.Line.Name = strings.Repeat("Konversationen ", 9), strings.Repeat("Beantwortungszeit ", 9)
	hostile.Title = "</text><script>alert(1)</script>\x00\x1b[31m\u202e\"'&amp;<!--]]>" + strings.Repeat("\U000fffff", 9)
	hostile.Labels[0], hostile.Range, hostile.Bars.Name = `"><image href=x onerror=alert(1)>`, "<a xlink:href='javascript:1'>", "\xff\xfe</svg>"
	german.Title, german.Range, german.Bars.Name, german.Line.Name = "Jürgen Müßiggänger, Anfragen", "30. Okt. – 28. Nov.", "Gespräche", "Erste Antwort"
	spanish := long(12, func(i int) string { return months[i] })
	spanish.Title, spanish.Range, spanish.Bars.Name, spanish.Line.Name = "Departamento de Información, chats", "ene.–dic. 2026", "Conversaciones", "Primera respuesta"
	alone := long(1, day)
	votes := chart.Chart{Title: "Votes", Range: "30 d", Labels: []string{"1 ★", "2 ★", "3 ★", "4 ★", "5 ★"}, Bars: chart.Series{Name: "Votes", Values: []float64{1, 0, 3, 12, 40}}}
	return map[string]chart.Chart{"week": week(), "zero": zero, "names": names, "hostile": hostile, "days": german, "months": spanish, "day": alone,
		"month": long(31, day), "quarter": long(62, day), "votes": votes, "year": long(chart.MaxSteps, day)}
}

func decoded(t *testing.T, c chart.Chart) image.Image {
	t.Helper()
	b, err := c.PNG()
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A PNG is 900 × 500 and opaque, also in its corners; whatever the texts hold, none runs into the margin.
// PORCHLIGHT_SHOW=DIR writes the pictures into a folder, to be looked at.
func TestPNG_SizeAndBackground(t *testing.T) {
	for name, c := range samples() {
		t.Run(name, func(t *testing.T) {
			m := decoded(t, c)
			if b := m.Bounds(); b.Dx() != 900 || b.Dy() != 500 {
				t.Fatalf("size %v", b)
			}
			paper := m.At(20, 20)
			for y := range 500 {
				for x := range 900 {
					if _, _, _, a := m.At(x, y).RGBA(); a != 0xffff {
						t.Fatalf("a hole at %d,%d", x, y)
					}
					border := x < 3 || y < 3 || x > 896 || y > 496
					if !border && (x < 24 || x > 876 || y < 16 || y > 486) && m.At(x, y) != paper {
						t.Fatalf("something in the margin at %d,%d", x, y)
					}
				}
			}
			if dir := os.Getenv("PORCHLIGHT_SHOW"); dir != "" {
				b, _ := c.PNG()
				s, _ := c.SVG("a")
				n, _ := c.Narrow("b")
				page := "<!doctype html><meta charset=utf-8><style>" + chart.Style() + "body{background:Canvas;color-scheme:light dark}</style>" + s + n
				if err := os.WriteFile(filepath.Join(dir, name+".png"), b, 0o644); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(page), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// tall is how many pixels of a colour stand in a column of the plot.
func tall(m image.Image, x int, c color.Color) (n int) {
	for y := 140; y < 500; y++ {
		if m.At(x, y) == c {
			n++
		}
	}
	return n
}

// Bars are as tall as their values say, and those of 0 and of what is not known are not there.
func TestPNG_BarsSayTheirValues(t *testing.T) {
	c := chart.Chart{Labels: []string{"a", "b", "c", "d"}, Bars: chart.Series{Values: []float64{10, 5, 0, math.NaN()}}}
	m := decoded(t, c)
	blue := m.At(36, 94) // the sign in the legend
	var heights []int
	for i := range 4 {
		most := 0
		for x := 60 + i*205; x < 60+(i+1)*205; x++ {
			most = max(most, tall(m, x, blue))
		}
		heights = append(heights, most)
	}
	if heights[0] < 250 || heights[0]-2*heights[1] < -2 || heights[0]-2*heights[1] > 2 || heights[2] != 0 || heights[3] != 0 {
		t.Errorf("heights %v of 10, 5, 0 and nothing", heights)
	}
}

// The same chart gives the same bytes, and drawing starts nothing that goes on.
func TestPNG_IsAFunction(t *testing.T) {
	before := runtime.NumGoroutine()
	a, err := week().PNG()
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := week().PNG(); !bytes.Equal(a, b) {
		t.Error("two pictures of one chart differ")
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines more", n-before)
	}
}

// Any goroutines may draw at the same time, the first picture of a process included, which loads the letters.
func TestPNG_AtTheSameTime(t *testing.T) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := week().PNG(); err != nil {
				t.Error(err)
			}
			if _, err := week().SVG("a"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// elements reads an SVG as XML: the text of each element, and its attributes.
func elements(t *testing.T, svg string) (texts []string, start []xml.StartElement) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := d.Token()
		switch token := token.(type) {
		case xml.StartElement:
			start = append(start, token.Copy())
			texts = append(texts, "")
		case xml.CharData:
			texts[len(texts)-1] += string(token)
		}
		if err == io.EOF {
			return texts, start
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
	}
}

// A narrow picture has the same title and values as a wide one, and all of it stands within its width.
func TestNarrow_SaysTheSame(t *testing.T) {
	for name, c := range samples() {
		wide, err := c.SVG("a")
		if err != nil {
			t.Fatal(err)
		}
		narrow, err := c.Narrow("a")
		if err != nil {
			t.Fatal(err)
		}
		texts, list := elements(t, narrow)
		others, _ := elements(t, wide)
		if texts[1] != others[1] || texts[2] != others[2] {
			t.Errorf("%s: the narrow picture says something else", name)
		}
		for _, e := range list {
			for _, a := range e.Attr {
				if x, err := strconv.Atoi(a.Value); a.Name.Local == "x" && err == nil && (x < 0 || x > 540) {
					t.Errorf("%s: something stands at %d", name, x)
				}
			}
		}
	}
}

// An SVG has nothing but shapes and texts, whatever the names hold: no script, no link, no style attribute,
// no font. Its title and its description say all of it.
func TestSVG_HasShapesAndTextsAlone(t *testing.T) {
	attributes := "xmlns class viewBox role aria-labelledby id x y d cx cy r"
	for name, c := range samples() {
		svg, err := c.SVG("chart-1")
		if err != nil {
			t.Fatal(err)
		}
		_, list := elements(t, svg)
		for _, e := range list {
			if !strings.Contains(" svg title desc path circle text ", " "+e.Name.Local+" ") {
				t.Errorf("%s: an element %s", name, e.Name.Local)
			}
			for _, a := range e.Attr {
				if !strings.Contains(" "+attributes+" ", " "+a.Name.Local+" ") {
					t.Errorf("%s: an attribute %s of %s", name, a.Name.Local, e.Name.Local)
				}
			}
		}
	}
	hostile := week()
	hostile.Title, hostile.Range = "<b>&amp;\x00\"'", "]]>&\u202e"
	svg, _ := hostile.SVG("chart-1")
	if texts, _ := elements(t, svg); !slices.Contains(texts, "<b>&amp;\"'") || !slices.Contains(texts, "]]>&") {
		t.Errorf("names are written as %q", texts)
	}
	svg, _ = week().SVG("chart-1")
	texts, list := elements(t, svg)
	if list[0].Attr[4].Value != "chart-1-title chart-1-desc" || texts[1] != "Olga, chats, 22–28 Nov" ||
		texts[2] != "Conversations, First answer; Sun 22: 2, 38 s; Mon 23: 9, 1 min; Tue 24: 7, 41 s; Wed 25: 8, 1 min; Thu 26: 0, –; Fri 27: 12, 2 min; Sat 28: 3, 30 s" {
		t.Errorf("%v is described as %q", list[0].Attr, texts[:3])
	}
}

// Every class that an SVG uses is in Style, and Style names no other.
func TestStyle_HasEveryClass(t *testing.T) {
	used, styled := map[string]bool{"chart": true, "fill": true, "stroke": true, "text": true}, map[string]bool{"fill": true, "stroke": true, "text": true} // the library adds three
	for _, c := range samples() {
		svg, err := c.SVG("a")
		if err != nil {
			t.Fatal(err)
		}
		_, list := elements(t, svg)
		for _, e := range list {
			for _, a := range e.Attr {
				for _, class := range strings.Fields(a.Value) {
					used[class] = used[class] || a.Name.Local == "class"
				}
			}
		}
	}
	for _, m := range regexp.MustCompile(`\.(chart[a-z-]*)`).FindAllStringSubmatch(chart.Style(), -1) {
		styled[m[1]] = true
	}
	for class, is := range used {
		if is && !styled[class] {
			t.Errorf("Style does not have .%s", class)
		}
	}
	for class := range styled {
		if !used[class] {
			t.Errorf("nothing has the class %s", class)
		}
	}
}

// luminance is that of a colour as #rrggbb (WCAG 2.2, relative luminance).
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	var l float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		l += weight * v
	}
	return l
}

// Texts have a contrast of 4.5:1 and shapes one of 3:1 to the paper, in light and in dark. The light colours are
// those of a PNG.
func TestStyle_Contrast(t *testing.T) {
	themes := regexp.MustCompile(`--chart-paper:[^}]*`).FindAllString(chart.Style(), -1)
	if len(themes) != 2 {
		t.Fatalf("%d themes", len(themes))
	}
	for _, theme := range themes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--chart-([a-z-]+):(#[0-9a-f]{6})`).FindAllStringSubmatch(theme, -1) {
			colours[m[1]] = m[2]
		}
		for name, least := range map[string]float64{"ink": 4.5, "soft": 4.5, "bar-text": 4.5, "line-text": 4.5, "bar": 3, "line": 3, "border": 3} {
			a, b := luminance(t, colours[name]), luminance(t, colours["paper"])
			if ratio := (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05); ratio < least {
				t.Errorf("%s %s on %s: %.2f:1", name, colours[name], colours["paper"], ratio)
			}
		}
	}
	m := decoded(t, week())
	for at, name := range map[image.Point]string{{36, 94}: "bar", {20, 20}: "paper"} {
		r, g, b, _ := m.At(at.X, at.Y).RGBA()
		if hex := fmt.Sprintf("--chart-%s:#%02x%02x%02x", name, r>>8, g>>8, b>>8); !strings.Contains(themes[0], hex) {
			t.Errorf("a PNG has %s", hex)
		}
	}
}

// The table beside a picture has the value of each series at each step, in the words of the axes.
func TestChart_Rows(t *testing.T) {
	c := week()
	rows := c.Rows()
	if len(rows) != 7 || rows[0].Label != "Sun 22" || !slices.Equal(rows[0].Values, []string{"2", "38 s"}) || !slices.Equal(rows[4].Values, []string{"0", "–"}) || !slices.Equal(c.Names(), []string{"Conversations", "First answer"}) {
		t.Errorf("%q under %q", rows, c.Names())
	}
	c.Line = nil
	if len(c.Rows()[0].Values) != 1 || len(c.Names()) != 1 {
		t.Error("a line that is not there has values")
	}
}

// What can't be drawn is refused.
func TestChart_Refuses(t *testing.T) {
	for name, change := range map[string]func(*chart.Chart){
		"no steps":         func(c *chart.Chart) { *c = chart.Chart{} },
		"too many steps":   func(c *chart.Chart) { *c = long(chart.MaxSteps+1, strconv.Itoa) },
		"a missing value":  func(c *chart.Chart) { c.Bars.Values = c.Bars.Values[1:] },
		"a surplus value":  func(c *chart.Chart) { c.Line.Values = append(c.Line.Values, 1) },
		"a negative value": func(c *chart.Chart) { c.Bars.Values[0] = -1 },
		"an endless value": func(c *chart.Chart) { c.Line.Values[0] = math.Inf(1) },
	} {
		c := week()
		change(&c)
		if _, err := c.PNG(); err == nil {
			t.Errorf("%s: a picture", name)
		}
		if _, err := c.SVG("a"); err == nil {
			t.Errorf("%s: an element", name)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	c := long(31, strconv.Itoa)
	for b.Loop() {
		if _, err := c.PNG(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSVG(b *testing.B) {
	c := long(31, strconv.Itoa)
	for b.Loop() {
		if _, err := c.SVG("a"); err != nil {
			b.Fatal(err)
		}
	}
}
