package e2e_test

import (
	"testing"

	"porchlight/demo"
)

// TestWhatsApp: the visitor finds the number of the operator who answers in the widget's header.
func TestWhatsApp(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	x.says(demo.Desk, "status whatsapp=+34 600 000 000")
	x.hears(demo.Desk, "+34600000000")
	p := newVisitor(t)
	p.open(s.shop)
	p.ring("Anna", "", "Is there another way?")
	x.hears(demo.Desk, "#1 Anna, Support: Is there another way?")
	jid := s.visitorOf(x, 1)
	x.says(jid, "By WhatsApp")
	p.shows("By WhatsApp")
	link := inPanel(`header a[href="https://wa.me/34600000000"][target=_blank]`)
	p.wait("the link to WhatsApp", shown(link)+` && `+link+`.rel.includes("noopener")`)
	p.picture("whatsapp")
}
