package ui_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// unpack unpacks a package of npm into a folder.
func unpack(packed []byte, folder string) error {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("unzip package: %w", err)
	}
	for files := tar.NewReader(z); ; {
		f, err := files.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read package: %w", err)
		}
		_, name, _ := strings.Cut(f.Name, "/") // all is in a folder "package"
		if f.Typeflag != tar.TypeReg || !filepath.IsLocal(name) {
			continue
		}
		text, err := io.ReadAll(files)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), text, 0o644)
		}
		if err != nil {
			return fmt.Errorf("unpack %s: %w", name, err)
		}
	}
}

// ourPackage packs the widget's package as npm does, and unpacks it into a folder of modules, which it returns.
func ourPackage(t *testing.T) (modules string) {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("SKIPPED, NOTHING TESTED: no npm: %v", err)
	}
	to := t.TempDir()
	pack := exec.Command(npm, "pack", "--silent", "--offline", "--pack-destination", to, "--cache", filepath.Join(to, "cache"))
	pack.Dir = "../npm"
	if out, err := pack.CombinedOutput(); err != nil {
		t.Fatalf("npm pack: %v: %s", err, out)
	}
	found, err := filepath.Glob(filepath.Join(to, "*.tgz"))
	if err != nil || len(found) != 1 {
		t.Fatalf("packages %q (%v)", found, err)
	}
	packed, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	modules = filepath.Join(to, "node_modules")
	if err := unpack(packed, filepath.Join(modules, "@porchlight", "widget")); err != nil {
		t.Fatal(err)
	}
	return modules
}

// bundled bundles a page's script with the packages in folders of modules, as a site's bundler does.
func bundled(t *testing.T, script string, modules ...string) string {
	t.Helper()
	built := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: script, ResolveDir: t.TempDir(), Loader: api.LoaderJSX},
		Bundle: true, Format: api.FormatIIFE, NodePaths: modules, JSX: api.JSXAutomatic,
		Define: map[string]string{"process.env.NODE_ENV": `"production"`, "import.meta.env.SSR": "false", "import.meta.env.DEV": "false"},
	})
	if len(built.Errors) > 0 {
		t.Fatalf("bundle: %s", built.Errors[0].Text)
	}
	return string(built.OutputFiles[0].Contents)
}

