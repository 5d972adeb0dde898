package e2e_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
)

// portrait is a picture of one colour as a client publishes it, in Base64, and what XMPP calls it.
func portrait(c color.Color) (data, id string) {
	m := image.NewRGBA(image.Rect(0, 0, 192, 192))
	for i := range 192 * 192 {
		m.Set(i%192, i/192, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	sum := sha1.Sum(b.Bytes())
	return base64.StdEncoding.EncodeToString(b.Bytes()), hex.EncodeToString(sum[:])
}

// TestFaces: what operators publish as their picture, as the account's avatar or in the vCard, visitors are shown: the one that there is now, and none when it was
// taken away or switched off.
func TestFaces(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	people := s.operators("xavi", "olga")
	x, o := people[0], people[1]
	shows := func(what string, right func(xavi, olga string) bool) (xavi, olga string) {
		t.Helper()
		eventually(t, what, func() bool {
			team := s.team()
			xavi, olga = team["Xavi"], team["Olga"]
			return len(team) == 2 && right(xavi, olga)
		})
		return xavi, olga
	}
	shows("nobody has a picture", func(xavi, olga string) bool { return xavi+olga == "" })
	o.avatar(color.RGBA{200, 0, 0, 255})
	_, red := shows("Olga's avatar", func(xavi, olga string) bool { return xavi == "" && olga != "" })
	s.isPicture(red, color.RGBA{200, 0, 0, 255})
	x.vCard(color.RGBA{0, 0, 200, 255})
	blue, _ := shows("Xavi's photo", func(xavi, olga string) bool { return xavi != "" && olga == red })
	s.isPicture(blue, color.RGBA{0, 0, 200, 255})
	o.avatar(color.RGBA{0, 150, 0, 255})
	_, green := shows("Olga's other avatar", func(xavi, olga string) bool { return olga != "" && olga != red })
	s.isPicture(green, color.RGBA{0, 150, 0, 255})
	x.avatar(nil) // one of the two is enough where the server keeps both alike (XEP-0398), as Prosody does
	x.vCard(nil)
	shows("Xavi has taken his away", func(xavi, olga string) bool { return xavi == "" && olga == green })

	p := newVisitor(t)
	p.open(s.shop)
	p.openPanel()
	p.wait("who is there", inPanel(".ask b")+`?.textContent === "Olga and Xavi are here"`)
	p.wait("Olga's picture, and Xavi's initial", `((list) => list[0].querySelector("img")?.naturalWidth === 96 && list[1].textContent === "X" && !list[2])([...`+thePanel+`.shadowRoot.querySelectorAll(".ask .one")])`)
	p.picture("greeting")
	p.shutPanel()
	p.ring("Anna", "", "Who are you?")
	o.hears(demo.Desk, "#1 Anna")
	o.desk("1", "#1 is yours")
	o.says(s.visitorOf(o, 1), "It is me")
	p.shows("It is me")
	beside := func(what, picture string) {
		t.Helper()
		p.wait(what, `((list) => list[1] && list.every((e) => (e.querySelector("img")?.src ?? e.textContent).endsWith(`+js(picture)+`) && (e.querySelector("img")?.naturalWidth ?? 96) === 96))([...`+thePanel+`.shadowRoot.querySelectorAll("header .one, .them .one")])`)
	}
	beside("her picture in the header and beside her words", green)
	p.picture("answered")
	o.avatar(color.RGBA{200, 150, 0, 255})
	_, yellow := shows("Olga's third avatar", func(xavi, olga string) bool { return olga != "" && olga != green })
	p.reload()
	beside("the picture that there is now, on the next page", yellow)
	o.desk("status face off", "Visitors don't see your picture, nor that you are here.")
	eventually(t, "Olga is not shown", func() bool { return len(s.team()) == 1 })
	p.reload()
	beside("only her initial", "O")
	o.says(demo.Desk, "status face on")
	shows("Olga is shown again", func(xavi, olga string) bool { return olga == yellow })
	x.says(demo.Desk, "settings faces off")
	eventually(t, "the site shows nobody", func() bool { return len(s.team()) == 0 })
}

// team is who is there for visitors: the addresses of their pictures, by name.
func (s *site) team() map[string]string {
	s.t.Helper()
	r, err := http.Get(s.url + "/v1/team")
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	var team struct {
		Operators []struct{ Name, Avatar string }
	}
	if err := json.NewDecoder(r.Body).Decode(&team); err != nil {
		s.t.Fatal(err)
	}
	list := make(map[string]string)
	for _, o := range team.Operators {
		list[o.Name] = o.Avatar
	}
	return list
}

// isPicture sees that a small picture of about one colour lies at a path.
func (s *site) isPicture(path string, want color.RGBA) {
	s.t.Helper()
	r, err := http.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	m, err := jpeg.Decode(r.Body)
	if err != nil {
		s.t.Fatalf("%s: %d, %v", path, r.StatusCode, err)
	}
	red, green, blue, _ := m.At(48, 48).RGBA()
	near := func(a uint32, b uint8) bool { return max(a>>8, uint32(b))-min(a>>8, uint32(b)) < 12 }
	if m.Bounds() != image.Rect(0, 0, 96, 96) || !near(red, want.R) || !near(green, want.G) || !near(blue, want.B) {
		s.t.Errorf("%s is %v of %d %d %d, want %v", path, m.Bounds(), red>>8, green>>8, blue>>8, want)
	}
}

// avatar publishes a picture of one colour as the account's avatar (XEP-0084 §3), or takes it away.
func (p *person) avatar(c color.Color) {
	p.t.Helper()
	const item = "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:avatar:%s'><item id='%s'>%s</item></publish></pubsub>"
	if c == nil {
		p.sets(fmt.Sprintf(item, "metadata", "current", "<metadata xmlns='urn:xmpp:avatar:metadata'/>"))
		return
	}
	data, id := portrait(c)
	p.sets(fmt.Sprintf(item, "data", id, "<data xmlns='urn:xmpp:avatar:data'>"+data+"</data>"))
	p.sets(fmt.Sprintf(item, "metadata", id, fmt.Sprintf("<metadata xmlns='urn:xmpp:avatar:metadata'><info id='%s' type='image/png' bytes='%d' width='192' height='192'/></metadata>", id, len(data)*3/4)))
}

// vCard publishes a picture of one colour in the vCard (XEP-0054), or takes it away, and says so in presence (XEP-0153 §3.1).
func (p *person) vCard(c color.Color) {
	p.t.Helper()
	photo, id := "", ""
	if c != nil {
		photo, id = portrait(c)
		photo = "<PHOTO><TYPE>image/png</TYPE><BINVAL>" + photo + "</BINVAL></PHOTO>"
	}
	p.sets("<vCard xmlns='vcard-temp'><FN>Xavi</FN>" + photo + "</vCard>")
	if err := p.SendXML("<presence><x xmlns='vcard-temp:x:update'><photo>" + id + "</photo></x></presence>"); err != nil {
		p.t.Fatal(err)
	}
}

// sets has the own server carry out a request.
func (p *person) sets(payload string) {
	p.t.Helper()
	id := rand.Text()
	if err := p.SendXML("<iq type='set' id='" + id + "'>" + payload + "</iq>"); err != nil {
		p.t.Fatal(err)
	}
	p.expect("the answer to "+id, func(e *stream.Element) bool { return e.Local == "iq" && e.Get("id") == id && e.Get("type") == "result" })
}
