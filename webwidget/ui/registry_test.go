package ui_test

import (
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// integrity pins the packages of others with which the widget is tested, as npm does in a lock file.
var integrity = map[string]string{
	"@hotwired/turbo@8.0.23": "sha512-GZ7cijxEZ6Ig71u7rD6LHaRv/wcE/hNsc+nEfiWOkLNqUgLOwo5MNGWOy5ZV9ZUDSiQx1no7YxjTNnT4O6//cQ==",
	"htmx.org@2.0.10":        "sha512-kdeJe7ZVwaS6QMz/ebBIVtZdpwen6L0OQ5GOhPV9MKBb196TCZeZu4yA7ZIQsaLKv7EpXz+So7KSXNuHXhj7Cw==",
	"htmx.org@4.0.1":         "sha512-oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
	"react@19.3.1":           "sha512-QNhWdt7nrgVWWQG58QuGsAR3jv3Hbe4mb4vz7w2csnHavciZJgda1CPNaldF6eVxv90ud3jUXpKlHL69gO38yw==",
	"react-dom@19.3.1":       "sha512-Y0bARz53lhEC1NMCASs0/j+faB/zqt3R8hpvg1e8+61ZVJ4UL0UdC4cBbXfZMcIuhrfgeILTLe+ZeBCavQPtKQ==",
	"scheduler@0.28.0":       "sha512-juorfCmIkIw8tT+p5BXSm6PJjQF/ycEYmKyzURCIt/RaZIhL+PulbQ9Yu2z1HdOJDdqDTlxA1+xKBmHXJsczAw==",
	"vue@3.5.45":             "sha512-3cvsib8m9c0vB24+MDKsgcW4+Da4xaBl9Z/5Tbm2pmSIsRPxcil4cdXjXlVsmJ2g64XJo5h+IRd7rsdGT9pZaw==",
	"astro@7.3.5":            "sha512-1p/ernaq/RuESbM5NMjWzbO6SiebMGrGcYlGjMfBhzzgM+n/X7AUmVyw8BqW2QYCdivpsHwJBcD1fqmlTZjZHg==",
}

// errUnreachable is what a test is skipped for where the registry can't be reached.
var errUnreachable = errors.New("the npm registry can't be reached")

// registry fetches each package once.
var registry sync.Map

// theirPackage returns a folder of modules that holds a package of others. It comes from the npm registry, and is kept in the
// user's cache.
func theirPackage(t *testing.T, what string) (modules string) {
	t.Helper()
	once, _ := registry.LoadOrStore(what, sync.OnceValues(func() (string, error) { return fetchPackage(what) }))
	modules, err := once.(func() (string, error))()
	if errors.Is(err, errUnreachable) {
		t.Skipf("SKIPPED, NOTHING TESTED with %s: %v", what, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return modules
}

func fetchPackage(what string) (modules string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	home := filepath.Join(cache, "porchlight", "packages", strings.ReplaceAll(what, "/", "+"))
	modules = filepath.Join(home, "node_modules")
	if _, err := os.Stat(modules); !errors.Is(err, fs.ErrNotExist) {
		return modules, err
	}
	to, err := os.MkdirTemp("", "package")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(to)
	pack := exec.Command("npm", "pack", "--silent", "--fetch-retries", "1", "--fetch-timeout", "20000", "--pack-destination", to, what)
	pack.WaitDelay = time.Second
	if pack.Run() != nil {
		return "", errUnreachable
	}
	found, err := filepath.Glob(filepath.Join(to, "*.tgz"))
	if err != nil || len(found) != 1 {
		return "", errUnreachable
	}
	packed, err := os.ReadFile(found[0])
	if err != nil {
		return "", err
	}
	sum := sha512.Sum512(packed)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != integrity[what] {
		return "", errors.New(what + " has the integrity " + got)
	}
	name := what[:strings.LastIndex(what, "@")]
	if err := unpack(packed, filepath.Join(to, "node_modules", name)); err != nil {
		return "", err
	}
	if err := os.MkdirAll(home, 0o755); err != nil {
		return "", err
	}
	if err := os.CopyFS(filepath.Join(home, "new"), os.DirFS(filepath.Join(to, "node_modules"))); err != nil {
		return "", err
	}
	return modules, os.Rename(filepath.Join(home, "new"), modules)
}
