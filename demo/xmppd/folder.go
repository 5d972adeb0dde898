package xmppd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

const lockName = "lock"

// folder is a server's folder. All access goes through root, so that no symbolic link in
// the folder leads out of it.
type folder struct {
	root *os.Root
	path string
	user *user.User // the user that the server runs as; nil: our own
	lent *os.File   // see lend
}

// openFolder opens the folder, and makes it if it is missing. If we are root, it finds the
// unprivileged user for the server: that of the server's package, else nobody.
func openFolder(path, name string) (*folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open folder: %w", err)
	}
	f := &folder{root: root, path: path}
	if os.Getuid() != 0 {
		return f, nil
	}
	if f.user, err = user.Lookup(name); err != nil {
		f.user, err = user.Lookup("nobody")
	}
	if err != nil {
		root.Close()
		return nil, fmt.Errorf("find a user for the server, which must not run as root: %w", err)
	}
	return f, nil
}

// close closes the folder. A server that has started keeps the folder it was lent.
func (f *folder) close() {
	f.root.Close()
	if f.lent != nil {
		f.lent.Close()
	}
}

// write writes a file, and makes the folders above it. Only the owner can read them, since
// the files hold secrets.
func (f *folder) write(name string, content []byte) error {
	err := f.root.MkdirAll(filepath.Dir(name), 0o700)
	if err == nil {
		err = f.root.WriteFile(name, content, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write file of the server: %w", err)
	}
	return nil
}

// lock makes sure that nobody else runs a server in the folder. The kernel releases the lock
// when the process that holds it ends, so no stale lock can be left.
func (f *folder) lock() (*os.File, error) {
	file, err := f.root.OpenFile(lockName, os.O_CREATE|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("lock folder: %w; it belongs to another user: remove it or choose another one", err)
	}
	if err != nil {
		return nil, fmt.Errorf("lock folder: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("folder %s is in use by another running server", f.path)
	}
	return nil, fmt.Errorf("lock folder: %w", err)
}

// handOver gives the folder to the server's user and makes cmd run as that user.
func (f *folder) handOver(cmd *exec.Cmd) error {
	if f.user == nil {
		return nil
	}
	uid, err := strconv.ParseUint(f.user.Uid, 10, 32)
	if err != nil {
		return fmt.Errorf("read user id: %w", err)
	}
	gid, err := strconv.ParseUint(f.user.Gid, 10, 32)
	if err != nil {
		return fmt.Errorf("read group id: %w", err)
	}
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	err = fs.WalkDir(f.root.FS(), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return f.root.Lchown(name, int(uid), int(gid))
	})
	if err != nil {
		return fmt.Errorf("give folder to user %s: %w", f.user.Username, err)
	}
	return nil
}
