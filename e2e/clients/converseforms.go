package main

import (
	"context"
	"strings"

	"porchlight/demo"
	"porchlight/e2e/operator"
)

// The names of commands in Converse's list, as far as they tell the command from the others.
const (
	storeAnswer    = "Store an answer"
	changeOperator = "Change an operator"
)

// picture returns an action for later: it takes a picture of the window.
func (c *converse) picture(ctx context.Context, name string) func() error {
	return func() error { return c.shot(ctx, c.win, name) }
}

// key returns an action for later: it presses keys, one after the other, and waits until the window has changed.
func (c *converse) key(ctx context.Context, keys ...string) func() error {
	return c.does(ctx, func() error { return c.keys(ctx, keys...) })
}

// typed returns an action for later: it types into what has the focus.
func (c *converse) typed(ctx context.Context, text string) func() error {
	return c.does(ctx, func() error { return c.text(ctx, text) })
}

// find returns an action for later: Chromium looks for a text of the page and shows it. A link that has the text gets the focus;
// else Tab goes to what comes after it.
func (c *converse) find(ctx context.Context, text string) func() error {
	return func() error {
		return each(c.key(ctx, "ctrl+f"), c.typed(ctx, text), c.key(ctx, "Escape"))
	}
}

// top returns an action for later: it scrolls to the result, which is above the list.
func (c *converse) top(ctx context.Context) func() error {
	return c.does(ctx, func() error {
		return c.xdotool(ctx, "mousemove", "--window", c.win, "250", "400", "click", "--repeat", "30", "4", "mousemove", "1279", "899")
	})
}

// command opens the form from the settings, since no menu of a chat offers commands.
func (c *converse) command(ctx context.Context) error {
	return each(
		c.at(ctx, 278, 27),  // the settings, a wheel
		c.at(ctx, 441, 127), // Commands
		c.at(ctx, 450, 243), // the field for the address, which has the server's at first
		c.does(ctx, func() error { return c.keys(ctx, "ctrl+a") }, func() error { return c.say(ctx, demo.Desk) }),
		func() error { return c.place(ctx, c.win, 520, 860) },
		c.picture(ctx, "commands"),
		c.find(ctx, storeAnswer),
		c.key(ctx, "Return"),
		c.key(ctx, "Tab"),                         // into the form
		c.typed(ctx, "open\t"+opening+"\t\t\t\t"), // past what may be left out
		c.picture(ctx, "form"),
		c.key(ctx, "Return"), // Complete
		c.top(ctx),
		c.picture(ctx, "result"),
	)
}

// forms changes an operator with a form of two steps: whom, and then the whole record; after a look at the second step
// it goes back to the first, and forth again.
func (c *converse) forms(ctx context.Context, _ *office) error {
	buttons := func() error { // the first button is behind the last field
		return each(c.find(ctx, "Invitation message"), c.key(ctx, "Tab"), c.key(ctx, "Tab"))
	}
	return each(
		c.find(ctx, changeOperator),
		c.key(ctx, "Return"),
		c.key(ctx, "Tab"), // Whom: Xavi, if nobody else is chosen
		c.typed(ctx, "Olga"),
		c.key(ctx, "Tab", "Return"), // Next
		buttons,
		c.key(ctx, "Return"),    // Previous; now the same button is Next
		c.key(ctx, "shift+Tab"), // Whom
		c.typed(ctx, "Olga"),
		c.key(ctx, "Tab", "Return"), // Next
		c.find(ctx, "At most at once"),
		c.key(ctx, "Tab"),
		c.typed(ctx, "3"),
		c.picture(ctx, "edit"),
		buttons,
		c.key(ctx, "Tab"),
		c.key(ctx, "Return"), // Complete
		c.top(ctx),
		c.picture(ctx, "edited"),
		func() error { return c.edited(ctx) },
	)
}

// edited asks the desk whether the form has changed Olga.
func (c *converse) edited(_ context.Context) error {
	name, host, _ := strings.Cut(demo.Operator, "@")
	olga, err := operator.Login(c.xmpp, host, name, demo.Password, "phone", "")
	if err != nil {
		return err
	}
	defer olga.Close(false)
	if err := olga.Chat(demo.Desk, "limit", "operators me"); err != nil {
		return err
	}
	_, err = olga.Expect("a limit of 3", operator.Body(demo.Desk, "of 3"), stepLimit)
	return err
}
