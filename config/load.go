package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const (
	// envPrefix begins the name of every environment variable that porchlight reads.
	envPrefix = "PORCHLIGHT_"
	// envClock begins the names of variables that are no options: they set a clock for tests, and the
	// program reads them itself.
	envClock = "PORCHLIGHT_CLOCK_"
)

// Load reads the TOML file at path and the environment (in the form of [os.Environ]), and sets what
// they give in a copy of [Default]. With an empty path it reads no file. The result is valid. The
// error is an [*Error] that lists everything wrong, and the Config beside an error is empty.
func Load(path string, environ []string) (Config, error) {
	return Default().Overlay(path, environ)
}

// Overlay does what [Load] does, with a copy of c in place of [Default]. Options that neither file
// nor environment gives keep their value of c.
func (c Config) Overlay(path string, environ []string) (Config, error) {
	return c.overlay(path, environ, readFile)
}

// overlay does the work of Overlay; read reads a file.
func (c Config) overlay(path string, environ []string, read func(string) ([]byte, error)) (Config, error) {
	l := loader{
		config:  c,
		options: options(),
		read:    read,
		origins: origins{file: path, at: map[string]string{}, refused: map[string]bool{}},
	}
	readable := true
	if path != "" {
		var file map[string]given
		file, readable = l.fromFile(path)
		l.apply(file)
	}
	l.apply(l.fromEnviron(environ))
	if _, given := l.at["store.path"]; !given && l.config.Store.URL.Reveal() != "" {
		l.config.Store.Path = ""
	}
	if readable { // if not, every required option would be reported as missing
		l.problems = append(l.problems, l.config.problems(l.origins)...)
	}
	if err := asError(l.problems); err != nil {
		return Config{}, err
	}
	return l.config, nil
}

// loader is the state of one call of Overlay.
type loader struct {
	config   Config
	options  []option
	read     func(path string) ([]byte, error)
	problems []string
	origins
}

// given is the value of a key in one source, with the source's name for it.
type given struct {
	where string // "porchlight.toml:3: web.listen" or "PORCHLIGHT_WEB_LISTEN"
	value any
}

func (l *loader) problem(where, what string) {
	l.problems = append(l.problems, problem(where, what))
}

// fromFile returns the values that the file gives for known keys, false if the file can't be read or
// is no TOML.
func (l *loader) fromFile(path string) (map[string]given, bool) {
	data, err := l.read(path)
	if err != nil {
		l.problem(path, fmt.Sprintf("can't be read: %v; allowed: a file as `porchlight config` prints it", err))
		return nil, false
	}
	tables := tableNames()
	entries, err := parseFile(data, tables)
	if err != nil {
		secrets := slices.DeleteFunc(slices.Clone(l.options), func(o option) bool { return !o.secret() })
		l.problems = append(l.problems, syntaxProblem(path, data, secrets, err))
		return nil, false
	}
	known := l.known()
	values := map[string]given{}
	for _, e := range entries {
		where := fmt.Sprintf("%s:%d: %s", path, e.line, e.name)
		switch {
		case slices.Contains(known, e.name):
			values[e.name] = given{where, e.value}
		case slices.Contains(tables, e.name):
			l.problem(where, fmt.Sprintf("is %s; allowed: a table, as in [%s]", kind(e.value), e.name))
		default:
			l.problem(where, "unknown key; did you mean "+nearest(e.name, append(tables, known...))+
				"? allowed: the keys that `porchlight config` prints")
		}
	}
	return values, true
}

// fromEnviron returns the values that the environment gives for known keys.
func (l *loader) fromEnviron(environ []string) map[string]given {
	texts := map[string]string{}
	for _, pair := range environ {
		name, text, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, envPrefix) && !strings.HasPrefix(name, envClock) {
			texts[name] = text
		}
	}
	values := map[string]given{}
	var names []string
	for _, o := range l.options {
		for _, key := range o.keys() {
			name := envName(key)
			names = append(names, name)
			if text, ok := texts[name]; ok {
				values[key] = given{name, o.parse(text)}
				delete(texts, name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		l.problem(name, "unknown variable; did you mean "+nearest(name, names)+
			"? allowed: PORCHLIGHT_ and the section and key of an option that `porchlight config` prints")
	}
	return values
}

// known lists every key that may be in the file.
func (l *loader) known() []string {
	var names []string
	for _, o := range l.options {
		names = append(names, o.keys()...)
	}
	return names
}

func tableNames() []string {
	var names []string
	for _, s := range sections()[1:] {
		names = append(names, s.name)
	}
	return names
}

// apply sets the options that one source gives.
func (l *loader) apply(source map[string]given) {
	for _, o := range l.options {
		value, ok := source[o.name]
		file, fromFile := source[o.name+"_file"]
		switch fromFile = fromFile && file.value != ""; {
		case fromFile && ok && value.value != "":
			l.refuse(o, file.where, "is given beside "+o.key()+"; allowed: one of the two")
		case fromFile:
			l.applyFile(o, file)
		case ok:
			l.at[o.name] = value.where
			delete(l.refused, o.name)
			if o.tables() {
				l.applyTables(o, value)
			} else if !o.set(&l.config, value.value) {
				l.refuse(o, value.where, o.mistyped(value.value)+"; allowed: "+o.allowed())
			}
		}
	}
}

// applyFile sets a secret from the file that g names. Line breaks at the file's end are no part of the
// secret.
func (l *loader) applyFile(o option, g given) {
	l.at[o.name] = g.where
	delete(l.refused, o.name)
	secret, wrong := l.secretFrom(o, g.value)
	if wrong != "" {
		l.refuse(o, g.where, wrong)
		return
	}
	o.set(&l.config, secret)
}

// secretFrom reads a secret from the file of that path, or says what is wrong.
func (l *loader) secretFrom(o option, value any) (secret, wrong string) {
	path, ok := value.(string)
	if !ok {
		return "", "is " + kind(value) + "; allowed: the path of a file that holds " + o.key()
	}
	data, err := l.read(path)
	secret = strings.TrimRight(string(data), "\r\n")
	switch {
	case err != nil:
		return "", fmt.Sprintf("can't read %s: %v; allowed: a file that holds %s", quote(path), err, o.key())
	case secret == "":
		return "", fmt.Sprintf("%s is empty; allowed: a file that holds %s", quote(path), o.key())
	}
	return secret, ""
}

// refuse records a problem with an option. Validation then skips the option.
func (l *loader) refuse(o option, where, what string) {
	l.refused[o.name] = true
	l.problem(where, what)
}
