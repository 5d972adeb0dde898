package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is the release that this source is or becomes.
const version = "0.1.0"

// commit returns the commit the program was built from, as Go recorded it.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	rev, dirty := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			rev = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+changes"
		}
	}
	return rev + dirty
}

func versionCommand(_ context.Context, e *env, args []string) error {
	f := flags(e, "version")
	sbom := f.Bool("sbom", false, "print what the program is made of, as CycloneDX")
	if err := parse(f, args); err != nil {
		return err
	}
	if *sbom {
		return writeBOM(e.stdout)
	}
	_, err := fmt.Fprintf(e.stdout, "porchlight %s, commit %s, %s\n", version, commit(), runtime.Version())
	return err
}
