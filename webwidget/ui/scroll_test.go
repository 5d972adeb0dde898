package ui_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

const below = `(P(".log").scrollHeight - P(".log").scrollTop - P(".log").clientHeight)`

// The newest message stays in view after pictures of the visitor: a picture that is drawn late, the room that a file under way
// takes from the box, and what moves further up don't count as scrolling.
func TestScroll_FollowsAfterThePicturesOfTheVisitor(t *testing.T) {
	t.Parallel()
	f, b := withFiles(t)
	for range 8 {
		f.say("A message of some length, so that it fills the log")
	}
	for n := range 5 {
		b.choose("one.png", "two.png")
		b.wait(fmt.Sprintf(`all("p img").length === %d && all(".upload").length === 0`, 2*n+2))
		answer := fmt.Sprint("answer ", n)
		f.say(answer)
		b.wait(fmt.Sprintf(`texts().at(-1) === %q && %s < 8`, answer, below))
		b.write("Thank you")
		b.wait(fmt.Sprintf(`texts().at(-1) === "Thank you" && %s < 8`, below))
	}
}

// The log keeps room for a picture, so that nothing moves when the picture comes.
func TestScroll_ThePlaceOfAPictureIsReserved(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.send(object{"id": "a", "name": "Screen.png", "type": "image/png", "size": 81920, "url": "/v1/conversations/c1/files/a?sign=x"})
	b.wait(`P("p img")?.complete && P("p img").naturalWidth === 640`)
	there := b.js(`P("p img").offsetWidth + " " + P("p img").offsetHeight`)
	b.js(`P("p img").removeAttribute("src"), P("p img").alt = "", 0`)
	b.want(`P("p img").offsetWidth + " " + P("p img").offsetHeight`, there)
	b.shoot("picture")
}

// Only the visitor ends the following, by turning the wheel a little or far. Back at the end the following goes on.
func TestScroll_OnlyTheVisitorEndsTheFollowing(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	for range 30 {
		f.say("line")
	}
	b.wait(`texts().length === 31 && ` + below + ` < 1`)
	for _, far := range []float64{-200, -600} {
		b.wheel(`P(".log")`, far)
		b.wait(below + ` > 100`)
		top := b.js(`P(".log").scrollTop`)
		f.say("below")
		f.emit(object{"type": "reaction", "to": 2, "from": "operator", "name": "Olga", "text": "👍"})
		f.emit(object{"type": "correction", "replaces": 5, "text": "line, and more of it", "from": "operator", "name": "Olga"})
		b.wait(`texts().at(-1) === "below" && texts().some((t) => t.startsWith("line, and more"))`)
		b.wait(`Math.abs(P(".log").scrollTop - ` + top + `) < 60`) // the browser keeps in place what the visitor reads
		b.wheel(`P(".log")`, 1e4)
		b.wait(below + ` < 1`)
		f.say("again")
		b.wait(`texts().at(-1) === "again" && ` + below + ` < 1`)
	}
}

// wheel turns the mouse wheel over an element by far pixels.
func (b tab) wheel(element string, far float64) {
	b.Helper()
	x, y := b.place(element)
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseWheel, X: x, Y: y, DeltaX: 0.01, DeltaY: far})
		return err
	}))
}
