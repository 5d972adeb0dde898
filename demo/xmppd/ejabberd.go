package xmppd

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

var (
	//go:embed ejabberd.yml.tmpl
	ejabberdConfig string

	//go:embed ejabberd.erl
	ejabberdBoot []byte
)

// ejabberd writes ejabberd's configuration and the program that starts it. The Erlang node
// has no name, so it starts no epmd and opens no port that was not asked for.
func ejabberd(f *folder, s *Server) (*plan, error) {
	erl, err := find("erl", "ejabberd")
	if err != nil {
		return nil, err
	}
	libs, err := ejabberdLibs()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(erl)
	base, err := f.lend(cmd)
	if err != nil {
		return nil, err
	}
	set, err := s.settings(base, "spool")
	if err != nil {
		return nil, err
	}
	if err := f.ejabberdFiles(set); err != nil {
		return nil, err
	}
	cmd.Args = append(cmd.Args, "-noshell", "-mnesia", "dir", `"`+set.Data+`"`,
		"-eval", fmt.Sprintf("ok = file:set_cwd(%q), ok = file:eval(\"boot.erl\").", base))
	cmd.Env = append(environment(base), "ERL_LIBS="+libs, "ERL_CRASH_DUMP_SECONDS=0",
		"EJABBERD_CONFIG_PATH="+base+"/ejabberd.yml", "EJABBERD_LOG_PATH="+base+"/ejabberd.log")
	alive, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("open pipe: %w", err)
	}
	return &plan{
		cmd:    cmd,
		ready:  []string{"porchlight: ready"},
		taken:  []string{"address already in use"},
		finish: alive.Close, // boot.erl ends at once then; ejabberd's own stop takes up to 13 s
	}, nil
}

func (f *folder) ejabberdFiles(set *settings) error {
	if err := f.render("ejabberd.yml", ejabberdConfig, set); err != nil {
		return err
	}
	if err := f.write("accounts.term", erlangAccounts(set.Config)); err != nil {
		return err
	}
	return f.write("boot.erl", ejabberdBoot)
}

// ejabberdLibs finds the folder that holds ejabberd and the libraries it needs.
func ejabberdLibs() (string, error) {
	for _, lib := range []string{"/usr/lib/*-linux-gnu", "/usr/lib/erlang/lib", "/usr/lib64/erlang/lib", "/usr/lib"} {
		found, err := filepath.Glob(lib + "/ejabberd-*/ebin/ejabberd.app")
		if err != nil {
			return "", fmt.Errorf("look for ejabberd: %w", err)
		}
		if len(found) > 0 {
			return filepath.Dir(filepath.Dir(filepath.Dir(found[0]))), nil
		}
	}
	return "", Missing("ejabberd", "ejabberd")
}

// erlangAccounts returns the accounts as one Erlang term for ejabberd.erl.
func erlangAccounts(cfg Config) []byte {
	var accounts []string
	for _, a := range cfg.Accounts {
		var contacts []string
		for _, c := range a.Contacts {
			user, server, _ := strings.Cut(c.JID, "@")
			contacts = append(contacts, erlangTuple(user, server, c.Name, c.subscription()))
		}
		accounts = append(accounts, fmt.Sprintf("{%s, %s, %s, [%s]}",
			erlangBinary(a.Name), erlangBinary(cfg.Host), erlangBinary(a.Password), strings.Join(contacts, ", ")))
	}
	return []byte("[" + strings.Join(accounts, ",\n ") + "].\n")
}

func erlangTuple(fields ...string) string {
	for i, s := range fields {
		fields[i] = erlangBinary(s)
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// erlangBinary writes s as a list of bytes, so that no content can break out of it.
func erlangBinary(s string) string {
	return "<<" + strings.ReplaceAll(strings.Trim(fmt.Sprint([]byte(s)), "[]"), " ", ",") + ">>"
}

// yamlArg quotes v as a JSON string, which is also one in YAML.
func yamlArg(v any) (string, error) {
	quoted, err := json.Marshal(fmt.Sprint(v))
	return string(quoted), err
}
