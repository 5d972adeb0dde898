//go:build unix && !linux

package e2e_test

import "syscall"

// dieWithParent: only Linux can; elsewhere the cleanup has to be enough.
func dieWithParent(*syscall.SysProcAttr) {}
