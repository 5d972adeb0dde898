package imaptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// template is the configuration of a Dovecot that an ordinary user runs: $DIR its folder, $USER and $GROUP who
// runs it, $PLAIN and $TLS its ports. A wrong password is refused at once, as often as it is tried.
const template = `
base_dir = $DIR/run
log_path = $DIR/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <$DIR/cert.pem
ssl_key = <$DIR/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login scram-sha-1 scram-sha-256
auth_verbose = yes
auth_failure_delay = 0
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:$DIR/mail/%u
mail_max_userip_connections = 100
default_login_user = $USER
default_internal_user = $USER
default_internal_group = $GROUP
passdb {
  driver = static
  args = password=$PASSWORD
}
userdb {
  driver = static
  args = uid=$USER gid=$GROUP home=$DIR/mail/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $PLAIN
  }
  inet_listener imaps {
    port = $TLS
    ssl = yes
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
`

// conf returns the path of the configuration.
func (d *Dovecot) conf() string { return filepath.Join(d.dir, "dovecot.conf") }

// configure finds free ports, and writes the configuration, which the server's user may read.
func (d *Dovecot) configure(settings []string) error {
	var err error
	d.PlainAddr, d.TLSAddr, err = freeAddrs()
	if err != nil {
		return err
	}
	_, plain, _ := net.SplitHostPort(d.PlainAddr)
	_, tls, _ := net.SplitHostPort(d.TLSAddr)
	text := strings.NewReplacer("$DIR", d.dir, "$USER", d.user.name, "$GROUP", d.user.group,
		"$PASSWORD", Password, "$PLAIN", plain, "$TLS", tls).Replace(template + strings.Join(settings, "\n") + "\n")
	err = os.WriteFile(d.conf(), []byte(text), 0o600)
	return errors.Join(err, d.user.owns(d.dir))
}

// freeAddrs returns two addresses of this machine that nobody listens on.
func freeAddrs() (a, b string, err error) {
	one, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", fmt.Errorf("find free port: %w", err)
	}
	defer one.Close()
	two, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", fmt.Errorf("find free port: %w", err)
	}
	defer two.Close()
	return one.Addr().String(), two.Addr().String(), nil
}

// writeCertificate makes a certificate that signs itself, and writes it and its key.
func writeCertificate(dir string) (roots *x509.CertPool, file string, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, "", fmt.Errorf("make a certificate: %w", err)
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	if err != nil {
		return nil, "", fmt.Errorf("make a certificate: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, "", fmt.Errorf("make a certificate: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	file = filepath.Join(dir, "cert.pem")
	err = errors.Join(os.WriteFile(file, text, 0o644),
		os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	if err != nil {
		return nil, "", fmt.Errorf("write a certificate: %w", err)
	}
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	return roots, file, nil
}
