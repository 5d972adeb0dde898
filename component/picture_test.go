package component_test

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/setting"
	"porchlight/component/stream"
)

// sitter is the operator whose picture it is.
const sitter = "olga@example.org"

// published is a picture as an operator has published it.
type published []byte

// publish paints a picture of one colour.
func publish(c color.Color) published {
	m := image.NewRGBA(image.Rect(0, 0, 20, 20))
	for i := range 400 {
		m.Set(i%20, i/20, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func (p published) hash() string {
	sum := sha1.Sum(p)
	return hex.EncodeToString(sum[:])
}

func (p published) base64() string { return base64.StdEncoding.EncodeToString(p) }

// shown is what a client's presence says of the picture.
func (s *script) shown(resource, photo string) {
	s.conn.Send(fmt.Sprintf("<presence from='%s/%s' to='desk@%s'><x xmlns='vcard-temp:x:update'>%s</x></presence>", sitter, resource, s.domain, photo))
}

// askedFor waits for the next question to Olga's server about a picture, which must be about want, and answers it.
func (s *script) askedFor(want, answer string) {
	s.t.Helper()
	e := s.conn.Expect(func(e *stream.Element) bool {
		return e.Local == "iq" && (e.Child("vcard-temp", "vCard") != nil || e.Child("http://jabber.org/protocol/pubsub", "pubsub") != nil)
	})
	got := "vCard"
	if items := e.Child("http://jabber.org/protocol/pubsub", "pubsub").Child("", "items"); items != nil {
		got = items.Get("node")
	}
	if got != want || e.Get("to") != sitter || e.Get("from") != "desk@"+s.domain || e.Get("type") != "get" {
		s.t.Fatalf("asked is %s, want one for %s", e.Append(nil), want)
	}
	s.conn.Send(fmt.Sprintf("<iq id='%s' from='%s' to='desk@%s' %s</iq>", e.Get("id"), sitter, s.domain, answer))
}

func vCard(photo string) string {
	return "type='result'><vCard xmlns='vcard-temp'>" + photo + "</vCard>"
}

func photo(p published) string {
	return vCard("<FN>Olga</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>\n" + p.base64() + "\n</BINVAL></PHOTO>")
}

func nodeOf(item string) string {
	return "type='result'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='x'>" + item + "</items></pubsub>"
}

const nothingThere = "type='error'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"

// keeps waits until a picture of that source is kept of Olga.
func (s *script) keeps(source string, shown bool) {
	s.t.Helper()
	for end := time.Now().Add(5 * time.Second); s.portraits.Source(sitter) != source || (s.portraits.Address(sitter) != "") != shown; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("kept is %q at %q, want %q", s.portraits.Source(sitter), s.portraits.Address(sitter), source)
		}
	}
}

// quiet sees that Olga's server is asked no more about her picture. The question would be sent by another goroutine, so it is looked for more than once.
func (s *script) quiet() {
	s.t.Helper()
	for i := range 5 {
		id := fmt.Sprint("quiet-", i)
		s.conn.Send(fmt.Sprintf("<iq type='get' id='%s' from='%s/phone' to='desk@%s'><ping xmlns='urn:xmpp:ping'/></iq>", id, sitter, s.domain))
		s.conn.Expect(func(e *stream.Element) bool {
			if e.Local == "iq" && e.Child("vcard-temp", "vCard") != nil {
				s.t.Errorf("asked again: %s", e.Append(nil))
			}
			return e.Get("id") == id
		})
	}
}

// The picture of an operator is learned from the vCard when a client's presence tells of another one, and goes when it was taken away. A client
// that says again what it said, or says nothing, costs no question.
func TestPicture_FollowsPresence(t *testing.T) {
	s := newScript(t)
	red, blue := publish(color.RGBA{200, 0, 0, 255}), publish(color.RGBA{0, 0, 200, 255})
	s.shown("phone", "<photo>"+red.hash()+"</photo>")
	s.askedFor("vCard", photo(red))
	s.keeps(red.hash(), true)
	s.shown("phone", "<photo>"+red.hash()+"</photo>")
	s.shown("laptop", "<photo>"+red.hash()+"</photo>")
	s.shown("laptop", "")
	s.come(sitter)
	s.quiet()
	s.shown("laptop", "<photo>"+blue.hash()+"</photo>")
	s.askedFor("vCard", photo(blue))
	s.keeps(blue.hash(), true)
	s.shown("phone", "<photo>"+red.hash()+"x</photo>") // what is there counts, not what a client says
	s.askedFor("vCard", photo(blue))
	s.keeps(blue.hash(), true)
	s.shown("phone", "<photo>"+red.hash()+"x</photo>")
	s.quiet()
	s.shown("laptop", "<photo/>")
	s.askedFor("vCard", vCard("<FN>Olga</FN>"))
	s.askedFor("urn:xmpp:avatar:metadata", nothingThere)
	s.keeps("", false)
}

// What a link has learned, the next one need not ask for.
func TestPicture_IsKept(t *testing.T) {
	s := newScript(t)
	red := publish(color.RGBA{200, 0, 0, 255})
	s.shown("phone", "<photo>"+red.hash()+"</photo>")
	s.askedFor("vCard", photo(red))
	s.keeps(red.hash(), true)
	s.conn.Cut()
	s.conn = s.server.Accept()
	s.shown("phone", "<photo>"+red.hash()+"</photo>")
	s.come(sitter)
	s.quiet()
}

// Where the vCard has no picture, or there is none, the account's avatar counts; its server tells of it.
func TestPicture_OfTheAccount(t *testing.T) {
	for name, card := range map[string]string{"a vCard without": vCard(""), "no vCard": nothingThere,
		"no vCards": "type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"} {
		t.Run(name, func(t *testing.T) {
			s := newScript(t)
			red := publish(color.RGBA{200, 0, 0, 255})
			info := fmt.Sprintf("<item id='%[1]s'><metadata xmlns='urn:xmpp:avatar:metadata'><info id='x' url='https://elsewhere.example' bytes='1' type='image/png'/><info id='%[1]s' bytes='%[2]d' type='image/png'/></metadata></item>", red.hash(), len(red))
			s.conn.Send(fmt.Sprintf("<message type='headline' from='%s' to='desk@%s'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:metadata'>%s</items></event></message>", sitter, s.domain, info))
			s.askedFor("vCard", card)
			s.askedFor("urn:xmpp:avatar:metadata", nodeOf(info))
			s.askedFor("urn:xmpp:avatar:data", nodeOf("<item id='x'><data xmlns='urn:xmpp:avatar:data'>"+red.base64()+"</data></item>"))
			s.keeps(red.hash(), true)
		})
	}
}

// A server that refuses, or answers what can't be read, takes no picture away; a picture that can't be shown takes the place of the one before.
func TestPicture_OddAnswers(t *testing.T) {
	s := newScript(t)
	red, svg := publish(color.RGBA{200, 0, 0, 255}), published("<svg xmlns='http://www.w3.org/2000/svg'/>")
	s.shown("phone", "<photo>"+red.hash()+"</photo>")
	s.askedFor("vCard", photo(red))
	s.keeps(red.hash(), true)
	busy := "type='error'><error type='wait'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
	s.shown("phone", "<photo>aaaa</photo>")
	s.askedFor("vCard", busy)
	s.askedFor("urn:xmpp:avatar:metadata", busy)
	s.shown("phone", "<photo>bbbb</photo>")
	s.askedFor("vCard", vCard("<PHOTO><BINVAL>?</BINVAL></PHOTO>"))
	s.keeps(red.hash(), true) // the look before has ended, or there would be no other question
	s.askedFor("urn:xmpp:avatar:metadata", busy)
	s.shown("phone", "<photo>cccc</photo>")
	s.askedFor("vCard", photo(red))
	s.keeps(red.hash(), true)
	s.shown("phone", "<photo>"+svg.hash()+"</photo>")
	s.askedFor("vCard", photo(svg))
	s.keeps(svg.hash(), false)
	s.shown("laptop", "<photo>"+svg.hash()+"</photo>")
	s.come(sitter)
	s.quiet()
}

// A picture that the operator or the site does not want is not asked for, and not kept; when it is wanted again, it is asked for.
func TestPicture_SwitchedOff(t *testing.T) {
	s := newScript(t)
	red := publish(color.RGBA{200, 0, 0, 255})
	switched := func(off bool) {
		t.Helper()
		if _, err := s.bridge.Team.Change(t.Context(), sitter, func(o *bridge.Operator) { o.NoFace = off }); err != nil {
			t.Fatal(err)
		}
	}
	site := func(value string) {
		t.Helper()
		if err := s.bridge.Settings.Change(t.Context(), bridge.Operator{JID: sitter}, "settings", func(v setting.Values) ([]bridge.Changed, error) {
			v.Set(string(setting.Faces), value)
			return []bridge.Changed{{Key: string(setting.Faces), Is: value}}, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	switched(true)
	s.shown("phone", "<photo>"+red.hash()+"</photo>")
	s.come(sitter)
	s.quiet()
	switched(false)
	s.askedFor("vCard", photo(red))
	s.keeps(red.hash(), true)
	switched(true)
	s.keeps("", false)
	switched(false)
	s.askedFor("vCard", photo(red))
	s.keeps(red.hash(), true)
	site("off")
	s.keeps("", false)
	s.quiet()
	site("on")
	s.askedFor("vCard", photo(red))
	s.keeps(red.hash(), true)
}
