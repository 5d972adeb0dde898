package config_test

import (
	"strings"
	"testing"
	"time"

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

// What only several nodes need is refused beside a file, of which one porchlight has the only use.
func TestLoad_NodesNeedADatabase(t *testing.T) {
	const url = "postgres://porchlight@db.example.org/porchlight"
	base := []string{"PORCHLIGHT_SUPER_OPERATORS=xavi@example.org", "PORCHLIGHT_XMPP_DOMAIN=support.example.org", "PORCHLIGHT_XMPP_SECRET=hush-hush"}
	for name, value := range map[string]string{"STORE_LISTEN": url, "CLUSTER_NODE": "chat-1", "CLUSTER_LEASE": "6s"} {
		environ := append([]string{"PORCHLIGHT_" + name + "=" + value}, base...)
		_, err := config.Load("", environ)
		wantProblem(t, problems(t, err), "PORCHLIGHT_"+name, "need one PostgreSQL database")
		if _, err := config.Load("", append(environ, "PORCHLIGHT_STORE_URL="+url)); err != nil {
			t.Errorf("beside a database: %v", err)
		}
	}
	for _, bad := range []string{"CLUSTER_NODE=a/b", "CLUSTER_NODE=a b", "CLUSTER_LEASE=1999ms", "STORE_LISTEN=mysql://db"} {
		_, err := config.Load("", append([]string{"PORCHLIGHT_STORE_URL=" + url, "PORCHLIGHT_" + bad}, base...))
		name, _, _ := strings.Cut(bad, "=")
		wantProblem(t, problems(t, err), "PORCHLIGHT_"+name, "")
	}
	c, err := config.Load("", base)
	if err != nil || c.Cluster.Lease != 5*time.Second || c.Cluster.Node != "" {
		t.Errorf("the defaults are %+v, %v", c.Cluster, err)
	}
}
