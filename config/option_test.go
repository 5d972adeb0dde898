package config

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// fields visits every field of Config and its sections.
func fields(visit func(section bool, f reflect.StructField)) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		isSection := f.Type.Kind() == reflect.Struct
		visit(isSection, f)
		if isSection {
			for _, inner := range reflect.VisibleFields(f.Type) {
				visit(false, inner)
				if inner.Type.Kind() == reflect.Slice && inner.Type.Elem().Kind() == reflect.Struct {
					for _, column := range reflect.VisibleFields(inner.Type.Elem()) {
						visit(false, column)
					}
				}
			}
		}
	}
}

func TestOptions_AreDeclaredWhole(t *testing.T) {
	fields(func(section bool, f reflect.StructField) {
		for _, tag := range []string{"toml", "default", "doc"} {
			value, ok := f.Tag.Lookup(tag)
			if section && tag == "default" {
				continue
			}
			if !ok || value == "" && tag != "default" {
				t.Errorf("%s has no %s", f.Name, tag)
			}
		}
		if !strings.HasSuffix(f.Tag.Get("doc"), ".") || strings.Contains(f.Tag.Get("doc"), "\n") {
			t.Errorf("the doc of %s is not one line of whole sentences", f.Name)
		}
	})
}

func TestOptions_HaveDefaultsOfTheirType(t *testing.T) {
	for _, o := range options() {
		var c Config
		if !o.set(&c, o.parse(o.deflt)) {
			t.Errorf("%s: default %q is not taken", o.name, o.deflt)
		}
		if o.secret() && o.deflt != "" {
			t.Errorf("%s: a secret with a default", o.name)
		}
	}
}

func TestOptions_NameChecksThatExist(t *testing.T) {
	used := map[string]bool{}
	all := options()
	for _, o := range options() {
		if o.tables() {
			all = append(all, o.columns()...)
		}
	}
	for _, o := range all {
		for _, c := range o.checks {
			used[c.name] = true
			if _, ok := checks[c.name]; !ok {
				t.Errorf("%s: no check is named %q", o.name, c.name)
			}
			if c.name != "min" && c.name != "max" {
				continue
			}
			_, err := strconv.Atoi(c.arg)
			if o.typ == reflect.TypeFor[time.Duration]() {
				_, err = time.ParseDuration(c.arg)
			}
			if err != nil {
				t.Errorf("%s: %s=%s: %v", o.name, c.name, c.arg, err)
			}
		}
	}
	for name := range checks {
		if !used[name] {
			t.Errorf("no option uses the check %q", name)
		}
	}
}

func TestOptions_HaveVariablesOfTheirOwn(t *testing.T) {
	seen := map[string]string{envClock: "the clock"}
	for _, o := range options() {
		for _, key := range o.keys() {
			if other := seen[envName(key)]; other != "" {
				t.Errorf("%s and %s are both %s", key, other, envName(key))
			}
			seen[envName(key)] = key
		}
	}
	if seen["PORCHLIGHT_SUPER_OPERATORS"] != "super_operators" || seen["PORCHLIGHT_EMAIL_SMTP_FILE"] != "email.smtp_file" {
		t.Errorf("got %v", seen)
	}
}

func TestOptions_KeepPasswordsInSecrets(t *testing.T) {
	secret := map[string]bool{"xmpp.secret": true, "store.url": true, "store.listen": true, "identity.secret": true, "email.smtp": true, "email.imap": true, "email.mailboxes.imap": true, "email.dkim_key": true, "notify.pushover_token": true, "notify.webhook_secret": true}
	all := options()
	for _, o := range options() {
		if o.tables() {
			all = append(all, o.columns()...)
		}
	}
	for _, o := range all {
		if o.secret() != secret[o.name] {
			t.Errorf("%s: secret is %v", o.name, o.secret())
		}
	}
}

func TestDistance_CountsEdits(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "", 3}, {"", "abc", 3}, {"listen", "listen", 0}, {"lisen", "listen", 1}, {"lsiten", "listen", 2}, {"kitten", "sitting", 3}} {
		if got := distance(test.a, test.b); got != test.want {
			t.Errorf("%q, %q: got %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
