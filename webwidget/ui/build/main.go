// Build bundles the visitor's widget: it makes minified JavaScript of TypeScript. It needs esbuild's Go API, and neither node
// nor any of its packages. Run it from the repository's root:
//
//	go run ./webwidget/ui/build
//
// The same sources always give the same bytes, so the output is committed and a test compares it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run("webwidget/ui", "webwidget/dist"); err != nil {
		fmt.Fprintln(os.Stderr, "build widget:", err)
		os.Exit(1)
	}
}

// run bundles the sources in folder src, and makes folder dist hold only the result.
func run(src, dist string) error {
	files, err := bundle(src)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return fmt.Errorf("make output folder: %w", err)
	}
	old, err := os.ReadDir(dist)
	if err != nil {
		return fmt.Errorf("read output folder: %w", err)
	}
	for _, f := range old {
		if _, kept := files[f.Name()]; kept {
			continue
		}
		if err := os.Remove(filepath.Join(dist, f.Name())); err != nil {
			return fmt.Errorf("remove stale file: %w", err)
		}
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dist, name), data, 0o644); err != nil {
			return fmt.Errorf("write output: %w", err)
		}
	}
	return nil
}
