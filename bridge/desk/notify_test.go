package desk_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
)

// Two keys as Pushover has them.
const userKey, otherKey = "uQiRzpo4DXghDmr9QzzfQu27cmVRs9", "aZGRqxUbvBcQbDo8PwyfPi26blUNs0"

// phone is a channel for notices that answers with an error, if it has one.
type phone struct {
	way bridge.Way
	err error
	mu  sync.Mutex
	to  []string // what the operator had set when something was sent
}

// Way implements bridge.Channel.
func (p *phone) Way() bridge.Way { return p.way }

// Send implements bridge.Channel.
func (p *phone) Send(_ context.Context, n bridge.Notice) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.to = append(p.to, string(n.Operator.JID)+" "+n.Operator.Notify.Pushover+n.Operator.Notify.Ntfy+n.Operator.Notify.Webhook)
	}
	return p.err
}

// lines says lines one after the other and compares the beginning of each answer.
func (o *office) lines(list [][3]string) {
	o.t.Helper()
	for _, s := range list {
		if got := o.say(bridge.OperatorJID(s[0]+"@example.org"), "", s[1]); !strings.HasPrefix(got, s[2]) {
			o.t.Errorf("%s: %s\nis answered %q\nwant        %q", s[0], s[1], got, s[2])
		}
	}
}

// An operator says when they are asked. A way that there is no channel for is refused, and nothing is said to be
// sent that was not.
func TestNotify_WithoutChannels(t *testing.T) {
	o := newOffice(t)
	o.lines([][3]string{
		{"olga", "notify", "When: in your hours. None are set, so only while you are available; hours-set sets them\nMail: not set up here yet\nPushover: not set up here yet. ntfy: not set up here yet. Webhook: not set up here yet"},
		{"olga", "hours-set daily 9-17; UTC", "Yours now"},
		{"olga", "notify", "When: in your hours, though you are away or offline\nMail: not"},
		{"olga", "notify always", "You are asked at any time, also when away or at night. notify hours takes it back."},
		{"olga", "notify always", "Notices: that is how it was. Nothing was changed."},
		{"olga", "notify", "When: at any time, also when away or at night\n"},
		{"olga", "status", "You are Olga, olga@example.org.\nDepartments: support\nOffers: on, as soon as a client of yours is available"}, // the link has only begun
		{"olga", "notify When ONLINE", "You are asked only while you are available. notify always takes it back."},
		{"olga", "notify", "When: only while you are available\n"},
		{"olga", "notify hours", "You are asked in your hours, also when away or offline. notify online takes it back."},
		{"olga", "notify when=always", "Notices: when hours → always.\nBack: notify when=hours"},
		{"olga", "notify mail on", "error: Mail is not set up here yet, so nothing would be sent. Nothing was changed."},
		{"olga", "notify mail=on", "error: Mail is not set up here yet, so nothing would be sent. Nothing was changed."},
		{"olga", "notify mail off", "Notices: that is how it was. Nothing was changed."},
		{"olga", "notify mail", "error: Something is missing after mail. There are: always, hours, online, mail on|off [ADDRESS], pushover USERKEY [TOKEN], pushover off, urgent on|off, ntfy URL [TOKEN], ntfy off, webhook URL [SECRET], webhook off, test. Nothing was changed."},
		{"olga", "notify mail maybe", `error: "maybe" is neither on nor off. Write: notify mail on|off [ADDRESS]. Nothing was changed.`},
		{"olga", "notify pushover " + userKey, "error: Pushover is not set up here yet, so nothing would be sent. Delete your message here: the key stands in it. Nothing was changed."},
		{"olga", "notify pushover 123", `error: "…" is no key of Pushover: it has 30 letters and digits. Delete your message here: the key stands in it. Nothing was changed.`},
		{"olga", "notify webhook https://example.org/hook", "error: Webhook is not set up here yet, so nothing would be sent. Nothing was changed."},
		{"olga", "notify sometimes", `error: "sometimes" is no setting. There are: always, hours, online,`},
		{"olga", "notify always now", `error: "now" is too much. There are: always,`},
		{"olga", "notify when", `error: "when" is no setting.`},
		{"olga", "notify test", "Sent: a message here. Which did not come? help notify"},
		{"xavi", "operator-edit olga mail=on", "error: Mail is not set up here yet, so nothing would be sent. Nothing was changed."},
		{"xavi", "operator-edit olga notify=online", "Olga: notify always → online.\nBack: operator-edit olga notify=always"},
	})
	if op, _ := o.bridge.Team.Operator(olga); op.Notify != (bridge.Notify{When: bridge.NotifyOnline}) {
		t.Errorf("Olga has %+v", op.Notify)
	}
	if n := o.told(olga, bridge.TestNotice().String()); n != 1 {
		t.Errorf("%d tests came", n)
	}
}

