package onsite

import (
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Visit is a page that is open in a browser now, as operators see it.
type Visit struct {
	ID         string // four letters and digits, by which operators call it
	Began      time.Time
	Page       bridge.Page // without what may be a secret; Referrer is a host
	Since      time.Time   // since when the visitor is on that page
	Pages      int         // how many pages there were in this visit
	Language   string
	Department string    // that of the page; "": none in particular
	Open       bool      // the widget's panel is open
	Hidden     time.Time // since when the page is in the background; zero: it is seen
	Refuses    bool      // the visitor does not want to be invited: today, or for good
	Who        Who
	Invitation *Invitation // the latest; nil: none

	key     string // the random id that the page has for itself
	heard   time.Time
	left    time.Time // when the page said that it goes; zero: it has not
	from    From
	marks   mark   // the browser with its address, hashed
	stream  string // by what the page can be reached at once; "": by nothing
	arrival arrival
	trail   []step // the pages before this one, the latest last
	told    bool   // the page has told this node last, and no other
}

// Who is what an earlier conversation's token proves of a visitor; zero: nothing.
type Who struct {
	Visitor  bridge.VisitorJID
	Name     string
	Verified bool  // a signed identity has proved the name
	Count    int   // how many conversations there were
	Last     int64 // the number of the newest, with its operator and time
	With     string
	When     time.Time
	Talks    bool // that one is not over
}

// Returning reports whether the visitor has had a conversation before.
func (w Who) Returning() bool { return w.Count > 0 }

// Invitation is a wish to talk that a visitor sees.
type Invitation struct {
	Token string             // proves, when the visitor answers, that there was one
	By    bridge.OperatorJID // "": a rule
	Name  string             // of the operator, or of the rule
	About string             // what the operator says of themselves; may be empty
	Text  string
	URL   string // of the page on which the visitor was invited
	Sent  time.Time
	State State

	department string // that the rule names
	here       bool   // this node has made it
}

// State is what has become of an invitation.
type State int

// The states.
const (
	Sent     State = iota // the page may not have it yet
	Shown                 // the visitor sees it
	Answered              // the visitor has begun a conversation
	Closed                // the visitor wants none today
	Refused               // the visitor wants none for good
	Gone                  // the visitor has left without a word
)

// open reports whether the visitor may still answer.
func (i *Invitation) open() bool { return i != nil && i.State <= Shown }

// outcome says to the operator who invited what has become of it. It calls the visitor by the id of the visit: the notice is stored,
// belongs to no conversation, and would keep a name for longer than the visitor's conversations are kept.
func (v *Visit) outcome() phrase.Phrase {
	switch called := v.ID; v.Invitation.State {
	case Closed:
		return phrase.Say("%s has closed your invitation, and is not asked again today.", called)
	case Refused:
		return phrase.Say("%s does not want to be invited any more.", called)
	default:
		if !v.Hidden.IsZero() && v.left.IsZero() {
			return phrase.Say("%s has had the page in the background for %s without answering your invitation, which is over.", called, bridge.Span(asleep))
		}
		return phrase.Say("%s has left without answering your invitation.", called)
	}
}

// Called is how operators call the visitor.
func (v *Visit) Called() string {
	if v.Who.Name != "" && v.Who.Name != bridge.Nameless {
		return v.Who.Name + " (" + v.ID + ")"
	}
	return v.ID
}

// seen is a copy that does not change when the visit does.
func (v *Visit) seen() Visit {
	one := *v
	if v.Invitation != nil {
		i := *v.Invitation
		one.Invitation = &i
	}
	return one
}

// looks is what operators see change of a visit at once.
type looks struct {
	id      string
	page    bridge.Page
	open    bool
	hidden  time.Time
	left    time.Time
	refuses bool
	who     Who
	token   string
	state   State
}

// looks says how a visit looks now; nil looks like nothing.
func (v *Visit) looks() (l looks) {
	if v == nil {
		return l
	}
	l = looks{id: v.ID, page: v.Page, open: v.Open, hidden: v.Hidden, left: v.left, refuses: v.Refuses, who: v.Who}
	if v.Invitation != nil {
		l.token, l.state = v.Invitation.Token, v.Invitation.State
	}
	return l
}
