package driver

import "syscall"

// dieWithParent makes the kernel kill the process when the thread that started it ends (PR_SET_PDEATHSIG, prctl(2)): a
// test that runs out of time ends nothing itself.
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }
