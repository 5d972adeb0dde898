package bridge

import (
	"context"
	"crypto/hmac"
	"net/url"
	"strconv"
	"time"
)

// operatorsLink is how long operators can open a file from their chat's history.
const operatorsLink = 30 * 24 * time.Hour

// URL is the URL by which operators open the file of an event.
func (fs *Files) URL(id ConversationID, e Event) string {
	f, _ := e.Data.(SentFile)
	if e.From == FromOperator {
		return f.URL
	}
	return fs.url + fs.Link(id, f.ID, fs.clock.Now().Add(operatorsLink))
}

// Link is the path below Options.PublicURL, with a query, by which anybody can read a file until
// a time: for clients that can't send a token in a header.
func (fs *Files) Link(id ConversationID, file string, until time.Time) string {
	ends := strconv.FormatInt(until.Unix(), 10)
	q := url.Values{"expires": {ends}, "signature": {fs.tokens.pepper.fileSignature(id, file, ends)}}
	return "/v1/conversations/" + url.PathEscape(string(id)) + "/files/" + url.PathEscape(file) + "?" + q.Encode()
}

// AdmitLink returns the conversation's number if the particulars are those of a Link that has
// not expired.
func (fs *Files) AdmitLink(ctx context.Context, id ConversationID, file, expires, signature string) (int64, error) {
	ends, err := strconv.ParseInt(expires, 10, 64)
	if err != nil || fs.clock.Now().Unix() >= ends || !fs.tokens.pepper.signedFile(signature, id, file, expires) {
		return 0, notFound()
	}
	key, err := fs.tokens.key(ctx, id)
	return key.number, err
}

func (p pepper) fileSignature(id ConversationID, file, expires string) string {
	return mac(p.key("file link"), string(id)+"\x00"+file+"\x00"+expires)
}

// signedFile reports whether a signature is good. Signatures by the one key of an earlier
// porchlight are good until they expire, since nobody can have new ones made.
func (p pepper) signedFile(signature string, id ConversationID, file, expires string) bool {
	earlier := mac(p, "file\x00"+string(id)+"\x00"+file+"\x00"+expires)
	return hmac.Equal([]byte(signature), []byte(p.fileSignature(id, file, expires))) || hmac.Equal([]byte(signature), []byte(earlier))
}
