package e2e_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"porchlight/e2e/visitor"
)

// TestDemo_Keeps: what was changed at the desk is there again when the demo starts on the same folder,
// and what was deleted does not come back.
func TestDemo_Keeps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := startDemo(t, dir, "127.0.0.1:0")
	x := login(t, d.xmpp, "xavi", "")
	for _, step := range [][2]string{
		{"departments", "Sales (sales) – ONLINE"},
		{"departments", "Support (support) – ONLINE"},
		{"department-add billing Invoices and payments", "Invoices and payments (billing) is made"},
		{"operator-add vera@localhost Vera sales,billing", "Vera (vera@localhost) is an operator"},
		{"operator-edit vera limit=3 about=Knows invoices", "Vera: "},
		{"permissions vera +visitors -block", "Vera may now: visitors"},
		{"hours-set site Mon-Fri 9-17", "Mon–Fri 9:00–17:00"},
		{"hours-set vera Sat 10-12", "Sat 10:00–12:00"},
		{"department-edit support title=Help", "Support → Help"},
		{"department-delete sales support yes", "is gone"},
		{"operator-delete olga", "Send within 5 minutes: operator-delete olga yes"},
		{"operator-delete olga yes", "Deleted: Olga."},
	} {
		x.desk(step[0], step[1])
	}
	demoStops(t, d)

	again := startDemo(t, dir, strings.TrimPrefix(d.web, "http://"))
	x = login(t, again.xmpp, "xavi", "")
	for _, step := range [][2]string{
		{"operators vera", "Knows invoices"},
		{"permissions vera", "visitors"},
		{"hours site", "Mon–Fri 9:00–17:00"},
		{"hours vera", "Sat 10:00–12:00"},
		{"departments billing", "Invoices and payments"},
		{"departments", "Help (support)"},
		{"departments sales", "There is no department"},
		{"operators", "2 operators"},
	} {
		x.desk(step[0], step[1])
	}
	demoStops(t, again)
}

// TestDemo_Sample: the demo can begin with a month of conversations, of which the desk tells at once, and
// of which nobody is sent anything. A start again goes on with it. The statistics that stats-rebuild
// counts anew, while the demo does not run, are the same.
func TestDemo_Sample(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := startDemoWith(t, dir, "127.0.0.1:0", "", "--sample")
	x := login(t, d.xmpp, "xavi", "")
	first := x.hears("desk@support.localhost", "")
	if strings.Contains(first, "taken by") || strings.Contains(first, "feedback") {
		t.Errorf("the first that Xavi hears is of the past: %s", first)
	}
	x.desk("stats all 30d", "conversations, ")
	x.desk("stats all 30d tickets", "solved")
	x.desk("feedback olga 30d", "of 5 (")
	x.desk("operators", "logins, vote ")
	x.desk("clients anna", "Anna")
	x.desk("hours site", "Sat 10:00–14:00")
	x.desk("queue", "Waiting: 2")
	demoStops(t, d)
	again := startDemoWith(t, dir, strings.TrimPrefix(d.web, "http://"), "", "--sample")
	x = login(t, again.xmpp, "xavi", "")
	told, _, _ := strings.Cut(x.desk("stats all 30d", "conversations, "), "Tickets: ") // what follows has a link of its own each time
	if r := rebuild(t, dir); r.status != 1 || !strings.Contains(r.stderr, "or send stats-rebuild to the desk") {
		t.Errorf("stats-rebuild beside a running one: status %d, %s", r.status, r.stderr)
	}
	demoStops(t, again)
	if r := rebuild(t, dir); r.status != 0 || !strings.Contains(r.stdout, "200 of 200 conversations (100 %)\nThe statistics were counted anew.\n") {
		t.Errorf("stats-rebuild: status %d, %s%s", r.status, r.stdout, r.stderr)
	}
	again = startDemo(t, dir, strings.TrimPrefix(d.web, "http://"))
	if now := login(t, again.xmpp, "xavi", "").desk("stats all 30d", "conversations, "); told == "" || !strings.HasPrefix(now, told) {
		t.Errorf("the statistics were\n%s\nand are, counted anew,\n%s", told, now)
	}
	demoStops(t, again)
}

// rebuild has the statistics of a demo's folder counted anew.
func rebuild(t *testing.T, dir string) result {
	t.Helper()
	config := filepath.Join(dir, "rebuild.toml")
	text := "super_operators = [\"xavi@localhost\"]\n[xmpp]\ndomain = \"support.localhost\"\nsecret = \"unused-here\"\n[store]\npath = " + strconv.Quote(filepath.Join(dir, "porchlight.db")) + "\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return run(t, dir, nil, "stats-rebuild", "--config", config)
}

// TestDemo_SampleOnlyInAnEmptyFolder: a folder with other conversations is refused, with what to do.
func TestDemo_SampleOnlyInAnEmptyFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := startDemo(t, dir, "127.0.0.1:0")
	if _, err := visitor.New(d.web).Ask(t.Context(), visitor.Inquiry{Name: "Anna", Email: "anna@example.org", Reason: "How?"}); err != nil {
		t.Fatal(err)
	}
	if status, _ := d.stop(syscall.SIGINT); status != 0 {
		t.Errorf("exit status %d", status)
	}
	r := run(t, dir, nil, "demo", "--no-console", "--dir", dir, "--server", serverKind(), "--web", "127.0.0.1:0", "--xmpp", "127.0.0.1:0", "--sample")
	if r.status != 1 || !strings.Contains(r.stderr, "has some; choose another --dir, or leave --sample out") {
		t.Errorf("status %d, %s", r.status, r.stderr)
	}
}
