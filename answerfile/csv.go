package answerfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// readCSV reads a table with a row of keys and a row for each answer (RFC 4180). Semicolons may be between the cells, too,
// as spreadsheets in many languages write them.
func readCSV(data []byte) (rows []bridge.AnswerRow, faults []bridge.AnswerFault) {
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord = -1
	head, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.ContainsRune(head, ';') && !bytes.ContainsRune(head, ',') {
		in.Comma = ';'
	}
	names, err := in.Read()
	if err != nil {
		return nil, []bridge.AnswerFault{csvFault(err)}
	}
	for i, name := range names {
		names[i] = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(keys, names[i]) || slices.Contains(names[:i], names[i]) {
			faults = append(faults, unknownKey(1, name))
		}
	}
	if !slices.Contains(names, "name") || !slices.Contains(names, "text") {
		faults = append(faults, bridge.AnswerFault{Line: 1, What: phrase.Fail(phrase.CodeInvalid, "The first row names the columns: %s.", strings.Join(keys, ","))})
	}
	if len(faults) > 0 {
		return nil, faults
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, faults
		}
		if err != nil {
			return rows, append(faults, csvFault(err))
		}
		row, wrong := csvRow(in, names, cells)
		rows, faults = append(rows, row), append(faults, wrong...)
	}
}

// csvRow reads one answer.
func csvRow(in *csv.Reader, names, cells []string) (row bridge.AnswerRow, faults []bridge.AnswerFault) {
	row.Lines = make(map[string]int)
	row.Line, _ = in.FieldPos(0)
	for i, cell := range cells {
		line, _ := in.FieldPos(i)
		if i >= len(names) {
			return row, []bridge.AnswerFault{{Line: line, What: phrase.Fail(phrase.CodeInvalid, "The row has %d cells, and the first row %d.", len(cells), len(names))}}
		}
		row.Lines[names[i]] = line
		set(&row, names[i], asMeant(strings.ReplaceAll(cell, "\r\n", "\n")))
	}
	return row, nil
}

// formula has the characters with which a spreadsheet takes a cell for a formula, whoever wrote it (OWASP, "CSV Injection").
const formula = "=+-@\t\r\n＝＋－＠"

// harmless is a cell that no spreadsheet takes for a formula: an apostrophe stands before it, which says that it is text.
func harmless(cell string) string {
	if asMeant("'"+cell) != cell {
		return cell
	}
	return "'" + cell
}

// asMeant is the inverse of harmless. An apostrophe before anything else is part of the text.
func asMeant(cell string) string {
	text, ok := strings.CutPrefix(cell, "'")
	if bare := strings.TrimLeft(text, "'"); ok && bare != "" && strings.ContainsAny(formula, string([]rune(bare)[:1])) {
		return text
	}
	return cell
}

// csvFault says where a table is no table.
func csvFault(err error) bridge.AnswerFault {
	var parse *csv.ParseError
	switch {
	case !errors.As(err, &parse):
	case errors.Is(err, csv.ErrBareQuote):
		return bridge.AnswerFault{Line: parse.Line, What: phrase.Fail(phrase.CodeInvalid, "There is a \" within a cell that does not begin with one. Write the cell in quotation marks, and \"\" for each within it.")}
	default:
		return bridge.AnswerFault{Line: parse.StartLine, What: phrase.Fail(phrase.CodeInvalid, "A cell that begins with \" does not end with one, or goes on behind it. Write \"\" for each within it.")}
	}
	return bridge.AnswerFault{Line: 1, What: phrase.Fail(phrase.CodeInvalid, "The first row names the columns: %s.", strings.Join(keys, ","))}
}

// writeCSV writes the table.
func writeCSV(rows []bridge.AnswerRow) []byte {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	_ = out.Write(keys) // can't fail: it writes to a buffer
	for _, row := range rows {
		var cells []string
		for _, key := range keys {
			cells = append(cells, harmless(value(row, key)))
		}
		_ = out.Write(cells)
	}
	out.Flush()
	return b.Bytes()
}
