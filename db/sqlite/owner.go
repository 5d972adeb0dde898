package sqlite

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ownerOf returns the name of the owner of the first file that exists.
func ownerOf(names ...string) string {
	for _, name := range names {
		if uid, ok := uidOf(name); ok {
			return userName(uid)
		}
	}
	return "its owner"
}

// uidOf returns the user id of a file's owner, false if there is no such file.
func uidOf(name string) (int, bool) {
	info, err := os.Stat(name)
	if err != nil {
		return 0, false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(s.Uid), true
}

// userName returns a user's name, or the id if the system knows no name.
func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return strconv.Itoa(uid)
}
