package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// mails has visitors and an operator write to each other by mail while the bridge is killed, the power is cut, and the
// relay, the IMAP server and the XMPP link fail. Afterwards each mail must be in one conversation, once, and each word
// of the operator that was acknowledged must have come to whom it is for, or have been told as not sent.
func mails(ctx context.Context, o options, random *rand.Rand, bin, dir string, out io.Writer) error {
	dir = filepath.Join(dir, "mail")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	path, cuts := filepath.Join(dir, "porchlight.db"), o.mailKills/5
	var d *disk
	if os.Getuid() == 0 {
		var err error
		if d, err = newDisk(ctx, dir); err != nil {
			return err
		}
		path = filepath.Join(d.dir, "porchlight.db")
	} else {
		fmt.Fprintln(out, "power cuts under mail SKIPPED: mounting needs root")
		cuts = 0
	}
	w, err := newMailWorld(ctx, o.server, bin, dir, path)
	if err != nil {
		return err
	}
	w.disk = d
	defer w.close()
	if err := w.begin(ctx, uint64(o.seed)); err != nil {
		return err
	}
	began := time.Now()
	faults := append(w.kills(o.mailKills-cuts, cuts, random), w.troubles(o.mailKills, random)...)
	random.Shuffle(len(faults), func(i, j int) { faults[i], faults[j] = faults[j], faults[i] })
	for i, f := range faults {
		if err := f.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		if i%50 == 49 {
			fmt.Fprintf(out, "%4d faults of mail, %v\n", i+1, time.Since(began).Round(time.Second))
		}
		if err := pause(ctx, time.Duration(random.IntN(1000))*time.Millisecond); err != nil {
			return err
		}
	}
	v, err := w.settle(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "mail, %d kills of the bridge and %d power cuts, %d faults of the relay, the IMAP server and the XMPP link in %v: %s\n",
		o.mailKills-cuts, cuts, o.mailKills, time.Since(began).Round(time.Second), v.summary())
	if len(v.problems) > 0 {
		return fmt.Errorf("the promise about mail is broken:\n%s", strings.Join(v.problems[:min(len(v.problems), 20)], "\n"))
	}
	return nil
}

// settle lets what waits go through: it stops and starts the bridge, each time with its clock nine minutes later (when
// more time is missing, the bridge moves all that is due), until nothing is left, or nothing has become less for two
// minutes.
func (w *mailWorld) settle(ctx context.Context) (*verdict, error) {
	w.calm()
	least, end := -1, time.Now()
	for {
		if err := pause(ctx, 4*time.Second); err != nil {
			return nil, err
		}
		w.bridge.Stop()
		v, err := w.judge(ctx)
		if err != nil || len(v.problems) == 0 {
			return v, err
		}
		if n := len(v.problems) + v.left; least < 0 || n < least {
			least, end = n, time.Now().Add(2*time.Minute)
		}
		if time.Now().After(end) {
			return v, nil
		}
		w.skipped.Add(int64(9 * time.Minute))
		w.book.broke()
		if err := w.bridge.Start(ctx); err != nil {
			return nil, err
		}
	}
}