// told counts the notices of the desk to an operator that say something.
func (o *office) told(who bridge.OperatorJID, text string) (n int) {
	o.t.Helper()
	entries, err := o.bridge.DeskEntries(context.Background(), who, 0, 100)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range entries {
		if e.Kind == bridge.DeskNotice && strings.Contains(e.Phrase.String(), text) {
			n++
		}
	}
	return n
}

// Mails go to the operator's address or another one.
func TestNotify_Mail(t *testing.T) {
	o := newOfficeBy(t, []bridge.Channel{&phone{way: bridge.ByMail}})
	o.lines([][3]string{
		{"olga", "notify", "When: in your hours. None are set, so only while you are available; hours-set sets them\nMail: off\nPushover: not set up here yet."},
		{"olga", "notify mail on", "Mail: on, to olga@example.org – at most one in 10 min. notify mail off takes it back."},
		{"olga", "notify mail on olga@home.example", "Mail: on, to olga@home.example – at most one in 10 min. notify mail on takes it back."},
		{"olga", "notify mail on olga at home", `error: "at home" is too much.`},
		{"olga", "notify mail on olga.home", `error: "olga.home" is no address such as olga@example.org. Nothing was changed.`},
		{"olga", "notify", "When: in your hours. None are set, so only while you are available; hours-set sets them\nMail: on, to olga@home.example – at most one in 10 min\nPushover: not set up here yet. ntfy: not set up here yet. Webhook: not set up here yet\nRepeat: after 1, 3 and 10 min, until somebody takes it"},
		{"olga", "notify test", "Sent: a message here, a mail to olga@home.example. Which did not come? help notify"},
		{"olga", "notify mail off", "Mail: off. notify mail on olga@home.example takes it back."},
		{"xavi", "operator-edit olga mail=on mail-to=o@x.example", "Olga: mail off → on; mail-to none → o@x.example.\nBack: operator-edit olga mail=off mail-to="},
		{"xavi", "operator-edit olga mail-to=nowhere", `error: "nowhere" is no address such as olga@example.org. Nothing was changed.`},
	})
}

// A key of Pushover is tested at once. It is kept only if Pushover says yes, and nobody is shown all of it.
func TestNotify_Pushover(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	o := newOfficeBy(t, []bridge.Channel{push})
	const thanks = "Pushover said yes, and your phone should ring now. Delete your message here: the key stands in it."
	o.lines([][3]string{{"olga", "notify pushover " + userKey, thanks}, {"olga", "notify", "When: in your hours. None are set, so only while you are available; hours-set sets them\nMail: not set up here yet\nPushover: on (uQ…s9). ntfy: not set up here yet. Webhook: not set up here yet\nRepeat:"}})
	push.err = phrase.Fail(phrase.CodeInvalid, "This key is not known to Pushover.")
	o.lines([][3]string{
		{"olga", "notify pushover " + otherKey, "error: This key is not known to Pushover. Delete your message here: the key stands in it. Nothing was changed."},
		{"olga", "notify test", "Sent: a message here. Which did not come? help notify\nNot sent: Pushover (This key is not known to Pushover.)"},
	})
	push.err = errors.New("no route to host")
	o.lines([][3]string{
		{"olga", "notify pushover " + otherKey, "error: Pushover could not be asked whether that is right. Try again later. Delete your message here: the key stands in it. Nothing was changed."},
		{"olga", "notify test", "Sent: a message here. Which did not come? help notify\nNot sent: Pushover (no answer, or not the right one)"},
		{"olga", "notify always", "You are asked at any time"}, // what was on before is not tested again
	})
	push.err = nil
	o.clock.move(10 * time.Minute)
	o.lines([][3]string{
		{"olga", "notify pushover " + otherKey + " " + userKey, thanks},
		{"olga", "notify test", "Sent: a message here, Pushover. Which did not come? help notify"},
		{"xavi", "operator-edit olga pushover=" + userKey, "Olga: pushover aZ…s0 → uQ…s9.\nDelete your message here: the key stands in it."},
		{"xavi", "audit olga", ""},
		{"olga", "notify pushover off", "Pushover: off. notify pushover USERKEY takes it back."},
	})
	if want := []string{string(olga) + " " + userKey, string(olga) + " " + otherKey, string(olga) + " " + otherKey, string(olga) + " " + userKey}; !slices.Equal(push.to, want) {
		t.Errorf("sent to %q, want %q", push.to, want)
	}
	if got := o.say(xavi, "", "audit olga"); strings.Contains(got, userKey) || strings.Contains(got, otherKey) || !strings.Contains(got, "uQ…s9") {
		t.Errorf("the audit log says %q", got)
	}
	if op, _ := o.bridge.Team.Operator(olga); op.Notify != (bridge.Notify{When: bridge.NotifyAlways}) {
		t.Errorf("Olga has %+v", op.Notify)
	}
}

