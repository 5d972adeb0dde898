package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"porchlight/answerfile"
	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
	"porchlight/config"
)

// answersCommand writes the stored answers into a file, or stores those of a file. The database may be open in a porchlight
// that runs, which reads answers each time that somebody asks for them.
func answersCommand(ctx context.Context, e *env, args []string) error {
	if len(args) > 0 && args[0] == "export" {
		return exportAnswers(ctx, e, args[1:])
	}
	if len(args) > 0 && args[0] == "import" {
		return importAnswers(ctx, e, args[1:])
	}
	if len(args) > 0 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help") {
		newAnswersFlags(e, "export").Usage()
		newImportFlags(e).Usage()
		return flag.ErrHelp
	}
	fmt.Fprintln(e.stderr, "usage: porchlight answers export|import [options] FILE")
	fmt.Fprintln(e.stderr, "porchlight answers -h lists the options.")
	return errUsage
}

// answersFlags are the options of both.
type answersFlags struct {
	*flag.FlagSet
	config, format *string
}

func newAnswersFlags(e *env, name string) answersFlags {
	f := flags(e, "answers "+name)
	return answersFlags{f, f.String("config", "porchlight.toml", "config `FILE`"), f.String("format", "", "`toml` or csv; left out: by the file's ending")}
}

// newImportFlags adds what only an import has.
func newImportFlags(e *env) (f importFlags) {
	f.answersFlags = newAnswersFlags(e, "import")
	f.replace = f.Bool("replace", false, "delete the answers that the file does not have")
	return f
}

// importFlags are the options of an import.
type importFlags struct {
	answersFlags
	replace *bool
}

// read reads the arguments, the config and the format.
func (f answersFlags) read(e *env, args []string) (cfg config.Config, file, format string, err error) {
	if err := parse(f.FlagSet, args, "FILE"); err != nil {
		return cfg, "", "", err
	}
	file, format = f.Arg(0), *f.format
	if format == "" {
		format = answerfile.FormatOf(file)
	}
	if format != answerfile.TOML && format != answerfile.CSV {
		fmt.Fprintf(e.stderr, "%s: the format of %q is not known: name a file that ends in .toml or .csv, or give --format toml or csv\n", f.Name(), file)
		return cfg, "", "", errUsage
	}
	cfg, err = config.Load(*f.config, e.environ)
	return cfg, file, format, err
}

// exportAnswers writes all stored answers into a file, "-" for the standard output.
func exportAnswers(ctx context.Context, e *env, args []string) error {
	cfg, file, format, err := newAnswersFlags(e, "export").read(e, args)
	if err != nil {
		return err
	}
	var list []bridge.Answer
	err = keeperOf(cfg).look(ctx, func(r bridge.Reader) (err error) {
		list, err = r.Answers()
		return err
	})
	if err != nil {
		return err
	}
	content := answerfile.Write(format, bridge.RowsOf(list, ""))
	if file == "-" {
		_, err := e.stdout.Write(content)
		return err
	}
	if err := replaceFile(file, content); err != nil {
		return fmt.Errorf("write answers: %w", err)
	}
	fmt.Fprintf(e.stdout, "%d answers are in %s.\n", len(list), file)
	return nil
}

// replaceFile writes a file whole or not at all.
func replaceFile(name string, content []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.part")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(content)
	if err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}

// importAnswers stores the answers of a file, "-" for the standard input.
func importAnswers(ctx context.Context, e *env, args []string) error {
	f := newImportFlags(e)
	cfg, file, format, err := f.read(e, args)
	if err != nil {
		return err
	}
	content, err := readAnswers(e, file)
	if err != nil {
		return fmt.Errorf("read answers: %w", err)
	}
	rows, faults := answerfile.Read(format, content)
	var done bridge.Imported
	if len(faults) == 0 {
		store := bridge.ImportAnswers
		if *f.replace {
			store = bridge.ReplaceAnswers
		}
		in := bridge.AnswerImport{Rows: rows, Most: cfg.Limits.MessageBytes, Check: desk.New(nil).CheckAnswer, CheckOrder: desk.CheckOrder}
		err = keeperOf(cfg).amend(ctx, func(tx bridge.Tx) (err error) {
			done, faults, err = store(tx, in, time.Now())
			return err
		})
	}
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		for _, fault := range faults {
			fmt.Fprintln(e.stderr, file+":"+said(fault))
		}
		n := "1 fault"
		if len(faults) > 1 {
			n = fmt.Sprint(len(faults), " faults")
		}
		return fmt.Errorf("%s has %s; nothing was imported", file, n)
	}
	fmt.Fprintf(e.stdout, "%d added, %d changed, %d unchanged", done.Added, done.Changed, done.Unchanged)
	if *f.replace {
		fmt.Fprintf(e.stdout, ", %d deleted", done.Deleted)
	}
	fmt.Fprintln(e.stdout, ".")
	return nil
}

// readAnswers reads a file that is no larger than a file of answers may be.
func readAnswers(e *env, file string) ([]byte, error) {
	in := e.stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, answerfile.MostBytes+1))
}

// said says a fault as compilers do: line, if it is known, key, what is wrong.
func said(f bridge.AnswerFault) string {
	text := " "
	if f.Line > 0 {
		text = fmt.Sprintf("%d: ", f.Line)
	}
	if f.Key != "" {
		text += f.Key + ": "
	}
	return text + phrase.Of(f.What).String()
}

// answerFiles reads and writes files of stored answers for the desk.
func answerFiles(publicURL string) desk.AnswerFile {
	return desk.AnswerFile{URL: publicURL, Write: answerfile.Write, Read: func(text string) ([]bridge.AnswerRow, []bridge.AnswerFault) {
		return answerfile.Read(answerfile.Guess([]byte(text)), []byte(text))
	}}
}

// answersNow finds a file of stored answers that the desk has linked to (webwidget.DeskFile).
func (p *program) answersNow(ctx context.Context, name, format string) ([]byte, error) {
	return p.desk.AnswersNow(ctx, name, format)
}
