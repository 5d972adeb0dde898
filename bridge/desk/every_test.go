package desk_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/onsite"
	"porchlight/bridge/phrase"
)

// example is a right use of a command by a super operator: as a line, after the command's name, and as a form, a=b&c=d. <n> stands for the
// number of a conversation that is the super operator's, and a command that needs another situation is prepared by lines that
// begin with ! in the conversation.
type example struct{ line, form, before string }

// examples has one of every command, by name.
var examples = map[string]example{
	"help": {"take", "name=take", ""}, "queue": {"", "", ""}, "who": {"", "", ""},
	"clients": {"anna", "words=anna", ""}, "search": {"how", "words=how", ""}, "transcript": {"<n>", "number=<n>", ""},
	"export": {"<n>", "visitor=<n>", ""}, "erase": {"<n>", "visitor=<n>&yes=1", "!close done"},
	"mail": {"bob@example.net Invoice: It is paid.", "address=bob@example.net&subject=Invoice&text=It is paid.", ""}, "email": {"Like this.", "text=Like this.", ""},
	"take": {"<n>", "number=<n>", ""}, "decline": {"<m>", "number=<m>", ""},
	"close": {"well done", "reason=well done", ""}, "note": {"two accounts", "text=two accounts", ""},
	"invite": {"olga", "operator=olga@example.org", ""}, "transfer": {"olga she knows", "to=olga@example.org&note=she knows", ""},
	"mine": {"", "", ""}, "next": {"chats", "kind=chats", ""}, "assign": {"<n> olga", "number=<n>&operator=olga@example.org", ""},
	"watch": {"<m>", "number=<m>", ""}, "unwatch": {"<m>", "number=<m>", "watch <m>"},
	"ask": {"olga Do we ship?", "operator=olga@example.org&question=Do we ship?", ""}, "answer": {"<n> Yes", "number=<n>&text=Yes", "?<n>"},
	"leave": {"", "", "!invite olga"}, "history": {"", "number=", ""}, "info": {"", "", ""},
	"canned": {"hi", "name=hi", "canned-add hi Hello!"}, "canned-add": {"hi Hello {visitor}!", "name=hi&text=Hello!", ""}, "canned-delete": {"hi", "name=hi", "canned-add hi Hello!"},
	"set": {"phone +34 600 000 000", "what=remark&value=She pays late", ""},
	"tag": {"refund -vip", "tags=refund", ""}, "tags": {"", "", ""},
	"junk": {"", "off=", ""}, "merge": {"<a>", "number=<a>&yes=1", ""},
	"later":    {"tomorrow 9:00", "when=2h", ""},
	"status":   {"satellite on", "satellite=1", ""},
	"feedback": {"me 7d", "who=xavi@example.org&range=7d", ""}, "feedback-delete": {"<v> insult", "id=<v>&reason=insult", ""},
	"canned-export": {"csv", "format=csv", ""}, "canned-import": {"hi=Hello!", "file=hi=Hello!", ""},
	"canned-edit": {"hi text=Hallo! lang=de", "answer=hi&text=Hallo!&lang=de", "canned-add hi Hello!"},
	"notify":      {"always", "when=online", ""},
	"stats":       {"me 30d chats", "who=xavi@example.org&range=7d&kind=tickets&text=1", ""}, "stats-rebuild": {"", "", ""},
	"stats-mail": {"boss@example.org olga 30d weekly", "address=boss@example.org&who=xavi@example.org&range=7d&when=weekly", ""},
	"hours":      {"site", "whose=site", ""}, "hours-set": {"olga Mon-Fri 9-17", "whose=olga@example.org&sat=10-12", ""}, "hours-reset": {"olga", "whose=olga@example.org", "hours-set olga Mon-Fri 9-17"},
	"block": {"2h spam", "duration=2h&reason=spam", ""}, "block-range": {"2h spam", "duration=2h&reason=spam", ""},
	"unblock": {"<c>", "who=<c>", "!block"}, "blocks": {"", "", ""},
	"allow": {"olga visitors", "operator=olga@example.org&rights=visitors", ""}, "deny": {"olga block", "operator=olga@example.org&rights=block", ""},
	"permissions": {"olga +visitors -block", "operator=olga@example.org&change=+visitors", ""}, "audit": {"olga 7d", "who=olga@example.org&range=7d", ""},
	"operators": {"olga", "who=olga@example.org", ""}, "operator-add": {"pere@example.net Pere Puig support", "address=pere@example.net&name=Pere&departments=support", ""},
	"operator-edit":   {"olga limit=3 about=Knows it", "who=olga@example.org&limit=3&about=Knows it", ""},
	"operator-enable": {"olga", "who=olga@example.org", "operator-disable olga"}, "operator-disable": {"olga, may", "who=olga@example.org|may@example.org", ""},
	"operator-delete": {"olga may", "who=olga@example.org|may@example.org&yes=1", ""},
	"departments":     {"support", "department=support", ""}, "department-add": {"billing Invoices and payments", "name=billing&title=Invoices", ""},
	"settings": {"offline hide", "group=offline&offline=hide", ""}, "settings-reset": {"offline", "key=offline", "settings offline hide"},
	"team": {"", "", ""}, "team-logout": {"", "", ""}, "team-walls": {"", "", ""},
	"team-wall": {"hall", "name=hall", ""}, "team-wall-delete": {"hall", "name=hall", "team-wall hall"},
	"links": {"", "", ""}, "link-add": {"crm https://crm.example/{email}?t={token}", "name=crm&url=https://crm.example/{email}", ""},
	"link-secret": {"crm", "name=crm", "link-add crm https://crm.example/?t={token}"}, "link-delete": {"crm", "name=crm", "link-add crm https://crm.example/"},
	"keys": {"", "", ""}, "key-add": {"crm read, tickets", "name=crm&scopes=attributes", ""}, "key-delete": {"crm", "name=crm", "key-add crm read"},
	"webhooks": {"", "", ""}, "webhook-add": {"crm https://crm.example/hook created, closed", "name=crm&url=https://crm.example/hook&events=closed", ""},
	"webhook-delete": {"crm", "name=crm", "webhook-add crm https://crm.example/hook"}, "webhook-test": {"crm", "name=crm", "webhook-add crm https://crm.example/hook"},
	"visitors": {"", "", "settings on-site loaded"}, "invite-visitor": {"<s> Hello!", "id=<s>&text=Hello!", "settings on-site loaded"}, "invitations": {"", "", ""},
	"invitation-add":    {"pricing page=/pricing after=45s text=Questions?", "name=pricing&page=/pricing&after=45s&once=day&text=Questions?", ""},
	"invitation-delete": {"pricing", "name=pricing", "invitation-add pricing text=Questions?"},
	"department-edit":   {"support after=2m", "department=support&after=2m", ""}, "department-delete": {"sales support", "department=sales&to=support&yes=1", "department-add sales"},
}

