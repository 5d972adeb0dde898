package bridge

import (
	"strings"
	"testing"
	"time"
)

// Whatever a file is called and contains, it is refused, or it gets a name without a path, a media
// type of the table, and an extension of that type.
func FuzzNewFile(f *testing.F) {
	f.Add("chart.png", []byte("\x89PNG\r\n\x1a\n"))
	f.Add(`..\..\x`, []byte("%PDF-1.7"))
	f.Add(".png", []byte("\x89PNG\r\n\x1a\n"))
	f.Add("a.html", []byte("<script>"))
	f.Add("\u202Egnp.exe", []byte("MZ"))
	f.Fuzz(func(t *testing.T, name string, head []byte) {
		file, err := newFile(1, name, head, time.Time{})
		if err != nil {
			return
		}
		if file.Name == "" || len(file.Name) > maxFileName || strings.ContainsAny(file.Name, "/\\\n\r\x00") || strings.HasPrefix(file.Name, ".") {
			t.Errorf("%q is called %q", name, file.Name)
		}
		for _, kind := range fileTypes() {
			if kind.media != file.Type {
				continue
			}
			for _, e := range kind.extensions {
				if strings.HasSuffix(file.ID, e) {
					return
				}
			}
		}
		t.Errorf("%q is %q as %q", name, file.Type, file.ID)
	})
}
