package xmppd

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
)

// dieWithParent makes the kernel kill the process when the thread that started
// it ends (PR_SET_PDEATHSIG, prctl(2)).
func dieWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }

// lend passes the folder to cmd as an open file, and returns the path under which cmd finds
// it. So the server's user needs no rights to the folders above, which are not ours to open
// to others.
func (f *folder) lend(cmd *exec.Cmd) (string, error) {
	dir, err := f.root.Open(".")
	if err != nil {
		return "", fmt.Errorf("open folder: %w", err)
	}
	f.lent = dir
	cmd.ExtraFiles = append(cmd.ExtraFiles, dir)
	return fmt.Sprintf("/proc/self/fd/%d", 2+len(cmd.ExtraFiles)), nil
}

// awaitStopped returns when all threads of our child have stopped, or when the child has
// ended. It leaves the exit status for Wait.
func awaitStopped(pid int) error {
	const byPid, stopped, ended, leave = 1, 2, 4, 0x01000000 // P_PID, WSTOPPED, WEXITED, WNOWAIT: waitid(2)
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, byPid, uintptr(pid), 0, stopped|ended|leave, 0, 0)
		switch errno {
		case 0, syscall.ECHILD:
			return nil
		case syscall.EINTR:
		default:
			return fmt.Errorf("wait for process to stop: %w", errno)
		}
	}
}

// reserve keeps a port for this process until it ends, and reports whether no other one has it: a socket of Linux's abstract
// namespace (unix(7)) bears its number, and is never closed.
func reserve(port int) bool {
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return true // who can't reserve takes the chance
	}
	if err = syscall.Bind(fd, &syscall.SockaddrUnix{Name: fmt.Sprintf("@porchlight-port-%d", port)}); err != nil {
		syscall.Close(fd)
	}
	return !errors.Is(err, syscall.EADDRINUSE)
}
