package e2e_test

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"porchlight/component/stream"
	"porchlight/demo"
)

const nsDelay = "urn:xmpp:delay"

func exclamations(k *talk) {
	k.taken()
	k.x.says(k.jid, "!!important")
	k.x.says(k.jid, "/help me")
	if !strings.HasSuffix(k.log(), "\n!important\n/help me") {
		k.t.Errorf("the visitor reads %q", k.log())
	}
	for line, answer := range map[string]string{
		"!note secret": "Noted, for operators only.", " ! Note secret": "Noted, for operators only.", "!clsoe secret": "…Did you mean !close?…",
		"> quoted\n!note secret": "Noted, for operators only.", "!to bob secret": "…no command…",
	} {
		k.command(k.x, line, answer)
	}
	k.x.Chat(k.jid, "among", "hello\n!note secret")
	k.x.reads(k.jid, "[Desk] Nothing was sent, because line 2 begins with a single !…")
	k.x.expect("the refusal", bounced("among", "not-acceptable"))
	if strings.Contains(k.log(), "secret") {
		k.t.Errorf("the visitor reads %q", k.log())
	}
}

func deskLines(k *talk) {
	for _, line := range []string{"%d", "take %d", "!take %d", " ! Take %d "} {
		c := k.ask("Anna Öst")
		k.x.Chat(demo.Desk, rand.Text(), fmt.Sprintf(line, c.Number))
		k.x.reads(demo.Desk, fmt.Sprintf("#%d is yours: Anna Öst (2). Write to %s", c.Number, c.Visitor))
		k.ends(c)
	}
}

// quotation marks the first n characters of a reply's body as the quotation that clients add for
// other clients that don't know replies (XEP-0461 §3, XEP-0428 §3).
func quotation(of, by string, n int) []*stream.Element {
	return []*stream.Element{stream.New(nsReply, "reply").With("to", by, "id", of),
		stream.New(nsFallback, "fallback", stream.New(nsFallback, "body").With("start", "0", "end", fmt.Sprint(n))).With("for", nsReply)}
}

func notTwice(k *talk) {
	k.taken()
	said := k.says("!close").Get("id")
	k.x.transmits("chat", k.jid, body("!note late"), stream.New(nsDelay, "delay").With("stamp", time.Now().UTC().Format(time.RFC3339)))
	k.x.reads(k.jid, "[Desk] This came late and was not carried out: note late")
	k.x.transmits("chat", k.jid, body("!note changed"), stream.New(nsReplace, "replace").With("id", "x"))
	k.x.reads(k.jid, "[Desk] A correction is not carried out. Please send it as a new message.")
	for _, quoted := range []string{"!close\n", "> !close\n"} {
		k.x.transmits("chat", k.jid, append(quotation(said, k.jid, len(quoted)), body(quoted+"Not yet"))...)
	}
	k.x.desk("canned-add again Only once", "again is stored")
	for range 2 {
		k.x.Chat(k.jid, "same "+k.jid, "!again")
		k.x.Chat(k.jid, "same words "+k.jid, "Said once")
	}
	k.x.says(k.jid, "and then this")
	log := k.log()
	for text, n := range map[string]int{"Not yet": 2, "!close": 1, "Only once": 1, "Said once": 1, "late": 0, "changed": 0} {
		if got := strings.Count(log, text); got != n {
			k.t.Errorf("the visitor reads %q %d times, want %d: %q", text, got, n, log)
		}
	}
	k.command(k.x, "!close", fmt.Sprintf("#%d is closed.", k.c.Number)) // the conversation was open all the time
}

// commands lists the commands that an address offers. The answer must have nothing more than the
// XEP asks for.
func (p *person) commands(at string) []string {
	p.t.Helper()
	list := p.iq("get", at, stream.New(nsItems, "query").With("node", nsCommands))
	var nodes, items []string
	for _, item := range p.part(list, nsItems, "query").Children {
		nodes = append(nodes, item.Get("node"))
		items = append(items, "<item jid='"+at+"' node='"+item.Get("node")+"' name='…'/>")
	}
	p.is(list, answerOf(at, p.JID, "<query xmlns='"+nsItems+"' node='"+nsCommands+"'>"+strings.Join(items, "")+"</query>"))
	return nodes
}

// step is one step of an ad-hoc command (XEP-0050 §2).
func step(node, action, session string, x *stream.Element) *stream.Element {
	return stream.New(nsCommands, "command", x).With("node", node, "action", action, "sessionid", session)
}

// completed is the last answer of a command.
func completed(from, to, node, note string) string {
	return answerOf(from, to, "<command xmlns='"+nsCommands+"' node='"+node+"' sessionid='UUID' status='completed'><note type='info'>"+note+"</note></command>")
}