// hostile are arguments that no command may stumble over.
var hostile = []string{
	"", "x", "nobody at all", "-", "–", "+", "*", "=", "a=b", "KEY=VALUE", "yes", "0", "-1", "#", "99999999999999999999", "me", "me me me", "olga, xavi, olga",
	"ñandú 客服 🙂", "e\u0301\u200b\u202eevil\u202c", "İstanbul ſ", "one\ntwo\n\nthree", "\x00\x07", "\xff\xfe", "'; DROP TABLE operators; --", "<x/>&amp;]]>", "%s %d %n %!", "{visitor} {password}",
	"../../etc/passwd", "@", "olga@", "@example.org", "olga@example.org/phone", strings.Repeat("x", 5000), strings.Repeat("olga ", 300), strings.Repeat("9", 400),
}

// crew is an office where the conversation with the visitor is Xavi's, another one waits, and Xavi has a vote.
type crew struct {
	*office
	conversation, waits bridge.Opened
}

func newCrew(t *testing.T) *crew {
	t.Helper()
	c := &crew{office: newMailOffice(t)}
	ctx := context.Background()
	var err error
	if c.conversation, err = c.bridge.Ask(ctx, bridge.Inquiry{Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "How?", Address: "192.0.2.7"}}); err != nil {
		t.Fatal(err)
	}
	c.say(xavi, "", "take "+fmt.Sprint(c.conversation.Number))
	c.vote("Bob", xavi, 2, "Slow")
	c.waits = c.ask()
	if err := c.bridge.Reach.Presence(ctx, olga, "phone", bridge.ShowAvailable); err != nil {
		t.Fatal(err)
	}
	if err := c.bridge.Team.Add(ctx, bridge.Operator{JID: "may@example.org", Name: "May", Enabled: true, Departments: bridge.Circle{"support"}, Permissions: bridge.Permissions{bridge.MayBlock}}); err != nil {
		t.Fatal(err)
	}
	c.say(xavi, "", "team-wall foyer")
	c.counting()
	return c
}

