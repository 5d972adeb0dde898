//go:build unix && !linux

package e2e_test

import "syscall"

// dieWithParent does nothing: only Linux can bind a process to its parent's end. Elsewhere the
// tests' cleanup has to be enough.
func dieWithParent(*syscall.SysProcAttr) {}
