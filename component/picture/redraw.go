package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

const (
	side       = 96 // width and height of what visitors get, in pixels: twice as many as the widget shows
	mostBytes  = 512 << 10
	mostPixels = 2 << 20 // decoding takes up to 20 bytes for each
	quality    = 85      // of a JPEG
)

// format is a kind of picture that is read.
type format struct {
	begins string // its first bytes; ? stands for any
	config func([]byte) (image.Config, error)
	decode func([]byte) (image.Image, error)
}

// read lets a decoder read from bytes.
func read[T any](f func(io.Reader) (T, error)) func([]byte) (T, error) {
	return func(raw []byte) (T, error) { return f(bytes.NewReader(raw)) }
}

// formats are the kinds of picture that are read. What else clients publish, SVG above all, is no picture here.
func formats() []format {
	return []format{
		{"\x89PNG\r\n\x1a\n", read(png.DecodeConfig), read(png.Decode)},
		{"\xff\xd8\xff", read(jpeg.DecodeConfig), read(jpeg.Decode)},
		{"GIF8", read(gif.DecodeConfig), read(gif.Decode)}, // the first picture of several
		{"RIFF????WEBPVP8", read(webp.DecodeConfig), read(webp.Decode)},
	}
}

// Redraw makes of a picture what visitors get: its middle, as a square of 96 pixels, as a JPEG, or as a PNG if one can see
// through it. What else was in the file (where a photo was taken, another frame, anything behind the picture) is gone.
func Redraw(raw []byte) (media string, drawn []byte, err error) {
	if len(raw) > mostBytes {
		return "", nil, fmt.Errorf("%d bytes are too many", len(raw))
	}
	for _, f := range formats() {
		if begins(raw, f.begins) {
			return f.redraw(raw)
		}
	}
	return "", nil, errors.New("it is neither PNG, JPEG, GIF nor WebP")
}

func (f format) redraw(raw []byte) (media string, drawn []byte, err error) {
	size, err := f.config(raw)
	if err != nil {
		return "", nil, fmt.Errorf("read size: %w", err)
	}
	if size.Width < 1 || size.Height < 1 || size.Width > mostPixels/size.Height {
		return "", nil, fmt.Errorf("%d × %d pixels are none or too many", size.Width, size.Height)
	}
	from, err := f.decode(raw)
	if err != nil {
		return "", nil, fmt.Errorf("read picture: %w", err)
	}
	if from.Bounds().Empty() {
		return "", nil, errors.New("there is nothing in it")
	}
	to := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.CatmullRom.Scale(to, to.Bounds(), from, middle(from.Bounds()), draw.Src, nil)
	var b bytes.Buffer
	if o, ok := from.(interface{ Opaque() bool }); ok && o.Opaque() {
		err = jpeg.Encode(&b, to, &jpeg.Options{Quality: quality})
		return "image/jpeg", b.Bytes(), err
	}
	err = png.Encode(&b, to)
	return "image/png", b.Bytes(), err
}

// middle is the largest square in the middle of a picture.
func middle(r image.Rectangle) image.Rectangle {
	a := min(r.Dx(), r.Dy())
	corner := r.Min.Add(image.Pt((r.Dx()-a)/2, (r.Dy()-a)/2))
	return image.Rectangle{corner, corner.Add(image.Pt(a, a))}
}

// begins reports whether raw begins as a kind of picture does.
func begins(raw []byte, with string) bool {
	if len(raw) < len(with) {
		return false
	}
	for i := range len(with) {
		if with[i] != '?' && raw[i] != with[i] {
			return false
		}
	}
	return true
}
