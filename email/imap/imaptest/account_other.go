//go:build !unix

package imaptest

import "os/exec"

// runs does nothing where Dovecot does not run.
func (a account) runs(*exec.Cmd) {}
