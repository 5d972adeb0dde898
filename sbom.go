package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// bom is a bill of materials in CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/):
// every module that is in the program, Go itself and SQLite.
type bom struct {
	Format     string   `json:"bomFormat"`
	Spec       string   `json:"specVersion"`
	Version    int      `json:"version"`
	Metadata   metadata `json:"metadata"`
	Components []part   `json:"components"`
}

type metadata struct {
	Component part `json:"component"`
}

// part is one component of a bom.
type part struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	PURL       string     `json:"purl"`
	Properties []property `json:"properties,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// writeBOM writes the bill of materials of the running program, from what Go recorded in its
// binary. So the list is true of this very binary, and the same source gives the same list.
func writeBOM(w io.Writer) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("read build info: this program was built without modules")
	}
	lite, _, _ := sqlite3.Version()
	b := bom{Format: "CycloneDX", Spec: "1.5", Version: 1}
	b.Metadata.Component = newPart("application", "porchlight", version, "pkg:generic/porchlight")
	b.Metadata.Component.Properties = []property{{"porchlight:commit", commit()}}
	b.Components = []part{
		newPart("platform", "go", strings.TrimPrefix(info.GoVersion, "go"), "pkg:golang/stdlib"),
		newPart("library", "sqlite", lite, "pkg:generic/sqlite"),
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		p := newPart("library", m.Path, m.Version, "pkg:golang/"+m.Path)
		if m.Sum != "" {
			p.Properties = []property{{"go:sum", m.Sum}}
		}
		b.Components = append(b.Components, p)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(b)
}

// newPart makes a part. Its package URL is url with the version.
func newPart(kind, name, version, url string) part {
	url += "@" + version
	return part{Type: kind, Ref: url, Name: name, Version: version, PURL: url}
}
