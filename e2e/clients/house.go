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

// enter runs this program again in namespaces of its own, and waits for it. When this process
// ends, the kernel ends all processes in the namespaces.
func enter(ctx context.Context) error {
	if os.Getuid() != 0 {
		return errors.New("needs root: it runs everything in a network of its own")
	}
	runtime.LockOSThread() // the kernel takes this thread's end for the process's end
	defer runtime.UnlockOSThread()
	cmd := exec.Command("/proc/self/exe", append(os.Args[1:], "-inside")...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		// Mounts are in Unshareflags and not in Cloneflags, so that new mounts stay private.
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

// prepare sets up the new namespaces. The route leads nowhere, but without a route GLib says that
// there is no network, and Dino does not connect.
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

// systemRoots is the file in which Debian keeps the certificate authorities that GnuTLS, and so
// GLib, trusts.
const systemRoots = "/etc/ssl/certs/ca-certificates.crt"

// trust makes the certificate authorities in file the only ones of this mount namespace.
func trust(file string) error {
	if err := syscall.Mount(file, systemRoots, "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("mount certificates: %w", err)
	}
	return nil
}
