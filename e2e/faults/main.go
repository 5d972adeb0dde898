// Faults breaks porchlight on purpose, again and again, while visitors and an
// operator write to each other, and checks that nothing acknowledged was lost:
// the bridge is killed, the XMPP server stopped and restarted, the link to it
// stalled, cut and half-opened, the visitors taken offline, the power cut, the disk
// filled. docs/reliability.md has the promise and the figures. With -nodes it breaks several
// porchlights on one database instead.
//
// Every random choice comes from -seed, which is printed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	var o options
	flag.Int64Var(&o.seed, "seed", time.Now().UnixNano(), "seed of all random choices")
	flag.IntVar(&o.kills, "kills", 1000, "kill -9 of the bridge")
	flag.IntVar(&o.stalls, "stalls", 200, "stalls, cuts, half-open links, pauses and restarts of the server, visitors offline")
	flag.IntVar(&o.cuts, "cuts", 200, "power cuts (need root)")
	flag.IntVar(&o.mailKills, "mail-kills", 250, "kill -9 of the bridge and power cuts while mail comes and goes, and as many faults of relay, IMAP server and link (needs dovecot)")
	flag.BoolVar(&o.full, "full", true, "a full disk (needs root)")
	flag.BoolVar(&o.keep, "keep", false, "leave the logs and databases where they are")
	flag.IntVar(&o.nodes, "nodes", 0, "instead of all others: so many porchlights on one PostgreSQL")
	flag.IntVar(&o.faults, "faults", 250, "what goes wrong with several nodes")
	flag.StringVar(&o.only, "only", "", "what the names of the faults of several nodes have to contain")
	flag.IntVar(&o.gaps, "gaps", 10, "how often the desk's gap is measured, for kill -9 and for SIGTERM")
	flag.DurationVar(&o.pace, "pace", 60*time.Millisecond, "time between two messages of one writer with several nodes")
	flag.BoolVar(&o.verbose, "v", false, "say each fault of several nodes")
	flag.StringVar(&o.server, "server", "prosody", "prosody or ejabberd")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}
