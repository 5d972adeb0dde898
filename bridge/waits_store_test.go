package bridge

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// ramStore is a quick Store in memory for one goroutine. A refused update is undone step by step. The
// methods of Tx that no test needs are those of the nil Tx inside.
type ramStore struct {
	Tx
	chats    []Conversation // by number, from 1
	requests []Request
	keys     map[string]int64
	logs     [][]Event
	parts    [][]Participant
	offers   [][]Offer
	visitors []Visitor
	team     []Operator // by JID
	desks    map[OperatorJID][]DeskEntry
	settings map[string]string
	votes    []Feedback
	houses   []Department // by name
	former   map[OperatorJID]string
	news     []News
	asked    map[OperatorJID]time.Time
	reminds  []Reminder
	undo     []func()
	made     func(Offer) // called before an offer is stored that was not open; nil: nobody asks
}

func newRAMStore() *ramStore {
	return &ramStore{keys: make(map[string]int64), desks: make(map[OperatorJID][]DeskEntry), settings: make(map[string]string),
		houses: []Department{{Name: "sales", Title: "Sales"}, {Name: "support", Title: "Support"}}, former: make(map[OperatorJID]string), asked: make(map[OperatorJID]time.Time)}
}

func (s *ramStore) Update(_ context.Context, f func(Tx) error) error {
	s.undo = s.undo[:0]
	err := f(s)
	if err != nil {
		for _, back := range slices.Backward(s.undo) {
			back()
		}
	}
	return err
}

func (s *ramStore) View(_ context.Context, f func(Reader) error) error { return f(s) }

// put changes a value so that it can be undone.
func put[T any](s *ramStore, at *T, v T) {
	was := *at
	s.undo = append(s.undo, func() { *at = was })
	*at = v
}

func (s *ramStore) at(number int64) (Conversation, error) {
	if number < 1 || number > int64(len(s.chats)) {
		return Conversation{}, notFound()
	}
	return s.chats[number-1], nil
}

func (s *ramStore) Conversation(number int64) (Conversation, error) { return s.at(number) }

func (s *ramStore) ConversationByKey(key string) (Conversation, error) { return s.at(s.keys[key]) }

func (s *ramStore) list(limit int, keep func(Conversation) bool) (list []Conversation, err error) {
	for _, c := range s.chats {
		if keep(c) && len(list) < limit {
			list = append(list, c)
		}
	}
	return list, nil
}

func (s *ramStore) VisitorConversations(v VisitorJID, limit int) ([]Conversation, error) {
	list, err := s.list(len(s.chats), func(c Conversation) bool { return c.Visitor == v })
	slices.Reverse(list)
	return list[:min(limit, len(list))], err
}

func (s *ramStore) LatestConversation(v VisitorJID) (Conversation, error) {
	for _, c := range slices.Backward(s.chats) {
		if c.Visitor == v {
			return c, nil
		}
	}
	return Conversation{}, notFound()
}

func (s *ramStore) OpenConversations(state State, after int64, limit int) ([]Conversation, error) {
	return s.list(limit, func(c Conversation) bool {
		return c.Number > after && c.State != Closed && (state == New || c.State == state)
	})
}

