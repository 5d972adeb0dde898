package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"porchlight/e2e/operator"
	"porchlight/e2e/rig"
	"porchlight/e2e/visitor"
)

// mount mounts a file system until the returned function is called.
func mount(ctx context.Context, dir string, args ...string) (func(), error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if out, err := exec.CommandContext(ctx, "mount", append(args, dir)...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("mount %s: %w: %s", dir, err, out)
	}
	return func() { exec.Command("umount", "-l", dir).Run() }, nil
}

// powerCuts keeps the database on a file system in a file, copies that file at
// random moments, which is what a disk holds when the power goes, and looks into each
// copy for all that was acknowledged. The program stands still while the file is copied:
// otherwise the copy would have pages of different moments, such as the database before
// a checkpoint and the write-ahead log after it, which no disk ever holds. What was
// written without an fsync may still be missing in the copy.
func powerCuts(ctx context.Context, o options, random *rand.Rand, bin, dir string, out io.Writer) error {
	if os.Getuid() != 0 {
		fmt.Fprintln(out, "power cuts SKIPPED: mounting needs root")
		return nil
	}
	image, disk := filepath.Join(dir, "disk.img"), filepath.Join(dir, "disk")
	if msg, err := exec.CommandContext(ctx, "sh", "-c", "truncate -s 256M "+image+" && mkfs.ext4 -q "+image).CombinedOutput(); err != nil {
		return fmt.Errorf("make file system: %w: %s", err, msg)
	}
	unmount, err := mount(ctx, disk, "-o", "loop", image)
	if err != nil {
		return err
	}
	defer unmount()
	sub := filepath.Join(dir, "cuts")
	if err := os.MkdirAll(sub, 0o755); err != nil {
		return err
	}
	w, err := newWorld(ctx, o.server, bin, sub, filepath.Join(disk, "porchlight.db"))
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.begin(ctx, 4); err != nil {
		return err
	}
	began, checked := time.Now(), 0
	for i := range o.cuts {
		if err := w.pause(ctx, time.Duration(random.IntN(150))*time.Millisecond); err != nil {
			return err
		}
		n, err := w.cut(ctx, image, filepath.Join(sub, fmt.Sprint("copy", i)))
		if err != nil {
			return fmt.Errorf("power cut %d: %w", i+1, err)
		}
		checked += n
		if i%50 == 49 {
			fmt.Fprintf(out, "%4d power cuts, %v: %d acknowledged messages looked for, 0 lost\n", i+1, time.Since(began).Round(time.Second), checked)
		}
	}
	fmt.Fprintf(out, "%d power cuts in %v: %d acknowledged messages looked for, 0 lost\n", o.cuts, time.Since(began).Round(time.Second), checked)
	return nil
}

// cut copies the disk, looks in the copy for all that was acknowledged before, and returns how
// many messages that were.
func (w *world) cut(ctx context.Context, image, dir string) (int, error) {
	var acked map[string]map[int]bool
	copied := dir + ".img"
	defer os.Remove(copied)
	err := w.bridge.Frozen(func() error {
		acked = w.sheet.acknowledged()
		if out, err := exec.CommandContext(ctx, "cp", "--sparse=always", image, copied).CombinedOutput(); err != nil {
			return fmt.Errorf("copy disk: %w: %s", err, out)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	unmount, err := mount(ctx, dir, "-o", "loop", copied)
	if err != nil {
		return 0, err
	}
	defer os.Remove(dir)
	defer unmount()
	after, err := w.another(ctx, filepath.Join(dir, "porchlight.db"))
	if err != nil {
		return 0, err
	}
	defer after.Close()
	n := 0
	for _, v := range w.visits {
		found, err := logged(ctx, after, v)
		if err != nil {
			return 0, err
		}
		for _, direction := range []struct{ lane, who string }{{toOperator + v.name, v.name}, {toVisitor + v.name, "to-" + v.name}} {
			for m := range acked[direction.lane] {
				n++
				if !found[fmt.Sprint(direction.who, " ", m)] {
					return 0, fmt.Errorf("%s %d was acknowledged and is lost", direction.lane, m)
				}
			}
		}
	}
	return n, nil
}

// acknowledged returns a copy of the numbers that were acknowledged so far, by lane.
func (s *sheet) acknowledged() map[string]map[int]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]map[int]bool, len(s.lanes))
	for name, l := range s.lanes {
		all[name] = make(map[int]bool, len(l.acked))
		for n := range l.acked {
			all[name][n] = true
		}
	}
	return all
}

