package ui_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// TestSSE_ParsesAsTheStandardSays cuts each stream at every place and expects the same frames (HTML standard §9.2.6).
func TestSSE_ParsesAsTheStandardSays(t *testing.T) {
	built := api.Build(api.BuildOptions{EntryPoints: []string{"sse.ts"}, Bundle: true, Format: api.FormatIIFE, GlobalName: "sse"})
	if len(built.Errors) > 0 {
		t.Fatal(built.Errors)
	}
	b := newTab(t)
	b.open("about:blank")
	b.js(string(built.OutputFiles[0].Contents) + `
globalThis.sse = sse;
globalThis.cuts = (text) => {
  const seen = new Set();
  for (let i = 0; i <= text.length; i++) {
    const frames = [];
    const feed = sse.parser((f) => frames.push(f.event + "|" + f.data));
    feed(text.slice(0, i)), feed(text.slice(i));
    seen.add(frames.join("; "));
  }
  return [...seen].join(" OR ");
}; 0`)
	for _, c := range []struct{ rule, stream, frames string }{
		{"a frame ends with an empty line", "data: a\n\ndata: b\n", "|a"},
		{"an event has a name", "event: status\ndata: {}\n\n", "status|{}"},
		{"the name is for one frame", "event: x\ndata: 1\n\ndata: 2\n\n", "x|1; |2"},
		{"data lines are joined", "data: a\ndata: b\n\n", "|a\nb"},
		{"one space is taken off", "data:  a\ndata:b\n\n", "| a\nb"},
		{"comments are left out", ": hello\n:\ndata: a\n\n", "|a"},
		{"a frame without data is none", "event: x\nid: 4\n\ndata: a\n\n", "|a"},
		{"CRLF ends a line", "data: a\r\n\r\ndata: b\r\n\r\n", "|a; |b"},
		{"CRLF is one end of line", "data: a\r\ndata: b\r\n\r\n", "|a\nb"},
		{"CR ends a line", "data: a\r\rdata: b\r\r:", "|a; |b"},
		{"a field may be without colon", "data\n\n", "|"},
		{"unknown fields are left out", "retry: 3\nfoo: bar\ndata: a\n\n", "|a"},
	} {
		quoted, err := json.Marshal(c.stream)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.js("cuts(" + string(quoted) + ")"); strings.TrimSpace(got) != strings.TrimSpace(c.frames) {
			t.Errorf("%s: got %q, want %q", c.rule, got, c.frames)
		}
	}
}
