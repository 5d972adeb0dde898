package e2e_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// situation is the state of a conversation in which a command is tried.
type situation int

const (
	asked      situation = iota // the conversation waits
	mine                        // Xavi has the conversation
	guest                       // Olga has the conversation and invited Xavi
	blocked                     // its visitor is blocked
	voted                       // Xavi has answered in the conversation, and its visitor has voted
	watched                     // Olga has the conversation, and Xavi watches it
	questioned                  // Olga has the conversation, and has asked Xavi something
)

// trial has right and wrong arguments of a command, and what is answered. <n> stands for the
// conversation's number, <v> for the id of the latest vote, <a> for another request of its visitor.
type trial struct {
	in             situation
	right, want    string // the arguments after the command's name, and a part of the answer
	wrong, refused string
	form, bad      string // right and wrong arguments as fields of a form, a=b&c=d; "" if the command has no form
}

// trials has a trial of every command, by name. Those of the team are in team_commands_test.go.
var trials = map[string]trial{
	"help":            {asked, "take", "take NUMBER", "nothing", "There is no command", "name=take", "name=nothing"},
	"mail":            {asked, "bob@example.net Invoice: It is paid.", "the mail goes to bob@example.net", "bob Invoice: x", "no email address", "address=bob@example.net&subject=Invoice&text=It is paid.", "address=bob&subject=a&text=b"},
	"email":           {mine, "Like this.", "It goes by mail to anna@example.net", "", "Missing: ", "text=Like this.", "text="},
	"queue":           {asked, "", "#<n> Anna", "x", "too much", "", ""},
	"search":          {mine, "how*", "Found, the latest first:", "?!", "There is nothing to look for", "words=how", "words=?!"},
	"transcript":      {mine, "<n>", "#<n> Anna", "999999", "There is no conversation #999999.", "number=<n>", "number=999999"},
	"export":          {mine, "<n>", "1 conversation (#<n>)", "#999999", "There is no conversation #999999.", "visitor=<n>", "visitor=999999"},
	"erase":           {blocked, "<n>", "1 conversation (#<n>)", "#999999", "There is no conversation #999999.", "visitor=<n>&yes=1", "visitor=999999&yes=1"},
	"clients":         {mine, "anna", "Anna", "zzz 9", "There is no page 9.", "words=anna", "words=zzz 9"},
	"mine":            {mine, "", "Yours: ", "x", "too much", "", ""},
	"next":            {asked, "chats", " is yours: ", "letters", "is none of chats, tickets", "kind=chats", "kind=letters"},
	"assign":          {asked, "<n> olga", "#<n> is with Olga now.", "1 nobody", "There is no operator", "number=<n>&operator=olga@localhost", "number=1&operator=nobody"},
	"watch":           {asked, "<n>", "You watch #<n>", "x", "no number", "number=<n>", "number=x"},
	"unwatch":         {watched, "<n>", "You watch #<n> no more.", "x", "no number", "number=<n>", "number=x"},
	"ask":             {mine, "olga Do we ship?", "Olga was asked.", "nobody x", "There is no operator", "operator=olga@localhost&question=Do we ship?", "operator=nobody&question=x"},
	"answer":          {questioned, "<n> Yes", "Your answer about #<n> was passed on.", "x y", "no number", "number=<n>&text=Yes", "number=x&text=y"},
	"take":            {asked, "<n>", "#<n> is yours", "x", "no number", "number=<n>", "number=x"},
	"decline":         {asked, "#<n>", "#<n> is left to the others", "", "Missing: ", "number=<n>", "number="},
	"close":           {mine, "well done", "#<n> is closed", "", "", "reason=well done", ""},
	"set":             {mine, "phone +34 600 000 000", "phone: – → +34600000000", "colour blue", "is none of", "what=phone&value=+34600000000", "what=colour&value=x"},
	"tag":             {mine, "Refund -vip", "#<n>: #refund", "a/b", "is no tag", "tags=refund", "tags=a/b"},
	"tags":            {mine, "", "ags", "x", "too much", "", ""},
	"junk":            {mine, "", "#<n> is closed as junk", "x", "too much", "off=", ""},
	"merge":           {mine, "<a> yes", "#<n> goes on here. #<a> is closed", "99999", "There is no #99999.", "number=<a>&yes=1", "number=99999"},
	"later":           {mine, "tomorrow 9:00", "#<n> is put off until ", "soon", "is no moment such as 20m", "when=2h", "when=soon"},
	"note":            {mine, "two accounts", "Noted", "", "Missing: ", "text=two accounts", "text="},
	"invite":          {mine, "olga", "Olga takes part", "nobody", "There is no operator", "operator=olga@localhost", "operator=nobody"},
	"transfer":        {mine, "olga she knows", "#<n> is offered to Olga", "nobody x", "There is no operator", "to=olga@localhost&note=she knows", "to=nobody"},
	"leave":           {guest, "", "You take no part", "x", "too much", "", ""},
	"history":         {mine, "", "first conversation", "99999", "no earlier conversation", "number=", "number=99999"},
	"info":            {mine, "", "#<n> Anna", "x", "too much", "", ""},
	"block":           {mine, "2h spam", "is blocked until", "", "", "duration=2h&reason=spam", "duration=soon"},
	"block-range":     {mine, "7d spam", "address is not known", "", "", "duration=7d&reason=spam", "duration=soon"},
	"unblock":         {blocked, "", "is not blocked any more", "nobody", "is not blocked", "who=", "who=nobody"},
	"blocks":          {blocked, "", "for good", "x", "too much", "", ""},
	"feedback":        {voted, "all 7d", "★★☆☆☆ Anna", "nobody", "There is no operator", "who=xavi@localhost&range=7d", "who=nobody"},
	"feedback-delete": {voted, "<v> insult", "<v> (2 of 5, Anna", "99999", "There is no vote 99999. feedback lists them. Nothing was changed.", "id=<v>&reason=insult", "id=99999"},
	"stats":           {mine, "me 30d chats", "First answer ", "2026-13", `"2026-13" is no range`, "who=xavi@localhost&range=7d&kind=tickets&text=on", "range=2026-13"},
	"stats-rebuild":   {mine, "", "The statistics", "x", "too much", "", ""},
	"stats-mail":      {mine, "boss@example.org 30d weekly", "from now on each Monday 7:00. stats-mail boss@example.org off ends it.", "boss", `"boss" is no email address`, "address=boss@example.org&when=weekly", "address=boss"},
	"hours":           {mine, "site", "The site: no hours are set", "nobody", "There is no operator or department", "whose=site", "whose=nobody"},
	"hours-set":       {mine, "olga Mon-Fri 9-17", "Olga", "olga Sat noon", `"noon" is no `, "whose=olga@localhost&sat=10-12", "whose=olga@localhost&sat=noon"},
	"notify":          {mine, "mail off", "Notices: ", "webhook nowhere", `"nowhere" is no address such as https://example.org/hook.`, "when=hours", "webhook=nowhere"},
	"hours-reset":     {mine, "olga", "Olga: no h", "nobody", "There is no operator or department", "whose=olga@localhost", "whose=nobody"},
	"canned-add":      {mine, "hi Hello {visitor}!", "hi is", "9x y", "no name for an answer", "name=hi&text=Hello {visitor}!", "name=9x&text=y"},
	"canned":          {mine, "hi", "Hello", "nothing", "There is no stored answer", "name=hi", "name=nothing"},
	"canned-delete":   {mine, "hi", "hi is deleted", "nothing", "There is no stored answer", "name=hi", "name=nothing"},
	"settings":        {mine, "offline hide", "form → hide", "colour lime", `"lime" is no colour such as #1a73e8 with enough contrast (4.5:1) on white. Nothing was changed.`, "group=offline&offline=hide", "group=look&colour=lime"},
	"settings-reset":  {mine, "side", "side: left → right", "nothing", `"nothing" is no setting`, "key=side", "key=nothing"},
	"canned-export":   {mine, "csv", "stored answers: http", "pdf", "is none of toml, csv", "format=csv", "format=pdf"},
	"canned-import":   {mine, "name,text\nho,Hello!", "Answers: ", "name,text\nho,{nobody}", "{nobody} is not filled in", "file=name,text\nho,Hallo!", "file=name,text\nho,{nobody}"},
	"canned-edit":     {mine, "hi text=Hallo!", "hi: text Hello {visitor}! → Hallo!.", "hi text={nobody}", "{nobody} is not filled in", "answer=all/hi.default&text=Hallo!", "answer=all/hi.default&text={nobody}"},
	"who":             {mine, "", "Xavi (xavi@localhost)", "x", "too much", "", ""},
	"status":          {mine, "satellite off", "You are Xavi", "language=klingon", `"klingon" is none of `, "about=<n>", "language=klingon"},
}

