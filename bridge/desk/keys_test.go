package desk_test

import (
	"regexp"
	"strings"
	"testing"
)

// A key of the API is made, listed and deleted at the desk. It is told once, and stands in no log.
func TestKeys_AtTheDesk(t *testing.T) {
	c := newCrew(t)
	made := c.say(xavi, "", "key-add shop tickets read")
	if !strings.HasPrefix(made, "The key shop allows: tickets, read.\nIt is told only here: plk_") || !strings.HasSuffix(made, "\nBack: key-delete shop") {
		t.Errorf("made: %q", made)
	}
	key := regexp.MustCompile(`plk_\S+`).FindString(made)
	for _, said := range [][2]string{
		{"keys", "Keys: 1\n  shop: tickets, read · never used"},
		{"key-add shop read", "error: There is a key shop already. key-delete shop deletes it. Nothing was changed."},
		{"key-add other root", `error: "root" is nothing that a key allows. It may allow: read, tickets, post, attributes. Nothing was changed.`},
		{"key-delete other", `error: There is no key "other". keys lists them. Nothing was changed.`},
		{"key-delete shop", "The key shop opens nothing any more. key-add shop SCOPES makes another."},
		{"keys", "There are no keys. key-add NAME SCOPES makes one."},
	} {
		if got := c.say(xavi, "", said[0]); got != said[1] {
			t.Errorf("%s: %q", said[0], got)
		}
	}
	if audit := c.say(xavi, "", "audit"); !strings.Contains(audit, "key-add shop") || !strings.Contains(audit, "key-delete shop") || strings.Contains(audit+c.log.String(), key) {
		t.Errorf("audit: %q", audit)
	}
	if got := c.say(olga, "", "keys"); !strings.HasPrefix(got, "error: You may not use keys: only super operators may.") {
		t.Errorf("Olga gets %q", got)
	}
}