// queue lists the chats that wait in a department, in the order of the queue.
func (s *ramStore) queue(department string) (list []Conversation) {
	for _, c := range s.chats {
		if c.State == Waiting && c.Kind == Chat && c.Department == department {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, inQueue)
	return list
}

func inQueue(c, d Conversation) int {
	return cmp.Or(c.WaitsSince.Compare(d.WaitsSince), cmp.Compare(c.Number, d.Number))
}

func (s *ramStore) WaitingChats(department string, since time.Time, number int64) (n int, err error) {
	for _, c := range s.queue(department) {
		if inQueue(c, Conversation{WaitsSince: since, Number: number}) < 0 {
			n++
		}
	}
	return n, nil
}

func (s *ramStore) WaitingBehind(department string, since time.Time, number int64, limit int) ([]Conversation, error) {
	list := slices.DeleteFunc(s.queue(department), func(c Conversation) bool {
		return inQueue(c, Conversation{WaitsSince: since, Number: number}) <= 0
	})
	return list[:min(limit, len(list))], nil
}

func (s *ramStore) Waiting(k Kind) (n int, err error) {
	for _, c := range s.chats {
		if c.State == Waiting && (k == "" || c.Kind == k) {
			n++
		}
	}
	return n, nil
}

func (s *ramStore) OwnedBy(o OperatorJID) ([]Conversation, error) {
	return s.list(len(s.chats), func(c Conversation) bool { return c.State == Active && c.Owner == o })
}

func (s *ramStore) TakesPart(o OperatorJID) (list []int64, err error) {
	for i, parts := range s.parts {
		for _, p := range parts {
			if p.Operator == o && !p.Left && s.chats[i].State != Closed {
				list = append(list, p.Conversation)
			}
		}
	}
	return list, nil
}

func (s *ramStore) DueConversations(now time.Time, limit int) ([]Conversation, error) {
	list, err := s.list(limit, func(c Conversation) bool {
		at, _ := c.Due.Next()
		return !at.IsZero() && !at.After(now)
	})
	slices.SortStableFunc(list, func(a, b Conversation) int {
		x, _ := a.Due.Next()
		y, _ := b.Due.Next()
		return x.Compare(y)
	})
	return list, err
}

func (s *ramStore) Request(number int64) (Request, error) { return s.requests[number-1], nil }

func (s *ramStore) Events(number, after int64, limit int) ([]Event, error) {
	log := s.logs[number-1]
	if after >= int64(len(log)) {
		return nil, nil
	}
	log = log[max(0, after):]
	return slices.Clip(log[:min(limit, len(log))]), nil
}

func (s *ramStore) EventByOrigin(number int64, origin string) (Event, error) {
	for _, e := range s.logs[number-1] {
		if e.Origin == origin {
			return e, nil
		}
	}
	return Event{}, notFound()
}

func (s *ramStore) LastMessage(number int64, from Role, upto int64) (int64, error) {
	for _, e := range slices.Backward(s.logs[number-1][:min(upto, int64(len(s.logs[number-1])))]) {
		if e.From == from && (e.Type.Content() || e.Type == EventCorrection) {
			return e.Seq, nil
		}
	}
	return 0, nil
}

func (s *ramStore) Visitor(v VisitorJID) (Visitor, error) {
	for _, w := range s.visitors {
		if w.JID == v {
			return w, nil
		}
	}
	return Visitor{}, notFound()
}

func (s *ramStore) Operators() ([]Operator, error) {
	list := slices.Clone(s.team)
	for i := range list {
		list[i].DeskSeq = int64(len(s.desks[list[i].JID]))
	}
	return list, nil
}

func (s *ramStore) Operator(jid OperatorJID) (Operator, error) {
	list, _ := s.Operators()
	for _, o := range list {
		if o.JID == jid {
			return o, nil
		}
	}
	return Operator{}, notFound()
}

func (s *ramStore) Loads() (map[OperatorJID]Load, error) {
	loads := make(map[OperatorJID]Load)
	for o, at := range s.asked {
		loads[o] = Load{Asked: at}
	}
	for i, c := range s.chats {
		if c.State == Active && c.Kind == Chat {
			l := loads[c.Owner]
			l.Chats++
			loads[c.Owner] = l
		}
		for _, f := range s.offers[i] {
			if c.State == Waiting && !c.Due.Offer.IsZero() && f.State == OfferOpen {
				l := loads[f.Operator]
				l.Offers++
				loads[f.Operator] = l
			}
		}
	}
	return loads, nil
}

func (s *ramStore) SaveAsked(o OperatorJID, at time.Time) error {
	asked := maps.Clone(s.asked)
	asked[o] = at
	put(s, &s.asked, asked)
	return nil
}

func (s *ramStore) LastSession(OperatorJID) (Session, error) { return Session{}, notFound() }

func (s *ramStore) SaveSession(Session) error { return nil }

func (s *ramStore) DeletePassesOf(OperatorJID) error { return nil }

func (s *ramStore) OpenSessions() ([]Session, error) { return nil, nil }

func (s *ramStore) FormerOperators() (map[OperatorJID]string, error) {
	return maps.Clone(s.former), nil
}

func (s *ramStore) FormerDepartments() (map[string]string, error) { return nil, nil }

func (s *ramStore) Departments() ([]Department, error) { return slices.Clone(s.houses), nil }

func (s *ramStore) Participants(number int64) ([]Participant, error) {
	return slices.Clone(s.parts[number-1]), nil
}

func (s *ramStore) Offers(number int64) ([]Offer, error) {
	return slices.Clone(s.offers[number-1]), nil
}

func (s *ramStore) OffersTo(o OperatorJID, state OfferState) (list []Offer, err error) {
	for _, offers := range s.offers {
		for _, f := range offers {
			if f.Operator == o && f.State == state {
				list = append(list, f)
			}
		}
	}
	return list, nil
}

func (s *ramStore) DeskEntries(o OperatorJID, after int64, limit int) ([]DeskEntry, error) {
	desk := s.desks[o]
	if after >= int64(len(desk)) {
		return nil, nil
	}
	desk = desk[after:]
	return slices.Clip(desk[:min(limit, len(desk))]), nil
}

func (s *ramStore) Namesakes(string, VisitorJID) ([]int, error) { return nil, nil }

func (s *ramStore) EventsUnder(number int64, origin string, limit int) (list []Event, err error) {
	for _, e := range slices.Backward(s.logs[number-1]) {
		if (e.Origin == origin || strings.HasPrefix(e.Origin, origin+"\n")) && len(list) < limit {
			list = append(list, e)
		}
	}
	return list, nil
}

func (s *ramStore) Blocks() ([]Block, error)                 { return nil, nil }
func (s *ramStore) FileBytes() (int64, error)                { return 0, nil }
func (s *ramStore) SiteSettings() (map[string]string, error) { return nil, nil }
func (s *ramStore) Setting(key string) (string, error)       { return s.settings[key], nil }

func (s *ramStore) FeedbackIn(number int64) (Feedback, error) {
	for _, f := range s.votes {
		if f.Conversation == number {
			return f, nil
		}
	}
	return Feedback{}, notFound()
}

func (s *ramStore) CreateFeedback(f *Feedback) error {
	f.ID = int64(len(s.votes) + 1)
	put(s, &s.votes, append(s.votes, *f))
	return nil
}

func (s *ramStore) SaveFeedback(f Feedback) error {
	put(s, &s.votes[f.ID-1], f)
	return nil
}

func (s *ramStore) SaveSetting(key, value string) error {
	s.settings[key] = value
	return nil
}

func (s *ramStore) KeepSetting(key, value string) (string, error) {
	s.settings[key] = cmp.Or(s.settings[key], value)
	return s.settings[key], nil
}

func (s *ramStore) CreateConversation(c *Conversation, r Request, key string, _ []byte) error {
	c.Number = int64(len(s.chats) + 1)
	r.Conversation = c.Number
	put(s, &s.chats, append(s.chats, *c))
	put(s, &s.requests, append(s.requests, r))
	put(s, &s.logs, append(s.logs, nil))
	put(s, &s.parts, append(s.parts, nil))
	put(s, &s.offers, append(s.offers, nil))
	s.undo = append(s.undo, func() { delete(s.keys, key) })
	s.keys[key] = c.Number
	return nil
}

func (s *ramStore) SaveConversation(c Conversation, was int64) error {
	if s.chats[c.Number-1].Seq != was {
		return phrase.Fail(phrase.CodeConflict, "#%d has changed.", c.Number)
	}
	put(s, &s.chats[c.Number-1], c)
	return nil
}

func (s *ramStore) SaveRequestEmail(number int64, email string) error {
	r := s.requests[number-1]
	r.Email = email
	put(s, &s.requests[number-1], r)
	return nil
}

func (s *ramStore) Append(events ...Event) error {
	for _, e := range events {
		log := &s.logs[e.Conversation-1]
		if e.Seq != int64(len(*log)+1) {
			panic("a log with a gap")
		}
		put(s, log, append(*log, e))
	}
	return nil
}

func (s *ramStore) CreateVisitor(v Visitor) error {
	put(s, &s.visitors, append(s.visitors, v))
	return nil
}

func (s *ramStore) SaveVisitor(v Visitor) error { return nil }

func (s *ramStore) SaveOperator(o Operator) error {
	list := slices.Clone(s.team)
	i, known := slices.BinarySearchFunc(list, o.JID, func(x Operator, jid OperatorJID) int { return strings.Compare(string(x.JID), string(jid)) })
	if !known {
		list = slices.Insert(list, i, o)
	}
	o.Super = false // not stored
	list[i] = o
	put(s, &s.team, list)
	if s.former[o.JID] != "" {
		former := maps.Clone(s.former)
		delete(former, o.JID)
		put(s, &s.former, former)
	}
	return nil
}

// DeleteOperator keeps the desk log, so that a test can read it.
func (s *ramStore) DeleteOperator(jid OperatorJID) error {
	o, err := s.Operator(jid)
	if err != nil {
		return err
	}
	put(s, &s.team, slices.DeleteFunc(slices.Clone(s.team), func(o Operator) bool { return o.JID == jid }))
	former := maps.Clone(s.former)
	former[jid] = o.Name
	put(s, &s.former, former)
	put(s, &s.news, slices.DeleteFunc(slices.Clone(s.news), func(n News) bool { return n.Operator == jid }))
	put(s, &s.reminds, slices.DeleteFunc(slices.Clone(s.reminds), func(m Reminder) bool { return m.Operator == jid }))
	return nil
}

func (s *ramStore) SaveDepartment(d Department) error {
	list := saved(s.houses, d, func(x Department) bool { return x.Name == d.Name })
	slices.SortFunc(list, func(a, b Department) int { return cmp.Compare(a.Name, b.Name) })
	put(s, &s.houses, list)
	return nil
}

func (s *ramStore) DeleteDepartment(name string) error {
	put(s, &s.houses, slices.DeleteFunc(slices.Clone(s.houses), func(d Department) bool { return d.Name == name }))
	list := slices.Clone(s.team)
	for i, o := range list {
		list[i].Departments, list[i].Tickets = o.Departments.Without(name), o.Tickets.Without(name)
	}
	put(s, &s.team, list)
	return nil
}

func (s *ramStore) MoveInvitations(string, string) error { return nil }

// saved puts x in the place of the same thing in list, or at its end.
func saved[T any](list []T, x T, same func(T) bool) []T {
	list = slices.Clone(list)
	if i := slices.IndexFunc(list, same); i >= 0 {
		list[i] = x
		return list
	}
	return append(list, x)
}

func (s *ramStore) SaveParticipant(p Participant) error {
	at := &s.parts[p.Conversation-1]
	put(s, at, saved(*at, p, func(x Participant) bool { return x.Operator == p.Operator }))
	return nil
}

func (s *ramStore) SaveOffer(o Offer) error {
	at := &s.offers[o.Conversation-1]
	if o.State == OfferOpen && s.made != nil && !slices.ContainsFunc(*at, func(x Offer) bool {
		return x.Operator == o.Operator && (x.State == OfferOpen || x.State == OfferLost)
	}) {
		s.made(o)
	}
	list := saved(*at, o, func(x Offer) bool { return x.Operator == o.Operator })
	slices.SortFunc(list, func(a, b Offer) int { return cmp.Compare(a.Operator, b.Operator) })
	put(s, at, list)
	return nil
}

// ReturnDesk does nothing: a ramStore has no cursors of desk logs.
func (s *ramStore) ReturnDesk(OperatorJID, int64) error { return nil }

func (s *ramStore) AppendDesk(e *DeskEntry) error {
	desk := s.desks[e.Operator]
	e.Seq = int64(len(desk) + 1)
	s.undo = append(s.undo, func() { s.desks[e.Operator] = desk })
	s.desks[e.Operator] = append(desk, *e)
	return nil
}

func (s *ramStore) Answers() ([]Answer, error) { return nil, nil }

func (s *ramStore) LeftMailParts(time.Time, int) ([]MailPart, error) { return nil, nil }
