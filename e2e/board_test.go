package e2e_test

import (
	"fmt"
	"testing"

	"porchlight/demo"
	"porchlight/e2e/operator"
)

// TestBoard_OverARestart: the board on a wall says that it is not up to date while porchlight is down, and goes on by itself
// when porchlight is back, with what waited before and what comes after.
func TestBoard_OverARestart(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	first := s.ask("Anna", "Before the restart")
	x.expect("the offer", operator.Body(demo.Desk, fmt.Sprintf("#%d Anna", first.Number)))
	wall := newVisitor(t)
	wall.open(x.link("team-wall hall", "The wall hall: "))
	shown := func(number int64) string {
		return fmt.Sprintf(`document.body.innerText.includes("#%d") && !document.body.classList.contains("stale")`, number)
	}
	wall.wait("the first request", shown(first.Number))
	s.kill()
	wall.wait("that it is not up to date", `document.body.classList.contains("stale") && /Not up to date since/.test(document.body.innerText)`)
	wall.picture("board-stale")
	wall.wait("what it knew", fmt.Sprintf(`document.body.innerText.includes("#%d")`, first.Number))
	s.up()
	s.online(1)
	second := s.ask("Bea", "After the restart")
	wall.wait("the request from before the restart", shown(first.Number))
	wall.wait("the one that came after it", shown(second.Number))
	wall.picture("board-back")
	x.take(first.Number, first.Visitor)
	wall.wait("who talks to whom", `[...document.querySelectorAll("tr")].some((r) => r.innerText.includes("#`+fmt.Sprint(first.Number)+`") && r.innerText.includes("Xavi"))`)
	wall.spoilt = true // the browser complains that the service was away
}
