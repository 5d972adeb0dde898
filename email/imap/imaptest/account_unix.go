//go:build unix

package imaptest

import (
	"os/exec"
	"syscall"
)

// runs has a program run as the user, in a group of processes of its own.
func (a account) runs(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a.other {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
}
