package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// scriptLimit is what all of the widget's scripts may weigh, gzipped, in bytes.
const scriptLimit = 13<<10 + 512

// scriptSize prints the weight of the widget's scripts on the wire, and what a
// visit loads of them.
func scriptSize() error {
	files, err := filepath.Glob("webwidget/dist/*-*.js*")
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no scripts in webwidget/dist: run from the repository's root: %v", err)
	}
	weight := map[string]int{}
	for _, f := range append(files, "webwidget/dist/widget.js") {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		var z bytes.Buffer
		w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
		w.Write(b)
		w.Close()
		fmt.Printf("%-28s %6d bytes, %6d gzipped\n", filepath.Base(f), len(b), z.Len())
		name, _, _ := strings.Cut(filepath.Base(f), "-")
		name = strings.TrimSuffix(name, ".js")
		weight[name] = max(weight[name], z.Len()) // of the words the longest language
	}
	for _, visit := range []struct {
		what  string
		loads []string
	}{
		{"a page with the button, not clicked", []string{"widget"}},
		{"the widget", []string{"widget", "panel"}},
		{"the widget, with what it fetches in idle time once a conversation has begun", []string{"widget", "panel", "extras"}},
		{"the page /chat", []string{"page", "panel"}},
	} {
		total := 0
		for _, l := range visit.loads {
			total += weight[l]
		}
		fmt.Printf("%s: %d bytes gzipped, %.2f of the %d allowed\n", visit.what, total, float64(total)/scriptLimit, scriptLimit)
	}
	fmt.Printf("texts of one language, data: at most %d bytes gzipped\n\n", weight["words"])
	return nil
}
