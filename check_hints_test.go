package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// What check says of hints leads to the setting that helps.
func TestCheck_Hints(t *testing.T) {
	for _, x := range []struct {
		heard, apart bool
		err          error
		want         string
		fails        bool
	}{
		{heard: true, want: "ok"},
		{want: "Name the database itself in store.listen"},
		{apart: true, want: "does store.listen lead to the same database"},
		{err: errors.New("no way"), want: "FAIL  no way", fails: true},
	} {
		var out bytes.Buffer
		c := &checker{verdicts: verdicts{out: &out}}
		if c.hints(x.heard, x.err, x.apart); !strings.Contains(out.String(), x.want) || c.failed != x.fails {
			t.Errorf("%+v: %s", x, out.String())
		}
	}
}
