package ui_test

import (
	"encoding/json"
	"os"
)

type built struct {
	Page, Panel string
}

// manifest reads what the build tool wrote.
func manifest() (m built) {
	b, err := os.ReadFile("../dist/manifest.json")
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		panic(err)
	}
	return m
}