func commandsEverywhere(k *talk) {
	k.taken()
	word := regexp.MustCompile(`^[a-z]+(-[a-z]+){0,2}$`)
	for to, wants := range map[string][]string{demo.Domain: {"take", "queue"}, demo.Desk: {"take", "queue"}, k.jid: {"close", "info"}, k.jid + "/web": {"close", "info"}} {
		nodes := k.x.commands(to)
		for _, node := range nodes {
			if !word.MatchString(node) {
				k.t.Errorf("%s is no short word", node)
			}
		}
		for _, want := range wants {
			if !slices.Contains(nodes, want) {
				k.t.Errorf("%s lacks %s: %q", to, want, nodes)
			}
		}
		k.x.is(k.x.iq("set", to, step(wants[1], "execute", "", nil)), completed(to, k.x.JID, wants[1], "…"))
	}
}

func formsAreSimple(k *talk) {
	number := fmt.Sprint(k.c.Number)
	form := k.x.iq("set", demo.Desk, step("take", "execute", "", nil))
	k.x.is(form, answerOf(demo.Desk, k.x.JID, "<command xmlns='"+nsCommands+"' node='take' sessionid='UUID' status='executing'><actions execute='complete'><complete/></actions>"+
		"<x xmlns='jabber:x:data' type='form'><title>Take a request</title><instructions>…</instructions>"+
		"<field var='number' type='list-single' label='…'><required/><value>"+number+"</value><option label='…Anna Öst…'><value>"+number+"</value></option></field></x></command>"))
	session := k.x.part(form, nsCommands, "command").Get("sessionid")
	x := stream.New(nsData, "x", stream.New("", "field", stream.Text("", "value", number)).With("var", "number")).With("type", "submit")
	k.x.is(k.x.iq("set", demo.Desk, step("take", "complete", session, x)),
		strings.Replace(completed(demo.Desk, k.x.JID, "take", "#"+number+" is yours: Anna Öst. Write to "+k.jid), "UUID", session, 1))
	k.x.is(k.x.iq("set", k.jid, step("close", "cancel", session, nil)),
		answerOf(k.jid, k.x.JID, "<command xmlns='"+nsCommands+"' node='close' sessionid='"+session+"' status='canceled'/>"))
}

func stepsAreAlike(k *talk) {
	k.taken()
	for _, action := range []string{"", "execute", "next", "complete"} {
		form := k.x.part(k.x.iq("set", k.jid, step("note", action, "", nil)), nsCommands, "command")
		if form.Get("status") != "executing" {
			k.t.Errorf("%q begins with %s", action, form.Append(nil))
		}
		x := stream.New(nsData, "x", stream.New("", "field", stream.Text("", "value", "by "+action)).With("var", "text")).With("type", "submit")
		k.x.is(k.x.iq("set", k.jid, step("note", action, form.Get("sessionid"), x)), completed(k.jid, k.x.JID, "note", "Noted, for operators only."))
	}
}

func nothingFancy(k *talk) {
	k.taken()
	for _, to := range []string{demo.Desk, k.jid} {
		for _, node := range k.x.commands(to) {
			answer := k.x.part(k.x.iq("set", to, step(node, "execute", "", nil)), nsCommands, "command")
			switch answer.Get("status") {
			case "executing":
				k.simple(node, k.x.part(answer, nsData, "x"))
			case "completed":
				if len(answer.Children) != 1 || answer.ChildText(nsCommands, "note") == "" {
					k.t.Errorf("%s ends with %s", node, answer.Append(nil))
				}
			default:
				k.t.Errorf("%s: %s", node, answer.Append(nil))
			}
		}
	}
}

// simple checks a form: its fields have labels and types that all clients know, a field in
// which one of several is chosen is filled in, and there is no table.
func (k *talk) simple(node string, form *stream.Element) {
	k.t.Helper()
	for _, f := range form.Children {
		switch {
		case f.Local == "title" || f.Local == "instructions":
			continue
		case f.Local != "field" || !slices.Contains([]string{"fixed", "hidden", "text-single", "text-multi", "text-private", "boolean", "list-single", "list-multi", "jid-single"}, f.Get("type")):
			k.t.Errorf("%s has %s", node, f.Append(nil))
		case f.Get("label") == "" && f.Get("type") != "hidden" && f.Get("type") != "fixed": // a heading is its value
			k.t.Errorf("%s has no label for %s", node, f.Append(nil))
		case f.Get("type") == "list-single" && f.Child(nsData, "value") == nil: // of several, none may be chosen
			k.t.Errorf("%s chooses nothing in %s", node, f.Append(nil))
		}
		for _, c := range f.Children {
			if !slices.Contains([]string{"desc", "required", "value", "option"}, c.Local) || c.Space != nsData || c.Local == "option" && c.Get("label") == "" {
				k.t.Errorf("%s has in %s a %s", node, f.Get("var"), c.Append(nil))
			}
		}
	}
}