// filled puts the numbers and addresses of a crew into a text.
func (c *crew) filled(s string) string {
	if strings.Contains(s, "<a>") { // another request of the same visitor
		a, err := c.bridge.Ask(context.Background(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "And?"}})
		if err != nil {
			c.t.Fatal(err)
		}
		s = strings.ReplaceAll(s, "<a>", fmt.Sprint(a.Number))
	}
	if strings.Contains(s, "<s>") { // somebody on the site
		s = strings.ReplaceAll(s, "<s>", c.visit(onsite.Beacon{Key: fmt.Sprint("a page of ", c.clock.Now()), Page: bridge.Page{URL: "https://shop.example/pricing"}}))
	}
	return strings.NewReplacer("<n>", fmt.Sprint(c.conversation.Number), "<m>", fmt.Sprint(c.waits.Number), "<v>", "1", "<c>", string(c.conversation.Visitor)).Replace(s)
}

// asks has an operator ask another one about the conversation in which they are a guest.
func (c *crew) asks(o, to bridge.OperatorJID) {
	c.t.Helper()
	c.say(to, c.conversation.Visitor, "invite "+string(o))
	c.say(to, "", "assign "+fmt.Sprint(c.conversation.Number)+" "+string(o))
	if got := c.say(o, c.conversation.Visitor, "ask "+string(to)+" Do we ship?"); !strings.Contains(got, "was asked") {
		c.t.Error(got)
	}
}

// state is what commands of the administration can change.
func (c *crew) state() []any {
	c.t.Helper()
	stored, err := c.bridge.Answers.List(context.Background())
	if err != nil {
		c.t.Fatal(err)
	}
	return []any{slices.Clone(c.bridge.Team.Everybody()), slices.Clone(c.bridge.Team.Departments()), stored, c.bridge.Blocks.List()}
}

// places are where a command is given: in the conversation, or not.
func places(cmd desk.Command) (inside []bool) {
	if !cmd.Visitor {
		inside = append(inside, false)
	}
	if cmd.Visitor || cmd.Both {
		inside = append(inside, true)
	}
	return inside
}

// at is the address to which a command is given.
func (c *crew) at(inside bool) bridge.VisitorJID {
	if inside {
		return c.conversation.Visitor
	}
	return ""
}

// form sends a form with the given fields, of a command of two steps both of its forms. What a form does not ask for of a record stays away: no
// client sends it, and the desk takes it for a second form that has lost its version.
func (c *crew) form(who bridge.OperatorJID, visitor bridge.VisitorJID, name string, fields map[string][]string) (string, *desk.Form, error) {
	c.t.Helper()
	op, _ := c.bridge.Team.Operator(who)
	call := desk.Call{Operator: op, Visitor: visitor}
	keys := func(field string) bool {
		return slices.ContainsFunc(c.Commands(), func(cmd desk.Command) bool {
			return cmd.Name == name && cmd.Record != nil && slices.ContainsFunc(cmd.Record.Keys(), func(k desk.Key) bool { return k.Name == field })
		})
	}
	answer, form, err := c.Fill(context.Background(), name, call, desk.Filled{})
	if phrase.CodeOf(err) == phrase.CodeInvalid { // there is nothing to choose
		return phrase.Of(err).String(), nil, nil
	}
	for range 2 {
		if form == nil || err != nil {
			break
		}
		values := filledIn(form)
		for field, v := range fields {
			if !keys(field) || slices.ContainsFunc(form.Fields, func(f desk.FormField) bool { return f.Name == field }) {
				values[field] = v
			}
		}
		answer, form, err = c.Fill(context.Background(), name, call, desk.Filled{Values: values})
	}
	return answer, form, err
}

