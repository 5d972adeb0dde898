package dkim_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	verifier "github.com/emersion/go-msgauth/dkim"

	"porchlight/email/dkim"
)

// pkcs8 writes a private key in PEM.
func pkcs8(t testing.TB, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// keys are private keys of each kind, in PEM.
func keys(t *testing.T) map[string][]byte {
	t.Helper()
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, e, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"PKCS #1": pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(r)}),
		"PKCS #8": pkcs8(t, r), "Ed25519": pkcs8(t, e),
	}
}

// mail is a mail.
const mail = "Date: Sun, 29 Nov 2026 14:02:00 +0000\r\nFrom: <support@b\u00fccher.example>\r\nTo: <ann@example.net>\r\nSubject: Re: x\r\n y\r\nContent-Type: text/plain\r\n\r\n.dot\r\nHello\r\n\r\n"

// A signature holds against the record that Records names, and no longer when something is added or changed.
func TestKey_SignsWhatTheRecordProves(t *testing.T) {
	for kind, text := range keys(t) {
		k, err := dkim.NewKey("support@bücher.example", "porch.1", text)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := k.Sign([]byte(mail))
		if err != nil || !bytes.HasSuffix(signed, []byte("\r\n"+mail)) || !bytes.HasPrefix(signed, []byte("DKIM-Signature: ")) {
			t.Fatalf("%s: %v: %s", kind, err, signed)
		}
		records, err := dkim.Records("support@bücher.example", "mail.example.org:587", k)
		if err != nil {
			t.Fatal(err)
		}
		verify := func(raw string) error {
			list, err := verifier.VerifyWithOptions(strings.NewReader(raw), &verifier.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
				if name != "porch.1._domainkey.xn--bcher-kva.example" || name != records[1].Name {
					t.Errorf("%s: asked for %s", kind, name)
				}
				return []string{records[1].Value}, nil
			}})
			if err != nil || len(list) != 1 {
				t.Fatalf("%s: %v, %v", kind, list, err)
			}
			return list[0].Err
		}
		if err := verify(string(signed)); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		for what, raw := range map[string]string{
			"another text":     strings.Replace(string(signed), "Hello", "Hallo", 1),
			"another subject":  strings.Replace(string(signed), "Re: x", "Re: z", 1),
			"a second sender":  "From: <x@evil.example>\r\n" + string(signed),
			"another reply-to": "Reply-To: <x@evil.example>\r\n" + string(signed),
		} {
			if verify(raw) == nil {
				t.Errorf("%s: %s holds", kind, what)
			}
		}
	}
}

// What is no key is refused, and the error shows nothing of it.
func TestNewKey_Refuses(t *testing.T) {
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := keys(t)["Ed25519"]
	for _, c := range []struct {
		from, selector string
		text           []byte
	}{
		{"support@example.org", "a", nil}, {"support@example.org", "a", []byte("hunter2")}, {"support@example.org", "a", pkcs8(t, curve)},
		{"support@example.org", "a", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: []byte("hunter2")})},
		{"support@example.org", "a b", good}, {"support@example.org", "", good}, {"support", "a", good}, {"@example.org", "a", good},
	} {
		if k, err := dkim.NewKey(c.from, c.selector, c.text); err == nil || k != nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// A domain's records name who sends for it; long ones are cut as zone files want.
func TestRecords(t *testing.T) {
	for relay, want := range map[string]string{
		"mail.example.org:587": "a:mail.example.org", "smtp.mailbox.org:465": "include:mailbox.org", "smtp.office365.com:587": "include:spf.protection.outlook.com",
		"127.0.0.1:25": "a mx", "localhost:25": "a mx", "192.0.2.7:25": "ip4:192.0.2.7", "[2001:db8::7]:25": "ip6:2001:db8::7", "notmailbox.org:25": "a:notmailbox.org",
	} {
		list, err := dkim.Records("support@bücher.example", relay, nil)
		if err != nil || len(list) != 3 || list[0].String() != `xn--bcher-kva.example. IN TXT "v=spf1 `+want+` ~all"` || list[1].Value != "" ||
			list[2].String() != `_dmarc.xn--bcher-kva.example. IN TXT "v=DMARC1; p=none; rua=mailto:postmaster@xn--bcher-kva.example"` {
			t.Errorf("%s: got %v, %v", relay, list, err)
		}
	}
	k, err := dkim.NewKey("support@example.org", "a", keys(t)["PKCS #8"])
	if err != nil {
		t.Fatal(err)
	}
	list, err := dkim.Records("support@example.org", "h:1", k)
	if err != nil || !strings.Contains(list[1].String(), `" "`) || strings.ReplaceAll(strings.SplitN(list[1].String(), `"`, 2)[1], `" "`, "") != list[1].Value+`"` {
		t.Errorf("got %s, %v", list[1], err)
	}
	if _, err := dkim.Records("support", "h:1", nil); err == nil {
		t.Error("records for no domain")
	}
}
