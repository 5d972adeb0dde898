package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/rig"
	"porchlight/e2e/visitor"
	"porchlight/email/imap/imaptest"
)

const (
	support = "support@example.org" // whose mailbox is read
	mailbox = "support"             // its user
	haste   = 60                    // the bridge's clock runs so many times as fast: a mail is tried again after a minute, a quarter of an hour …
)

// mailWorld is what runs while mail comes and goes: the servers, the bridge, those who write mails, the
// operator, and visitors on pages that close.
type mailWorld struct {
	server  *xmppd.Server
	link    *proxy // between the bridge and the server
	bridge  *rig.Program
	dovecot *imaptest.Dovecot
	relay   *relay
	book    *book
	clerk   *clerk
	disk    *disk // what the power is cut of; nil: power cuts are left out
	path    string
	began   time.Time
	skipped atomic.Int64 // by how many nanoseconds the bridge's clock was put forward
	present sync.RWMutex // held for writing while the IMAP server is away, since nothing can be delivered then
	quiet   atomic.Bool  // everybody stops writing
	stop    context.CancelFunc
	reading sync.WaitGroup
	writing sync.WaitGroup
}

// newMailWorld starts the servers, and prepares a bridge with its database at path.
func newMailWorld(ctx context.Context, kind, bin, dir, path string) (*mailWorld, error) {
	w := &mailWorld{book: newBook(), path: path, began: time.Now()}
	var err error
	w.server, err = xmppd.Start(ctx, xmppd.Config{Kind: kind, Dir: dir, Host: demo.Host, Component: demo.Domain, Secret: rig.Secret, Accounts: demo.Accounts()})
	if err != nil {
		return nil, err
	}
	w.link, err = newProxy(w.server.ComponentAddr())
	if err != nil {
		return nil, err
	}
	w.relay, err = newRelay()
	if err != nil {
		return nil, err
	}
	w.dovecot, err = imaptest.Start(ctx)
	if err != nil {
		return nil, err
	}
	more := fmt.Sprintf("[email]\nfrom = \"Example Support <%s>\"\nsmtp = \"smtp+insecure://%s\"\nimap = \"imap+insecure://%s:%s@%s\"\nacknowledge = false\n",
		support, w.relay.addr, mailbox, imaptest.Password, w.dovecot.PlainAddr)
	w.bridge, err = rig.New(bin, dir, rig.Config{Server: w.link.addr(), Path: path, Grace: "30s", More: more, Env: w.clock})
	w.clerk = newClerk(w)
	return w, err
}

// clock is the environment by which the bridge's clock goes on where it was when the bridge ended.
func (w *mailWorld) clock() []string {
	ahead := time.Since(w.began)*(haste-1) + time.Duration(w.skipped.Load())
	return []string{fmt.Sprint("PORCHLIGHT_CLOCK_OFFSET=", ahead), fmt.Sprint("PORCHLIGHT_CLOCK_RATE=", haste)}
}

// begin starts the bridge, and everybody begins to write.
func (w *mailWorld) begin(ctx context.Context, seed uint64) error {
	if err := w.bridge.Start(ctx); err != nil {
		return err
	}
	ctx, w.stop = context.WithCancel(ctx)
	for end := time.Now().Add(time.Minute); !strings.Contains(w.log(), "mailbox is read"); { // what was there before is not read
		if time.Now().After(end) {
			return fmt.Errorf("the mailbox is not read")
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	w.reading.Go(func() { w.clerk.read(ctx) })
	w.writing.Go(func() { w.clerk.take(ctx) })
	w.writing.Go(func() { w.clerk.write(ctx, seed) })
	w.writing.Go(func() { w.send(ctx, seed) })
	for i := range 3 {
		p := &page{w: w, address: fmt.Sprintf("page%d@example.net", i)}
		w.writing.Go(func() { p.visit(ctx, visitor.New("http://"+w.bridge.Web), seed+uint64(i)) })
	}
	return nil
}

// log is what the bridge has logged.
func (w *mailWorld) log() string { return readFile(w.bridge.Log()) }

// calm ends the writing and all that fails.
func (w *mailWorld) calm() {
	w.quiet.Store(true)
	w.relay.heal()
	w.writing.Wait()
}

func (w *mailWorld) close() {
	if w.stop != nil {
		w.stop()
	}
	w.bridge.Close()
	w.dovecot.Stop()
	w.relay.close()
	w.link.close()
	w.server.Stop()
	w.reading.Wait()
	w.writing.Wait()
	if w.disk != nil {
		w.disk.close()
	}
}

// disk is a file system in a file, of which the power can be cut.
type disk struct {
	dir, image string
	copies     int
	unmount    func()
}

// newDisk makes a disk below dir.
func newDisk(ctx context.Context, dir string) (*disk, error) {
	d := &disk{dir: filepath.Join(dir, "disk"), image: filepath.Join(dir, "disk0.img")}
	if err := sh(ctx, "truncate -s 256M "+d.image+" && mkfs.ext4 -q "+d.image); err != nil {
		return nil, fmt.Errorf("make file system: %w", err)
	}
	var err error
	d.unmount, err = mount(ctx, d.dir, "-o", "loop", d.image)
	return d, err
}

// copy copies what the disk holds at this moment, without what only the memory has.
func (d *disk) copy(ctx context.Context) error {
	d.copies++
	return sh(ctx, fmt.Sprintf("cp --sparse=always %s %s", d.image, d.next()))
}

func (d *disk) next() string {
	return filepath.Join(filepath.Dir(d.image), fmt.Sprintf("disk%d.img", d.copies))
}

// back mounts the last copy instead of the disk, as after the power came back.
func (d *disk) back(ctx context.Context) (err error) {
	d.unmount()
	remove(d.image)
	d.image = d.next()
	d.unmount, err = mount(ctx, d.dir, "-o", "loop", d.image)
	return err
}

func (d *disk) close() {
	if d.unmount != nil {
		d.unmount()
	}
}
