package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
)

// scriptLimit is what all of the widget's scripts may weigh, gzipped, in bytes.
const scriptLimit = 12 << 10

// scriptSize prints the weight of the widget's scripts on the wire.
func scriptSize() error {
	files, err := filepath.Glob("webwidget/dist/*.js")
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no scripts in webwidget/dist: run from the repository's root: %v", err)
	}
	total := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		var z bytes.Buffer
		w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
		w.Write(b)
		w.Close()
		fmt.Printf("%-34s %6d bytes, %6d gzipped\n", filepath.Base(f), len(b), z.Len())
		total += z.Len()
	}
	fmt.Printf("widget's scripts in all: %d bytes gzipped, %.2f of the %d allowed\n\n", total, float64(total)/scriptLimit, scriptLimit)
	return nil
}
