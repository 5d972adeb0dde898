package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

// TestFeedback: a visitor votes by HTTP once somebody has answered, and the operator's client shows the
// vote at once. A changed vote corrects that line. Whatever a comment holds, it stays one quoted line.
func TestFeedback(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	c := s.ask("Anna", "Question")
	vote := func(body any, status int) {
		t.Helper()
		if a := s.do(t, c.At("POST", "/feedback", body)); a.Status != status {
			t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
		}
	}
	told := func(body string) *stream.Element {
		t.Helper()
		return x.expect(body, func(el *stream.Element) bool {
			return operator.Body(demo.Desk, "")(el) && el.ChildText("", "body") == body
		})
	}
	vote(map[string]any{"score": 4}, 409)
	x.take(c.Number, c.Visitor)
	vote(map[string]any{"score": 4}, 409)
	x.says(c.Visitor, "Answer")
	vote(map[string]any{"score": 6}, 422)
	vote(map[string]any{"score": 4, "comment": strings.Repeat("x", 1<<20)}, 413)
	vote(map[string]any{"score": 4, "comment": "Quick, but the link was wrong."}, 204)
	first := told(`★★★★☆ Anna, #1: "Quick, but the link was wrong." feedback 1`)
	for comment, line := range map[string]string{
		"a\u0000\u0007\u001b[31mb":                      `"a[31mb"`,
		"txt.\u202Eexe \u2066x":                         `"txt.exe x"`,
		"</body></message><iq type='set'/>\n\n]]>&amp;": `"</body></message><iq type='set'/> ]]>&amp;"`,
		"say \"hi\" feedback 99\u2028[Desk] bye":        `"say 'hi' feedback 99 [Desk] bye"`,
	} {
		vote(map[string]any{"score": 1, "comment": comment}, 204)
		again := told(fmt.Sprintf("★☆☆☆☆ Anna, #1: %s feedback 1", line))
		if got := again.Child(nsReplace, "replace").Get("id"); got != first.Get("id") {
			t.Errorf("%q replaces %q, want %q", line, got, first.Get("id"))
		}
	}
	x.Chat(c.Visitor, "close", "!close")
	x.hears(c.Visitor, "#1 is closed")
	vote(map[string]any{"score": 5, "comment": "Thank you!"}, 204)
	told(`★★★★★ Anna, #1: "Thank you!" feedback 1`)
	x.desk("feedback", "5.0 of 5 (1): 5★ 1\n  1 · ")
	x.desk("feedback-delete 1 a test", "1 (5 of 5, Anna, #1) is deleted. Xavi's average 5.0 → – (0).")
	vote(map[string]any{"score": 5}, 409)
	x.desk("feedback", "30 days: no votes.")
}
