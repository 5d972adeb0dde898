package bridge

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Data is what an event holds beside words and names. Each type of event has one Go type for it,
// which is comparable. No event holds its zero value: nil stands for that. The store keeps JSON.
type Data interface{ data() }

// Message is the Data of EventMessage.
type Message struct {
	ReplyTo  int64   `json:"reply_to,omitempty"` // the seq of the event that it replies to; 0: none
	Phrase   string  `json:"phrase,omitempty"`   // what the system says, as Phrase.Encode writes it; "": Text is said
	Reason   string  `json:"reason,omitempty"`   // why the system says it: ReasonSilent, or "" for none
	Mail     Heading `json:"mail,omitzero"`      // of a message that came by mail
	Greeting bool    `json:"greeting,omitempty"` // the operator's greeting, which is said by itself
	Key      string  `json:"key,omitempty"`      // the name of the key by which a server of the site says Text as the system
}

// Heading is what stands above a message that came by mail. It is zero for other messages, but never
// for one that came by mail: Came is true then.
type Heading struct {
	Came     bool   `json:"came,omitempty"`
	Subject  string `json:"subject,omitempty"`   // "" if it is that of the mail before
	Address  string `json:"address,omitempty"`   // who sent it, if that is not the one who asked
	Mute     bool   `json:"mute,omitempty"`      // Address is none to which mail can go
	AnswerTo string `json:"answer_to,omitempty"` // where the sender wants the answer, if that is in another domain
	Doubtful bool   `json:"doubtful,omitempty"`  // our own mail server says that the sender is forged
	Files    string `json:"files,omitempty"`     // the names and sizes of what came with it, which are sent after it
	More     int64  `json:"more,omitempty"`      // how many characters of it are not shown
	Hidden   int64  `json:"hidden,omitempty"`    // how many lines of it are not shown since they look like a quote or a signature
	Left     string `json:"left,omitempty"`      // the files of it that are not shown
	Lacks    string `json:"lacks,omitempty"`     // what else of it is not shown: Lacks with blanks between
}

// SentFile is the Data of EventFile. A visitor's file has an ID, an operator's a URL.
type SentFile struct {
	ID      string `json:"id,omitempty"`
	URL     string `json:"url,omitempty"`
	Name    string `json:"name,omitempty"`  // "" if an operator's client gave no name
	Media   string `json:"media,omitempty"` // the media type; "" if unknown
	Bytes   int64  `json:"bytes,omitempty"` // 0 if unknown
	ReplyTo int64  `json:"reply_to,omitempty"`
}

// Turn is the Data of EventState.
type Turn struct {
	State      string `json:"state,omitempty"` // the state as Conversation.Public writes it
	Reason     string `json:"reason,omitempty"`
	Department string `json:"department,omitempty"` // in which it waits from now on; "" in other states, and in logs of an earlier porchlight
	Mail       bool   `json:"mail,omitempty"`       // it waits, and the visitor has left an address
	Aims       Aims   `json:"aims,omitzero"`        // it waits, and these are the targets of the department; of a ticket that an operator opens, too

	For OperatorJID `json:"for,omitempty"` // the colleague to whom alone it was passed on
}

// Aims are Targets in a log, in milliseconds.
type Aims struct {
	First  int64 `json:"first,omitempty"`
	Next   int64 `json:"next,omitempty"`
	Solved int64 `json:"solved,omitempty"`
}

// Part is the Data of EventOperator and EventWatch.
type Part struct {
	Action  Deed   `json:"action,omitempty"` // Joined or Left; Watches or Unwatches
	Reason  string `json:"reason,omitempty"`
	Reached int64  `json:"reached,omitempty"` // up to where the log has reached an owner who Left because a message came back
	To      string `json:"to,omitempty"`      // the name of the colleague, or the title of the department, to whom an owner who Left passes the conversation on
}

// Place is the Data of EventPosition: the visitor's place in the queue, from 1.
type Place struct {
	Position int64 `json:"position,omitempty"`
	Wait     int64 `json:"wait,omitempty"` // for about how long the visitor will wait, in seconds; 0: not known
}

// Amended is the Data of EventCorrection and EventRetraction.
type Amended struct {
	Of int64 `json:"of,omitempty"` // the seq of the message or file
}

// Contact is the Data of EventEmail.
type Contact struct {
	Instead bool `json:"instead,omitempty"` // of another address
}

// Identified is the Data of EventIdentity.
type Identified struct {
	Subject string `json:"subject,omitempty"`
	Email   string `json:"email,omitempty"` // "": the site does not tell
	Was     string `json:"was,omitempty"`   // the name that the visitor had given
}

// Reaction is the Data of EventReaction.
type Reaction struct {
	To int64 `json:"to,omitempty"` // the seq of the message or file
}

// Answered is the Data of EventOffer: what the operator did about the offer.
type Answered struct {
	Action Deed `json:"action,omitempty"` // Declined
}

