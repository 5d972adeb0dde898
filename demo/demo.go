// Package demo holds the options, the accounts and the banner of `porchlight demo`. The
// private XMPP server, the shop and the chat client for the terminal are packages below it.
package demo

import (
	"bytes"
	"cmp"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"net"
	"strconv"
	"text/template"

	"porchlight/demo/xmppd"
)

// The demo's domains and the one password of its accounts.
const (
	Host     = "localhost"         // of the accounts
	Domain   = "support.localhost" // of the component
	Rooms    = "conference." + Host
	Desk     = "desk@" + Domain
	Password = "demo"
	Support  = "support@" + Host // the address for mail
	Mailbox  = "support"         // the user who reads that mail
)

// The demo's accounts.
const (
	SuperOperator = "xavi@" + Host
	Operator      = "olga@" + Host
	Stranger      = "vera@" + Host // no operator
)

// Departments returns the titles of the demo's departments, by name.
func Departments() map[string]string {
	return map[string]string{"sales": "Sales", "support": "Support"}
}

// Accounts returns the accounts that the demo's server starts with. The operators have each
// other and the desk as contacts.
func Accounts() []xmppd.Account {
	desk := xmppd.Contact{JID: Desk, Name: "Support desk", Subscription: "both"}
	return []xmppd.Account{
		{Name: "xavi", Password: Password, Contacts: []xmppd.Contact{desk, {JID: Operator, Name: "Olga", Subscription: "both"}}},
		{Name: "olga", Password: Password, Contacts: []xmppd.Contact{desk, {JID: SuperOperator, Name: "Xavi", Subscription: "both"}}},
		{Name: "vera", Password: Password},
	}
}

// Options are the command line options of `porchlight demo`.
type Options struct {
	Web       string // wanted address of the web side, in the form of [xmppd.FreeAddr]
	XMPP      string // wanted address for XMPP clients, likewise
	Dir       string // folder for accounts and conversations; empty: a temporary one, removed at exit
	NoConsole bool   // whether there is no operator in the terminal
	Server    string // kind of XMPP server: prosody or ejabberd
	Config    string // config file that wins over the demo's settings; empty: none
	Sample    bool   // whether the folder is filled with a month of conversations
	Nodes     int    // how many porchlights there are on one database
	Store     string // URL of the PostgreSQL database; empty: a file, or a private server if there are several nodes
}

const mostNodes = 9

// Usage is the help text of `porchlight demo`.
const Usage = `usage: porchlight demo [options]

Runs porchlight with a private XMPP server on this machine alone, a demo shop
and, in this terminal, an operator who answers its visitors. Everything it
started ends with it (Ctrl-C).

options:
  --web ADDR       where the shop and the chat are served (default 127.0.0.1:8080);
                   a taken port: the next free one
  --xmpp ADDR      where chat clients log in (default 127.0.0.1:5222);
                   a taken port: the next free one
  --dir DIR        keep accounts, conversations and all that is changed at the
                   desk in this folder (default: a temporary one, removed at exit)
  --sample         begin with 200 conversations of the last 30 days, to look at:
                   stats, feedback, operators; only in a folder that has none
  --nodes N        N porchlights beside each other on one private PostgreSQL, each
                   with a web address of its own: kill one and look
  --store URL      keep everything in this PostgreSQL database
  --no-console     no operator in this terminal: for scripts
  --server KIND    prosody or ejabberd (default prosody)
  --config FILE    settings that go over the demo's own
`

// Flags declares the options in fs, sets their defaults and gives fs its help text. An error
// of fs.Parse then is a mistake in the command line.
func (o *Options) Flags(fs *flag.FlagSet) {
	*o = Options{Server: "prosody", Nodes: 1}
	fs.StringVar(&o.Web, "web", "127.0.0.1:8080", "")
	fs.StringVar(&o.XMPP, "xmpp", "127.0.0.1:5222", "")
	fs.StringVar(&o.Dir, "dir", "", "")
	fs.BoolVar(&o.NoConsole, "no-console", false, "")
	fs.StringVar(&o.Config, "config", "", "")
	fs.BoolVar(&o.Sample, "sample", false, "")
	fs.StringVar(&o.Store, "store", "", "")
	fs.Func("nodes", "", func(n string) (err error) {
		if o.Nodes, err = strconv.Atoi(n); err != nil || o.Nodes < 1 || o.Nodes > mostNodes {
			return fmt.Errorf("allowed are 1 to %d", mostNodes)
		}
		return nil
	})
	fs.Func("server", "", func(kind string) error {
		if kind != "prosody" && kind != "ejabberd" {
			return fmt.Errorf("allowed are prosody and ejabberd")
		}
		o.Server = kind
		return nil
	})
	fs.Usage = func() { io.WriteString(fs.Output(), Usage) }
}

//go:embed banner.txt.tmpl
var bannerText string

// Places are where a running demo can be reached.
type Places struct {
	Web        string // the shop's URL, with a / at its end
	Mail       string // the URL of the page with the mails
	XMPP       string // host:port for chat clients
	SMTP, IMAP string // host:port for mail
	Nodes      []Node // the porchlights, if they are processes of their own; Web is that of the first
}

// Node is one of several porchlights.
type Node struct {
	Web string // the shop's URL at this node, with a / at its end
	PID int
}

// Banner writes that the demo runs: the lines `web: …`, of several nodes also `web 2: …` and so on, `xmpp: …`, `mail: …`, `smtp: …`, `imap: …`
// and `ready`, which scripts wait for, and then what to try and how to log in with a chat client.
// Banner writes everything in one call.
func Banner(w io.Writer, at Places) error {
	host, port, err := net.SplitHostPort(at.XMPP)
	if err != nil {
		return fmt.Errorf("write banner: %w", err)
	}
	t, err := template.New("banner").Funcs(template.FuncMap{"nth": func(i int) int { return i + 1 }}).Parse(bannerText)
	if err != nil {
		return fmt.Errorf("parse banner: %w", err)
	}
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{
		"Web": at.Web, "XMPP": at.XMPP, "Mail": at.Mail, "Nodes": at.Nodes, "SMTP": at.SMTP, "IMAP": at.IMAP, "Host": host, "Port": port, "Password": Password,
		"SuperOperator": SuperOperator, "Operator": Operator, "Stranger": Stranger, "Desk": Desk,
		"Support": Support, "Mailbox": Mailbox,
	})
	_, werr := w.Write(out.Bytes())
	if err = cmp.Or(err, werr); err != nil {
		return fmt.Errorf("write banner: %w", err)
	}
	return nil
}
