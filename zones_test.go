package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The program knows time zones on a machine that has no table of them.
func TestZones_AreInTheProgram(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(strings.Fields(string(out)), "time/tzdata") {
		t.Error("the program does not embed time/tzdata")
	}
}
