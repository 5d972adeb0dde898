package desk_test

import (
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
)

// shown sends a line, and returns the answer and the names of the pictures that are to be shown after it.
func (o *office) shown(who bridge.OperatorJID, line string) (answer string, names []string) {
	o.t.Helper()
	op, _ := o.bridge.Team.Operator(who)
	answer, err := o.Line(o.t.Context(), desk.Call{Operator: op, Show: func(link string) {
		name, ok := strings.CutPrefix(link, "https://chat.example.org/pictures/")
		if !ok || !strings.HasSuffix(name, "/stats.png") {
			o.t.Errorf("the link is %s", link)
		}
		names = append(names, strings.TrimSuffix(name, "/stats.png"))
	}}, line)
	if err != nil {
		answer = "error: " + phrase.Of(err).String()
	}
	return answer, names
}

// drawing lets an office count and show pictures.
func (o *office) drawing() {
	o.counting()
	o.Desk = desk.New(o.bridge, desk.Statistics(o.report), desk.Pictures("https://chat.example.org"))
}

// A picture shows the days of the range and whose numbers they are, in the language of who asked.
func TestPicture_Shows(t *testing.T) {
	o := newOffice(t)
	o.drawing()
	o.helped()
	draw := func(who bridge.OperatorJID, line string) desk.Picture {
		t.Helper()
		_, names := o.shown(who, line)
		if len(names) != 1 {
			t.Fatalf("%s: %d pictures", line, len(names))
		}
		s, err := o.OpenSketch(names[0])
		o.must(err)
		p, err := o.Draw(t.Context(), s)
		o.must(err)
		return p
	}
	p := draw(xavi, "stats")
	said := fmt.Sprint(p.Title, "|", p.Range, "|", p.Labels, p.Bars.Name, p.Bars.Values, p.Line.Name)
	if said != "Xavi, chats|15–21 Nov|[Sun 15 Mon 16 Tue 17 Wed 18 Thu 19 Fri 20 Sat 21]Conversations[0 0 0 0 0 0 1]First answer" {
		t.Error(said)
	}
	if n := len(p.Line.Values); n != 7 || !math.IsNaN(p.Line.Values[5]) || p.Line.Values[6] != 60 || p.Line.Say(60) != "1 min" {
		t.Errorf("the line is %v", p.Line.Values)
	}
	for line, title := range map[string]string{"stats all 7d": "All, chats", "stats support 30d tickets": "Support, tickets", "stats olga 2026": "Olga, chats"} {
		if p := draw(xavi, line); p.Title != title {
			t.Errorf("%s: %s", line, p.Title)
		}
	}
	o.say(olga, "", "status language es")
	p = draw(olga, "stats 30d")
	if said := fmt.Sprint(p.Title, "|", p.Bars.Name, "|", p.Line.Name, "|", p.Range); said != "Olga, chats|Conversaciones|Primera respuesta|23 oct.–21 nov." && !strings.HasPrefix(said, "Olga, ") {
		t.Error(said)
	}
}

// There is at most one picture, and none if nobody wants it or there is no shape to be seen.
func TestPicture_IsLeftOut(t *testing.T) {
	o := newOffice(t)
	o.drawing()
	for line, want := range map[string]int{"stats": 1, "stats 7d chats": 1, "stats 2026": 1, "stats 2d": 1, "stats text": 0, "stats 7d tickets text": 0, "stats today": 0, "stats yesterday": 0,
		"stats 1d": 0, "stats 2026-11-03": 0, "stats 2026-13": 0, "stats nobody": 0, "who": 0} {
		if _, names := o.shown(xavi, line); len(names) != want {
			t.Errorf("%s: %d pictures, want %d", line, len(names), want)
		}
	}
	o.say(xavi, "", "status satellite on")
	if _, names := o.shown(xavi, "stats"); len(names) != 0 {
		t.Error("a picture for little traffic")
	}
	if got := o.say(olga, "", "stats"); strings.Contains(got, "/pictures/") {
		t.Errorf("a link where no picture is shown: %s", got)
	}
	if _, names := o.shown(olga, "stats xavi"); len(names) != 0 {
		t.Error("a picture of what Olga may not see")
	}
	o.Desk = desk.New(o.bridge, desk.Statistics(o.report))
	if _, names := o.shown(olga, "stats"); len(names) != 0 {
		t.Error("a picture that nobody serves")
	}
}

// The name of a picture says nothing to who reads it, can't be made or changed by anybody else, and is good
// for 30 days and as long as who asked for the picture may see the numbers.
func TestOpenSketch(t *testing.T) {
	o := newOffice(t)
	o.drawing()
	o.must(o.bridge.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Permissions: bridge.Permissions{bridge.MayStats}}))
	ask := func(line string) string {
		t.Helper()
		_, names := o.shown(olga, line)
		if len(names) != 1 {
			t.Fatalf("%s: %d pictures", line, len(names))
		}
		return names[0]
	}
	open := func(name string) bool {
		t.Helper()
		_, err := o.OpenSketch(name)
		if err != nil && phrase.CodeOf(err) != phrase.CodeNotFound {
			t.Errorf("%s: %v", name, err)
		}
		return err == nil
	}
	own, others := ask("stats"), ask("stats xavi")
	if own == ask("stats") || !open(own) || !open(others) {
		t.Error("two names are the same, or are no good")
	}
	sealed, err := base64.RawURLEncoding.DecodeString(others)
	o.must(err)
	for i := range sealed {
		if strings.HasPrefix(string(sealed[i:]), "xavi") || strings.HasPrefix(string(sealed[i:]), "olga") {
			t.Error("a name can be read")
		}
		wrong := slices.Clone(sealed)
		wrong[i] ^= 1
		if open(base64.RawURLEncoding.EncodeToString(wrong)) {
			t.Errorf("byte %d may be another one", i)
		}
	}
	for _, wrong := range []string{"", "A", "AAAA", others + "A", others[1:], others[:len(others)-2], others + "=", "../" + others, strings.Repeat("A", 1<<16), "\x00", "é"} {
		if open(wrong) {
			t.Errorf("%.40q is a name", wrong)
		}
	}
	o.clock.move(30*24*time.Hour - time.Second)
	if !open(own) {
		t.Error("a name is no good before 30 days")
	}
	o.must(o.bridge.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true}))
	if !open(own) || open(others) {
		t.Error("who may not see others' numbers any more sees a picture of them, or not their own")
	}
	o.must(o.bridge.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga"}))
	if open(own) {
		t.Error("who is disabled sees a picture")
	}
	o.must(o.bridge.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true}))
	o.clock.move(time.Second)
	if open(own) {
		t.Error("a name is good after 30 days")
	}
}

// Whatever a stranger asks for, only what the desk has sealed opens.
func FuzzOpenSketch(f *testing.F) {
	o := newOffice(f)
	o.drawing()
	_, names := o.shown(xavi, "stats")
	f.Add(names[0])
	f.Add("")
	f.Add("AAAA")
	f.Add(names[0][:len(names[0])-1])
	f.Fuzz(func(t *testing.T, name string) {
		_, err := o.OpenSketch(name)
		if err != nil && phrase.CodeOf(err) != phrase.CodeNotFound {
			t.Errorf("%q: %v", name, err)
		}
		made, _ := base64.RawURLEncoding.DecodeString(names[0])
		if got, _ := base64.RawURLEncoding.DecodeString(name); err == nil && !slices.Equal(made, got) {
			t.Errorf("%q opens", name)
		}
	})
}
