package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"porchlight/demo"
	"porchlight/e2e/operator"
)

const (
	talkLength = 10                     // messages of each side in a conversation
	breath     = 300 * time.Millisecond // between two messages, so that the chat lasts longer than a connection
	composing  = 3 * time.Second        // how long a visitor writes the first words
	enough     = time.Minute            // for any one step
)

// tools are what the page is asked with: when something is to be seen, in milliseconds of the page's clock.
const tools = `
globalThis.B = () => document.querySelector("porchlight-button")?.shadowRoot.querySelector("button");
globalThis.P = (s) => document.querySelector("porchlight-panel")?.shadowRoot.querySelector(s);
globalThis.said = (text) => [...document.querySelector("porchlight-panel").shadowRoot.querySelectorAll(".entry p")].filter((p) => p.textContent === text);
globalThis.seen = (what) => new Promise((done) => {
  const look = () => {
    const is = what();
    if (is) done(performance.now());
    else setTimeout(look, 4);
  };
  look();
});
globalThis.fill = (field, text) => {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
0`

// page is a visitor's tab.
type page struct{ tab context.Context }

// ask evaluates an expression, and waits if it is a promise.
func (p page) ask(expression string, into any) error {
	ctx, cancel := context.WithTimeout(p.tab, enough)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		return fmt.Errorf("%s: %w", expression, err)
	}
	return json.Unmarshal(raw, into)
}

// measure adds to a list how many milliseconds there are from an act to what is seen then.
func (p page) measure(list *[]float64, act, seen string) error {
	var ms float64
	err := p.ask(fmt.Sprintf(`(async () => { const began = performance.now(); %s; return (await %s) - began })()`, act, seen), &ms)
	*list = append(*list, ms)
	return err
}

// visit holds a whole conversation in a browser of its own.
func (a *afar) visit(browser context.Context) error {
	tab, done := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	defer done()
	p := page{tab}
	bytes, before := a.net.Bytes(), len(a.net.Asked())
	if err := chromedp.Do(tab, chromedp.Navigate(a.shop.URL)); err != nil {
		return err
	}
	jid, err := a.ring(p, before)
	if err != nil {
		return err
	}
	for i := range talkLength {
		if err := a.exchange(p, jid, i); err != nil {
			return err
		}
		time.Sleep(breath)
	}
	if err := a.compare(p, jid); err != nil {
		return err
	}
	a.bytes += int(a.net.Bytes() - bytes)
	a.requests += len(a.net.Asked()) - before
	return nil
}

// ring opens the form, sends it, and lets the operator take the request. It returns the visitor's address.
func (a *afar) ring(p page, before int) (jid string, err error) {
	var there float64
	if err := p.ask(tools, new(int)); err != nil {
		return "", err
	}
	if err := p.ask(`seen(() => B()?.classList.contains("lit") && B().checkVisibility())`, &there); err != nil {
		return "", err
	}
	for _, asked := range a.net.Asked()[before:] {
		if asked.Path == "/v1/status" {
			a.states++
		}
	}
	if err := p.measure(&a.form, `B().click()`, `seen(() => P("form.ask")?.checkVisibility())`); err != nil {
		return "", err
	}
	if err := p.ask(`fill(P("[name=reason]"), "Question"), 0`, new(int)); err != nil {
		return "", err
	}
	time.Sleep(composing)
	before = len(a.net.Asked())
	var after struct{ Own, Live float64 }
	err = p.ask(`(async () => {
		const began = performance.now();
		P("form.ask button.main").click();
		const own = (await seen(() => said("Question").length)) - began;
		return { own, live: (await live) - began };
	})()`, &after)
	if err != nil {
		return "", err
	}
	a.own, a.live = append(a.own, after.Own), append(a.live, after.Live)
	for _, asked := range a.net.Asked()[before:] {
		switch {
		case !strings.HasPrefix(asked.Path, "/v1/conversations"):
		case asked.Method == "OPTIONS":
			a.leaves++
		default:
			a.calls++
		}
	}
	return a.take(p)
}

// take lets the operator take the page's conversation.
func (a *afar) take(p page) (jid string, err error) {
	var number int
	if err := p.ask(`JSON.parse(Object.entries(localStorage).find(([key]) => !key.endsWith(":unsent"))[1]).number`, &number); err != nil {
		return "", err
	}
	if err := a.op.Chat(demo.Desk, fmt.Sprint("take-", number), fmt.Sprint(number)); err != nil {
		return "", err
	}
	answer, err := a.op.Expect("the request", operator.Body(demo.Desk, fmt.Sprintf("#%d is yours", number)), enough)
	if err != nil {
		return "", err
	}
	body := answer.ChildText("", "body")
	return body[strings.LastIndexByte(body, ' ')+1:], p.ask(`seen(() => P("h2").textContent === "Xavi")`, new(float64))
}

// exchange lets the visitor write a line, and then the operator.
func (a *afar) exchange(p page, jid string, i int) error {
	mine, theirs := fmt.Sprintf("mine %d", i), fmt.Sprintf("theirs %d", i)
	act := fmt.Sprintf(`fill(P("[name=text]"), %q); P(".composer").requestSubmit()`, mine)
	sent := fmt.Sprintf(`seen(() => /Sent|Passed on|Delivered|Seen/.test(said(%q)[0]?.closest(".entry").textContent))`, mine)
	if err := p.measure(&a.tick, act, sent); err != nil {
		return err
	}
	look := fmt.Sprintf(`globalThis.bubble = seen(() => said(%q).length).then((at) => performance.timeOrigin + at), 0`, theirs)
	if err := p.ask(look, new(int)); err != nil {
		return err
	}
	began := time.Now()
	if err := a.op.Chat(jid, fmt.Sprint(jid, i), theirs); err != nil {
		return err
	}
	var at float64
	if err := p.ask(`bubble`, &at); err != nil {
		return err
	}
	a.bubble = append(a.bubble, at-float64(began.UnixMicro())/1000)
	return nil
}

// compare counts what did not come, or came twice, on either side.
func (a *afar) compare(p page, jid string) error {
	last := operator.Body(jid, fmt.Sprintf("mine %d", talkLength-1))
	if _, err := a.op.Expect("the visitor's last line", last, enough); err != nil {
		return err
	}
	heard := make(map[string]map[string]bool) // the stanzas' ids by text
	for _, el := range a.op.All() {
		if operator.Body(jid, "")(el) {
			text := el.ChildText("", "body")
			if heard[text] == nil {
				heard[text] = make(map[string]bool)
			}
			heard[text][el.Get("id")] = true
		}
	}
	for i := range talkLength {
		var mine, theirs int
		if err := p.ask(fmt.Sprintf(`said("mine %d").length`, i), &mine); err != nil {
			return err
		}
		if err := p.ask(fmt.Sprintf(`said("theirs %d").length`, i), &theirs); err != nil {
			return err
		}
		for _, n := range []int{mine, theirs, len(heard[fmt.Sprintf("mine %d", i)])} {
			a.lost += max(0, 1-n)
			a.doubled += max(0, n-1)
		}
	}
	a.op.Forget()
	return nil
}
