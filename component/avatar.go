package component

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/png"
	"sync"
)

// avatarSide is an avatar's width and height in pixels.
const avatarSide = 96

// avatar is a picture drawn from an address. An address always has the same picture.
type avatar struct {
	id  string // SHA-1 of the data (XEP-0084 §4.1)
	png []byte
}

// gallery remembers avatars, since drawing one takes as long as handling many messages.
// Any goroutine may use it.
type gallery struct {
	mu    sync.Mutex
	known map[string]avatar
}

// galleryRoom is how many avatars are remembered, of some 300 bytes each. A full gallery
// begins anew.
const galleryRoom = 2000

// of returns the avatar of an address.
func (g *gallery) of(address string) avatar {
	g.mu.Lock()
	a, ok := g.known[address]
	g.mu.Unlock()
	if ok {
		return a
	}
	a = avatarOf(address)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.known == nil || len(g.known) >= galleryRoom {
		g.known = make(map[string]avatar)
	}
	g.known[address] = a
	return a
}

// avatarOf draws the avatar of an address: a pattern of 5 by 5 fields, mirrored
// like a face, in a colour of its own.
func avatarOf(address string) avatar {
	h := sha256.Sum256([]byte(address))
	img := image.NewPaletted(image.Rect(0, 0, avatarSide, avatarSide), color.Palette{
		color.RGBA{0xf4, 0xf1, 0xea, 0xff}, hue(h[0], h[1]),
	})
	const field, margin = 16, 8
	for y := range 5 {
		for x := range 5 {
			if h[2+y*3+min(x, 4-x)]&1 == 0 {
				continue
			}
			for dy := range field {
				for dx := range field {
					img.SetColorIndex(margin+x*field+dx, margin+y*field+dy, 1)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // a paletted image in memory always encodes
	}
	sum := sha1.Sum(b.Bytes())
	return avatar{id: hex.EncodeToString(sum[:]), png: b.Bytes()}
}

// hue makes a colour that is readable on the light ground.
func hue(a, b byte) color.RGBA {
	sector, x := int(a)%6, 0x30+b/3
	const hi, lo = 0xa8, 0x30
	rgb := [6][3]byte{{hi, x, lo}, {x, hi, lo}, {lo, hi, x}, {lo, x, hi}, {x, lo, hi}, {hi, lo, x}}[sector]
	return color.RGBA{rgb[0], rgb[1], rgb[2], 0xff}
}
