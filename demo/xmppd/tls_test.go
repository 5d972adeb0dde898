package xmppd

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"testing"
	"time"
)

// testCertificate returns a certificate for localhost with its key, in PEM.
func testCertificate(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"},
		IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...)
}

// With a certificate clients may start TLS (RFC 6120 §5), or log in without it.
func TestStart_Certificate(t *testing.T) {
	each(t, func(t *testing.T, kind string) {
		need(t, kind)
		both := testCertificate(t)
		s, err := Start(t.Context(), Config{Kind: kind, Dir: t.TempDir(), Secret: "s3cret", Accounts: testAccounts(), Certificate: both})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Stop)
		login(t, s, "xavi", "demo")

		conn, err := net.Dial("tcp", s.ClientAddr())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		io.WriteString(conn, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='localhost'>")
		readPast(t, conn, "</stream:features>")
		io.WriteString(conn, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
		readPast(t, conn, "urn:ietf:params:xml:ns:xmpp-tls'/>")
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(both)
		if err := tls.Client(conn, &tls.Config{RootCAs: roots, ServerName: "localhost"}).HandshakeContext(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// readPast reads from conn, byte by byte, until it has read end.
func readPast(t *testing.T, conn net.Conn, end string) {
	t.Helper()
	var got []byte
	for b := make([]byte, 1); !bytes.HasSuffix(got, []byte(end)); {
		if _, err := io.ReadFull(conn, b); err != nil {
			t.Fatalf("%v after %s", err, got)
		}
		got = append(got, b[0])
	}
}
