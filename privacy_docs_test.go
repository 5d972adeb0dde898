package main

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/bridge/desk"
	"porchlight/bridge/setting"
)

// TestPrivacyDocs: docs/privacy.md names each field of an export, and the commands, settings, options and metrics that it
// relies on are there.
func TestPrivacyDocs(t *testing.T) {
	content, err := os.ReadFile("docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(content)
	for _, v := range []any{archive.Dossier{}, archive.DossierVisitor{}, archive.DossierLog{}, archive.DossierRequest{}, archive.DossierVote{}, archive.DossierFile{}, archive.DossierEvent{}, archive.DossierBlock{}, bridge.Invited{}} {
		for i := range reflect.TypeOf(v).NumField() {
			name, _, _ := strings.Cut(reflect.TypeOf(v).Field(i).Tag.Get("json"), ",")
			if name != "-" && !strings.Contains(page, "`"+name+"`") {
				t.Errorf("docs/privacy.md does not say what %s of %T is", name, v)
			}
		}
	}
	commands := make(map[string]bool)
	for _, c := range desk.New(nil).Commands() {
		commands[c.Name] = true
	}
	for _, name := range []string{"export", "erase", "set", "audit", "permissions", "settings", "department-edit", "block-range", "stats-rebuild"} {
		if !commands[name] || !strings.Contains(page, name) {
			t.Errorf("docs/privacy.md relies on the command %s", name)
		}
	}
	for _, name := range []setting.Name{setting.Retention, setting.ConsentText, setting.OnSite, setting.Faces} {
		if !strings.Contains(page, string(name)) {
			t.Errorf("docs/privacy.md relies on the setting %s", name)
		}
	}
	counted := false
	for _, m := range metrics() {
		counted = counted || m.name == "conversations_erased_total"
	}
	if !counted || !strings.Contains(page, "porchlight_conversations_erased_total") {
		t.Error("docs/privacy.md relies on the metric porchlight_conversations_erased_total")
	}
}
