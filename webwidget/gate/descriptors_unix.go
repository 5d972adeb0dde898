//go:build unix

package gate

import "syscall"

// Descriptors returns how many open files, connections among them, the system lets this
// process have (RLIMIT_NOFILE of setrlimit(2)); 0 if the system does not say.
func Descriptors() int {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 0
	}
	return int(min(l.Cur, 1<<30))
}
