package ui_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// TestUnit runs what unit/ says of the modules that need no browser. Node runs it, since they are scripts.
func TestUnit(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("SKIPPED, NOTHING TESTED: no node: %v", err)
	}
	files, err := filepath.Glob("unit/*.ts")
	if err != nil || len(files) < 6 {
		t.Fatalf("found %d files (%v)", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".ts")
		if name == "check" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verdicts(t, node, file)
		})
	}
}

// verdicts runs the tests of one file.
func verdicts(t *testing.T, node, file string) {
	script := filepath.Join(t.TempDir(), "unit.mjs")
	built := api.Build(api.BuildOptions{EntryPoints: []string{file}, Bundle: true, Write: true, Outfile: script, Format: api.FormatESModule, Target: api.ES2022})
	if len(built.Errors) > 0 {
		t.Fatalf("bundle: %v", built.Errors[0].Text)
	}
	var errors bytes.Buffer
	run := exec.Command(node, script)
	run.Stderr = &errors
	out, err := run.Output()
	if err != nil {
		t.Fatalf("node: %v: %s", err, errors.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) < 4 {
		t.Errorf("only %d tests", len(lines))
	}
	for _, line := range lines {
		var verdict struct{ Name, Wrong string }
		if err := json.Unmarshal([]byte(line), &verdict); err != nil {
			t.Fatalf("node says %q: %v", line, err)
		}
		if verdict.Wrong != "" {
			t.Errorf("%s: %s", verdict.Name, verdict.Wrong)
		}
	}
}
