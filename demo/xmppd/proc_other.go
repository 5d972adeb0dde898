//go:build unix && !linux

package xmppd

import (
	"os/exec"
	"syscall"
)

// dieWithParent: only Linux can. Elsewhere a server outlives a killed parent.
func dieWithParent(*syscall.SysProcAttr) {}

// lend returns the folder's path: the server's user must be able to reach it.
func (f *folder) lend(*exec.Cmd) (string, error) { return f.path, nil }

// awaitStopped: elsewhere the signal has to be enough.
func awaitStopped(int) error { return nil }
