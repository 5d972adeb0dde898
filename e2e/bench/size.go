package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// asked are the figures that the widget is to reach, in bytes: what a page has loaded by then.
var asked = []struct {
	what            string
	parts           []string // the words of a part have a slash behind its name
	gzipped, brotli int
}{
	{"the loader", []string{"widget"}, 1229, 0},
	{"a page with the button, not clicked", []string{"widget", "life"}, 0, 0},
	{"the open form", []string{"widget", "life", "panel", "form/"}, 7 << 10, 0},
	{"a whole conversation of texts", []string{"widget", "life", "panel", "form/", "talk", "talk/"}, 11 << 10, 10 << 10},
}

// scriptSize prints the weight of the widget's files on the wire, and what a visit loads of them.
func scriptSize() error {
	files, err := filepath.Glob("webwidget/dist/*-*.br")
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no scripts in webwidget/dist: run from the repository's root: %v", err)
	}
	gzipped, brotli := map[string]int{}, map[string]int{}
	for _, squeezed := range append(files, "webwidget/dist/widget.js.br") {
		f := strings.TrimSuffix(squeezed, ".br")
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		br, err := os.Stat(squeezed)
		if err != nil {
			return err
		}
		var z bytes.Buffer
		w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
		w.Write(b)
		w.Close()
		fmt.Printf("%-28s %6d bytes, %6d gzipped, %6d in brotli\n", filepath.Base(f), len(b), z.Len(), br.Size())
		name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(f), ".js"), "-")
		if strings.HasSuffix(f, ".json") {
			name += "/"
		}
		gzipped[name], brotli[name] = max(gzipped[name], z.Len()), max(brotli[name], int(br.Size())) // of the words the longest language
	}
	for _, visit := range asked {
		small, smaller := 0, 0
		for _, part := range visit.parts {
			small += gzipped[part]
			smaller += brotli[part]
		}
		fmt.Printf("%s: %d bytes gzipped%s, %d in brotli%s\n", visit.what, small, share(small, visit.gzipped), smaller, share(smaller, visit.brotli))
	}
	fmt.Println()
	return nil
}

// share says how much of what was asked a figure is, if something was asked.
func share(n, asked int) string {
	if asked == 0 {
		return ""
	}
	return fmt.Sprintf(" (%.2f of the %d asked)", float64(n)/float64(asked), asked)
}
