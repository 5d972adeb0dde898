package xmppd

import (
	"bytes"
	_ "embed"
	"fmt"
	"io/fs"
	"net/netip"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"text/template"
)

//go:embed prosody.cfg.lua.tmpl
var prosodyConfig string

const prosodyData = "data"

// settings are the values for the templates of the configurations. Paths are those that the
// server sees.
type settings struct {
	Config
	Base         string         // the server's folder
	Data         string         // the folder of the server's data
	CertFile     string         // the file with Config.Certificate
	Client, Link netip.AddrPort // for clients and for the component
	Web          netip.AddrPort // for web pages; not valid: none
	Remote       netip.AddrPort // for other servers; not valid: none
	RootFile     string         // the file with Peers.Authorities
}

// prosody writes Prosody's configuration and new accounts.
func prosody(f *folder, s *Server) (*plan, error) {
	bin, err := find("prosody", "prosody")
	if err != nil {
		return nil, err
	}
	if s.cfg.Rosters {
		if found, err := filepath.Glob("/usr/*/prosody/modules/mod_privilege"); err != nil || len(found) == 0 {
			return nil, Missing("Prosody's mod_privilege", "prosody-modules")
		}
	}
	for _, a := range s.cfg.Accounts {
		if err := f.prosodyAccount(s.cfg.Host, a); err != nil {
			return nil, err
		}
	}
	cmd := exec.Command(bin)
	base, err := f.lend(cmd)
	if err != nil {
		return nil, err
	}
	set, err := s.settings(base, prosodyData)
	if err != nil {
		return nil, err
	}
	if err := f.render("prosody.cfg.lua", prosodyConfig, set); err != nil {
		return nil, err
	}
	cmd.Args = append(cmd.Args, "-F", "--config", base+"/prosody.cfg.lua")
	cmd.Env = environment(base)
	// core/portmanager.lua writes the first line with the ports that a service has got, and
	// the line in taken for each port that it has not.
	activated := func(service string, on netip.AddrPort) string {
		return fmt.Sprintf("Activated service '%s' on [%s]:%d", service, on.Addr(), on.Port())
	}
	ready := []string{activated("c2s", set.Client), activated("component", set.Link)}
	if set.Remote.IsValid() {
		ready = append(ready, activated("s2s", set.Remote))
	}
	if set.Web.IsValid() {
		ready = append(ready, activated("http", set.Web))
	}
	return &plan{
		cmd:    cmd,
		ready:  ready,
		taken:  []string{"Failed to open server port"},
		finish: func() error { return cmd.Process.Signal(syscall.SIGTERM) },
	}, nil
}

// prosodyAccount writes the files of an account and its roster in the form of
// mod_storage_internal, unless the account exists. That saves one run of prosodyctl for
// each account.
func (f *folder) prosodyAccount(host string, a Account) error {
	name := func(store string) string {
		return strings.Join([]string{prosodyData, luaFile(host), store, luaFile(a.Name) + ".dat"}, "/")
	}
	if _, err := fs.Stat(f.root.FS(), name("accounts")); err == nil {
		return nil
	}
	var roster strings.Builder
	roster.WriteString("return {\n\t[false] = { [\"version\"] = 1; };\n")
	for _, c := range a.Contacts {
		fmt.Fprintf(&roster, "\t[%s] = { [\"name\"] = %s; [\"subscription\"] = %s; [\"groups\"] = {}; };\n",
			luaString(c.JID), luaString(c.Name), luaString(c.subscription()))
	}
	roster.WriteString("};\n")
	if err := f.write(name("roster"), []byte(roster.String())); err != nil {
		return err
	}
	// The account is written last: if it exists, so does the roster.
	return f.write(name("accounts"), []byte("return { [\"password\"] = "+luaString(a.Password)+"; };\n"))
}

// luaFile returns the file name that Prosody makes of a name (util/datamanager.lua).
func luaFile(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

// luaString quotes s for Lua. Every byte that is not plain ASCII becomes a decimal escape.
func luaString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			fmt.Fprintf(&b, "\\%03d", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func (s *Server) settings(base, data string) (*settings, error) {
	client, err := netip.ParseAddrPort(s.client)
	if err != nil {
		return nil, fmt.Errorf("read client address: %w", err)
	}
	link, err := netip.ParseAddrPort(s.component)
	if err != nil {
		return nil, fmt.Errorf("read component address: %w", err)
	}
	set := &settings{Config: s.cfg, Base: base, Data: base + "/" + data, CertFile: base + "/" + certName, RootFile: base + "/" + rootName,
		Client: client, Link: link}
	if s.web != "" {
		if set.Web, err = netip.ParseAddrPort(s.web); err != nil {
			return nil, fmt.Errorf("read web address: %w", err)
		}
	}
	if s.cfg.Peers != nil {
		if set.Remote, err = netip.ParseAddrPort(s.cfg.Peers.Addr); err != nil {
			return nil, fmt.Errorf("read address for other servers: %w", err)
		}
	}
	return set, nil
}

// render fills the template text and writes the result as file name.
func (f *folder) render(name, text string, set *settings) error {
	t, err := template.New(name).Funcs(template.FuncMap{"lua": luaArg, "yaml": yamlArg}).Parse(text)
	if err != nil {
		return fmt.Errorf("parse template: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, set); err != nil {
		return fmt.Errorf("fill template: %w", err)
	}
	return f.write(name, out.Bytes())
}

func luaArg(v any) string { return luaString(fmt.Sprint(v)) }
