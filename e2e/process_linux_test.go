package e2e_test

import "syscall"

// dieWithParent makes the kernel kill the process when the thread that started
// it ends (PR_SET_PDEATHSIG, prctl(2)).
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }
