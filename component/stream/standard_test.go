package stream

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
)

// sameAsStandard reads raw, which Parse has accepted as e, with encoding/xml, and
// says where the two differ.
func sameAsStandard(raw []byte, e *Element) error {
	in := io.MultiReader(
		bytes.NewReader([]byte(`<stream:stream xmlns='`+NSAccept+`' xmlns:stream='`+NSStreams+`'>`)),
		bytes.NewReader(raw),
		bytes.NewReader([]byte(`</stream:stream>`)))
	d := xml.NewDecoder(in)
	if _, err := d.Token(); err != nil {
		return err
	}
	tok, err := d.Token()
	if err != nil {
		return fmt.Errorf("encoding/xml refuses: %w", err)
	}
	start, ok := tok.(xml.StartElement)
	if !ok {
		return fmt.Errorf("encoding/xml begins with %T", tok)
	}
	other, err := standard(d, start, "")
	if err != nil {
		return fmt.Errorf("encoding/xml refuses: %w", err)
	}
	if !equal(e, other) {
		return fmt.Errorf("encoding/xml reads %s, Parse %s", other.Append(nil), e.Append(nil))
	}
	if tok, err = d.Token(); err != nil {
		return err
	} else if _, ok := tok.(xml.EndElement); !ok {
		return fmt.Errorf("encoding/xml sees %T behind", tok)
	}
	return nil
}

func standard(d *xml.Decoder, start xml.StartElement, parent string) (*Element, error) {
	e := New(start.Name.Space, start.Name.Local)
	switch {
	case e.Space == "":
		e.Space = NoNamespace
	case parent == "" && isStanzaSpace(e.Space):
		e.Space = ""
	}
	for _, a := range start.Attr {
		if a.Name.Space != "xmlns" && (a.Name.Space != "" || a.Name.Local != "xmlns") {
			e.Attr = append(e.Attr, Attr{a.Name.Space, a.Name.Local, a.Value})
		}
	}
	for {
		tok, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			c, err := standard(d, tok, e.Space)
			if err != nil {
				return nil, err
			}
			e.Children = append(e.Children, c)
		case xml.EndElement:
			return e, nil
		case xml.CharData:
			e.Text += string(tok)
		default:
			return nil, fmt.Errorf("%T inside", tok)
		}
	}
}
