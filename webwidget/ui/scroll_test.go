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

// TestScroll_FollowsAfterThePicturesOfTheVisitor: what is drawn late, what the box loses to a file under way, and what moves
// above are no scrolling of the visitor's.
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

// TestScroll_ThePlaceOfAPictureIsReserved: nothing moves when it comes.
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

// TestScroll_OnlyTheVisitorEndsTheFollowing: by the wheel, a little or far; back at the end it goes on.
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
		b.wait(`Math.abs(P(".log").scrollTop - ` + top + `) < 60`) // the browser holds on to what is read
		b.wheel(`P(".log")`, 1e4)
		b.wait(below + ` < 1`)
		f.say("again")
		b.wait(`texts().at(-1) === "again" && ` + below + ` < 1`)
	}
}

// wheel turns the wheel over an element by so many pixels.
func (b tab) wheel(element string, far float64) {
	b.Helper()
	x, y := b.place(element)
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseWheel, X: x, Y: y, DeltaX: 0.01, DeltaY: far})
		return err
	}))
}
