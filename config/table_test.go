package config_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"porchlight/config"
)

// mailOn is a file's section [email] with one mailbox, which tables of others may follow.
const mailOn = "[email]\nfrom = 'Example <support@example.org>'\nsmtp = 'smtps://mail.example.org:465'\nimap = 'imaps://support:p@mail.example.org:993/INBOX'\n"

// Mailboxes are tables of the file. Their secrets may be in files of their own, and what Write prints as
// an example is valid once it is no comment.
func TestTables_AreRead(t *testing.T) {
	secret := write(t, "sales", "imap://bill:p@mail.example.org:143/Sales\n")
	want := []config.Mailbox{
		{Department: "sales", From: "Example Sales <sales@example.org>", IMAP: config.NewSecret("imaps://sales:PASSWORD@mail.example.org:993/INBOX")},
		{Department: "billing", IMAP: config.NewSecret("imap://bill:p@mail.example.org:143/Sales")},
	}
	var printed strings.Builder
	if err := config.Write(&printed); err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(printed.String(), "# [[email.mailboxes]]")
	example, _, _ = strings.Cut(example, "\n\n")
	text := mailOn + "[[email.mailboxes]]" + strings.ReplaceAll(example, "\n# ", "\n") + "\n[[email.mailboxes]]\ndepartment = 'billing'\nimap_file = '" + secret + "'\n[limits]\nwaiting = 3\n"
	c, err := config.Load(write(t, "porchlight.toml", text), required)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(c.Email.Mailboxes, want) || c.Limits.Waiting != 3 {
		t.Errorf("got %+v", c.Email.Mailboxes)
	}
	other := c
	other.Email.Mailboxes = slices.Clone(want)
	if got := config.Changed(c, other); len(got) != 0 {
		t.Errorf("the same mailboxes: changed %v", got)
	}
	other.Email.Mailboxes[1].IMAP = config.NewSecret("imap://bill:q@mail.example.org:143/Sales")
	if got := config.Changed(c, other); !slices.Equal(got, []string{"email.mailboxes"}) {
		t.Errorf("another password: changed %v", got)
	}
}

// What is wrong with a mailbox is told with the line of the last and the number of the table.
func TestTables_NameWhatIsWrong(t *testing.T) {
	good := "department = 'sales'\nimap = 'imaps://sales:p@mail.example.org:993/INBOX'\n"
	for _, test := range []struct{ tables, what string }{
		{"mailboxes = 1", "is a number; allowed: tables in the file, as in [[email.mailboxes]]"},
		{"mailboxes = ['sales']", "is a list of something else; allowed: tables"},
		{"[[email.mailboxes]]\n" + good + "dapartment = 'x'", "table 1: dapartment is an unknown key; did you mean department?"},
		{"[[email.mailboxes]]\nimap = 'imaps://sales:p@h:993'", "table 1: department is missing"},
		{"[[email.mailboxes]]\ndepartment = 'sales'", "table 1: imap is missing"},
		{"[[email.mailboxes]]\ndepartment = 'Sales'\nimap = 'imaps://sales:p@h:993'", `table 1: department "Sales" is no name of a department`},
		{"[[email.mailboxes]]\ndepartment = 1\nimap = 'imaps://sales:p@h:993'", "table 1: department is a number"},
		{"[[email.mailboxes]]\ndepartment = 'sales'\nimap = 'http://sales:hunter2@h:993'", "table 1: imap has an unknown scheme"},
		{"[[email.mailboxes]]\ndepartment = 'sales'\nfrom = 'sales'\nimap = 'imaps://sales:p@h:993'", `table 1: from "sales" is no mail address`},
		{"[[email.mailboxes]]\n" + good + "imap_file = '/nowhere'", "table 1: imap_file is given beside imap"},
		{"[[email.mailboxes]]\ndepartment = 'sales'\nimap_file = '/nowhere'", `table 1: imap_file can't read "/nowhere"`},
		{"[[email.mailboxes]]\n" + good + "[[email.mailboxes]]\ndepartment = 'sales'\nimap = 'imaps://other:p@h:993'", `table 2: department "sales" has a mailbox in table 1`},
		{"[[email.mailboxes]]\n" + good + "[[email.mailboxes]]\ndepartment = 'billing'\nimap = 'imaps://sales:q@MAIL.example.org:993'", "table 2: imap is the mailbox of table 1"},
		{"[[email.mailboxes]]\ndepartment = 'sales'\nimap = 'imaps://support:p@mail.example.org:993/inbox'", "table 1: imap is the mailbox of email.imap"},
	} {
		path := write(t, "porchlight.toml", mailOn+test.tables+"\n")
		_, err := config.Load(path, required)
		lines := problems(t, err)
		last := strings.LastIndex(mailOn+test.tables, "mailboxes") // whose line the decoder knows
		line := strings.Count((mailOn + test.tables)[:last], "\n") + 1
		wantProblem(t, lines, fmt.Sprintf("%s:%d: email.mailboxes", path, line), test.what)
		if len(lines) != 1 || strings.Contains(lines[0], "hunter2") {
			t.Errorf("%s: got %d problems, want 1:\n%v", test.tables, len(lines), err)
		}
	}
}

// The environment can't give mailboxes, and says so.
func TestTables_NotFromTheEnvironment(t *testing.T) {
	_, err := config.Load("", append(required[:3:3], "PORCHLIGHT_EMAIL_MAILBOXES=sales"))
	wantProblem(t, problems(t, err), "PORCHLIGHT_EMAIL_MAILBOXES", "allowed: tables in the file")
}

// What [email] takes as a separator and as hosts of uploads.
func TestEmail_SeparatorAndHosts(t *testing.T) {
	for text, what := range map[string]string{
		"subaddress = '-'": "", "subaddress = ''": "", "subaddress = '++'": "is none of them", "subaddress = 'x'": "is none of them", "subaddress = '@'": "is none of them",
		"upload_hosts = ['upload.example.org', 'files.example.org:5281', '10.0.0.1', '[::1]:443']": "",
		"upload_hosts = ['https://upload.example.org']":                                            "is no host", "upload_hosts = ['upload.example.org/x']": "is no host", "upload_hosts = ['a@b']": "is no host",
		"upload_hosts = ['upload.example.org:99999']": "has a port", "keep_raw = '-1h'": "too small", "per_minute = -1": "too small",
	} {
		path := write(t, "porchlight.toml", "[email]\n"+text+"\n")
		_, err := config.Load(path, required)
		if what == "" && err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if what != "" {
			key, _, _ := strings.Cut(text, " ")
			wantProblem(t, problems(t, err), path+":2: email."+key, what)
		}
	}
}
