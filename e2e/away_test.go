package e2e_test

import "testing"

// TestHiddenPage: a visitor whose page is hidden is away for an operator, also after porchlight
// was killed, and is there again when the page is shown.
func TestHiddenPage(t *testing.T) {
	t.Parallel()
	c := startChat(t, nil)
	c.page.spoilt = true
	show := func() (last string) {
		for _, el := range c.x.All() {
			if presenceOf(c.jid, "")(el) {
				last = el.ChildText("", "show")
			}
		}
		return last
	}
	hide := func(hidden, want string) {
		t.Helper()
		if _, err := eval[bool](c.page, `Object.defineProperty(document, "hidden", {get: () => `+hidden+`, configurable: true}) && true`); err != nil {
			t.Fatal(err)
		}
		eventually(t, "hidden is "+hidden+", so the visitor is "+want, func() bool { return show() == want })
	}
	hide("true", "away")
	c.kill()
	c.up()
	c.page.write("I am still here")
	c.x.hears(c.jid, "I am still here")
	for _, text := range numbered("so am I ", 3) { // while porchlight learns that the page is shown again
		c.x.says(c.jid, text)
		c.page.shows(text)
		eventually(t, "the visitor is away", func() bool { return show() == "away" })
	}
	hide("false", "")
}