// another runs a second bridge on another database, without an XMPP server.
func (w *world) another(ctx context.Context, path string) (*rig.Program, error) {
	p, err := rig.New(w.bin, filepath.Dir(path), rig.Config{Server: "127.0.0.1:1", Path: path})
	if err != nil {
		return nil, err
	}
	return p, p.Start(ctx)
}

// logged reads a visitor's whole log over HTTP.
func logged(ctx context.Context, p *rig.Program, v *visit) (map[string]bool, error) {
	conv := *v.conv
	conv.Client = visitor.New("http://" + p.Web)
	found := make(map[string]bool)
	for after := int64(0); ; {
		events, err := conv.Poll(ctx, after, 0)
		if err != nil {
			return nil, fmt.Errorf("read log: %w", err)
		}
		for _, e := range events.Events {
			found[e.Text] = true
		}
		if events.Seq <= after {
			return found, nil
		}
		after = events.Seq
	}
}

// fullDisk fills the disk under the database. Visitors must be told to try again, nothing may be
// acknowledged, the desk must be told, and everything must go on by itself when there is room.
func fullDisk(ctx context.Context, server, bin, dir string, out io.Writer) error {
	if os.Getuid() != 0 {
		fmt.Fprintln(out, "full disk SKIPPED: mounting needs root")
		return nil
	}
	disk, sub := filepath.Join(dir, "small"), filepath.Join(dir, "full")
	unmount, err := mount(ctx, disk, "-t", "tmpfs", "-o", "size=6m", "tmpfs")
	if err != nil {
		return err
	}
	defer unmount()
	if err := os.MkdirAll(sub, 0o755); err != nil {
		return err
	}
	w, err := newWorld(ctx, server, bin, sub, filepath.Join(disk, "porchlight.db"))
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.begin(ctx, 1); err != nil {
		return err
	}
	watch, err := operator.Login(w.server.ClientAddr(), "localhost", "xavi", "demo", "watch", "")
	if err != nil {
		return err
	}
	defer watch.Close(true)
	ballast := filepath.Join(disk, "ballast")
	if err := fill(ballast); err != nil {
		return err
	}
	if err := w.refused(ctx); err != nil {
		return err
	}
	if _, err := watch.Expect("the alarm", operator.Body(desk, "can't be written"), 10*time.Second); err != nil {
		return err
	}
	before := len(w.sheet.acknowledged()[toOperator+w.visits[0].name])
	if err := os.Remove(ballast); err != nil {
		return err
	}
	for end := time.Now().Add(15 * time.Second); len(w.sheet.acknowledged()[toOperator+w.visits[0].name]) < before+20; {
		if time.Now().After(end) {
			return errors.New("it does not go on by itself when there is room again")
		}
		if err := w.pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	if _, err := watch.Expect("the all-clear", operator.Body(desk, "can be written again"), 10*time.Second); err != nil {
		return err
	}
	if err := w.settle(ctx); err != nil {
		return err
	}
	fmt.Fprintf(out, "full disk: refused with 503, the desk was told, and it went on by itself: %s\n", w.sheet.summary())
	return w.sheet.verdict()
}

const desk = "desk@support.localhost"

// fill writes a file until the disk is full.
func fill(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for block := make([]byte, 4096); ; {
		if _, err := f.Write(block); err != nil {
			return nil
		}
	}
}

// refused waits until a visitor's message is refused with 503.
func (w *world) refused(ctx context.Context) error {
	var p *visitor.Problem
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		_, err := w.visits[0].conv.Write(ctx, fmt.Sprint("full-disk-", time.Now().UnixNano()), "does it fit?")
		if errors.As(err, &p) && p.Status == http.StatusServiceUnavailable {
			return nil
		}
		if err := w.pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("a full disk is not answered with 503: %v", p)
}
