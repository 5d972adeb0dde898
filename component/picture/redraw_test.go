package picture_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"porchlight/component/picture"
)

// painted is a picture of a size: red at the left, blue at the right.
func painted(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, 0, 0, 255}
			if x >= w/2 {
				c = color.RGBA{0, 0, 200, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func asPNG(m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// asJPEG is a JPEG with a comment in it, as cameras leave some.
func asJPEG(m image.Image, comment string) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	said := append([]byte{0xff, 0xfe}, binary.BigEndian.AppendUint16(nil, uint16(len(comment)+2))...)
	return append(append(b.Bytes()[:2:2], append(said, comment...)...), b.Bytes()[2:]...)
}

func asGIF(frames int, m image.Image) []byte {
	var b bytes.Buffer
	var all gif.GIF
	for range frames {
		p := image.NewPaletted(m.Bounds(), palette.Plan9)
		for y := range m.Bounds().Dy() {
			for x := range m.Bounds().Dx() {
				p.Set(x, y, m.At(x, y))
			}
		}
		all.Image, all.Delay = append(all.Image, p), append(all.Delay, 10)
	}
	if err := gif.EncodeAll(&b, &all); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// bomb is a PNG of a few bytes that says it is of a size.
func bomb(w, h uint32) []byte {
	raw := asPNG(painted(2, 2))
	binary.BigEndian.PutUint32(raw[16:], w)
	binary.BigEndian.PutUint32(raw[20:], h)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	return raw
}

// webp is a WebP of one pixel without loss.
const webp = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

func fromBase64(text string) []byte {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return raw
}

// Whatever is a picture becomes a square of 96 pixels without anything else in it.
func TestRedraw(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(0, 0, 200, 200))
	clear.Set(3, 3, color.NRGBA{1, 2, 3, 255})
	for name, c := range map[string]struct {
		raw   []byte
		media string
	}{
		"a PNG": {asPNG(painted(300, 200)), "image/jpeg"}, "a small one": {asPNG(painted(3, 5)), "image/jpeg"}, "one of one pixel": {asPNG(painted(1, 1)), "image/jpeg"},
		"one to see through": {asPNG(clear), "image/png"}, "a strip": {asPNG(painted(2000, 1)), "image/jpeg"},
		"a JPEG": {asJPEG(painted(640, 480), "taken at home"), "image/jpeg"}, "a GIF": {asGIF(1, painted(40, 40)), "image/jpeg"}, "one that moves": {asGIF(5, painted(40, 40)), "image/jpeg"},
		"a WebP": {fromBase64(webp), "image/png"}, "bytes behind it": {append(asPNG(painted(9, 9)), "<script>alert(1)</script>"...), "image/jpeg"},
	} {
		media, drawn, err := picture.Redraw(c.raw)
		if err != nil || media != c.media {
			t.Errorf("%s: %q, %v", name, media, err)
			continue
		}
		m, format, err := image.Decode(bytes.NewReader(drawn))
		if err != nil || "image/"+format != media || m.Bounds() != image.Rect(0, 0, 96, 96) {
			t.Errorf("%s became %s %v, %v", name, format, m.Bounds(), err)
		}
		if bytes.Contains(drawn, []byte("home")) || bytes.Contains(drawn, []byte("script")) {
			t.Errorf("%s: what else was in the file is there still", name)
		}
	}
}

// The middle is what is kept, in its colours.
func TestRedraw_Middle(t *testing.T) {
	wide := image.NewRGBA(image.Rect(0, 0, 300, 100))
	for y := range 100 {
		for x := range 300 {
			c := color.RGBA{0, 0, 0, 255}
			if x >= 100 && x < 200 {
				c = color.RGBA{0, 200, 0, 255}
			}
			wide.SetRGBA(x, y, c)
		}
	}
	_, drawn, err := picture.Redraw(asPNG(wide))
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(drawn))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []image.Point{{4, 4}, {48, 48}, {91, 91}} {
		if r, g, b, _ := m.At(at.X, at.Y).RGBA(); r>>8 > 30 || g>>8 < 170 || b>>8 > 30 {
			t.Errorf("%v is %d %d %d", at, r>>8, g>>8, b>>8)
		}
	}
}

// What is no picture, or a trap, is refused before it costs anything.
func TestRedraw_Refuses(t *testing.T) {
	whole := asPNG(painted(50, 50))
	for name, raw := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "SVG": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "HTML": []byte("<html>"),
		"half a PNG": whole[:len(whole)/2], "only its beginning": whole[:8], "half a JPEG": []byte("\xff\xd8\xff\xe0\x00\x10JFIF"), "half a GIF": []byte("GIF89a\x10\x00\x10\x00"),
		"half a WebP": fromBase64(webp)[:20], "a moving WebP": []byte("RIFF\x20\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
		"a bomb": bomb(60000, 60000), "a strip that is a bomb": bomb(1, 3<<20), "no pixels": bomb(0, 10), "too many bytes": []byte("\x89PNG\r\n\x1a\n" + strings.Repeat("x", 600<<10)),
	} {
		media, drawn, err := picture.Redraw(raw)
		if err == nil || media != "" || drawn != nil {
			t.Errorf("%s: %q, %d bytes, %v", name, media, len(drawn), err)
		}
		if large := strings.Contains(name, "bomb") || strings.Contains(name, "many"); err != nil && large != strings.Contains(err.Error(), "too many") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzRedraw: no bytes do harm, and what comes out is a small picture.
func FuzzRedraw(f *testing.F) {
	for _, raw := range [][]byte{asPNG(painted(9, 7)), asJPEG(painted(9, 7), "x"), asGIF(2, painted(9, 7)), fromBase64(webp), bomb(9, 9)} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		media, drawn, err := picture.Redraw(raw)
		if err != nil {
			return
		}
		m, format, err := image.DecodeConfig(bytes.NewReader(drawn))
		if err != nil || "image/"+format != media || m.Width != 96 || m.Height != 96 || len(drawn) > 64<<10 {
			t.Errorf("%q: %s, %v, %d bytes", media, format, err, len(drawn))
		}
	})
}
