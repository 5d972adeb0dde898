package config_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"porchlight/config"
)

func TestWrite_PrintsTheDefaults(t *testing.T) {
	var b strings.Builder
	if err := config.Write(&b); err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(
		"super_operators = []", `super_operators = ["xavi@example.org"]`,
		`domain = ""`, `domain = "support.example.org"`,
		"[xmpp]", "[xmpp]\n# filled in",
	).Replace(b.String())
	text = strings.Replace(text, `secret = ""`, `secret = "hunter2"`, 1)
	c, err := config.Load(write(t, "porchlight.toml", text), nil)
	if err != nil {
		t.Fatalf("what Write prints is refused: %v\n%s", err, text)
	}
	if !reflect.DeepEqual(c, valid()) {
		t.Errorf("got  %+v\nwant %+v", c, valid())
	}
}

func TestWrite_PrintsEveryOptionWithItsDoc(t *testing.T) {
	var b strings.Builder
	if err := config.Write(&b); err != nil {
		t.Fatal(err)
	}
	section := ""
	printed := map[string]bool{}
	for block := range strings.SplitSeq(b.String(), "\n\n") {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		last := lines[len(lines)-1]
		if strings.HasPrefix(last, "[") {
			section = strings.Trim(last, "[]") + "."
			continue
		}
		for i, line := range lines {
			if key, _, ok := strings.Cut(line, " = "); ok && !strings.HasPrefix(key, "#") {
				printed[section+key] = i > 0 && strings.HasPrefix(lines[0], "# ")
			}
		}
	}
	eachOption(func(name string, f reflect.StructField) {
		if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
			for _, column := range reflect.VisibleFields(f.Type.Elem()) {
				if !strings.Contains(b.String(), "# "+column.Tag.Get("toml")+" = \""+column.Tag.Get("example")+"\" # "+column.Tag.Get("doc")) {
					t.Errorf("%s.%s is not printed", name, column.Name)
				}
			}
			return
		}
		if documented, ok := printed[name]; !ok || !documented {
			t.Errorf("%s: printed %v, with doc %v", name, ok, documented)
		}
		if f.Type == reflect.TypeFor[config.Secret]() && !strings.Contains(b.String(), "# "+f.Tag.Get("toml")+"_file = \"\"\n") {
			t.Errorf("%s: its file is not printed", name)
		}
		delete(printed, name)
	})
	if len(printed) > 0 {
		t.Errorf("printed, but no options: %v", printed)
	}
}

// eachOption visits the fields with code of its own, so that it shares no mistake with the package.
func eachOption(visit func(name string, f reflect.StructField)) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[config.Config]()) {
		name := f.Tag.Get("toml")
		if f.Type.Kind() != reflect.Struct {
			visit(name, f)
			continue
		}
		for _, inner := range reflect.VisibleFields(f.Type) {
			visit(name+"."+inner.Tag.Get("toml"), inner)
		}
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWrite_ReturnsTheWritersError(t *testing.T) {
	if err := config.Write(brokenWriter{}); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}
