package bridge

import (
	"fmt"
	"time"

	"porchlight/bridge/phrase"
)

// Timing holds the durations of the rules; each is a key in the [timing] section of the config.
// Zero switches a timer off.
type Timing struct {
	Offer         time.Duration
	VisitorGrace  time.Duration
	OperatorGrace time.Duration
	WaitingLimit  time.Duration
	IdleWarn      time.Duration
	IdleClose     time.Duration
	Reopen        time.Duration
}

// Rules is the state machine of a conversation.
type Rules struct {
	Timing    Timing
	Schedules Schedules
}

// Apply says what action a makes of conversation c at the time now, and what has to be done about
// it. It is pure and total: every action in every state is accepted, ignored (c unchanged, no
// effects) or refused with a *phrase.Error and c unchanged. The numbers of the events among the
// effects follow c.Seq.
func (r Rules) Apply(c Conversation, a Action, now time.Time) (Conversation, []Effect, error) {
	cells, ok := transitions[a.Type]
	if !ok {
		return c, nil, fmt.Errorf("apply %q: no such action", a.Type)
	}
	s := step{Conversation: c, a: a, now: now, timing: r.Timing, schedules: r.Schedules}
	if err := cells.in(c.State)(&s); err != nil {
		return c, nil, err
	}
	if len(s.effects) > 0 || s.Conversation != c { // what is ignored changes nothing
		s.aim(c)
	}
	for i := range s.effects {
		s.effects[i].place(c, s.Conversation)
	}
	return s.Conversation, s.effects, nil
}

// place notes for a queue that moves where in it the conversation was, or else is. What waits as a ticket is in no queue, and
// nobody gets another place by it.
func (e *Effect) place(was, is Conversation) {
	switch {
	case e.Type != QueueMoved:
	case was.queued():
		e.Since = was.WaitsSince
	case is.queued():
		e.Since = is.WaitsSince
	}
}

// row holds an action's cell for each state.
type row struct{ fresh, waiting, active, closed cell }

// cell is what one action does in one state: it changes the step or refuses.
type cell func(*step) error

func (r row) in(s State) cell {
	switch s {
	case New:
		return r.fresh
	case Waiting:
		return r.waiting
	case Active:
		return r.active
	}
	return r.closed
}

// transitions is the whole state machine. A test renders it into docs/conversation.md.
var transitions = map[ActionType]row{
	Ask:               {ask, ignore, ignore, ignore},
	VisitorWrites:     {unknown, visitorWrites, visitorWrites, visitorReopens},
	VisitorCorrects:   {unknown, visitorCorrects, visitorCorrects, over},
	VisitorMails:      {unknown, visitorMails, visitorMails, visitorMailsLate},
	VisitorSignsIn:    {unknown, visitorSignsIn, visitorSignsIn, over},
	VisitorCloses:     {unknown, closing(ReasonVisitor), closing(ReasonVisitor), ignore},
	VisitorVotes:      {unknown, votesLater, votes, votes},
	SitePosts:         {unknown, sitePosts, sitePosts, sitePostsLate},
	PageGone:          {unknown, pageGone, pageGone, pageSeen(false)},
	PageBack:          {unknown, pageBack, pageBack, pageSeen(true)},
	PagePolls:         {unknown, pagePolls, pagePolls, ignore},
	PageMissing:       {unknown, ignore, pageMissing, ignore},
	PageMoves:         {unknown, pageMoves, pageMoves, ignore},
	OperatorOpens:     {opensTicket, ignore, ignore, ignore},
	OperatorTakes:     {unknown, takeAndGreet, taken, over},
	OperatorWrites:    {unknown, inTime(takeAndWrite), inTime(operatorWrites), inTime(operatorReopens)},
	OperatorAmends:    {unknown, operatorAmends, operatorAmends, operatorAmends},
	OperatorDenies:    {unknown, deny, denyTaken, over},
	OperatorCloses:    {unknown, takeFirst, operatorCloses, over},
	OperatorBlocks:    {unknown, closing(ReasonBlocked), closing(ReasonBlocked), ignore},
	OperatorNotes:     {unknown, note, note, note},
	OperatorInvites:   {unknown, takeFirst, invite, over},
	OperatorLeaves:    {unknown, leaves, leaves, over},
	OperatorPasses:    {unknown, takeFirst, pass, over},
	OperatorTakesOver: {unknown, takeAndGreet, takeOver, over},
	OperatorAssigns:   {unknown, assignWaiting, assignActive, over},
	OperatorAsks:      {unknown, takeFirst, askColleague, over},
	OperatorAnswers:   {unknown, answerColleague, answerColleague, answerColleague},
	OperatorWatches:   {unknown, watch, watch, over},
	OperatorUnwatches: {unknown, unwatch, unwatch, unwatchAfter},
	OperatorDefers:    {unknown, takeFirst, defers, over},
	OperatorJunks:     {unknown, junks, junks, over},
	OperatorMerges:    {unknown, takeFirst, merges, over},
	OperatorFolds:     {unknown, folds, folds, over},
	OperatorParts:     {unknown, parts, parts, ignore},
	OperatorRestores:  {unknown, ignore, ignore, restores},
	OperatorTags:      {unknown, tags, tags, tags},
	OperatorSets:      {unknown, sets, sets, sets},
	OperatorUnvotes:   {unknown, unvotes, unvotes, unvotes},
	OwnerGone:         {unknown, ignore, ownerGone, ignore},
	OwnerBack:         {unknown, ignore, ownerBack, ignore},
	OwnerUnreachable:  {unknown, ignore, drops(ReasonUnreachable), ignore},
	OperatorBarred:    {unknown, drops(ReasonOwnerLeft), drops(ReasonOwnerLeft), ignore},
	DepartmentGone:    {unknown, departmentGone, departmentFollows, ignore},
	NobodyThere:       {unknown, nobodyThere, ignore, ignore},
	WaitingDue:        {unknown, waitingDue, ignore, ignore},
	VisitorDue:        {unknown, visitorDue, visitorDue, ignore},
	OperatorDue:       {unknown, ignore, operatorDue, ignore},
	IdleWarnDue:       {unknown, ignore, idleWarnDue, ignore},
	IdleCloseDue:      {unknown, ignore, closing(ReasonIdle), ignore},
	ReceiptDue:        {unknown, ignore, receiptDue, ignore},
	MailHappens:       {unknown, mailHappens, mailHappens, mailHappens},
	OfferDue:          {unknown, offerDue, ignore, ignore},
	LaterDue:          {unknown, ignore, laterDue, ignore},
	OfferNext:         {unknown, offerNext, ignore, ignore},
	OverflowDue:       {unknown, overflowDue, ignore, ignore},
	EscalateDue:       {unknown, escalateDue, ignore, ignore},
	RemindDue:         {unknown, ignore, remindDue, ignore},
	AnswerDue:         {unknown, answerDue, answerDue, ignore},
	SolveDue:          {unknown, solveDue, solveDue, ignore},
}

