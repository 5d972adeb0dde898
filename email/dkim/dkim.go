// Package dkim signs mails (DKIM, RFC 6376), for relays that do not do it themselves, and says which DNS records a
// domain needs so that its mails are believed: SPF (RFC 7208), DKIM and DMARC (RFC 7489). It asks no name server.
package dkim

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
	"golang.org/x/net/idna"
)

// Key signs for a domain. It may be used by any goroutine.
type Key struct {
	domain, selector string
	signer           crypto.Signer
}

// label is what a selector consists of (RFC 6376 §3.1): labels of a domain.
var label = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)

// fewestBits is the smallest RSA key that is believed (RFC 8301 §3.2).
const fewestBits = 1024

// NewKey makes a Key for the domain of an address from a private key in PEM: RSA (PKCS #1 or #8) or Ed25519 (PKCS #8,
// RFC 8463). An error never shows any of the key.
func NewKey(from, selector string, text []byte) (*Key, error) {
	domain, err := domainOf(from)
	if err != nil {
		return nil, err
	}
	if !label.MatchString(selector) {
		return nil, fmt.Errorf("read DKIM key: %.100q is no selector; it has letters, digits, - and dots", selector)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("read DKIM key: the file has no PEM block (-----BEGIN PRIVATE KEY-----)")
	}
	var parsed any
	if block.Type == "RSA PRIVATE KEY" {
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	} else {
		parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, fmt.Errorf("read DKIM key: the block %.40q can't be read as a private key", block.Type)
	}
	switch k := parsed.(type) {
	case *rsa.PrivateKey:
		if k.N.BitLen() < fewestBits {
			return nil, fmt.Errorf("read DKIM key: it has %d bits; fewer than %d are not believed, and 2048 are usual", k.N.BitLen(), fewestBits)
		}
		return &Key{domain, selector, k}, nil
	case ed25519.PrivateKey:
		return &Key{domain, selector, k}, nil
	}
	return nil, errors.New("read DKIM key: it is neither RSA nor Ed25519")
}

// signed are the fields that a signature covers (RFC 6376 §5.4.1). Those that must not be added later are named
// although a mail may lack them, and From once more than there is.
var signed = []string{
	"From", "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type",
	"Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post",
}

// Sign returns a mail with its signature as the first field. What comes after the signature is as it was.
func (k *Key) Sign(raw []byte) ([]byte, error) {
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(raw), &dkim.SignOptions{
		Domain: k.domain, Selector: k.selector, Signer: k.signer, HeaderKeys: signed,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		return nil, fmt.Errorf("sign mail: %w", err)
	}
	return out.Bytes(), nil
}

// record is the public half of the key as DNS has it (RFC 6376 §3.6.1, RFC 8463 §4.2).
func (k *Key) record() (string, error) {
	switch public := k.signer.Public().(type) {
	case ed25519.PublicKey:
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), nil
	default:
		der, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			return "", fmt.Errorf("write DKIM record: %w", err)
		}
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), nil
	}
}

// domainOf is the domain of an address, in ASCII.
func domainOf(address string) (string, error) {
	at := strings.LastIndexByte(address, '@')
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	if at < 1 || err != nil || domain == "" {
		return "", fmt.Errorf("%.300q is no address", address)
	}
	return domain, nil
}
