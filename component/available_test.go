package component_test

import (
	"fmt"
	"testing"
	"time"
)

// An operator is available only with a client that is there and gets offers.
func TestScript_WhoIsAvailable(t *testing.T) {
	const olga = "olga@example.org"
	show := func(resource, inner string) string {
		return fmt.Sprintf("<presence from='%s/%s' to='desk@support.localhost'>%s</presence>", olga, resource, inner)
	}
	gone := func(resource string) string {
		if resource != "" {
			resource = "/" + resource
		}
		return fmt.Sprintf("<presence type='unavailable' from='%s%s' to='desk@support.localhost'/>", olga, resource)
	}
	for name, c := range map[string]struct {
		stanzas []string
		want    bool
	}{
		"available":                          {[]string{show("a", "")}, true},
		"chat":                               {[]string{show("a", "<show>chat</show>")}, true},
		"away":                               {[]string{show("a", "<show>away</show>")}, false},
		"extended away":                      {[]string{show("a", "<show>xa</show>")}, false},
		"do not disturb":                     {[]string{show("a", "<show>dnd</show>")}, false},
		"a negative priority":                {[]string{show("a", "<priority>-1</priority>")}, false},
		"chat with a negative priority":      {[]string{show("a", "<show>chat</show><priority>-5</priority>")}, false},
		"one of two is available":            {[]string{show("a", "<show>dnd</show>"), show("b", "")}, true},
		"the available one of two has gone":  {[]string{show("a", "<show>dnd</show>"), show("b", ""), gone("b")}, false},
		"one of two available ones has gone": {[]string{show("a", ""), show("b", ""), gone("b")}, true},
		"all have gone at once":              {[]string{show("a", ""), show("b", ""), gone("")}, false},
		"available, then away":               {[]string{show("a", ""), show("a", "<show>away</show>")}, false},
		"to a department":                    {[]string{fmt.Sprintf("<presence from='%s/a' to='support@support.localhost'/>", olga)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t)
			for _, stanza := range c.stanzas {
				s.conn.Send(stanza)
			}
			s.chat("q", olga, "desk@"+s.domain, "who") // after them in the same lane
			s.conn.Expect(s.body("Department Support: "))
			if st, _ := s.bridge.Team.Status(""); st.Online != c.want {
				t.Errorf("online: %v, want %v", st.Online, c.want)
			}
		})
	}
}

// Of two clients, a silent one does not make its operator available, whatever the other one
// does. A client that is heard saves the other one a question.
func TestScript_OneOfTwoIsAGhost(t *testing.T) {
	const olga = "olga@example.org"
	s := newScript(t)
	s.come(olga)
	s.conn.Send(fmt.Sprintf("<presence from='%s/desktop' to='desk@%s'><show>dnd</show></presence>", olga, s.domain))
	s.clock.move(121 * time.Second)
	s.answer(s.conn.Expect(pings(olga)))
	s.conn.Expect(pings(olga + "/phone"))
	s.conn.Send(fmt.Sprintf("<message type='chat' id='q' from='%s/desktop' to='desk@%s'><body>queue</body></message>", olga, s.domain))
	s.conn.Expect(s.body("Nobody waits"))
	s.clock.move(46 * time.Second)
	s.offline()
	for _, d := range s.duties() {
		if d.JID == olga && d.Show != "dnd" {
			t.Errorf("she is shown as %q", d.Show)
		}
	}
}
