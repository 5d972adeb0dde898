package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// enter runs this program again in namespaces of its own, and waits for it. The
// kernel ends all that is in them with us.
func enter(ctx context.Context) error {
	if os.Getuid() != 0 {
		return errors.New("needs root: it runs everything in a network of its own")
	}
	runtime.LockOSThread() // Linux takes the end of this thread for ours
	defer runtime.UnlockOSThread()
	cmd := exec.Command("/proc/self/exe", append(os.Args[1:], "-inside")...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		// Unshareflags and not Cloneflags for mounts: so the new ones stay private.
		Cloneflags:   syscall.CLONE_NEWPID | syscall.CLONE_NEWNET,
		Unshareflags: syscall.CLONE_NEWNS,
		Pdeathsig:    syscall.SIGKILL,
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("enter namespaces: %w", err)
	}
	err := cmd.Wait() // Ctrl-C reaches the whole process group
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// prepare makes the new namespaces fit to live in. The route leads nowhere, but
// with none at all GLib says that there is no network, and Dino does not try.
func prepare(ctx context.Context) error {
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	for _, args := range [][]string{{"link", "set", "lo", "up"}, {"route", "add", "default", "dev", "lo"}} {
		if out, err := exec.CommandContext(ctx, "ip", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %v: %w: %s", args, err, out)
		}
	}
	return nil
}

// systemRoots is where Debian keeps the certificate authorities that GnuTLS,
// and so GLib, trusts.
const systemRoots = "/etc/ssl/certs/ca-certificates.crt"

// trust makes file the only certificate authorities of this mount namespace.
func trust(file string) error {
	if err := syscall.Mount(file, systemRoots, "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("mount certificates: %w", err)
	}
	return nil
}