// Pushover may ring until it was seen; nothing is tested for that. It ends with Pushover.
func TestNotify_Urgent(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	o := newOfficeBy(t, []bridge.Channel{push})
	o.lines([][3]string{
		{"olga", "notify urgent on", "error: Pushover is off: notify pushover USERKEY first. Nothing was changed."},
		{"olga", "notify pushover " + userKey, "Pushover said yes"},
		{"olga", "notify urgent maybe", `error: "maybe" is neither on nor off. Write: notify urgent on|off. Nothing was changed.`},
		{"olga", "notify urgent", "error: Something is missing after urgent."},
		{"olga", "notify urgent on", "Pushover rings each minute, at night too, until you say there that you have seen it or somebody takes the request. notify urgent off takes it back."},
		{"olga", "notify", "When: in your hours. None are set, so only while you are available; hours-set sets them\nMail: not set up here yet\nPushover: on (uQ…s9), rings until you have seen it. ntfy:"},
		{"olga", "notify urgent on", "Notices: that is how it was. Nothing was changed."},
		{"olga", "notify urgent=off", "Notices: urgent on → off.\nBack: notify urgent=on"},
		{"olga", "notify urgent on", "Pushover rings each minute"},
		{"olga", "notify urgent off", "Pushover rings once for each notice. notify urgent on takes it back."},
		{"olga", "notify urgent on", "Pushover rings each minute"},
		{"olga", "notify pushover off", "Pushover: off."},
	})
	if op, _ := o.bridge.Team.Operator(olga); op.Notify != (bridge.Notify{}) || len(push.to) != 1 {
		t.Errorf("Olga has %+v and got %d tests", op.Notify, len(push.to))
	}
}

// A service that takes no more says so, when a key is set and when it is tried.
func TestNotify_Quota(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	o := newOfficeBy(t, []bridge.Channel{push})
	o.lines([][3]string{{"olga", "notify pushover " + userKey, "Pushover said yes"}})
	push.err = phrase.Fail(phrase.CodeBusy, "It takes no more.")
	o.lines([][3]string{
		{"olga", "notify pushover " + otherKey, "error: It takes no more. Delete your message here: the key stands in it. Nothing was changed."},
		{"olga", "notify test", "Sent: a message here. Which did not come? help notify\nNot sent: Pushover (It takes no more.)"},
	})
}

// A webhook has https and is tested at once.
func TestNotify_Webhook(t *testing.T) {
	hook := &phone{way: bridge.ByWebhook}
	o := newOfficeBy(t, []bridge.Channel{hook})
	o.lines([][3]string{
		{"olga", "notify webhook https://example.org/hook", "Webhook said yes: a test has just come there. notify webhook off takes it back."},
		{"olga", "notify webhook http://example.org/hook", `error: "http://example.org/hook" is no address such as https://example.org/hook. Nothing was changed.`},
		{"olga", "notify webhook https://me:pw@example.org/", `error: "https://me:pw@example.org/" is no address`},
		{"olga", "notify webhook https://", `error: "https://" is no address`},
		{"olga", "notify webhook off", "Webhook: off. notify webhook https://example.org/hook takes it back."},
	})
	if len(hook.to) != 1 {
		t.Errorf("sent to %q", hook.to)
	}
}

