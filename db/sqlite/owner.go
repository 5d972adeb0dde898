package sqlite

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ownerOf names the owner of the first of the files that there is.
func ownerOf(names ...string) string {
	for _, name := range names {
		if uid, ok := uidOf(name); ok {
			return userName(uid)
		}
	}
	return "its owner"
}

// uidOf is the id of a file's owner; false if there is no such file.
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

// userName is the name of a user's id, or the id.
func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return strconv.Itoa(uid)
}
