// Package imaptest runs a real IMAP server for tests: Dovecot 2.3, in a temporary folder, on free ports, with
// a certificate of its own, as an ordinary user.
package imaptest

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Password opens every mailbox. Each user name has one, which is made when it is first used.
const Password = "s3cret"

// startLimit is how long Dovecot may take to start, on a busy machine.
const startLimit = time.Minute

// Dovecot is a running server. Any goroutine may call its methods.
type Dovecot struct {
	PlainAddr string         // without TLS, and for STARTTLS
	TLSAddr   string         // with TLS from the first byte on
	Roots     *x509.CertPool // holds the authority that signed the certificate, which is for localhost and 127.0.0.1
	RootsFile string         // the same as a PEM file

	dir    string
	user   account
	cmd    *exec.Cmd
	exited chan struct{} // closed when the server has ended
}

// Need skips the test where Dovecot is not installed, and fails it in CI.
func Need(t testing.TB) {
	t.Helper()
	_, err := find("dovecot")
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatal(err)
	default:
		t.Skip("SKIPPED, A REAL PART IS MISSING: ", err)
	}
}

// StartFor starts a server that ends with the test; settings are lines that are added to its configuration.
// The test is skipped where Dovecot is not installed, and fails in CI.
func StartFor(t testing.TB, settings ...string) *Dovecot {
	t.Helper()
	Need(t)
	d, err := Start(t.Context(), settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Stop)
	return d
}

// Start starts a server; settings are lines that are added to its configuration. The caller stops it. Started
// by root it runs as the user nobody, because Dovecot gives nobody's mail to root.
func Start(ctx context.Context, settings ...string) (*Dovecot, error) {
	user, err := ordinary()
	if err != nil {
		return nil, fmt.Errorf("start dovecot: %w", err)
	}
	dir, err := os.MkdirTemp("", "dovecot") // sockets in it need a short path
	if err != nil {
		return nil, fmt.Errorf("start dovecot: %w", err)
	}
	d := &Dovecot{dir: dir, user: user}
	d.Roots, d.RootsFile, err = writeCertificate(dir)
	for try := 0; err == nil && try < 3; try++ { // a port that was free may be taken meanwhile
		err = d.start(ctx, settings)
		if err == nil {
			return d, nil
		}
	}
	d.Stop()
	return nil, fmt.Errorf("start dovecot: %w", err)
}

// start makes one attempt, on ports that are free now.
func (d *Dovecot) start(ctx context.Context, settings []string) error {
	if err := d.configure(settings); err != nil {
		return err
	}
	return d.run(ctx)
}

// answers reports whether a server greets there.
func answers(ctx context.Context, addr string) bool {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	n, _ := conn.Read(make([]byte, 1))
	return n == 1
}

