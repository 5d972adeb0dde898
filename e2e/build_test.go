package e2e_test

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBuild_IsTheSameAnywhere: the program that make builds depends on the source alone, and
// holds no path of the machine.
func TestBuild_IsTheSameAnywhere(t *testing.T) {
	t.Parallel()
	output := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = ".."
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %q: %v", name, args, err)
		}
		return string(out)
	}
	list := output("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	var built [2][]byte
	for i := range built {
		dir := filepath.Join(t.TempDir(), "a folder", strings.Repeat("x", 3*i+1))
		for name := range strings.SplitSeq(strings.TrimRight(list, "\x00"), "\x00") {
			content, err := os.ReadFile(filepath.Join("..", name))
			if os.IsNotExist(err) {
				continue // the file is deleted, and that is not committed yet
			}
			if err == nil {
				err = os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755)
			}
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, name), content, 0o755)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		output("make", "-C", dir, "build")
		content, err := os.ReadFile(filepath.Join(dir, "bin", "porchlight"))
		if err != nil {
			t.Fatal(err)
		}
		built[i] = content
		paths := []string{dir}
		for path := range strings.FieldsSeq(output("go", "env", "GOMODCACHE", "GOROOT", "GOCACHE")) {
			paths = append(paths, path)
		}
		for _, path := range paths {
			if n := bytes.Count(content, []byte(path)); n > 0 {
				t.Errorf("%s is in the program %d times", path, n)
			}
		}
	}
	if !bytes.Equal(built[0], built[1]) {
		t.Error("two builds in two folders differ")
	}
}

// TestBuild_BillOfMaterials: version --sbom names every module that Go recorded in
// the program, Go and SQLite.
func TestBuild_BillOfMaterials(t *testing.T) {
	t.Parallel()
	var bom struct {
		BOMFormat, SpecVersion string
		Version                int
		Components             []struct {
			Type, Name, Version, PURL string
			Ref                       string `json:"bom-ref"`
		}
	}
	r := run(t, t.TempDir(), nil, "version", "--sbom")
	if err := json.Unmarshal([]byte(r.stdout), &bom); err != nil || bom.BOMFormat != "CycloneDX" || bom.SpecVersion != "1.5" || bom.Version != 1 {
		t.Fatalf("%v: %s", err, r.stdout)
	}
	binary, err := shared.program()
	if err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	named, refs := map[string]string{}, map[string]bool{}
	for _, c := range bom.Components {
		named[c.Name] = c.Version
		if c.Type == "" || c.Version == "" || !strings.HasPrefix(c.PURL, "pkg:") || refs[c.Ref] {
			t.Errorf("component %+v", c)
		}
		refs[c.Ref] = true
	}
	for _, m := range info.Deps {
		if named[m.Path] != m.Version {
			t.Errorf("%s %s is named as %q", m.Path, m.Version, named[m.Path])
		}
	}
	if named["sqlite"] == "" || "go"+named["go"] != info.GoVersion {
		t.Errorf("sqlite %q, go %q", named["sqlite"], named["go"])
	}
}
