package staff

import (
	"slices"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// alike reports whether people can't tell two names apart.
func alike(a, b string) bool { return voice.Skeleton(a) == voice.Skeleton(b) }

// reserved are the words that name neither a department nor an operator: other addresses of the domain, and words of the commands
// that take one of them.
var reserved = []string{"desk", "me", "site", "all", "yes", "none", "off", "default", "chats", "tickets", "text", "weekly"}

// Reserved reports whether a name would be taken for something else in a line of the desk: one of the words of commands, or a range
// of days such as today, 7d or 2026.
func Reserved(name string) bool {
	if slices.ContainsFunc(reserved, func(word string) bool { return alike(word, name) }) {
		return true
	}
	_, err := bridge.ParseRange(name, time.Unix(0, 0).UTC())
	return err == nil
}

// usable refuses a name that means something else in lines.
func usable(name string) error {
	if Reserved(strings.TrimSpace(bare(name))) {
		return refuse("%q means something else already.", name)
	}
	return nil
}

// unlike refuses the name or the title of a department that is reserved, or by which an operator goes: a line that names them would mean the
// department.
func (s *Staff) unlike(name string) error {
	if err := usable(name); err != nil {
		return err
	}
	for _, o := range s.bridge.Team.Everybody() {
		local, _, _ := strings.Cut(string(o.JID), "@")
		if alike(o.Name, name) || alike(local, name) {
			return refuse("%s is an operator (%s).", o.Name, o.JID)
		}
	}
	return nil
}

// called refuses the name of an operator that is reserved, or by which a department goes.
func (s *Staff) called(name string) error {
	if err := usable(name); err != nil {
		return err
	}
	for _, dep := range s.bridge.Team.Departments() {
		if alike(dep.Name, name) || alike(dep.Title, name) {
			return refuse("%s is a department (%s).", dep.Title, dep.Name)
		}
	}
	return nil
}
