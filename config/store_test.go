package config_test

import (
	"strings"
	"testing"

	"porchlight/config"
)

// Everything is kept in a file or in a database, and who names a database need not say that there is no file.
func TestLoad_FileOrDatabase(t *testing.T) {
	base := []string{"PORCHLIGHT_SUPER_OPERATORS=xavi@example.org", "PORCHLIGHT_XMPP_DOMAIN=support.example.org", "PORCHLIGHT_XMPP_SECRET=hush-hush"}
	const url = "postgres://porchlight@db.example.org/porchlight"
	for _, test := range []struct {
		environ         []string
		path, url, says string
	}{
		{nil, "porchlight.db", "", ""},
		{[]string{"PORCHLIGHT_STORE_URL=" + url}, "", url, ""},
		{[]string{"PORCHLIGHT_STORE_URL=" + url, "PORCHLIGHT_STORE_PATH=porchlight.db"}, "", "", "path is given beside url"},
		{[]string{"PORCHLIGHT_STORE_URL=" + url, "PORCHLIGHT_STORE_PATH="}, "", url, ""},
		{[]string{"PORCHLIGHT_STORE_PATH="}, "", "", "is missing"},
	} {
		c, err := config.Load("", append(test.environ, base...))
		if c.Store.Path != test.path || c.Store.URL.Reveal() != test.url || (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q gives path %q, url %q, error %v", test.environ, c.Store.Path, c.Store.URL.Reveal(), err)
		}
	}
}