// stage is a demo with its two operators: Xavi, who may do everything, and Olga.
type stage struct {
	t    *testing.T
	web  string
	x, o *person
	vote string // the id of the latest vote
	seen string // the id of somebody who is on the site
	also int64  // another request of the visitor, which waits
	jid  string // the visitor of the conversation that was opened last
}

// conversation brings a new conversation into a situation.
func (s *stage) conversation(in situation) (jid string, number int64) {
	s.t.Helper()
	c, err := visitor.New(s.web).Ask(s.t.Context(), visitor.Inquiry{Name: "Anna", Email: "anna@example.net", Reason: "How?", Department: "support"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.jid = c.Visitor
	owner := map[situation]*person{mine: s.x, blocked: s.x, voted: s.x, guest: s.o, watched: s.o, questioned: s.o}[in]
	if owner == nil {
		return c.Visitor, c.Number
	}
	owner.desk(fmt.Sprint(c.Number), fmt.Sprintf("#%d is yours", c.Number))
	switch in {
	case guest:
		s.o.Chat(c.Visitor, rand.Text(), "!invite xavi")
		s.o.hears(c.Visitor, "Xavi takes part")
		s.x.hears(c.Visitor, "Anna: How?")
	case watched:
		s.x.desk(fmt.Sprintf("watch %d", c.Number), fmt.Sprintf("You watch #%d", c.Number))
	case questioned:
		s.o.write(c.Visitor, "!ask xavi Do we ship?", "Xavi was asked.")
		s.x.hears(demo.Desk, fmt.Sprintf("Olga asks you about #%d", c.Number))
	case voted:
		s.x.says(c.Visitor, "So")
		if err := c.Post(s.t.Context(), "/feedback", map[string]any{"score": 2, "comment": "No"}); err != nil {
			s.t.Fatal(err)
		}
		told := s.x.hears(demo.Desk, fmt.Sprintf(`, #%d: "No" feedback `, c.Number))
		_, s.vote, _ = strings.Cut(told, " feedback ")
	case blocked:
		s.x.Chat(c.Visitor, rand.Text(), "!block")
		s.x.hears(c.Visitor, "is blocked for good")
	}
	return c.Visitor, c.Number
}

// prepare makes what the command is about, if that is a stored answer or one of the team; n is the
// conversation's number.
func (s *stage) prepare(c desk.Command, n int64) {
	s.t.Helper()
	if c.Name == "merge" {
		other, err := visitor.New(s.web).Ask(s.t.Context(), visitor.Inquiry{Name: "Anna", Email: "anna@example.net", Reason: "And?", Department: "support"})
		if err != nil {
			s.t.Fatal(err)
		}
		s.also = other.Number
		s.x.write(s.jid, fmt.Sprintf("!merge %d", s.also), "have only an email address in common") // which anybody can type
	}
	for _, step := range before[c.Name] {
		s.x.desk(s.fill(step.line, n), step.answer)
	}
	if c.Name == "visitors" || c.Name == "invite-visitor" {
		s.seen = s.visit(fmt.Sprint("/page-", n))
	}
	if c.Name == "canned" || c.Name == "canned-delete" || c.Name == "canned-edit" {
		s.x.desk("canned-add hi Hello {visitor}!", "hi is")
	}
}

// visit opens a page of the site, and returns the id of its visitor.
func (s *stage) visit(path string) string {
	s.t.Helper()
	answer, err := http.Post(s.web+"/v1/visits", "application/json", strings.NewReader(`{"visit":"a-page-of-the-site-`+path+`","page":{"url":"https://www.example.org`+path+`"}}`))
	if err != nil {
		s.t.Fatal(err)
	}
	answer.Body.Close()
	list, _, _ := strings.Cut(s.x.desk("visitors", " · "+path+" "), " · "+path+" ")
	return list[strings.LastIndex(list, " ")+1:]
}

// write sends a line and returns the answer, which must hold the text.
func (p *person) write(to, line, want string) {
	p.t.Helper()
	p.Chat(to, rand.Text(), line)
	p.hears(to, want)
}

// iq sends a request and returns its answer.
func (p *person) iq(kind, to string, payload *stream.Element) *stream.Element {
	p.t.Helper()
	id := rand.Text()
	p.Send(stream.New("", "iq", payload).With("type", kind, "to", to, "id", id))
	return p.expect("the answer of "+to, func(el *stream.Element) bool { return el.Local == "iq" && el.Get("id") == id })
}

// adhoc runs a command with the fields of its form, and returns the note or the error.
func (p *person) adhoc(to, node, fields string) string {
	p.t.Helper()
	command := stream.New(nsCommands, "command").With("node", node, "action", "execute")
	if fields != "" {
		form := p.iq("set", to, command).Child(nsCommands, "command")
		if form.Get("status") == "executing" {
			command = command.With("sessionid", form.Get("sessionid"), "action", "complete")
		}
		asked := make(map[string]bool)
		for field := range form.Child(nsData, "x").All(nsData, "field") {
			asked[field.Get("var")] = true
		}
		x := stream.New(nsData, "x").With("type", "submit")
		for field := range strings.SplitSeq(fields, "&") {
			name, value, _ := strings.Cut(field, "=")
			if form.Child("", "actions").Get("execute") == "next" && !asked[name] {
				continue // the second form asks for it
			}
			x.Children = append(x.Children, stream.New("", "field", stream.Text("", "value", value)).With("var", name))
		}
		if asked["version"] { // it is the form of a whole record, which goes back whole
			x = filledIn(form.Child(nsData, "x"), fields)
		}
		command.Children = append(command.Children, x)
	}
	answer := p.iq("set", to, command)
	if answer.Get("type") == "error" {
		return "error " + answer.Child("", "error").Children[0].Local
	}
	done := answer.Child(nsCommands, "command")
	if second := done.Child(nsData, "x"); second != nil && done.Get("status") == "executing" && done.ChildText("", "note") == "" {
		command.Children = []*stream.Element{filledIn(second, fields)}
		done = p.iq("set", to, command).Child(nsCommands, "command")
	}
	return done.ChildText("", "note")
}

// filledIn is a form as it came, but for some fields.
func filledIn(form *stream.Element, fields string) *stream.Element {
	x := stream.New(nsData, "x").With("type", "submit")
	for came := range form.All(nsData, "field") {
		field := stream.New("", "field").With("var", came.Get("var"))
		for value := range came.All(nsData, "value") {
			field.Children = append(field.Children, stream.Text("", "value", value.Text))
		}
		for said := range strings.SplitSeq(fields, "&") {
			if name, value, _ := strings.Cut(said, "="); name == came.Get("var") {
				field.Children = []*stream.Element{stream.Text("", "value", value)}
			}
		}
		x.Children = append(x.Children, field)
	}
	return x
}

const (
	nsCommands = "http://jabber.org/protocol/commands"
	nsData     = "jabber:x:data"
)

// TestCommands_InAllForms: every command does the same as a line to the desk, as a !line in a
// conversation and as a form. Wrong arguments get one answer, which says what is wrong.
func TestCommands_InAllForms(t *testing.T) {
	t.Parallel()
	d := startDemoWith(t, t.TempDir(), "127.0.0.1:0", "[limits]\noffers_at_once = 1000\n[notify]\nnetworks = [\"127.0.0.0/8\"]\n") // so many requests would be told together otherwise
	s := &stage{t: t, web: d.web, x: login(t, d.xmpp, "xavi", ""), o: login(t, d.xmpp, "olga", "")}
	s.x.expect("Olga on duty", func(el *stream.Element) bool { return strings.Contains(el.ChildText("", "status"), "Olga, Xavi") })
	for _, c := range desk.New(nil).Commands() {
		row, ok := trials[c.Name]
		if !ok {
			row, ok = teamTrials[c.Name]
		}
		if !ok {
			t.Errorf("%s is not tried", c.Name)
			continue
		}
		if c.Visitor || c.Both {
			s.inConversation(c, row)
		}
		if !c.Visitor {
			s.atDesk(c, row)
		}
	}
	s.withoutPermission()
}

// atDesk tries a command as a line to the desk, with and without !, and as a form.
func (s *stage) atDesk(c desk.Command, row trial) {
	s.t.Helper()
	for _, prefix := range []string{"", "!"} {
		jid, n := s.conversation(row.in)
		s.prepare(c, n)
		args := row.right
		if c.Name == "unblock" {
			args = jid
		}
		s.x.write(demo.Desk, prefix+strings.TrimSpace(c.Name+" "+s.fill(args, n)), s.fill(row.want, n))
	}
	if row.refused != "" {
		s.x.write(demo.Desk, c.Name+" "+row.wrong, row.refused)
	}
	jid, n := s.conversation(row.in)
	s.prepare(c, n)
	form := s.fill(row.form, n)
	if c.Name == "unblock" {
		form = "who=" + jid
	}
	s.noted(demo.Desk, c.Name, form, s.fill(row.want, n))
	if row.bad != "" {
		s.noted(demo.Desk, c.Name, row.bad, row.refused)
	}
}

// inConversation tries a command as a !line to the visitor and as a form there.
func (s *stage) inConversation(c desk.Command, row trial) {
	s.t.Helper()
	jid, n := s.conversation(row.in)
	s.prepare(c, n)
	if row.refused != "" {
		s.x.write(jid, "!"+c.Name+" "+row.wrong, row.refused)
	}
	s.x.write(jid, strings.TrimSpace("!"+c.Name+" "+s.fill(row.right, n)), s.fill(row.want, n))
	jid, n = s.conversation(row.in)
	s.prepare(c, n)
	if row.bad != "" {
		want := row.refused
		if want == "" {
			want = "no time such as"
		}
		s.noted(jid, c.Name, row.bad, want)
	}
	s.noted(jid, c.Name, s.fill(row.form, n), s.fill(row.want, n))
	if c.Visitor {
		s.x.write(demo.Desk, strings.TrimSpace(c.Name+" "+s.fill(row.right, n)), "belongs into a conversation")
	}
}

// noted runs a form and wants a note.
func (s *stage) noted(to, node, fields, want string) {
	s.t.Helper()
	if got := s.x.adhoc(to, node, fields); !strings.Contains(got, want) {
		s.t.Errorf("%s of %s with %q gives %q, which lacks %q", node, to, fields, got, want)
	}
}

// fill puts the numbers of the situation into what is written or answered.
func (s *stage) fill(text string, number int64) string {
	return strings.NewReplacer("<n>", fmt.Sprint(number), "<v>", s.vote, "<a>", fmt.Sprint(s.also), "<s>", s.seen).Replace(text)
}

// withoutPermission: a command that an operator may not give is neither listed nor carried out,
// and the visitor does not read it.
func (s *stage) withoutPermission() {
	s.t.Helper()
	jid, n := s.conversation(asked)
	s.o.desk(fmt.Sprint(n), "is yours")
	o := bridge.Operator{}
	for _, c := range desk.New(nil).Commands() {
		if o.May(c.Permission) {
			continue
		}
		to, prefix := demo.Desk, ""
		if c.Visitor {
			to, prefix = jid, "!"
		}
		s.o.write(to, prefix+c.Name, "You may not use "+c.Name)
		if got := s.o.adhoc(to, c.Name, ""); got != "error item-not-found" {
			s.t.Errorf("%s as a form: %s", c.Name, got)
		}
		list := s.o.iq("get", to, stream.New("http://jabber.org/protocol/disco#items", "query").With("node", nsCommands))
		if text := string(list.Append(nil)); strings.Contains(text, `node="`+c.Name+`"`) {
			s.t.Errorf("%s is listed: %s", c.Name, text)
		}
		if help := s.o.desk("help", "At the desk"); slices.Contains(strings.FieldsFunc(help, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) }), c.Name) {
			s.t.Errorf("help lists %s:\n%s", c.Name, help)
		}
	}
	for _, el := range s.o.All() {
		if operator.Body(jid, "is blocked")(el) {
			s.t.Errorf("somebody was blocked: %s", el.Append(nil))
		}
	}
}