// A topic of ntfy and a webhook may have a key of their own. It is shown to nobody.
func TestNotify_AddressesWithKeys(t *testing.T) {
	const token, secret = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	topic, hook := &phone{way: bridge.ByNtfy}, &phone{way: bridge.ByWebhook}
	o := newOfficeBy(t, []bridge.Channel{topic, hook})
	o.lines([][3]string{
		{"olga", "notify ntfy https://ntfy.example/olga", "ntfy said yes: a test has just come there. notify ntfy off takes it back."},
		{"olga", "notify ntfy https://ntfy.example/olga " + token, "ntfy said yes: a test has just come there. notify ntfy https://ntfy.example/olga takes it back. Delete your message here: the key stands in it."},
		{"olga", "notify ntfy https://ntfy.example/olga tk_short", `error: "…" is no access token of ntfy: it begins with tk_. Delete your message here: the key stands in it. Nothing was changed.`},
		{"olga", "notify webhook https://example.org/hook " + secret, "Webhook said yes: a test has just come there. notify webhook off takes it back. Delete your message here: the key stands in it."},
		{"olga", "notify webhook https://example.org/hook whsec_c2hvcnQ=", `error: "wh…Q=" is no secret of a webhook: it is whsec_ and then 24 to 64 bytes in Base64. Delete your message here`},
		{"olga", "notify ntfy-token=" + token + "x", "Notices: ntfy-token tk…z2 → tk…2x.\nDelete your message here: the key stands in it."},
		{"olga", "notify", "When: in your hours. None are set, so only while you are available; hours-set sets them\nMail: not set up here yet\nPushover: not set up here yet. ntfy: on. Webhook: on\nRepeat:"},
		{"olga", "notify test", "Sent: a message here, ntfy, Webhook. Which did not come? help notify"},
		{"olga", "notify ntfy off", "ntfy: off. notify ntfy https://ntfy.example/olga takes it back."},
		{"olga", "notify webhook off", "Webhook: off. notify webhook https://example.org/hook takes it back."},
	})
	if got := o.say(xavi, "", "audit olga"); strings.Contains(got, token) || strings.Contains(got, secret) || !strings.Contains(got, "wh…Sw") {
		t.Errorf("the audit log says %q", got)
	}
	if op, _ := o.bridge.Team.Operator(olga); op.Notify != (bridge.Notify{}) {
		t.Errorf("Olga has %+v", op.Notify)
	}
	xavi, _ := o.bridge.Team.Operator(xavi)
	_, err := o.Line(t.Context(), desk.Call{Operator: xavi, Late: true}, "notify webhook https://example.org/hook "+secret+" "+token)
	if said := phrase.Of(err).String(); strings.Contains(said, secret[6:]) || strings.Contains(said, token) || !strings.Contains(said, "wh…Sw") {
		t.Errorf("a line that comes late is answered %q", said)
	}
}

// The form has all switches and no key. What it is told is checked like a line.
func TestNotify_Form(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	o := newOfficeBy(t, []bridge.Channel{push})
	o.say(olga, "", "notify pushover "+userKey)
	op, _ := o.bridge.Team.Operator(olga)
	_, form, err := o.Fill(t.Context(), "notify", desk.Call{Operator: op}, desk.Filled{})
	if err != nil || form == nil || form.First || form.Second {
		t.Fatalf("the form is %+v, %v", form, err)
	}
	kinds := map[string]desk.FieldKind{}
	for _, f := range form.Fields {
		kinds[f.Name] = f.Kind
		if slices.Contains(f.Values, userKey) || f.Kind != desk.Hidden && f.Kind != desk.Heading && f.Help == "" {
			t.Errorf("%s shows %q and explains itself as %q", f.Name, f.Values, f.Help)
		}
	}
	for name, kind := range map[string]desk.FieldKind{"when": desk.OneOf, "mail": desk.Flag, "mail-to": desk.Text, "pushover": desk.Secret, "token": desk.Secret, "ntfy": desk.Text, "ntfy-token": desk.Secret, "webhook": desk.Text, "webhook-secret": desk.Secret} {
		if got, ok := kinds[name]; !ok || got != kind {
			t.Errorf("%s is of kind %d, %v", name, got, ok)
		}
	}
	send := func(fields ...string) (string, *desk.Form, error) {
		values := filledIn(form)
		for i := 0; i < len(fields); i += 2 {
			values[fields[i]] = []string{fields[i+1]}
		}
		op, _ := o.bridge.Team.Operator(olga)
		return o.Fill(t.Context(), "notify", desk.Call{Operator: op}, desk.Filled{Values: values})
	}
	if _, again, err := send("mail", "on"); again == nil || phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("mail without a channel: %+v, %v", again, err)
	}
	if answer, _, err := send("when", "always", "pushover", otherKey); err != nil || answer != "Notices: when hours → always; pushover uQ…s9 → aZ…s0.\nBack: notify when=hours" {
		t.Errorf("answered %q, %v", answer, err)
	}
}

