package desk

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// AnswerFile reads and writes files of stored answers. Any goroutine may call its functions.
type AnswerFile struct {
	URL   string // of the visitors' side, which serves files
	Read  func(text string) ([]bridge.AnswerRow, []bridge.AnswerFault)
	Write func(format string, rows []bridge.AnswerRow) []byte
}

// AnswerFiles lets the desk take and give files of stored answers.
func AnswerFiles(f AnswerFile) Room { return func(d *Desk) { d.files = f } }

// The path of a file of stored answers below the URL of the visitors' side is AnswersPath, a name, a slash, AnswersFile and
// a dot with the format. The name says, sealed as that of a picture is, for whom the file is and until when.
const (
	AnswersPath = "/answers/"
	AnswersFile = "answers"
)

// answersLast is how long the link to a file of stored answers is good.
const answersLast = 15 * time.Minute

// faultsShown is how many faults of a file are told.
const faultsShown = 10

// fileCommands declares the commands about files of stored answers.
func fileCommands() []Command {
	return []Command{
		{Name: "canned-export", Group: Answers, Title: "The stored answers as a file", Together: "Files of stored answers: to get one, and to store what one has", Run: cannedExport, Looks: true,
			Help:   "All that you see, your own among them, as TOML for an editor or as CSV for a spreadsheet. canned-import takes the text of such a file.",
			Fields: []Field{{Name: "format", Label: "The format", Kind: OneOf, Options: []string{"toml", "csv"}}}},
		{Name: "canned-import", Title: "Store the answers of a file", Run: cannedImport, With: "canned-export",
			Help:   "The text of a file, as canned-export makes it: all answers of it or, if something is wrong, none. Nothing is deleted.",
			Fields: []Field{{Name: "file", Label: "The text of the file", Kind: Rest, Required: true}}},
	}
}

// cannedExport gives a link to a file of all that the operator sees.
func cannedExport(d *Desk, ctx context.Context, call Call) (string, error) {
	here, err := stock{d}.shelf(ctx, call)
	if err != nil {
		return "", err
	}
	if d.files.Write == nil {
		return "", refuse("There are no files here.")
	}
	format := call.arg("format")
	if format == "" {
		format = "toml"
	}
	seal, err := d.sealer("answers")
	if err != nil {
		return "", err
	}
	text := string(call.Operator.JID) + "\x00" + strconv.FormatInt(d.bridge.Now().Add(answersLast).Unix(), 10)
	nonce := make([]byte, seal.NonceSize())
	rand.Read(nonce) // never fails: see crypto/rand
	link := d.files.URL + AnswersPath + base64.RawURLEncoding.EncodeToString(seal.Seal(nonce, nonce, []byte(text), nil)) + "/" + AnswersFile + "." + format
	return call.Voice.Say("%d stored answers: %s", len(here.list), link) + "\n" + call.Voice.Say("The link works for 15 minutes."), nil
}

// AnswersNow is the file of stored answers to which a link of the desk leads, by its name and its format. CodeNotFound says
// that the desk has not made the name, or too long ago, or for somebody who is no operator any more.
func (d *Desk) AnswersNow(ctx context.Context, name, format string) ([]byte, error) {
	none := phrase.Fail(phrase.CodeNotFound, "There is no such file.")
	seal, err := d.sealer("answers")
	if err != nil {
		return nil, err
	}
	b, err := base64.RawURLEncoding.DecodeString(name)
	if err != nil || len(b) < seal.NonceSize() || d.files.Write == nil {
		return nil, none
	}
	text, err := seal.Open(nil, b[:seal.NonceSize()], b[seal.NonceSize():], nil)
	jid, until, _ := strings.Cut(string(text), "\x00")
	ends, bad := strconv.ParseInt(until, 10, 64)
	o, known := d.bridge.Team.Operator(bridge.OperatorJID(jid)) // not if they are disabled
	if err != nil || bad != nil || !known || d.bridge.Now().Unix() >= ends {
		return nil, none
	}
	here, err := stock{d}.shelf(ctx, Call{Operator: o})
	if err != nil {
		return nil, err
	}
	return d.files.Write(format, bridge.RowsOf(here.list, o.JID)), nil
}

// cannedImport stores the answers of a file.
func cannedImport(d *Desk, ctx context.Context, call Call) (string, error) {
	if d.files.Read == nil {
		return "", refuse("There are no files here.")
	}
	rows, faults := d.files.Read(call.arg("file"))
	var done bridge.Imported
	if len(faults) == 0 {
		var err error
		done, faults, err = d.bridge.Answers.Import(ctx, bridge.AnswerImport{Rows: rows, By: call.Operator, CheckOrder: CheckOrder, Check: func(key, value string) error {
			if key == "then" {
				return stock{d}.checkThen(ctx, call, []string{value})
			}
			return d.CheckAnswer(key, value)
		}})
		if err != nil {
			return "", err
		}
	}
	if len(faults) > 0 {
		return "", refuse("%s", strings.Join(faultLines(call, faults), "\n"))
	}
	return call.Voice.Say("Answers: %d added, %d changed, %d unchanged.", done.Added, done.Changed, done.Unchanged), nil
}

// faultLines says what is wrong with a file.
func faultLines(call Call, faults []bridge.AnswerFault) (lines []string) {
	for _, f := range faults[:min(len(faults), faultsShown)] {
		what := call.Voice.Phrase(phrase.Of(f.What))
		if key := strings.TrimSpace(f.Key); key != "" {
			what = key + " – " + what
		}
		if f.Line > 0 {
			what = call.Voice.Say("Line %d: %s", f.Line, what)
		}
		lines = append(lines, strings.TrimSpace(what))
	}
	switch more := len(faults) - faultsShown; {
	case more == 1:
		lines = append(lines, call.Voice.Say("1 fault more."))
	case more > 1:
		lines = append(lines, call.Voice.Say("%d faults more.", more))
	}
	return lines
}
