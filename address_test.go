package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/staff"
	"porchlight/component/stream"
	"porchlight/config"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

// An address that the config takes is taken by every later part, and the other way round. An
// error names the key and the address.
func TestAddresses_OneParser(t *testing.T) {
	valid := func(operator, domain string) (config.Config, error) {
		cfg := config.Default()
		cfg.SuperOperators, cfg.XMPP.Domain, cfg.XMPP.Rooms = []string{"xavi@example.org", operator}, domain, domain
		cfg.XMPP.Secret = config.NewSecret("s")
		return cfg, cfg.Validate()
	}
	try := func(operator, domain, tried string) {
		t.Helper()
		cfg, err := valid(operator, domain)
		_, late := bridgeOptions(cfg)
		_, rooms := domainOf("xmpp.rooms", cfg.XMPP.Rooms)
		late = errors.Join(late, rooms)
		_, parsed := stream.ParseJID(tried)
		switch {
		case err == nil && late != nil:
			t.Errorf("%+q is taken by the config, and refused later: %v", tried, late)
		case parsed != nil && err == nil:
			t.Errorf("%+q is taken by the config, and is no address: %v", tried, parsed)
		case err != nil && !strings.Contains(err.Error(), fmt.Sprintf("%q", tried)):
			t.Errorf("%+q is not named in: %v", tried, err)
		}
	}
	odd := []rune("♥☕ﬁßςİı½²Ⅳ\u200d\u200b\u00ad\u202eà\u0301ªºǅ・٠۰\uffff\U0001f469")
	for r := rune(0x20); r < 0x3000; r += 31 {
		odd = append(odd, r)
	}
	for _, r := range odd {
		for _, part := range []string{string(r), "a" + string(r), string(r) + "a", "a" + string(r) + "b"} {
			try(part+"@example.org", "support.example.org", part+"@example.org")
			try("olga@example.org", part+".example.org", part+".example.org")
		}
	}
	_, err := valid("♥olga@localhost", "support.example.org")
	if got := fmt.Sprint(err); !strings.HasPrefix(got, `super_operators: "♥olga@localhost" has something before the @`) {
		t.Error(got)
	}
}

// The name of a department becomes what stands before the @ of an address, so it is stored in the form that addresses
// have: wide letters become narrow ones, and what no address may hold is refused.
func TestAddresses_OfDepartments(t *testing.T) {
	cfg := config.Default()
	cfg.SuperOperators, cfg.XMPP.Domain = []string{"xavi@example.org"}, "support.example.org"
	opts, err := bridgeOptions(cfg)
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	opts.Clock, opts.Log = bridge.SystemClock{}, slog.New(slog.DiscardHandler)
	b, err := bridge.Open(t.Context(), store, opts)
	if err != nil {
		t.Fatal(err)
	}
	xavi, _ := b.Team.Operator("xavi@example.org")
	for text, want := range map[string]string{"ｂｉｌｌｉｎｇ": "billing", "Ｆunds２": "funds2", "Büro": "büro", "Продажи": "продажи", "ſales": "", "𝐬ales": "", "ªb": "", "Ⅳ": "", "ﬁnance": "", "sаles": "", "ѕuррort": "", "ｓupport": ""} {
		dep, err := staff.New(b).AddDepartment(t.Context(), xavi, text, "")
		if dep.Name != want && err == nil || (err == nil) != (want != "") {
			t.Errorf("%s is stored as %q: %v", text, dep.Name, err)
		}
		address := want + "@support.example.org"
		if jid, err := stream.ParseJID(address); want != "" && (err != nil || jid.String() != address) {
			t.Errorf("stanzas to %s have %v: %v", address, jid, err)
		}
	}
}
