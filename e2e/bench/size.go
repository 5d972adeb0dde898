package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// asked are the figures that the widget is to reach, in bytes: what a page has loaded by then.
var asked = []struct {
	what            string
	parts           []string // the words of a part have a slash behind its name
	gzipped, brotli int
}{
	{"the loader", []string{"widget"}, 1229, 0},
	{"a page with the button, not clicked", []string{"widget", "life", "button/"}, 0, 0},
	{"the open form", []string{"widget", "life", "button/", "panel", "form/"}, 7 << 10, 0},
	{"a whole conversation of texts", []string{"widget", "life", "button/", "panel", "form/", "talk", "talk/"}, 11 << 10, 10 << 10},
}

// weight is what a file weighs, in bytes.
type weight struct{ plain, gzipped, brotli int }

// scriptSize prints the weight of the widget's parts on the wire, and what a visit loads of them. Of words it takes the
// language that weighs most.
func scriptSize() error {
	files, err := filepath.Glob("webwidget/dist/*.br")
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no scripts in webwidget/dist: run from the repository's root: %v", err)
	}
	weights := map[string]weight{}
	for _, squeezed := range files {
		file := strings.TrimSuffix(squeezed, ".br")
		name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".js"), "-")
		if strings.HasSuffix(file, ".json") {
			name += "/"
		}
		w, err := weigh(file)
		if err != nil {
			return err
		}
		if w.gzipped > weights[name].gzipped {
			weights[name] = w
		}
	}
	for _, name := range slices.Sorted(maps.Keys(weights)) {
		w := weights[name]
		fmt.Printf("%-8s %6d bytes, %5d gzipped, %5d in brotli\n", name, w.plain, w.gzipped, w.brotli)
	}
	for _, visit := range asked {
		small, smaller := 0, 0
		for _, part := range visit.parts {
			small += weights[part].gzipped
			smaller += weights[part].brotli
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

// weigh weighs a file, beside which there is its form in brotli.
func weigh(file string) (weight, error) {
	plain, err := os.ReadFile(file)
	if err != nil {
		return weight{}, err
	}
	squeezed, err := os.Stat(file + ".br")
	if err != nil {
		return weight{}, err
	}
	var z bytes.Buffer
	w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
	w.Write(plain)
	w.Close()
	return weight{len(plain), z.Len(), int(squeezed.Size())}, nil
}
