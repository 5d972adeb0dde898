package mailbox

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"

	"github.com/emersion/go-message"
)

const maxParts = 50 // of a mail are looked at

// errEnough ends a walk.
var errEnough = errors.New("enough was seen")

// htmlOf is the first HTML part of a mail, with the pictures that came along as data: URLs. It is "" if the mail has
// none.
func htmlOf(raw []byte) string {
	e, err := message.Read(bytes.NewReader(raw))
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return ""
	}
	page, parts := "", 0
	var pictures []string
	// What can't be read is not shown; the text is shown beside it.
	_ = e.Walk(func(_ []int, part *message.Entity, err error) error {
		if parts++; parts > maxParts || part == nil {
			return errEnough
		}
		kind, _, _ := part.Header.ContentType()
		id := strings.Trim(part.Header.Get("Content-Id"), "<> ")
		switch {
		case kind == "text/html" && page == "":
			b, _ := io.ReadAll(part.Body)
			page = string(b)
		case (kind == "image/png" || kind == "image/jpeg" || kind == "image/gif") && id != "":
			b, _ := io.ReadAll(part.Body)
			pictures = append(pictures, "cid:"+id, "data:"+kind+";base64,"+base64.StdEncoding.EncodeToString(b))
		}
		return nil
	})
	return strings.NewReplacer(pictures...).Replace(page)
}
