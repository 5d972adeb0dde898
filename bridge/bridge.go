package bridge

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"
)

// Options are what a Bridge needs to know.
type Options struct {
	Domain         string        // the component's domain, which visitors' JIDs have
	SuperOperators []OperatorJID // normalised bare JIDs
	Timing         Timing
	Limits         Limits
	Address        func(string) (OperatorJID, error) // brings an address into its normal form; nil: any address is in it
	PublicURL      string                            // the URL of the visitors' side, for links to it
	KeepAddresses  bool                              // the ranges of visitors' addresses are kept with their requests
	Channels       []Channel                         // by which notices reach operators beside XMPP
	Rooms          bool                              // there are rooms in which operators read what is new
	NoticeText     bool                              // notices by channels hold the beginning of what the visitor wrote
	Mail           MailOptions
	PastWaits      func(ctx context.Context, department string) (PastWaits, error) // nil: visitors are told nothing of how long they will wait
	Clock          Clock
	Log            *slog.Logger
	// Node is this process's id among all that ever ran on the store, if there may be several at a time; "": it is alone. Tell hands a
	// hint to the other nodes, and never waits; it is called before Open returns.
	Node string
	Tell func(Hint)
}

// Limits bounds what visitors may send, in bytes unless said otherwise.
type Limits struct {
	Message int
	Name    int
	Email   int
	Reason  int
	URL     int
	Waiting int   // conversations that may wait at one time
	File    int64 // one file of a visitor's; 0: no files are accepted
	Files   int   // files in one conversation
	// AllFiles bounds all stored files together; 0: no limit.
	AllFiles int64
	// OffersAtOnce is how many offers within OffersWithin an operator gets one by one;
	// further offers are told together, and as many requests in that time are a storm. 0: no limit.
	OffersAtOnce int
	OffersWithin time.Duration
}

// Bridge runs the conversations. Its methods may be called by any goroutine. A method that
// changes something returns when the change is durable. The sides were told by then, unless another
// goroutine is telling a side: that one tells it of this change, too.
type Bridge struct {
	// The parts that have verbs of their own; only Open sets them.
	Alarms     *Alarms
	Answers    *Answers
	Blocks     *Blocks
	Carried    *Carried
	Cursors    *Cursors
	Expected   *Expected
	Files      *Files
	Hints      *Hints
	Hours      *Hours
	Kept       *Kept
	Link       *Link
	Mail       *Mailroom
	Members    *Members
	Moves      *Moves
	Nodes      *Nodes
	Notices    *Notices
	Onsite     *Onsite
	Passes     *Passes
	Quarantine *Quarantine
	Reach      *Reach
	Settings   *Settings
	SiteLinks  *SiteLinks
	Storm      *Storm
	Team       *Team
	Tokens     *Tokens
	Votes      *Votes

	store  Store
	rules  Rules // without schedules; see rulesNow
	opts   Options
	clock  Clock
	log    *slog.Logger
	hub    *hub
	stored atomic.Int64 // events stored since the start
	pulse  pulse
	pace   pace
	gone   absences
	late   bool        // somebody has still to be asked whose time has come; see askByTime
	more   atomic.Bool // what waits is to be settled, since an update has left some of it; see offerAnew
}

// assemble makes a Bridge and its parts; nothing is read from the store yet.
func assemble(store Store, opts Options) *Bridge {
	clock, log, hub := opts.Clock, opts.Log, newHub()
	alarms := &Alarms{clock: clock, log: log, hub: hub, raised: make(map[string]time.Time), leave: make(map[string]alarmState)}
	store = watchedStore{store, alarms}
	tokens := &Tokens{store: store}
	b := &Bridge{
		Alarms:     alarms,
		Answers:    &Answers{store: store, clock: clock, most: opts.Limits.Message, site: cmp.Or(host(opts.PublicURL), opts.Domain)},
		Blocks:     &Blocks{store: store, clock: clock},
		Carried:    &Carried{store, clock, log},
		Files:      &Files{store: store, clock: clock, log: log, limits: opts.Limits, url: opts.PublicURL, tokens: tokens},
		Hints:      &Hints{clock: clock, log: log, hub: hub, told: make(map[string]map[string]time.Time)},
		Kept:       &Kept{store},
		Quarantine: &Quarantine{clock: clock, log: log, alarms: alarms, hub: hub, until: make(map[int64]time.Time)},
		Storm:      &Storm{clock: clock, limits: opts.Limits, alarms: alarms},
		Tokens:     tokens,

		store: store, rules: Rules{Timing: opts.Timing}, opts: opts, clock: clock, log: log, hub: hub,
	}
	b.Link, b.Reach, b.Team, b.pulse.b = &Link{bridge: b}, newReach(b), &Team{bridge: b}, b
	b.Settings, b.Moves, b.Onsite, b.SiteLinks, b.Members = &Settings{bridge: b}, &Moves{b}, &Onsite{b}, &SiteLinks{bridge: b}, &Members{b}
	b.Votes, b.Hours, b.Passes, b.Notices, b.Mail = &Votes{bridge: b}, &Hours{bridge: b}, &Passes{bridge: b}, &Notices{b}, &Mailroom{bridge: b, urgent: make(chan OutMail, mostUrgent)}
	if b.Mail.On() {
		b.opts.Channels = append(slices.Clip(b.opts.Channels), mailWay{b.Mail})
	}
	b.Expected, b.Nodes = &Expected{bridge: b}, &Nodes{bridge: b, id: opts.Node, tell: opts.Tell}
	b.Blocks.nodes = b.Nodes
	if b.Nodes.Several() {
		hub.beyond, hub.heard = opts.Tell, b.Nodes.logs.told
	}
	b.Cursors = &Cursors{store, hub, b.Reach}
	return b
}

// Open prepares a Bridge on the store. It enters the super operators, reads the team and the
// blocks, and starts the grace time of every visitor and owner, since nobody is connected yet. One of several nodes does the
// last when it takes the link; see Nodes.Take.
func Open(ctx context.Context, store Store, opts Options) (*Bridge, error) {
	b := assemble(store, opts)
	if err := store.Update(ctx, b.prepare); err != nil {
		return nil, err
	}
	if err := b.Team.renew(ctx); err != nil {
		return nil, err
	}
	if err := b.Settings.renew(ctx); err != nil {
		return nil, err
	}
	if err := b.Blocks.Load(ctx); err != nil {
		return nil, err
	}
	if err := b.Files.count(ctx); err != nil {
		return nil, err
	}
	if b.Nodes.Several() {
		return b, nil
	}
	return b, beginHolding(ctx, b)
}

// prepare stores what must be there before the first conversation, and reads the pepper.
func (b *Bridge) prepare(tx Tx) error {
	err := b.Team.enterSuper(tx)
	if err != nil {
		return err
	}
	if b.Tokens.pepper, err = loadPepper(tx); err != nil {
		return err
	}
	return b.Link.load(tx)
}

// Now is the bridge's time.
func (b *Bridge) Now() time.Time { return b.clock.Now() }