// A form sends a test, too, by the ways that are on after it.
func TestNotify_FormTests(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	o := newOfficeBy(t, []bridge.Channel{push})
	for _, step := range [][2]string{
		{"", "Sent: a message here. Which did not come? help notify"},
		{userKey, "Notices: pushover none → uQ…s9.\nSent: a message here, Pushover. Which did not come? help notify"},
	} {
		op, _ := o.bridge.Team.Operator(olga)
		_, form, err := o.Fill(t.Context(), "notify", desk.Call{Operator: op}, desk.Filled{})
		if err != nil {
			t.Fatal(err)
		}
		values := filledIn(form)
		values["test"], values["pushover"] = []string{"1"}, []string{step[0]}
		if answer, _, err := o.Fill(t.Context(), "notify", desk.Call{Operator: op}, desk.Filled{Values: values}); err != nil || answer != step[1] {
			t.Errorf("answered %q, %v, want %q", answer, err, step[1])
		}
	}
	if n := o.told(olga, bridge.TestNotice().String()); n != 2 || len(push.to) != 2 {
		t.Errorf("%d tests came here, and %q by Pushover", n, push.to)
	}
	if got := o.say(xavi, "", "audit olga"); strings.Contains(got, "test") {
		t.Errorf("a test is in the audit log: %q", got)
	}
}

// Tests go to services outside: nobody has more than five within ten minutes, whichever way they ask for them, and
// a form with one too many changes nothing.
func TestNotify_TestsAreFew(t *testing.T) {
	push := &phone{way: bridge.ByPushover}
	o := newOfficeBy(t, []bridge.Channel{push})
	const sent, tooMany = "Sent: a message here, Pushover.", "error: There were 5 tests within 10 min: the next may be in 7 min. Nothing was sent. "
	o.lines([][3]string{{"olga", "notify pushover " + userKey, "Pushover said yes"}})
	o.clock.move(3 * time.Minute)
	o.lines([][3]string{
		{"olga", "notify test", sent}, {"olga", "notify test=on", sent}, {"olga", "notify test", sent}, {"olga", "notify test", sent},
		{"olga", "notify test", tooMany + "Nothing was changed."},
		{"olga", "notify test=on when=always", tooMany + "Nothing was changed."},
		{"olga", "notify pushover " + otherKey, tooMany + "Delete your message here: the key stands in it. Nothing was changed."},
		{"olga", "notify", "When: in your hours."},
		{"xavi", "operator-edit olga pushover=" + otherKey, "Olga: pushover uQ…s9 → aZ…s0."}, // another's tests are others
		{"xavi", "notify test", "Sent: a message here."},
	})
	if n := o.told(olga, bridge.TestNotice().String()); n != 4 || len(push.to) != 6 {
		t.Errorf("%d tests came to Olga, and %q by Pushover", n, push.to)
	}
	o.clock.move(7 * time.Minute)
	o.lines([][3]string{{"olga", "notify test", sent}, {"olga", "notify test", "error: There were 5 tests within 10 min: the next may be in 3 min."}})
}

// help notify says how each client makes itself heard.
func TestNotify_Help(t *testing.T) {
	o := newOffice(t)
	got := o.say(olga, "", "help notify")
	for _, client := range []string{"Conversations", "Cheogram", "Monal", "Gajim", "Dino", "Profanity", "Converse"} {
		if !strings.Contains(got, client) {
			t.Errorf("help notify does not name %s: %q", client, got)
		}
	}
}

// A line with a key stays in the chat's history, also if it is refused or comes late: no answer repeats the
// key, and a refusal says to delete the line.
func TestNotify_RefusedKeys(t *testing.T) {
	o := newOffice(t)
	advice := "Delete your message here: the key stands in it. Nothing was changed."
	o.lines([][3]string{
		{"olga", "notify pushover=" + userKey, "error: Pushover is not set up here yet, so nothing would be sent. " + advice},
		{"olga", "notify pushover=" + userKey + "x", "error: \"uQ…9x\" is no key of Pushover: it has 30 letters and digits. " + advice},
		{"xavi", "operator-edit olga token=" + userKey + " limit=0", "error: \"0\" is no number from 1 to 99. " + advice},
		{"xavi", "operator-edit olga token= limit=0", "error: \"0\" is no number from 1 to 99. Nothing was changed."},
	})
	xavi, _ := o.bridge.Team.Operator(xavi)
	for _, line := range []string{"notify pushover " + userKey + " " + otherKey, "notify token=" + otherKey + " pushover=" + userKey, "operator-edit olga pushover=" + userKey} {
		_, err := o.Line(t.Context(), desk.Call{Operator: xavi, Late: true}, line)
		if said := phrase.Of(err).String(); !strings.Contains(said, "uQ…s9") || strings.Contains(said, userKey) || strings.Contains(said, otherKey) {
			t.Errorf("%s comes late, and is answered %q", line, said)
		}
	}
}
