package config

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// header is the beginning of what Write prints.
const header = `# Every option of porchlight with its default.
#
# An option may also come from the environment, which wins over this file: PORCHLIGHT_SECTION_KEY, as
# in PORCHLIGHT_WEB_LISTEN. Commas separate the elements of a list. A secret may be kept in a file of
# its own: write key_file instead of the key, as in secret_file = "/run/secrets/xmpp", or
# PORCHLIGHT_SECTION_KEY_FILE in the environment.

`

// Write prints a commented TOML file with every option and its default. With the required options
// filled in, the file is valid and gives every other option its value of [Default]. The error wraps
// that of w.
func Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	_, _ = b.WriteString(header) // Flush returns the first error of all writes
	for i, s := range sections() {
		if s.name != "" {
			_, _ = fmt.Fprintf(b, "\n# %s\n[%s]\n", s.doc, s.name)
		}
		for j, o := range s.options {
			if i+j > 0 {
				_, _ = b.WriteString("\n")
			}
			o.write(b)
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	return nil
}

// write prints one option: doc, what is allowed, default.
func (o option) write(b *bufio.Writer) {
	_, _ = fmt.Fprintf(b, "# %s\n", o.doc)
	if o.tables() {
		o.writeTable(b)
		return
	}
	if o.required() && o.deflt == "" {
		_, _ = b.WriteString("# Required.\n")
	}
	if allowed := o.allowed(); allowed != "text" {
		_, _ = fmt.Fprintf(b, "# Allowed: %s.\n", allowed)
	}
	_, _ = fmt.Fprintf(b, "%s = %s\n", o.key(), o.literal())
	if o.secret() {
		_, _ = fmt.Fprintf(b, "# %s_file = \"\"\n", o.key())
	}
}

// writeTable prints one table of a list as an example, in comments.
func (o option) writeTable(b *bufio.Writer) {
	_, _ = fmt.Fprintf(b, "# Only the file can give it, not the environment. One table for each:\n#\n# [[%s]]\n", o.name)
	for _, c := range o.columns() {
		_, _ = fmt.Fprintf(b, "# %s = %s # %s", c.key(), strconv.Quote(c.example), c.doc)
		if c.required() {
			_, _ = b.WriteString(" Required.")
		}
		if c.secret() {
			_, _ = fmt.Fprintf(b, " Or %s_file.", c.key())
		}
		_, _ = b.WriteString("\n")
	}
}

// literal returns the option's default in TOML. Defaults are plain ASCII, which Go quotes like TOML.
func (o option) literal() string {
	switch value := o.parse(o.deflt).(type) {
	case []any:
		var quoted []string
		for _, s := range value {
			quoted = append(quoted, strconv.Quote(fmt.Sprint(s)))
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case bool:
		return strconv.FormatBool(value)
	case int64:
		return strconv.FormatInt(value, 10)
	default:
		return strconv.Quote(o.deflt)
	}
}
