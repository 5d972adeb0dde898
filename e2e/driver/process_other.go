//go:build unix && !linux

package driver

import "syscall"

// dieWithParent does nothing: only Linux can bind a process to its parent's end. Elsewhere Close has to be enough.
func dieWithParent(*syscall.SysProcAttr) {}