// Every command works as a line and as a form, wherever it may be given; who may not give it is refused, in every form.
func TestEvery_RightArguments(t *testing.T) {
	for _, cmd := range desk.New(nil).Commands() {
		ex, ok := examples[cmd.Name]
		if !ok {
			t.Errorf("%s has no example in the list examples", cmd.Name)
			continue
		}
		for _, inside := range places(cmd) {
			c := newCrew(t)
			at := c.at(inside)
			prepare := func() {
				if line, in := strings.CutPrefix(ex.before, "!"); in {
					c.say(xavi, c.conversation.Visitor, line)
				} else if ex.before == "?<n>" {
					c.asks(olga, xavi)
				} else if ex.before != "" {
					c.say(xavi, "", c.filled(ex.before))
				}
			}
			for _, who := range []bridge.OperatorJID{olga, "may@example.org"} {
				op, _ := c.bridge.Team.Operator(who)
				if op.May(cmd.Permission) {
					continue
				}
				before := c.state()
				_, form, err := c.form(who, at, cmd.Name, nil)
				got := c.say(who, at, strings.TrimSpace(cmd.Name+" "+c.filled(ex.line)))
				if form != nil || phrase.CodeOf(err) != phrase.CodeForbidden || !strings.HasPrefix(got, "error: You may not use "+cmd.Name) || !reflect.DeepEqual(before, c.state()) {
					t.Errorf("%s gives %s: %q; as a form %v, %v", who, cmd.Name, got, form, err)
				}
			}
			prepare()
			if got := c.say(xavi, at, strings.TrimSpace(cmd.Name+" "+c.filled(ex.line))); strings.HasPrefix(got, "error: ") {
				t.Errorf("%s %s at %q: %s", cmd.Name, ex.line, at, got)
			}
			if !cmd.Looks || ex.before != "" {
				c = newCrew(t)
			}
			at = c.at(inside)
			prepare()
			fields := map[string][]string{}
			for part := range strings.SplitSeq(c.filled(ex.form), "&") {
				name, value, _ := strings.Cut(part, "=")
				fields[name] = strings.Split(value, "|")
			}
			if answer, form, err := c.form(xavi, at, cmd.Name, fields); err != nil || form != nil || answer == "" {
				t.Errorf("%s as a form at %q: %q, %+v, %v", cmd.Name, at, answer, form, err)
			}
		}
	}
}

// Whatever anybody gives as arguments, a command answers or refuses in a sentence, never with a fault, and what it
// refuses changes nothing.
func TestEvery_WrongArguments(t *testing.T) {
	for _, cmd := range desk.New(nil).Commands() {
		c := newCrew(t)
		for _, who := range []bridge.OperatorJID{xavi, "may@example.org", olga} {
			op, _ := c.bridge.Team.Operator(who)
			for _, inside := range places(cmd) {
				at := c.at(inside)
				for i, arg := range hostile {
					if testing.Short() && i%4 != 0 {
						continue
					}
					before := c.state()
					answer, err := c.Line(t.Context(), desk.Call{Operator: op, Visitor: at}, cmd.Name+" "+arg)
					c.sane(cmd, fmt.Sprintf("%s: %s %.60q", who, cmd.Name, arg), before, answer, nil, err)
					fields := map[string][]string{"surplus": {arg}, "version": {arg}}
					for _, f := range cmd.Fields {
						fields[f.Name] = []string{arg, arg}
					}
					if cmd.Record != nil {
						for _, k := range cmd.Record.Keys() {
							fields[k.Name] = []string{arg}
						}
						delete(fields, "version")
					}
					before = c.state()
					answer, form, err := c.form(who, at, cmd.Name, fields)
					c.sane(cmd, fmt.Sprintf("%s: the form %s with %.60q", who, cmd.Name, arg), before, answer, form, err)
				}
			}
		}
	}
}

// sane checks an outcome: an answer, a form, or a refusal that a person can read and after which all is as before.
func (c *crew) sane(cmd desk.Command, what string, before []any, answer string, form *desk.Form, err error) {
	c.t.Helper()
	code := phrase.CodeOf(err)
	said := phrase.Of(err).String()
	switch {
	case code == phrase.CodeInternal:
		c.t.Errorf("%s fails: %v", what, err)
	case err == nil && answer == "" && form == nil:
		c.t.Errorf("%s says nothing", what)
	case err != nil && (answer != "" || len(said) > 2000):
		c.t.Errorf("%s says %q and refuses: %s", what, answer, said)
	case err != nil && !cmd.Looks && slices.Contains([]phrase.Code{phrase.CodeInvalid, phrase.CodeNotFound, phrase.CodeForbidden}, code) && !strings.HasSuffix(said, " Nothing was changed."):
		c.t.Errorf("%s is refused with %q", what, said)
	case err != nil && !reflect.DeepEqual(before, c.state()):
		c.t.Errorf("%s is refused (%s), and yet something changed", what, said)
	}
}