// PageVisit is the Data of EventPage.
type PageVisit struct {
	Action Deed   `json:"action,omitempty"` // Gone, Back or Moved
	URL    string `json:"url,omitempty"`    // the page to which the visitor Moved
	Title  string `json:"title,omitempty"`
}

// Ownership is the Data of EventOwner.
type Ownership struct {
	Action     Deed   `json:"action,omitempty"`     // Gone, Back, Follows, TookOver, Assigned, Reopened or Rehoused
	By         string `json:"by,omitempty"`         // of Assigned: the name of who gave it to Operator
	Department string `json:"department,omitempty"` // of Rehoused: in which the conversation is from now on
	Passed     bool   `json:"passed,omitempty"`     // of Assigned: somebody else had it until then
	Since      int64  `json:"since,omitempty"`      // of Reopened: since when the visitor's words have no answer, in ms of the epoch; 0: no words have none
}

// Question is the Data of EventQuestion.
type Question struct {
	To     OperatorJID `json:"to,omitempty"`      // who is asked; of an answer: who asked
	ToName string      `json:"to_name,omitempty"` // their name then
	Of     int64       `json:"of,omitempty"`      // of an answer: the seq of the question; 0: it is a question
}

// Deferred is the Data of EventDefer.
type Deferred struct {
	Action Deed  `json:"action,omitempty"` // PutOff or Back
	Until  int64 `json:"until,omitempty"`  // of PutOff: when it comes back, in milliseconds since 1970
}

// KeptData is the Data of EventParticulars.
type KeptData struct {
	What Particular `json:"what,omitempty"`
	Was  string     `json:"was,omitempty"` // the value until then
}

// Particular names what operators keep about a visitor.
type Particular string

// What operators keep about a visitor.
const (
	KeptName   Particular = "name"
	KeptEmail  Particular = "email"
	KeptPhone  Particular = "phone"
	KeptRemark Particular = "remark"
)

// Tagged is the Data of EventTag: tags with blanks between.
type Tagged struct {
	Added   string `json:"added,omitempty"`
	Removed string `json:"removed,omitempty"`
}

// Merged is the Data of EventMerge: Of in the log of the conversation that goes on, Into in that of the other one. If the two are
// parted again, it is Parted in the log of the one that has gone on, with what is owed there from then on.
type Merged struct {
	Of    int64 `json:"of,omitempty"`    // the number of the conversation that ended
	Into  int64 `json:"into,omitempty"`  // the number of the conversation that goes on
	Since int64 `json:"since,omitempty"` // since when words in Of have no answer, in milliseconds since 1970; 0: they have one
	First int64 `json:"first,omitempty"` // since when the first answer is owed in Of, by its target; 0: it was given
	Solve int64 `json:"solve,omitempty"` // since when the time until Of is solved runs

	Parted    int64 `json:"parted,omitempty"`     // the number of the conversation that goes on by itself again
	From      int64 `json:"from,omitempty"`       // in the log of that one: the number of the conversation in which it went on
	FirstWas  int64 `json:"first_was,omitempty"`  // First of the one that goes on, if that of the other one took its place
	SolveWas  int64 `json:"solve_was,omitempty"`  // the same of Solve
	SolveUsed int64 `json:"solve_used,omitempty"` // how many milliseconds of the time until it is solved were over at SolveWas
}

// Urge is the Data of EventUrge.
type Urge struct {
	Steps string `json:"steps,omitempty"` // words of setting.Escalation or setting.Reminders, with blanks between
}

// Missed is the Data of EventTarget.
type Missed struct {
	Target Target `json:"target,omitempty"`
	Within int64  `json:"within,omitempty"` // the target, in milliseconds
}

// Has reports whether a step is among them.
func (u Urge) Has(step string) bool { return slices.Contains(strings.Fields(u.Steps), step) }

// Posting is the Data of EventMail. Text has the words of the mail server, or those of the mail.
type Posting struct {
	Action  Posted `json:"action,omitempty"`
	To      string `json:"to,omitempty"`      // the recipient; of what came: the sender
	Mail    string `json:"mail,omitempty"`    // the id of the OutMail
	Upto    int64  `json:"upto,omitempty"`    // the last event of which the mail tells
	Related int64  `json:"related,omitempty"` // of PostRelated: the other conversation
	Said    string `json:"said,omitempty"`    // how the last message in the mail begins; "": it is no answer
}

// Posted is what happened to a mail.
type Posted string

// What may happen to a mail.
const (
	PostSent       Posted = "sent"       // the relay has taken it
	PostLate       Posted = "late"       // the relay does not take it yet, and it is tried again
	PostFailed     Posted = "failed"     // it is not tried any more
	PostBounced    Posted = "bounced"    // it came back
	PostAutomatic  Posted = "automatic"  // a program answered it
	PostOutside    Posted = "outside"    // an operator answered with their own mail program
	PostRelated    Posted = "related"    // what came seems to belong to another conversation, too
	PostLeft       Posted = "left"       // files of what came could not be stored; the event's text names them
	PostTranscript Posted = "transcript" // the visitor had the conversation sent to them
	PostBlocked    Posted = "blocked"    // what was to go does not, since the visitor was blocked meanwhile

	PostAcknowledged Posted = "acknowledged" // the visitor is told by mail that the request has come
)

