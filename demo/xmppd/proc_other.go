//go:build unix && !linux

package xmppd

import (
	"os/exec"
	"syscall"
)

// dieWithParent does nothing: only Linux can kill a server with its parent.
func dieWithParent(*syscall.SysProcAttr) {}

// lend returns the folder's path: the server's user must be able to reach it.
func (f *folder) lend(*exec.Cmd) (string, error) { return f.path, nil }

// awaitStopped does nothing: this system can't wait until a process has stopped.
func awaitStopped(int) error { return nil }

// reserve does nothing: other systems have nothing that ends with the process.
func reserve(int) bool { return true }
