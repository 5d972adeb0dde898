package e2e_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestNewestInView: a visitor who was looking at the newest message goes on seeing it when
// something takes room from the messages (a long draft, a banner), and the message counts as seen.
func TestNewestInView(t *testing.T) {
	t.Parallel()
	c := startChat(t, nil)
	inView := fmt.Sprintf(`((log) => [...log.querySelectorAll(".entry")].at(-1).getBoundingClientRect().bottom <= log.getBoundingClientRect().bottom + 1)(%s)`, inPanel(".log"))
	for _, text := range numbered("message ", 12) {
		c.x.says(c.jid, text)
	}
	c.page.shows("message 12")
	c.page.wait("the newest is in view", inView)
	c.page.typing(strings.Join(numbered("line ", 5), "\n"))
	c.page.wait("the newest is in view beside a long draft", inView)
	c.x.says(c.jid, "another one")
	c.page.shows("another one")
	c.page.wait("a new one is in view", inView)
	c.page.badge(0)
	c.x.Chat(c.jid, "close", "!close")
	c.page.banner("This chat has ended.")
	c.page.wait("the newest is in view below the banner", inView)
	c.page.picture("view-closed")
}
