package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Validate checks every value, and whether the values fit together. The error is an [*Error].
func (c Config) Validate() error { return asError(c.problems(origins{})) }

// origins knows where the values of a Config come from. The zero value is for a Config made in code.
type origins struct {
	file    string            // path of the config file, "" if there is none
	at      map[string]string // by option: the place that gave the value, such as "porchlight.toml:3: web.listen"
	refused map[string]bool   // by option: whether it has a problem already
}

// where names the place to mend for a problem with the named options. That is the place that gave the
// first of them, or of those that were given.
func (o origins) where(names ...string) string {
	for _, name := range names {
		if at, ok := o.at[name]; ok {
			return at
		}
	}
	if o.file != "" {
		return o.file + ": " + names[0]
	}
	return names[0]
}

func (o origins) wasRefused(name string) bool { return o.refused[name] }

func (c Config) problems(from origins) []string {
	var all []string
	for _, o := range options() {
		if from.refused[o.name] {
			continue
		}
		for _, what := range o.wrong(c) {
			all = append(all, problem(from.where(o.name), what))
		}
	}
	for _, r := range append(c.relations(), c.mailboxRules()...) {
		if r.broken && !slices.ContainsFunc(r.options, from.wasRefused) {
			all = append(all, problem(from.where(r.options...), r.what))
		}
	}
	return all
}

// relation is a rule between options; broken means c breaks it.
type relation struct {
	options []string // the option that an error names comes first
	broken  bool
	what    string
}

// relations returns the rules between options.
func (c Config) relations() []relation {
	t, l := c.Timing, c.Limits
	own := c.ownAddress()
	return []relation{
		{
			[]string{"super_operators", "xmpp.domain"},
			own != "",
			fmt.Sprintf("%q is at xmpp.domain, which is porchlight's own and has no accounts; allowed: an account at the XMPP server, as in xavi@example.org", own),
		},
		{
			[]string{"timing.idle_close", "timing.idle_warn"},
			t.IdleClose < t.IdleWarn,
			fmt.Sprintf("idle_close (%v) is before idle_warn (%v); allowed: idle_close as long as idle_warn or longer", t.IdleClose, t.IdleWarn),
		},
		{
			[]string{"store.path", "store.url"},
			c.Store.Path == "" && c.Store.URL.Reveal() == "",
			"is missing; allowed: a file, or no path and the url of a database",
		},
		{
			[]string{"store.path", "store.url"},
			c.Store.Path != "" && c.Store.URL.Reveal() != "",
			"path is given beside url; allowed: one of the two",
		},
		c.alone("store.listen", c.Store.Listen.Reveal() != ""),
		c.alone("cluster.node", c.Cluster.Node != ""),
		c.alone("cluster.lease", c.Cluster.Lease != Default().Cluster.Lease),
		{
			[]string{"email.from", "email.smtp"},
			c.Email.From == "" && c.Email.SMTP.Reveal() != "",
			"from is missing, and smtp needs it; allowed: from = \"Example Support <support@example.org>\", or no smtp",
		},
		{
			[]string{"email.token_path", "email.token_command"},
			c.Email.TokenPath != "" && len(c.Email.TokenCommand) > 0,
			"token_path is given beside token_command; allowed: one of the two",
		},
		{
			[]string{"limits.body_bytes", "limits.message_bytes"},
			l.BodyBytes < l.MessageBytes,
			fmt.Sprintf("body_bytes (%d) can't hold a message of message_bytes (%d); allowed: body_bytes as large as message_bytes or larger", l.BodyBytes, l.MessageBytes),
		},
	}
}

// alone is the rule for an option of several nodes: a porchlight with a file of its own is one alone.
func (c Config) alone(name string, given bool) relation {
	return relation{[]string{name, "store.url"}, given && c.Store.URL.Reveal() == "",
		"is for several nodes, and they need one PostgreSQL database; allowed: with store.url only"}
}

// ownAddress returns the address of a super operator that is under porchlight's own domain, or "".
func (c Config) ownAddress() string {
	for _, address := range c.SuperOperators {
		if _, domain, _ := strings.Cut(address, "@"); domain != "" && strings.EqualFold(domain, c.XMPP.Domain) {
			return address
		}
	}
	return ""
}

// wrong returns what is wrong with the option's value in c, which is a Config or a table of a list, and
// what is allowed.
func (o option) wrong(c any) []string {
	if o.tables() {
		return o.wrongTables(reflect.ValueOf(c).FieldByIndex(o.field))
	}
	values := o.values(c)
	if len(values) == 0 {
		if o.required() && o.inTable {
			return []string{"is missing; allowed: " + o.allowed()}
		}
		if o.required() {
			return []string{"is missing; allowed: " + o.allowed() + "; set " + strings.Join(o.keys(), " or ") + ", or " + o.env()}
		}
		return nil
	}
	var all []string
	for _, value := range values {
		for _, check := range o.checks {
			rule := checks[check.name]
			if rule.wrong == nil {
				continue
			}
			if wrong := rule.wrong(value, check.arg); wrong != "" {
				all = append(all, o.show(value)+wrong+"; allowed: "+o.allowed())
			}
		}
	}
	return all
}

// values returns the values to check: the elements of a list, else the value itself, a secret as a
// string. An empty text is no value; a number always is one.
func (o option) values(c any) []any {
	switch v := reflect.ValueOf(c).FieldByIndex(o.field).Interface().(type) {
	case []string:
		var all []any
		for _, s := range v {
			all = append(all, s)
		}
		return all
	case Secret:
		if s := v.Reveal(); s != "" {
			return []any{s}
		}
		return nil
	case string:
		if v == "" {
			return nil
		}
		return []any{v}
	default:
		return []any{v}
	}
}

// show returns a value for the start of an error message, or "" if it is secret.
func (o option) show(value any) string {
	switch v := value.(type) {
	case string:
		if o.secret() {
			return ""
		}
		return quote(v) + " "
	case time.Duration:
		return v.String() + " "
	default:
		return fmt.Sprint(v) + " "
	}
}

// quote returns a text from outside for an error message. It cuts a long text, and hides one that looks
// like a URL with a password that somebody put into the wrong key.
func quote(s string) string {
	if strings.Contains(s, "://") && strings.Contains(s, "@") {
		return "the value (not shown, it may hold a password)"
	}
	const most = 80
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
