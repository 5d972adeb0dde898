package sample

import (
	"fmt"
	"strings"
	"time"

	"porchlight/bridge"
)

// person is a visitor of the play.
type person struct {
	name, email, browser string
	jid                  bridge.VisitorJID // "" before the first request
	last                 time.Time         // when the person rang last
}

// somebody is a new person, the n-th.
func (p *play) somebody(n int) *person {
	name := names[n%len(names)]
	email := fmt.Sprintf("%s.%s@example.net", strings.ToLower(name), strings.ToLower(families[n/len(names)%len(families)]))
	return &person{name: name, email: email, browser: one(p, []string{"Firefox 145 on Linux", "Safari 26 on iPhone", "Chrome 142 on Android", "Chrome 142 on Windows"})}
}

var (
	names = []string{"Anna", "Bob", "Carla", "David", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jakub", "Kaito", "Lucia", "Mads", "Nora",
		"Omar", "Paula", "Quim", "Rita", "Sven", "Tess", "Uwe", "Vivien", "Wendy", "Xenia", "Yara", "Zoltan"}
	families = []string{"Berg", "Costa", "Dubois", "Evans", "Fischer", "Garcia", "Horvat"}
)

// subject is what a conversation is about: the visitor's lines, and an answer to each.
type subject struct {
	department, path, title string
	asks, answers           []string
}

var subjects = []subject{
	{"sales", "/pricing", "Prices", []string{"Is the desk lamp cheaper if I take ten?", "And the delivery?"},
		[]string{"From eight on each is 10 % cheaper.", "Free from 100 euros on, which ten lamps are."}},
	{"sales", "/pricing", "Prices", []string{"Do the prices include the bulb?"}, []string{"Yes, a warm one of 7 W. It can be changed."}},
	{"sales", "/", "Lamps", []string{"Does the porch lamp stand rain?", "Also at the sea?", "Thank you, I take it"},
		[]string{"It does: IP65, so rain and snow are fine.", "Salt is harder on the paint. The brass one is made for it.", "A good choice. It is on stock."}},
	{"sales", "/", "Lamps", []string{"When is the green hallway lamp back?"}, []string{"On the 12th, by what the workshop says. Shall I write to you then?"}},
	{"sales", "/contact", "Contact", []string{"Can I see the lamps somewhere?", "Is there parking?"},
		[]string{"In our workshop, 12 Harbour Lane, Tuesday to Saturday.", "In front of the door, for two cars."}},
	{"support", "/contact", "Contact", []string{"My lamp flickers since yesterday", "It is the balcony lamp, with the dimmer", "That helped, thanks!"},
		[]string{"I am sorry! Which one is it?", "Then please turn the small screw at the dimmer a quarter to the left: it sets the lowest light.", "Glad to hear it."}},
	{"support", "/contact", "Contact", []string{"Where is my parcel? Order 4711"}, []string{"It left us on Monday, and is in your town today by the carrier's list."}},
	{"support", "/", "Lamps", []string{"How do I change the bulb of the desk lamp?", "It does not move"},
		[]string{"Turn the glass to the left, then the bulb comes out.", "Hold the neck with the other hand. It is tight the first time."}},
	{"support", "/contact", "Contact", []string{"The glass came broken"}, []string{"That must not happen. A new one is on its way tomorrow, and keep the rest."}},
	{"support", "/pricing", "Prices", []string{"Can I have the invoice with the company's name?", "Lumina Ltd., 3 Mill Road"},
		[]string{"Of course. What is the name, and the address?", "Done. You have it by mail in a moment."}},
}

// vote is what a visitor says at the end.
type vote struct {
	score   int64
	comment string
}

var votes = []vote{{5, ""}, {5, "Quick and friendly"}, {5, ""}, {5, "Exactly what I needed"}, {4, ""}, {5, ""}, {4, "Quick, but the link was wrong"}, {5, "Thanks!"},
	{3, "It took a while"}, {4, ""}, {2, "I had to ask twice"}, {5, ""}, {5, "Great help"}, {1, "No answer to my question"}, {4, ""}, {3, ""}}