// step is one application of the rules while it is under way.
type step struct {
	Conversation
	a         Action
	now       time.Time
	timing    Timing
	schedules Schedules
	effects   []Effect
}

// log appends an event to the log.
func (s *step) log(e Event) {
	s.Seq++
	e.Conversation, e.Seq, e.At = s.Number, s.Seq, s.now
	s.do(Effect{Type: Log, Event: e})
}

// do adds an effect.
func (s *step) do(e Effect) { s.effects = append(s.effects, e) }

// tell adds an effect with a phrase that operators read.
func (s *step) tell(t EffectType, o OperatorJID, p phrase.Phrase) {
	s.do(Effect{Type: t, Operator: o, Phrase: p})
}

// enter changes the state, and logs the change.
func (s *step) enter(state State, reason string) {
	s.State = state
	t := Turn{State: s.Public(), Reason: reason}
	if state == Waiting {
		t.Department, t.Mail = s.Department, s.Email != ""
		if reason == ReasonTransferred && !s.offerEnds(s.a.Guest).IsZero() {
			t.For = s.a.Guest.Operator
		}
	}
	if state == Waiting || s.Seq == 0 {
		t.Aims = s.Promise.Targets.Aims()
	}
	s.log(Event{Type: EventState, From: FromSystem, Data: t})
}

// Public is the state as visitors are told it: a ticket that nobody has taken is "ticket", not
// "waiting".
func (c Conversation) Public() string {
	if c.State == Waiting && c.Kind == Ticket {
		return string(Ticket)
	}
	return string(c.State)
}

// live reports whether the visitor sees at once what is said: always in a chat, and in a ticket while
// its page is open.
func (c Conversation) live() bool { return c.Kind == Chat || c.Present }

// attend starts the timers of a conversation that has an owner, or stops those that an answer by mail
// does not need.
func (s *step) attend() {
	s.stir()
	s.owe()
	switch {
	case !s.live():
		s.Due.Operator, s.Due.Receipt = time.Time{}, time.Time{}
	case s.a.Away && s.Due.Operator.IsZero() && !s.deferred():
		s.Due.Operator = s.in(s.timing.OperatorGrace)
	}
}

// in returns the time d from now, zero if d is off.
func (s *step) in(d time.Duration) time.Time {
	if d <= 0 {
		return time.Time{}
	}
	return s.now.Add(d)
}

// stir restarts the idle timers, because somebody wrote. What is put off may be idle.
func (s *step) stir() {
	s.Due.IdleWarn, s.Due.IdleClose = time.Time{}, time.Time{}
	if s.State == Active && s.live() && !s.deferred() {
		s.Due.IdleWarn, s.Due.IdleClose = s.in(s.timing.IdleWarn), s.in(s.timing.IdleClose)
	}
}
