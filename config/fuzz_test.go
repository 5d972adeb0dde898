package config

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// at matches the start of a problem: the file, perhaps with a line and a key, or a variable.
var at = regexp.MustCompile(`^(porchlight\.toml(:[1-9][0-9]*)?: |PORCHLIGHT_)`)

// Whatever the file and the environment hold, Load doesn't panic, and accepts only what is valid. Its
// error is an *Error whose lines start with the place.
func FuzzLoad(f *testing.F) {
	var printed strings.Builder
	if err := Write(&printed); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(printed.String()), "PORCHLIGHT_XMPP_SECRET_FILE=/secret")
	f.Add([]byte("super_operators = ['a@b']\n[xmpp]\ndomain = 'd'\nsecret_file = '/secret'\n"), "PORCHLIGHT_LIMITS_WAITING=1\nPORCHLIGHT_SUPER_OPERATORS=a@b,c@d")
	f.Add([]byte("[[web]]\nx = 1\n[web.a.'b']\n[a.b]\nc.d = {e = 1}\n\"\\n\" = [[1], {a = 1}]"), "PORCHLIGHT_=\nPORCHLIGHT_\x00\r=1\nA")
	f.Add([]byte("[email]\nsmtp = \"smtp://u:%zz@h:1\"\nfrom='<'\n[web]\npublic_url='http://[::1'\nlisten=':'\n"), "PORCHLIGHT_TIMING_OFFER=9e99h")
	f.Fuzz(func(t *testing.T, file []byte, environ string) {
		read := func(path string) ([]byte, error) {
			switch path {
			case "porchlight.toml":
				return file, nil
			case "/secret":
				return []byte("hunter2\n"), nil
			}
			return nil, fs.ErrNotExist
		}
		c, err := Default().overlay("porchlight.toml", strings.Split(environ, "\n"), read)
		if err == nil {
			if err := c.Validate(); err != nil {
				t.Errorf("what Load accepts is not valid: %v", err)
			}
			return
		}
		configErr, ok := errors.AsType[*Error](err)
		if !ok || len(configErr.Problems) == 0 {
			t.Fatalf("error is %T: %v", err, err)
		}
		for _, line := range configErr.Problems {
			if !at.MatchString(line) || strings.ContainsAny(line, "\r\n") || !strings.Contains(line, "allowed: ") {
				t.Errorf("not a line with place and what is allowed: %q", line)
			}
		}
	})
}

// The deepest list that fits into a file must end in an error, not at the end of the stack.
func TestLoad_SurvivesDeepNesting(t *testing.T) {
	text := "x = " + strings.Repeat("[", maxFile/2-4) + strings.Repeat("]", maxFile/2-4)
	read := func(string) ([]byte, error) { return []byte(text), nil }
	_, err := Default().overlay("porchlight.toml", nil, read)
	if err == nil || !strings.Contains(err.Error(), "porchlight.toml:1: x: unknown key") {
		t.Errorf("got %v", err)
	}
}

func TestReadFile_DoesNotRepeatThePath(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, dir + "/none"} {
		if _, err := readFile(path); err == nil || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: got %v", path, err)
		}
	}
	if err := os.WriteFile(dir+"/full", make([]byte, maxFile), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := readFile(dir + "/full"); err != nil || len(data) != maxFile {
		t.Errorf("a file of the largest size: %d bytes, %v", len(data), err)
	}
}
