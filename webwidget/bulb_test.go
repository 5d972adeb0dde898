package webwidget_test

import (
	"flag"
	"image"
	"image/png"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "render docs/http.md, or draw the bulb's PNGs, anew; the next build has these")

// The PNGs show the SVGs: a yellow bulb, or a grey one.
func TestBulb_PNG(t *testing.T) {
	s := start(t)
	for _, name := range []string{"offline", "online"} {
		if name == "online" {
			s.online()
		}
		if *update {
			draw(t, name)
		}
		img, err := png.Decode(strings.NewReader(s.do("GET", "/status.png", "").body))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds() != image.Rect(0, 0, 120, 40) {
			t.Errorf("%s: size %v, want 120x40", name, img.Bounds())
		}
		red, green, blue, _ := img.At(22, 18).RGBA() // a point within the glass
		if yellow := red > 0xe000 && green > 0xb000 && blue < 0x6000; yellow != (name == "online") {
			t.Errorf("%s: the bulb is %04x %04x %04x", name, red, green, blue)
		}
		if _, _, _, alpha := img.At(0, 0).RGBA(); alpha != 0 {
			t.Errorf("%s: the corner is not transparent", name)
		}
		svg := s.do("GET", "/status.svg", "").body
		if !strings.Contains(svg, ">"+strings.ToUpper(name)+"<") || strings.Contains(svg, "style=") || strings.Contains(svg, "<script") {
			t.Errorf("%s: %s", name, svg)
		}
	}
}

// draw makes the PNG that shows an SVG.
func draw(t *testing.T, name string) {
	t.Helper()
	folder, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	picture := filepath.Join(folder, "bulb-"+name)
	out, err := exec.CommandContext(t.Context(), "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(),
		"--hide-scrollbars", "--default-background-color=00000000", "--window-size=120,40", "--screenshot="+picture+".png", "file://"+picture+".svg").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}
