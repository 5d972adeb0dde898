package desk_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/onsite"
)

// visit makes a page tell of itself, and returns the id of its visit.
func (o *office) visit(b onsite.Beacon) (id string) {
	o.t.Helper()
	before := make(map[string]bool)
	for _, v := range o.site.Visits() {
		before[v.ID] = true
	}
	if _, err := o.site.Beacon(o.t.Context(), b); err != nil {
		o.t.Fatal(err)
	}
	for _, v := range o.site.Visits() {
		if !before[v.ID] {
			id = v.ID
		}
	}
	return id
}

// Who is on the site is listed in one line each: who, where, since when, from where, and what was before. Whoever may can
// invite them with words of their own.
func TestVisitors_AreListedAndInvited(t *testing.T) {
	c := newCrew(t)
	link := regexp.MustCompile(`/team/\w+`)
	said := func(line, want string) {
		t.Helper()
		if got := link.ReplaceAllString(c.say(xavi, "", line), "/team/LINK"); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
	said("visitors", "error: Who is on the site is not shown: settings on-site open or settings on-site loaded switches it on, which super operators may.")
	c.say(xavi, "", "settings on-site loaded")
	said("visitors", "Nobody is on the site.")
	first := c.visit(onsite.Beacon{Key: "one", Page: bridge.Page{URL: "https://shop.example/pricing?secret=1", Title: `The "Prices"`, Referrer: "https://search.example/q"}})
	c.clock.move(4 * time.Second)
	second := c.visit(onsite.Beacon{Key: "two", Open: true, Page: bridge.Page{URL: "https://shop.example/cart"},
		Who: onsite.Who{Name: "Anna", Verified: true, Count: 2, Last: 31, With: "Olga", When: noon().Add(-24 * time.Hour)}})
	said("visitors", "2 on the site, widget open: 1\n  "+
		second+" · Anna ✔ · /cart 0 s, was here 2 times, the last with Olga on 20 Nov 12:00 (#31) · widget open\n  "+
		first+" · /pricing \"The 'Prices'\" 4 s, from search.example\n"+
		"invite-visitor "+first+" TEXT invites with your words; status invitation=TEXT keeps words of yours.\nEverything: https://chat.example.org/live/team/LINK")
	c.say(xavi, "", "status invitation=May I help you?")
	if got := c.say(xavi, "", "visitors"); !strings.Contains(got, "\ninvite-visitor "+first+" sends yours: \"May I help you?\"; invite-visitor "+first+" TEXT another.\n") {
		t.Errorf("with an invitation of one's own: %q", got)
	}
	said("invite-visitor "+second, "error: Anna ("+second+") has the form open, and may be writing. Nothing was sent.")
	said("invite-visitor "+strings.ToUpper(first), first+" is invited. If they answer, the chat is yours and opens here; if they close it, you are told and they are not asked again today.")
	if got := c.say(xavi, "", "visitors"); !strings.Contains(got, "from search.example · invited by Xavi 0 s ago\n") {
		t.Errorf("after the invitation: %q", got)
	}
	c.clock.move(65 * time.Second)
	said("invite-visitor "+first, "error: "+first+" was invited by you 1 min ago and has not answered. Nothing was sent.")
	said("invite-visitor zzzz", `error: "zzzz" is not on the site now. visitors lists who is. Nothing was changed.`)
	if got := c.say(olga, "", "visitors"); !strings.HasPrefix(got, "error: You may not use visitors.") {
		t.Errorf("without the right: %q", got)
	}
}

// A rule is made, changed, listed and deleted at the desk; what takes it back makes it as it was.
func TestInvitations_AtTheDesk(t *testing.T) {
	c := newCrew(t)
	const off = "\nNobody is invited yet, since the setting on-site is off."
	const made = "pricing: on /pricing after 45 s, once a day, not over an open form, only while somebody of Support is available."
	for _, said := range [][2]string{
		{"invitations", "Nobody is invited by a rule. invitation-add NAME page=/pricing after=45s text=TEXT makes one."},
		{"invitation-add pricing page=/pricing after=45s once=day department=support", "error: What does the visitor read? Write text=… at the end. Nothing was changed."},
		{"invitation-add pricing page=/pricing after=45s once=day department=support text=Questions about prices?", made + "\nBack: invitation-delete pricing" + off},
		{"settings on-site loaded", "on-site: off → loaded."},
		{"invitation-add pricing returning=on hours=Mon-Fri 9-17 once=visit page=", "pricing: on all pages after 45 s, only who was here before, within Mon-Fri 9-17; UTC, on each page that is loaded, not over an open form, only while somebody of Support is available.\n" +
			"Back: invitation-add pricing page=/pricing after=45s returning=off language= hours= once=day department=support text=Questions about prices?"},
		{"invitation-add pricing page=pricing", `error: "pricing" is no page such as /pricing, /shop/* or https://www.example.org/cart, without ? and what follows it. Nothing was changed.`},
		{"invitation-add pricing after=soon", `error: "soon" is no time such as 30s, 2m or 1h. Nothing was changed.`},
		{"invitation-add pricing language=zzzzzzzzzzzz", `error: "zzzzzzzzzzzz" is no language such as de or pt-br. Nothing was changed.`},
		{"invitation-add pri_cing text=x", `error: "pri_cing" is no name such as pricing or cart-2: letters from a to z, digits and hyphens. Nothing was changed.`},
		{"invitation-add pricing page=/pricing after=45s returning=off language= hours= once=day department=support text=Questions about prices?", "pricing: on /pricing after 45 s"},
		{"invitations", "Invitations: 1\n  " + made + ` "Questions about prices?"`},
		{"invitation-delete pricing", "The rule pricing invites nobody any more.\nBack: invitation-add pricing page=/pricing after=45s"},
		{"invitation-delete pricing", `error: There is no invitation "pricing". invitations lists them. Nothing was changed.`},
	} {
		if got := c.say(xavi, "", said[0]); !strings.HasPrefix(got, said[1]) {
			t.Errorf("%s: got %q, want %q", said[0], got, said[1])
		}
	}
}

// A rule for a department that is deleted is for the one that follows.
func TestInvitations_FollowTheDepartment(t *testing.T) {
	c := newCrew(t)
	c.say(xavi, "", "department-add billing Billing")
	c.say(xavi, "", "invitation-add x page=/x department=billing text=Hi")
	if got := c.say(xavi, "", "invitations"); !strings.Contains(got, "somebody of Billing") {
		t.Error(got)
	}
	c.say(xavi, "", "department-delete billing support")
	if got := c.say(xavi, "", "invitations"); !strings.Contains(got, "somebody of Support") {
		t.Error(got)
	}
	if got := c.site.Rules(); len(got) != 1 || got[0].Department != "support" {
		t.Errorf("the rules are %+v", got)
	}
	// That is part of the deletion, so whoever is stopped right after it leaves no rule behind.
	c.say(xavi, "", "department-add sales Sales")
	if err := c.bridge.Team.CloseDepartment(t.Context(), "support", bridge.Department{Name: "sales", Title: "Sales"}, func(bridge.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := c.site.Load(t.Context()); err != nil || len(c.site.Rules()) != 1 || c.site.Rules()[0].Department != "sales" {
		t.Errorf("the rules are %+v, %v", c.site.Rules(), err)
	}
}
