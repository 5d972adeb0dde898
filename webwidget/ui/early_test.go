package ui_test

import (
	"fmt"
	"testing"
)

// inSight counts the messages of the log that are drawn.
const inSight = `all(".entry p").filter(shown).length`

// A long log is laid out once a frame, and only its newest 200 lines are drawn. The others come back where they were when the visitor scrolls
// up to them, or follows a quote to one.
func TestEarly_ALongLogIsDrawnInPart(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.before(`{
		let reads = 0;
		const { get } = Object.getOwnPropertyDescriptor(Element.prototype, "scrollHeight");
		Object.defineProperty(Element.prototype, "scrollHeight", { get() { reads++; return get.call(this); } });
		window.measured = () => reads;
	}`)
	first := f.say("line 1")
	for n := range 699 {
		f.say(fmt.Sprintf("line %d", n+2))
	}
	f.emit(object{"type": "message", "from": "operator", "name": "Olga", "text": "as I said", "reply_to": first + 299})
	b.reload()
	b.wait(`texts().at(-1) === "as I said" && ` + inSight + ` === 200 && ` + below + ` < 1`)
	b.wait(`all(".entry p").length === 702`)
	b.want(`measured() < 200 || measured()`, "true")

	const at = `P(".log").getBoundingClientRect().top`
	b.js(`P(".log").scrollTop = 500, 0`)
	b.wait(`P(".log").scrollTop === 500`)
	b.want(inSight, "200")
	b.js(`window.line = all(".entry p").find((p) => shown(p) && p.getBoundingClientRect().top > ` + at + `), window.height = line.getBoundingClientRect().top, P(".log").scrollTop = 300, 0`)
	b.wait(inSight + ` === 400`)
	b.want(`Math.round(line.getBoundingClientRect().top - height)`, "200") // the visitor has scrolled by 200, and nothing else has moved
	f.say("meanwhile")
	b.wait(`texts().at(-1) === "meanwhile"`)
	b.want(inSight, "401") // the visitor reads them

	b.js(`P(".log").scrollTop = 1e9, 0`)
	b.wait(below + ` < 1`)
	f.say("back")
	b.wait(inSight + ` === 200`)
	b.js(`P(".quote").click(), 0`)
	b.wait(`(({activeElement: e}) => e?.matches(".entry") && shown(e) && e.textContent.includes("line 300"))(P(".log").getRootNode())`)
}
