package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"porchlight/bridge/desk"
	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// office is a desk with something to choose for each command: Xavi talks to Uma, Olga to Ida, and further visitors wait, are
// blocked, or look at the site. What is done for it is done by forms without a window, so that no chat shows it.
type office struct {
	*world
	x, o *operator.Client
	uma  *visitor.Conversation
}

// newOffice prepares the desk for the visitors. Olga is there until the office is closed.
func newOffice(ctx context.Context, w *world) (*office, error) {
	x, err := w.lister()
	if err != nil {
		return nil, err
	}
	name, host, _ := strings.Cut(demo.Operator, "@")
	o, err := operator.Login(w.xmpp, host, name, demo.Password, "tablet", "")
	if err != nil {
		x.Close(false)
		return nil, err
	}
	f := &office{world: w, x: x, o: o}
	if err := each(func() error { return w.onDuty(ctx, 2) }, f.furnish); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

func (f *office) close() {
	f.x.Close(false)
	f.o.Close(true)
}

// furnish makes what commands change and delete.
func (f *office) furnish() error {
	for _, todo := range [][]string{
		{"canned-add", "name=refund", "text=The money is on its way, {visitor}.", "then=tag refund"},
		{"settings", "group=form", "fields=Order number; Size: S, M, L; Newsletter: yes/no"},
		{"settings", "group=privacy", "on-site=loaded"},
		{"link-add", "name=crm", "url=https://crm.example.org/customers/{email}?t={token}"},
		{"key-add", "name=shop", "scopes=read"},
		{"webhook-add", "name=shop", "url=https://shop.example.org/hook"},
		{"team-wall", "name=hall"},
		{"invitation-add", "name=pricing", "page=/pricing", "after=45s", "text=Questions about prices?"},
		{"department-add", "name=billing", "title=Invoices and payments"},
		{"operator-add", "address=vera@localhost", "name=Vera", "departments=support"},
		{"operator-disable", "who=vera@localhost"},
		{"hours-set", "whose=olga@localhost", "mon=9-12:30, 13:30-18"},
	} {
		if _, err := does(f.x, demo.Desk, todo[0], todo[1:]...); err != nil {
			return err
		}
	}
	return nil
}

// lamp is the title of the page from which visitors ask.
const lamp = "Brass lamp – The Lamp Shop"

// inquiry is what a visitor of the office asks.
func (f *office) inquiry(name, reason string) visitor.Inquiry {
	return visitor.Inquiry{Name: name, Email: strings.ToLower(name) + "@example.net", Reason: reason, Language: "en", Department: "support",
		Page:   &visitor.Page{URL: f.visitors.Base + "/brass", Title: lamp},
		Fields: map[string]string{"Order number": "LS-2026-1187", "Size": "M", "Newsletter": "yes"}}
}

// comes lets a visitor ask, and who, if that is somebody, take the request.
func (f *office) comes(ctx context.Context, who *operator.Client, name, reason string) (*visitor.Conversation, error) {
	c, err := f.visitors.Ask(ctx, f.inquiry(name, reason))
	if err == nil && who != nil {
		_, err = does(who, demo.Desk, "take", fmt.Sprint("number=", c.Number))
	}
	return c, err
}

// asked lets Olga talk to a visitor, and ask Xavi about her.
func (f *office) asked(ctx context.Context, name string) (*visitor.Conversation, error) {
	c, err := f.comes(ctx, f.o, name, "Do you ship to Malta?")
	if err == nil {
		_, err = does(f.o, c.Visitor, "ask", "operator="+demo.SuperOperator, "question=Do we ship to Malta?")
	}
	return c, err
}

// people brings what every form has something to choose from. Uma has voted, and another request of hers waits.
func (f *office) people(ctx context.Context) error {
	var lea, troll *visitor.Conversation
	return each(
		func() (err error) { f.uma, err = f.comes(ctx, f.x, "Uma", question); return err },
		func() error { return f.x.Chat(f.uma.Visitor, "answer", answer) },
		func() error {
			return until(ctx, "a vote", func() (bool, error) {
				return f.uma.Post(ctx, "/feedback", map[string]any{"score": 4, "comment": "Quick"}) == nil, nil // 409 before the answer has come
			})
		},
		func() error { _, err := f.comes(ctx, nil, "Uma", "And where is my order?"); return err },
		func() (err error) { lea, err = f.asked(ctx, "Lea"); return err },
		func() error { _, err := does(f.x, demo.Desk, "watch", fmt.Sprint("number=", lea.Number)); return err },
		func() (err error) { troll, err = f.comes(ctx, f.x, "Troll", "Boo"); return err },
		func() error { _, err := does(f.x, troll.Visitor, "block", "reason=spam"); return err },
		func() error { return f.visit(ctx, "/pricing", "Prices – The Lamp Shop") },
	)
}

// visit opens a page of the site.
func (f *office) visit(ctx context.Context, path, title string) error {
	answer, err := f.visitors.Do(ctx, visitor.Request{Method: "POST", Path: "/v1/visits",
		Body: map[string]any{"visit": "a-page-of-the-site-" + path, "page": map[string]string{"url": f.visitors.Base + path, "title": title}}})
	if err == nil && answer.Status != http.StatusOK && answer.Status != http.StatusNoContent {
		err = fmt.Errorf("visit: %d %s", answer.Status, answer.Body)
	}
	return err
}

// menuItem is a command with forms, at an address that has it.
type menuItem struct {
	desk.Command
	at string
}

// menu has the forms of all declared commands.
func (f *office) menu() (list []menuItem) {
	for _, c := range desk.New(nil).Commands() {
		if c.Steps() == 0 {
			continue
		}
		if !c.Visitor {
			list = append(list, menuItem{c, demo.Desk})
		}
		if c.Visitor || c.Both {
			list = append(list, menuItem{c, f.uma.Visitor})
		}
	}
	return list
}

// needed is what the first form of a command needs before the second one comes, if its lists are not enough.
var needed = map[string]string{"invitation-add": "pricing"}