// Vote is the Data of EventFeedback.
type Vote struct {
	Score   int64 `json:"score,omitempty"`   // from 1 to 5
	Deleted bool  `json:"deleted,omitempty"` // an operator deletes the vote, which had this score
}

// Unread is Data that only a newer porchlight understands, as the store has it.
type Unread string

func (Message) data()    {}
func (SentFile) data()   {}
func (Turn) data()       {}
func (Part) data()       {}
func (Place) data()      {}
func (Amended) data()    {}
func (Reaction) data()   {}
func (Contact) data()    {}
func (Identified) data() {}
func (Answered) data()   {}
func (PageVisit) data()  {}
func (Ownership) data()  {}
func (Deferred) data()   {}
func (KeptData) data()   {}
func (Tagged) data()     {}
func (Merged) data()     {}
func (Question) data()   {}
func (Urge) data()       {}
func (Missed) data()     {}
func (Posting) data()    {}
func (Vote) data()       {}
func (Unread) data()     {}

// Deed is what somebody did, by an event.
type Deed string

// The deeds.
const (
	Joined    Deed = "joined"    // an operator takes part from now on
	Left      Deed = "left"      // an operator takes no part from now on
	Watches   Deed = "watches"   // an operator reads along from now on
	Unwatches Deed = "unwatches" // an operator reads along no more
	Declined  Deed = "declined"  // an operator does not want what was offered
	Moved     Deed = "moved"     // the visitor went to another page
	Gone      Deed = "gone"      // the visitor's page was closed, or the owner went offline
	Back      Deed = "back"      // the visitor's page is open again, or the owner is online again, or what was put off is due
	Follows   Deed = "follows"   // an operator is the owner now, because the owner has left
	TookOver  Deed = "took-over" // an operator is the owner now, because they took it from the owner
	Assigned  Deed = "assigned"  // an operator is the owner now, because somebody gave it to them
	Reopened  Deed = "reopened"  // an operator wrote after the end
	Rehoused  Deed = "rehoused"  // the owner has the conversation in another department, since its own was deleted
	PutOff    Deed = "put off"   // the owner put the conversation off
)

// decoders has a decoder for each type of event that has Data.
var decoders = map[EventType]func(text string) (Data, error){
	EventMessage:     decode[Message],
	EventFile:        decode[SentFile],
	EventState:       decode[Turn],
	EventOperator:    decode[Part],
	EventWatch:       decode[Part],
	EventPosition:    decode[Place],
	EventCorrection:  decode[Amended],
	EventRetraction:  decode[Amended],
	EventReaction:    decode[Reaction],
	EventEmail:       decode[Contact],
	EventIdentity:    decode[Identified],
	EventOffer:       decode[Answered],
	EventPage:        decode[PageVisit],
	EventOwner:       decode[Ownership],
	EventDefer:       decode[Deferred],
	EventMerge:       decode[Merged],
	EventTag:         decode[Tagged],
	EventParticulars: decode[KeptData],
	EventQuestion:    decode[Question],
	EventMail:        decode[Posting],
	EventFeedback:    decode[Vote],
	EventUrge:        decode[Urge],
	EventTarget:      decode[Missed],
}

func decode[T interface {
	Data
	comparable
}](text string) (Data, error) {
	var d T
	err := json.Unmarshal([]byte(text), &d)
	return d, err
}

// DecodeData reads the Data of an event of type t from what EncodeData wrote. A newer porchlight
// may have written it: a type that is not known here, or text that can't be read, becomes Unread.
// A field that is not known here is left out, but stays in the store, since no event is stored
// twice.
func DecodeData(t EventType, text string) Data {
	if text == "" { // most events are plain messages
		return nil
	}
	if read := decoders[t]; read != nil {
		if d, err := read(text); err == nil {
			return d
		}
	}
	return Unread(text)
}

// EncodeData writes d as JSON for the store; nil becomes "".
func EncodeData(d Data) string {
	switch d := d.(type) {
	case nil:
		return ""
	case Unread:
		return string(d)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)              // otherwise the & of an address would take six bytes
	if err := e.Encode(d); err != nil { // can't happen: d holds only strings and integers
		panic(err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// Called is the name of a file. An operator's file without a name has the last part of its URL.
func (f SentFile) Called() string {
	if f.Name != "" {
		return f.Name
	}
	u, err := url.Parse(f.URL)
	if err != nil || path.Base(u.Path) == "/" || path.Base(u.Path) == "." {
		return f.URL
	}
	return path.Base(u.Path)
}
