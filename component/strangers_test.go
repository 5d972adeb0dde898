package component_test

import (
	"fmt"
	"testing"

	"porchlight/component/stream"
)

// A stranger gets a few answers in a minute, and so does their domain. Then there is silence
// until the minute is over. The same holds for every kind of stanza that is answered, and
// for stanzas that can't be read.
func TestStrangers_AreAnsweredAFewTimes(t *testing.T) {
	for name, send := range map[string]string{
		"message":            "<message type='chat' id='%s' from='%s' to='desk@%s'><body>hi</body></message>",
		"request":            "<iq type='get' id='%s' from='%s' to='desk@%s'><ping xmlns='urn:xmpp:ping'/></iq>",
		"subscription":       "<presence type='subscribe' id='%s' from='%s' to='desk@%s'/>",
		"malformed stanza":   "<message type='chat' id='%s' from='%s' to='desk@%s'><body xmlns:a='x' a:b='1' a:b='2'>hi</body></message>",
		"malformed address":  "<message type='chat' id='%s' from='%s/\u2764\ufe0f' to='@%s'><body>hi</body></message>",
		"message to nowhere": "<message type='chat' id='%s' from='%s' to='nobody-1234@%s'><body>hi</body></message>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t)
			n := 0
			answers := func(count int, from func(int) string) int {
				t.Helper()
				for i := range count {
					s.conn.Send(fmt.Sprintf(send, fmt.Sprint("s", i), from(i), s.domain))
				}
				got := 0
				n++
				end := fmt.Sprint("end", n)
				s.conn.Send(fmt.Sprintf("<iq type='get' id='%s' from='xavi@example.org/phone' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>", end, s.domain))
				s.conn.Expect(func(e *stream.Element) bool {
					if e.Get("type") == "error" || e.Get("type") == "unsubscribed" {
						got++
					}
					return e.Get("id") == end
				})
				return got
			}
			const strangers = 5 // Options.Strangers in newScript
			eve := func(int) string { return "eve@example.net" }
			if got := answers(50, eve); got != strangers {
				t.Errorf("%d answers to one", got)
			}
			if got := answers(100, func(i int) string { return fmt.Sprintf("eve%d@example.net", i) }); got != 5*strangers {
				t.Errorf("%d more answers to a domain", got)
			}
			if got := answers(3, func(i int) string { return fmt.Sprintf("eve@example%d.net", i) }); got != 3 {
				t.Errorf("%d answers to others", got)
			}
			s.clock.move(61e9)
			if got := answers(3, eve); got != 3 {
				t.Errorf("%d answers after a minute", got)
			}
		})
	}
}
