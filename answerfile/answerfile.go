// Package answerfile reads and writes files of stored answers: TOML for people who edit them, CSV for spreadsheets. It
// knows the shape of the files; what an answer may be is the bridge's to say (bridge.AnswerImport). Its functions may be
// called by any goroutine.
package answerfile

import (
	"path/filepath"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// The formats.
const (
	TOML = "toml"
	CSV  = "csv"
)

// MostBytes bounds a file, in bytes.
const MostBytes = 8 << 20

// FormatOf is the format of a file by the ending of its name, "" if that says none.
func FormatOf(name string) string {
	switch ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), ".")); ext {
	case TOML, CSV:
		return ext
	}
	return ""
}

// Guess is the format of a text that has no name: CSV if it begins with a row of several words of which one is a key.
func Guess(data []byte) string {
	line, _, _ := strings.Cut(strings.TrimLeft(string(data), "\uFEFF \t\r\n"), "\n")
	cells := strings.FieldsFunc(strings.TrimSpace(line), func(r rune) bool { return r == ',' || r == ';' })
	known := func(c string) bool { return slices.Contains(keys, strings.ToLower(strings.Trim(c, "\" "))) }
	if len(cells) > 0 && !slices.ContainsFunc(cells, func(c string) bool { return !known(c) }) || len(cells) > 1 && slices.ContainsFunc(cells, known) && !strings.ContainsAny(line, "=[#") {
		return CSV
	}
	return TOML
}

// keys are the keys of an answer, in the order in which files have them.
var keys = []string{"name", "for", "language", "text", "then"}

// Read reads a file. Beside faults there are the rows that could be read.
func Read(format string, data []byte) (rows []bridge.AnswerRow, faults []bridge.AnswerFault) {
	if len(data) > MostBytes {
		return nil, []bridge.AnswerFault{{What: phrase.Fail(phrase.CodeTooLarge, "The file has more than %d bytes.", MostBytes)}}
	}
	data = []byte(strings.TrimPrefix(string(data), "\uFEFF"))
	if format == CSV {
		return readCSV(data)
	}
	return readTOML(data)
}

// Write writes rows as a file, which Read reads as the same rows.
func Write(format string, rows []bridge.AnswerRow) []byte {
	if format == CSV {
		return writeCSV(rows)
	}
	return writeTOML(rows)
}

// set gives a value to the key of a row. It reports whether there is such a key.
func set(row *bridge.AnswerRow, key, value string) bool {
	switch key {
	case "name":
		row.Name = strings.TrimSpace(value)
	case "for":
		row.For = strings.TrimSpace(value)
	case "language":
		row.Language = strings.TrimSpace(value)
	case "text":
		row.Text = value
	case "then":
		row.Then = nil
		for line := range strings.SplitSeq(value, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				row.Then = append(row.Then, line)
			}
		}
	default:
		return false
	}
	return true
}

// value is the inverse of set.
func value(row bridge.AnswerRow, key string) string {
	switch key {
	case "name":
		return row.Name
	case "for":
		return row.For
	case "language":
		return row.Language
	case "text":
		return row.Text
	}
	return strings.Join(row.Then, "\n")
}

// unknownKey is the fault that a file has a key which there is not.
func unknownKey(line int, key string) bridge.AnswerFault {
	return bridge.AnswerFault{Line: line, Key: bridge.Cut(key, 40), What: phrase.Fail(phrase.CodeInvalid, "There is no such key. There are: %s.", strings.Join(keys, ", "))}
}