// run starts the process, and waits until it answers.
func (d *Dovecot) run(ctx context.Context) error {
	path, err := find("dovecot")
	if err != nil {
		return err
	}
	cmd := exec.Command(path, "-F", "-c", d.conf())
	d.user.runs(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	d.cmd, d.exited = cmd, exited
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for !answers(ctx, d.PlainAddr) {
		select {
		case <-exited:
			return fmt.Errorf("it ended: %s", d.Log())
		case <-ctx.Done():
			d.end()
			return fmt.Errorf("it does not answer: %w: %s", ctx.Err(), d.Log())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// Restart stops the server and starts it again on the same ports. The mailboxes stay.
func (d *Dovecot) Restart() error {
	d.end()
	if err := d.run(context.Background()); err != nil {
		return fmt.Errorf("restart dovecot: %w", err)
	}
	return nil
}

// Halt stops the server, whose mailboxes stay for Restart.
func (d *Dovecot) Halt() { d.end() }

// Stop stops the server and removes its mailboxes.
func (d *Dovecot) Stop() {
	d.end()
	_ = os.RemoveAll(d.dir)
}

// end asks the server to end, and waits for it.
func (d *Dovecot) end() {
	if d.cmd == nil {
		return
	}
	_ = d.cmd.Process.Signal(os.Interrupt)
	select {
	case <-d.exited:
	case <-time.After(10 * time.Second):
		_ = d.cmd.Process.Kill()
		<-d.exited
	}
}

// Deliver puts a mail into a user's INBOX, as a mail server does.
func (d *Dovecot) Deliver(user string, mail []byte) error {
	return d.admin("deliver a mail", mail, "save", "-u", user)
}

// DeliverTo puts a mail into another mailbox of a user.
func (d *Dovecot) DeliverTo(user, mailbox string, mail []byte) error {
	return d.admin("deliver a mail", mail, "save", "-u", user, "-m", mailbox)
}

// Create makes a mailbox of a user.
func (d *Dovecot) Create(user, mailbox string) error {
	return d.admin("make a mailbox", nil, "mailbox", "create", "-u", user, mailbox)
}

// Delete removes a mailbox of a user, with the mails in it.
func (d *Dovecot) Delete(user, mailbox string) error {
	return d.admin("delete a mailbox", nil, "mailbox", "delete", "-u", user, mailbox)
}

// Spoil makes the mails in a user's INBOX unreadable, as a broken disk does.
func (d *Dovecot) Spoil(user string) error {
	var all []string
	for _, folder := range []string{"new", "cur"} {
		files, err := filepath.Glob(filepath.Join(d.dir, "mail", user, folder, "*"))
		if err != nil {
			return fmt.Errorf("spoil mails: %w", err)
		}
		all = append(all, files...)
	}
	if len(all) == 0 {
		return errors.New("spoil mails: there are none")
	}
	for _, f := range all {
		if err := os.Chmod(f, 0); err != nil {
			return fmt.Errorf("spoil mails: %w", err)
		}
	}
	return nil
}

// Kick ends all connections of a user. It is no error if there are none.
func (d *Dovecot) Kick(user string) error {
	err := d.admin("kick a user", nil, "kick", user)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == exNotFound {
		return nil
	}
	return err
}

// exNotFound is how doveadm ends when it found nobody to kick (EX_NOTFOUND, doveadm-kick).
const exNotFound = 68

// Expunge removes mails from a user's INBOX; query is a search of doveadm-search-query(7), such as "all".
func (d *Dovecot) Expunge(user string, query ...string) error {
	return d.admin("expunge mails", nil, append([]string{"expunge", "-u", user, "mailbox", "INBOX"}, query...)...)
}

// Renumber gives all mails of a user's INBOX new UIDs, with another UIDVALIDITY, as a restored backup does. It
// restarts the server.
func (d *Dovecot) Renumber(user string) error {
	d.end()
	home := filepath.Join(d.dir, "mail", user)
	list := filepath.Join(home, "dovecot-uidlist") // its first line: 3 VVALIDITY NNEXT GGUID
	text, err := os.ReadFile(list)
	if err != nil {
		return fmt.Errorf("renumber mails: %w", err)
	}
	var validity, next uint32
	var guid string
	if _, err := fmt.Sscanf(string(text), "3 V%d N%d G%s", &validity, &next, &guid); err != nil {
		return fmt.Errorf("renumber mails: read %s: %w", list, err)
	}
	if err := os.WriteFile(list, fmt.Appendf(nil, "3 V%d N1 G%s\n", validity+1, guid), 0o600); err != nil {
		return fmt.Errorf("renumber mails: %w", err)
	}
	indexes, err := filepath.Glob(filepath.Join(home, "dovecot.index*"))
	for _, f := range indexes {
		err = errors.Join(err, os.Remove(f))
	}
	if err != nil {
		return fmt.Errorf("renumber mails: %w", err)
	}
	return d.Restart()
}

// admin runs doveadm.
func (d *Dovecot) admin(what string, input []byte, args ...string) error {
	path, err := find("doveadm")
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	cmd := exec.Command(path, append([]string{"-c", d.conf()}, args...)...)
	d.user.runs(cmd)
	cmd.Stdin = bytes.NewReader(input)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", what, err, out)
	}
	return nil
}

// Log returns what the server has logged.
func (d *Dovecot) Log() string {
	text, err := os.ReadFile(filepath.Join(d.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// find returns the path of a program, which Debian has in a folder that is not on every user's path.
func find(name string) (string, error) {
	for _, path := range []string{name, filepath.Join("/usr/sbin", name)} {
		if found, err := exec.LookPath(path); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("%s is not installed (Debian: dovecot-imapd)", name)
}
