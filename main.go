// Porchlight is live support for websites, answered from any XMPP client.
//
// This package is the program: it reads the command line and the config, builds
// each part, runs them, and stops them in reverse order. See docs/architecture.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // zones of visitors and of hours must be known on machines without zoneinfo, such as slim containers

	"porchlight/config"
)

// Exit statuses.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2 // wrong usage or config
)

// command is one of the program's commands.
type command struct {
	name, args, does string
	run              func(context.Context, *env, []string) error
}

// commands lists them in the order of the help.
func commands() []command {
	return []command{
		{"serve", "[--config FILE]", "run the bridge", serveCommand},
		{"demo", "[options]", "try it: a private XMPP server, a demo shop and a chat in the terminal", demoCommand},
		{"check", "[--config FILE] [--origin URL]", "say, line by line, whether config, database, XMPP link and mail work", checkCommand},
		{"config", "", "print a commented config with every option and its default", configCommand},
		{"backup", "[--config FILE] DEST", "copy the database, running or not, to the new file DEST", backupCommand},
		{"move", "[--config FILE] FROM", "copy the SQLite database FROM, which no porchlight uses, into the empty PostgreSQL database of the config", moveCommand},
		{"answers", "export|import [--config FILE] [--format toml|csv] [--replace] FILE", "write the stored answers into a file, or store those of a file, while porchlight runs or not", answersCommand},
		{"stats-rebuild", "[--config FILE]", "count the statistics anew from the logs, while porchlight does not run", rebuildCommand},
		{"version", "[--sbom]", "print the version, or what the program is made of", versionCommand},
	}
}

// env is the world around a command.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string
}

// errUsage ends a command that was used wrongly. What is wrong has been printed.
var errUsage = errors.New("wrong usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], &env{os.Stdin, os.Stdout, os.Stderr, os.Environ()})
	stop()
	os.Exit(status)
}

// run carries out the command line and returns the exit status.
func run(ctx context.Context, args []string, e *env) int {
	if len(args) == 0 || slices.Contains([]string{"help", "-h", "--help", "-help"}, args[0]) {
		usage(e.stdout)
		if len(args) == 0 {
			return exitUsage
		}
		return exitOK
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		err := c.run(ctx, e, args[1:])
		var wrong *config.Error
		switch {
		case err == nil, errors.Is(err, flag.ErrHelp):
			return exitOK
		case errors.Is(err, errUsage):
			return exitUsage
		case errors.As(err, &wrong):
			fmt.Fprintln(e.stderr, err)
			return exitUsage
		}
		fmt.Fprintln(e.stderr, "porchlight "+c.name+":", err)
		return exitFailure
	}
	fmt.Fprintf(e.stderr, "porchlight: there is no command %q\n\n", args[0])
	usage(e.stderr)
	return exitUsage
}

func usage(w io.Writer) {
	fmt.Fprint(w, "porchlight is live support for websites, answered from any XMPP client.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  porchlight %s %s\n      %s\n", c.name, c.args, c.does)
	}
	fmt.Fprint(w, "\nporchlight COMMAND --help lists a command's options.\n")
}

// flags makes a command's flag set.
func flags(e *env, name string) *flag.FlagSet {
	f := flag.NewFlagSet("porchlight "+name, flag.ContinueOnError)
	f.SetOutput(e.stderr)
	return f
}

// parse reads the arguments into the flag set. The words name the arguments that must follow
// the flags.
func parse(f *flag.FlagSet, args []string, words ...string) error {
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	if f.NArg() != len(words) {
		fmt.Fprintf(f.Output(), "usage: %s [options] %s\n", f.Name(), strings.Join(words, " "))
		return errUsage
	}
	return nil
}

// configured reads the arguments of a command that has the flag --config, and the config that
// they name.
func configured(e *env, name string, args []string, words ...string) (config.Config, *flag.FlagSet, error) {
	f := flags(e, name)
	path := f.String("config", "porchlight.toml", "config `FILE`")
	if err := parse(f, args, words...); err != nil {
		return config.Config{}, f, err
	}
	cfg, err := config.Load(*path, e.environ)
	return cfg, f, err
}

func configCommand(_ context.Context, e *env, args []string) error {
	if err := parse(flags(e, "config"), args); err != nil {
		return err
	}
	return config.Write(e.stdout)
}