// app serves one page whose only script is this one; SERVICE in it is the service's address.
func app(t *testing.T, f *fake, script string) *httptest.Server {
	t.Helper()
	script = strings.ReplaceAll(script, "SERVICE", f.URL)
	s := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/app.js":
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			_, _ = fmt.Fprint(w, script)
		case "/favicon.ico":
			http.NotFound(w, r)
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = fmt.Fprint(w, `<!doctype html><html lang="en"><head><title>App</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>`)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// The package holds what it should, in the program's version, and nobody publishes it by mistake.
func TestPackage_HoldsWhatItShould(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(ourPackage(t), "@porchlight", "widget")
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if want := []string{"LICENSE", "README.md", "index.d.ts", "index.js", "package.json", "react.d.ts", "react.js"}; !slices.Equal(names, want) {
		t.Errorf("holds %q, want %q", names, want)
	}
	var about struct {
		Name, Version string
		Private       bool
	}
	text, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err == nil {
		err = json.Unmarshal(text, &about)
	}
	program, err2 := os.ReadFile("../../version.go")
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	version := regexp.MustCompile(`const version = "(.*)"`).FindSubmatch(program)
	if about.Name != "@porchlight/widget" || about.Version != string(version[1]) || !about.Private {
		t.Errorf("%+v, want version %s, and private", about, version[1])
	}
	for _, file := range []string{"LICENSE"} {
		ours, err := os.ReadFile("../../" + file)
		packed, err2 := os.ReadFile(filepath.Join(folder, file))
		if err != nil || err2 != nil || !bytes.Equal(ours, packed) {
			t.Errorf("%s differs from that of the program (%v, %v)", file, err, err2)
		}
	}
	for _, file := range []string{"index.js", "react.js"} {
		if text, err := os.ReadFile(filepath.Join(folder, file)); err != nil || bytes.Count(text, []byte("\n")) > 50 {
			t.Errorf("%s: %d lines (%v)", file, bytes.Count(text, []byte("\n")), err)
		}
	}
}

// From a bundler: the tag is made once, with what the page says; what changes later is told.
func TestPackage_Load(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := newTab(t)
	b.before(ear)
	b.open(app(t, f, bundled(t, `
import { load } from "@porchlight/widget";
const options = { service: "SERVICE/", scheme: "dark", language: "de", user: { name: "Anna" }, attributes: { plan: "pro", seats: 5 }, side: "left" };
const chat = load(options);
chat.on("opened", () => (globalThis.opened = true));
globalThis.load = (more) => load({ ...options, ...more });
globalThis.chat = chat;
`, ourPackage(t))).URL)
	b.wait(`shown(B("button"))`)
	b.want(`document.querySelectorAll("script").length`, "2")
	b.want(`JSON.stringify({ ...document.querySelector("script[src*=widget]").dataset })`, `{"plan":"pro","seats":"5","scheme":"dark","language":"de","side":"left"}`)
	b.js(`load({}), load({}), load({ hidden: true }), chat.getStatus().then(() => 0)`)
	b.want(`shown(B("button")) + " " + document.querySelectorAll("script").length`, "false 2")
	b.js(`load({ language: "fr", scheme: "light", attributes: { plan: "gold" }, department: "sales" }), chat.open().then(() => 0)`)
	b.wait(`shown(B("button")) && P(".box").lang === "fr" && globalThis.opened`)
	b.want(`getComputedStyle(P(".box")).colorScheme`, "light")
	b.want(`P("[name=name]").value`, "Anna")
	b.js(`load({ user: null }), chat.open().then(() => 0)`)
	b.want(`P("[name=name]").value`, "")
	b.js(`load({ user: { identity: "a.b.c" } }), chat.open().then(() => 0)`)
	b.want(`shown(P("[name=name]"))`, "false")
	b.fill(`P("[name=reason]")`, "Hello")
	b.click(`P("form.ask .main")`)
	if got := f.awaitCall(t, "POST /v1/conversations", 1).body; got["identity"] != "a.b.c" || got["language"] != "de" || text(got["attributes"]) != `{"plan":"pro","seats":5}` {
		t.Errorf("sent %v", got)
	}
	b.want(`(async () => chat)().then((same) => same === chat)`, "true")
	b.want(`chat.opn().catch((e) => e.message.slice(0, 34))`, "porchlight: there is no call “opn”")
	b.noViolations()
}

// On a server nothing happens; on a page that has the tag already no second one is made, and the options are told.
func TestPackage_LoadWhereThereIsNoNeed(t *testing.T) {
	t.Parallel()
	modules := ourPackage(t)
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skipf("SKIPPED, NOTHING TESTED: no node: %v", err)
	}
	script := filepath.Join(filepath.Dir(modules), "server.mjs")
	if err := os.WriteFile(script, []byte(`import { load } from "@porchlight/widget"; load({ service: "https://chat.example.org" }).open().then(() => console.log("opened")); console.log(typeof window)`), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(node, script).CombinedOutput(); err != nil || string(out) != "undefined\n" {
		t.Errorf("on a server: %q (%v)", out, err)
	}
	f := newFake(t)
	b := newTab(t)
	b.before(ear)
	script2 := bundled(t, `
import { load } from "@porchlight/widget";
globalThis.start = () => load({ service: "SERVICE", hidden: true, user: { name: "Anna" }, language: "de" }).open();`, modules)
	b.open(newSite(t, f, "", "").URL)
	b.wait(`shown(B("button"))`)
	b.js(strings.ReplaceAll(script2, "SERVICE", f.URL) + `; start().then(() => 0)`)
	b.wait(`P(".box").lang === "de" && P("[name=name]").value === "Anna"`)
	b.want(`shown(B("button")) + " " + document.querySelectorAll("script").length`, "false 1")
	b.noViolations()
}
