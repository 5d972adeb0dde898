package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// asked are the figures that the widget is to reach, gzipped, in bytes: what a page loads by then.
var asked = []struct {
	what  string
	parts []string // the words of a part have a slash behind its name
	limit int
}{
	{"the loader", []string{"widget"}, 1229},
	{"a page with the button, not clicked", []string{"widget", "life"}, 0},
	{"the open form", []string{"widget", "life", "panel", "form/"}, 7 << 10},
	{"a whole conversation of texts", []string{"widget", "life", "panel", "form/", "talk", "talk/"}, 11 << 10},
}

// scriptSize prints the weight of the widget's files on the wire, and what a visit loads of them.
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
		name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(f), ".js"), "-")
		if strings.HasSuffix(f, ".json") {
			name += "/"
		}
		weight[name] = max(weight[name], z.Len()) // of the words the longest language
	}
	for _, visit := range asked {
		total := 0
		for _, part := range visit.parts {
			total += weight[part]
		}
		fmt.Printf("%s: %d bytes gzipped", visit.what, total)
		if visit.limit > 0 {
			fmt.Printf(", %.2f of the %d asked", float64(total)/float64(visit.limit), visit.limit)
		}
		fmt.Println()
	}
	fmt.Println()
	return nil
}
