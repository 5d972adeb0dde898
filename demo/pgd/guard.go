package pgd

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
)

// guard is the shell that runs the server, and ends it when what it reads from us ends: at the latest when our process does.
type guard struct {
	line   io.WriteCloser
	asked  atomic.Bool   // somebody has asked the server to end
	exited chan struct{} // closed at the end
}

// The shell's script. It reads the name of the signal that the server gets. If it reads none we have died, and it removes the
// folder ($0), too. The other arguments are the server's.
const script = `exec 9<&0
postgres "$@" >>log 2>&1 9<&- & p=$!
{ read how <&9 || { how=QUIT; >over; }; kill -"$how" $p; } & r=$!
wait $p
kill $r 2>&1
[ ! -e over ] || { cd /; rm -rf "$0"; }`

// launch starts a server.
func (s *Server) launch() (*guard, error) {
	if err := os.RemoveAll(s.Log()); err != nil {
		return nil, err
	}
	args := []string{"-c", script, s.own, "-D", s.data, "-k", s.own, "-c", "listen_addresses="}
	for _, setting := range s.cfg.Settings {
		args = append(args, "-c", setting)
	}
	cmd, err := s.command("/bin/sh", args...)
	if err != nil {
		return nil, err
	}
	g := &guard{exited: make(chan struct{})}
	if g.line, err = cmd.StdinPipe(); err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("run the server: %w", err)
	}
	go func() {
		defer close(g.exited)
		_ = cmd.Wait() // says no more than that the server has ended
	}()
	return g, nil
}

// end has the server end by a signal, and waits for it. It may be called several times.
func (g *guard) end(signal string) error {
	if !g.asked.Swap(true) {
		if _, err := io.WriteString(g.line, signal+"\n"); err != nil {
			return fmt.Errorf("end PostgreSQL: %w", err)
		}
	}
	<-g.exited
	return nil
}

// command prepares a program of PostgreSQL, or the shell, to run as the server's user in the server's folder, with nothing of our
// environment but PATH.
func (s *Server) command(name string, args ...string) (*exec.Cmd, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(s.bin, name)
	}
	cmd := exec.Command(name, args...)
	cmd.ExtraFiles = []*os.File{s.dir}
	cmd.Dir, cmd.Env = s.own, []string{"PATH=" + s.bin + ":" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // keys that end us don't end the server before us
	uid, gid, err := owner()
	if err == nil && uid != os.Getuid() {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return cmd, err
}

// owner is the user whom the server runs as: ourselves, or that of PostgreSQL's package, since PostgreSQL refuses to run as root.
func owner() (uid, gid int, err error) {
	if os.Getuid() != 0 {
		return os.Getuid(), os.Getgid(), nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return 0, 0, fmt.Errorf("find a user for PostgreSQL, which does not run as root: %w", err)
	}
	if uid, err = strconv.Atoi(who.Uid); err == nil {
		gid, err = strconv.Atoi(who.Gid)
	}
	return uid, gid, err
}

// give gives a folder to the server's user.
func give(dir string) error {
	uid, gid, err := owner()
	if err != nil || uid == os.Getuid() {
		return err
	}
	return os.Chown(dir, uid, gid)
}
