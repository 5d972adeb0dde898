package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestBuild_DistIsWhatTheSourcesGive fails when somebody changed a source and did not run the build.
func TestBuild_DistIsWhatTheSourcesGive(t *testing.T) {
	want, err := bundle("..")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir("../../dist")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got, err := os.ReadFile(filepath.Join("../../dist", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want[e.Name()]) {
			t.Fatalf("dist/%s is out of date or stale: run go run ./webwidget/ui/build", e.Name())
		}
		delete(want, e.Name())
	}
	if len(want) > 0 {
		t.Errorf("%d files are missing in dist: run go run ./webwidget/ui/build", len(want))
	}
}

func TestBuild_RemovesWhatIsStale(t *testing.T) {
	dist := t.TempDir()
	stale := filepath.Join(dist, "panel-0000000000.js")
	if err := os.WriteFile(stale, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run("..", dist); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Errorf("stale panel is still there (%v)", err)
	}
	if _, err := os.Stat(filepath.Join(dist, "widget.js")); err != nil {
		t.Error(err)
	}
}

func TestBuild_SaysWhereASourceIsWrong(t *testing.T) {
	src := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(src, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"words.json": "{broken", "loader.ts": "const = 1"} {
		write("words.json", "{}")
		write(name, text)
		if _, err := bundle(src); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("err = %v, want one that names %s", err, name)
		}
	}
}

func packed(t *testing.T, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// forbidden lists the ways by which text becomes markup or code, and what a strict policy forbids.
var forbidden = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|srcdoc|document\.write|\beval\b|new Function|DOMParser|document\.cookie|randomUUID\(|credentials: "include"|setAttribute\("(style|on)`)

func TestSources_NeverTurnTextIntoMarkupOrCode(t *testing.T) {
	sources, err := filepath.Glob("../*.ts")
	if err != nil || len(sources) < 10 {
		t.Fatalf("found %d sources (%v)", len(sources), err)
	}
	for _, name := range sources {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		for n, line := range lines {
			if found := forbidden.FindString(line); found != "" {
				t.Errorf("%s:%d: %s", filepath.Base(name), n+1, found)
			}
		}
		if len(lines) > 200 {
			t.Errorf("%s has %d lines, at most 200 are allowed", filepath.Base(name), len(lines))
		}
	}
}

// TestBuild_ShortNamesAreOfOursAlone fails when the build renames a property that travels or that the browser keeps.
func TestBuild_ShortNamesAreOfOursAlone(t *testing.T) {
	b := newBuilder("..")
	b.all()
	if b.err != nil {
		t.Fatal(b.err)
	}
	short := regexp.MustCompile(b.shortened())
	for file, kinds := range map[string]string{"../wire.ts": "Status|Operator|Receipts|Snapshot|FileLimits|Attached|Ev|Unsent", "../store.ts": "Known", "../session.ts": "Told", "../ask.ts": "Opened"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range strings.Split(kinds, "|") {
			body := regexp.MustCompile(`interface ` + kind + ` \{([^}]*(?:\}\[\];[^}]*)?)\}`).FindSubmatch(text)
			if body == nil {
				t.Fatalf("%s: no interface %s", file, kind)
			}
			for _, field := range regexp.MustCompile(`(?m)(\w+)\??:`).FindAllSubmatch(body[1], -1) {
				if short.Match(field[1]) {
					t.Errorf("%s.%s would be renamed", kind, field[1])
				}
			}
		}
	}
}

// TestBuild_PartsOfferWhatIsReadOfThem: a part that was fetched is read by the short names of what it exports, but for the notes,
// which are read by strings.
func TestBuild_PartsOfferWhatIsReadOfThem(t *testing.T) {
	b := newBuilder("..")
	files := b.all()
	if b.err != nil {
		t.Fatal(b.err)
	}
	for _, p := range parts {
		found := regexp.MustCompile(`export\{([^}]*)\}`).FindSubmatch(files[p.file()])
		if found == nil {
			found = [][]byte{nil, nil}
		}
		exported := make(map[string]bool)
		for _, name := range strings.Split(string(found[1]), ",") {
			own, alias, as := strings.Cut(name, " as ")
			exported[alias], exported[own] = as, exported[own] || !as
		}
		for _, name := range b.offers[p.name] {
			if short, ok := b.short[name].(string); ok && p.name != "notes" {
				name = short
			}
			if !exported[name] {
				t.Errorf("%s exports no %s: %s", p.name, name, found[1])
			}
		}
	}
	if len(b.offers["extras"]) < 5 || !slices.Contains(b.offers["talk"], "css") {
		t.Errorf("offers: %q, %q", b.offers["extras"], b.offers["talk"])
	}
}
