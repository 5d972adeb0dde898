package imaptest

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// account is the ordinary user of the machine who runs the server.
type account struct {
	name, group string
	uid, gid    int
	other       bool // than who runs the test
}

// ordinary returns who runs the test, or nobody if that is root.
func ordinary() (account, error) {
	u, err := user.Current()
	if err != nil {
		return account{}, fmt.Errorf("find an ordinary user: %w", err)
	}
	other := u.Uid == "0"
	if other {
		u, err = user.Lookup("nobody")
		if err != nil {
			return account{}, fmt.Errorf("find an ordinary user: %w", err)
		}
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		return account{}, fmt.Errorf("find an ordinary user: %w", err)
	}
	a := account{name: u.Username, group: g.Name, other: other}
	a.uid, err = strconv.Atoi(u.Uid)
	if err != nil {
		return account{}, fmt.Errorf("find an ordinary user: %w", err)
	}
	a.gid, err = strconv.Atoi(u.Gid)
	if err != nil {
		return account{}, fmt.Errorf("find an ordinary user: %w", err)
	}
	return a, nil
}

// owns gives a folder and the files in it to the user.
func (a account) owns(dir string) error {
	if !a.other {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if err := os.Chown(dir, a.uid, a.gid); err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.Chown(dir+"/"+e.Name(), a.uid, a.gid); err != nil {
			return err
		}
	}
	return nil
}
