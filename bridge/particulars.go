package bridge

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path"
)

// Data is what an event holds beside words and names: one Go type for each type of
// event, comparable, without its zero value (which is nil). The store keeps it as JSON.
type Data interface{ data() }

// Message is the Data of EventMessage.
type Message struct {
	ReplyTo int64  `json:"reply_to,omitempty"` // seq of what it replies to; 0: nothing
	Phrase  string `json:"phrase,omitempty"`   // what the system says, as phrase.Phrase encodes it
	Reason  string `json:"reason,omitempty"`   // of words of the system: ReasonSilent
}

// SentFile is the Data of EventFile. A visitor's file has an ID, an operator's a URL.
type SentFile struct {
	ID      string `json:"id,omitempty"`
	URL     string `json:"url,omitempty"`
	Name    string `json:"name,omitempty"`  // "" if an operator's client gave none
	Media   string `json:"media,omitempty"` // its media type; "" if unknown
	Bytes   int64  `json:"bytes,omitempty"` // 0 if unknown
	ReplyTo int64  `json:"reply_to,omitempty"`
}

// Turn is the Data of EventState.
type Turn struct {
	State  string `json:"state,omitempty"` // as Conversation.Public says it
	Reason string `json:"reason,omitempty"`
}

// Part is the Data of EventOperator.
type Part struct {
	Action  Deed   `json:"action,omitempty"` // Joined or Left
	Reason  string `json:"reason,omitempty"`
	Reached int64  `json:"reached,omitempty"` // up to where the log reached an owner who Left since a message came back
}

// Place is the Data of EventPosition: the visitor's place in the queue, from 1.
type Place struct {
	Position int64 `json:"position,omitempty"`
}

// Amended is the Data of EventCorrection and EventRetraction.
type Amended struct {
	Of int64 `json:"of,omitempty"` // seq of what was said before
}

// Reaction is the Data of EventReaction.
type Reaction struct {
	To int64 `json:"to,omitempty"` // seq of what was said before
}

// Answered is the Data of EventOffer: what the operator did about the offer.
type Answered struct {
	Action Deed `json:"action,omitempty"` // Declined
}

// PageVisit is the Data of EventPage.
type PageVisit struct {
	Action Deed   `json:"action,omitempty"` // Gone, Back or Moved
	URL    string `json:"url,omitempty"`    // where they have Moved
	Title  string `json:"title,omitempty"`
}

// Ownership is the Data of EventOwner.
type Ownership struct {
	Action Deed `json:"action,omitempty"` // Gone, Back, Follows or Reopened
}

// Unread is Data that only a newer porchlight understands, as it stands in the store.
type Unread string

func (Message) data()   {}
func (SentFile) data()  {}
func (Turn) data()      {}
func (Part) data()      {}
func (Place) data()     {}
func (Amended) data()   {}
func (Reaction) data()  {}
func (Answered) data()  {}
func (PageVisit) data() {}
func (Ownership) data() {}
func (Unread) data()    {}

// Deed is what an event says that somebody did.
type Deed string

// The deeds.
const (
	Joined   Deed = "joined"   // an operator takes part from now on
	Left     Deed = "left"     // or does no longer
	Declined Deed = "declined" // an operator does not want what was offered
	Moved    Deed = "moved"    // the visitor went to another page
	Gone     Deed = "gone"     // the visitor's page was closed, or the owner went offline
	Back     Deed = "back"     // it is open again, or they are online again
	Follows  Deed = "follows"  // an operator is the owner now, since the owner has left
	Reopened Deed = "reopened" // an operator wrote after the end
)

// decoders has the types of event that have Data.
var decoders = map[EventType]func(text string) (Data, error){
	EventMessage:    decode[Message],
	EventFile:       decode[SentFile],
	EventState:      decode[Turn],
	EventOperator:   decode[Part],
	EventPosition:   decode[Place],
	EventCorrection: decode[Amended],
	EventRetraction: decode[Amended],
	EventReaction:   decode[Reaction],
	EventOffer:      decode[Answered],
	EventPage:       decode[PageVisit],
	EventOwner:      decode[Ownership],
}

func decode[T interface {
	Data
	comparable
}](text string) (Data, error) {
	var d T
	err := json.Unmarshal([]byte(text), &d)
	return d, err
}

// DecodeData reads the Data of an event of type t from what EncodeData made of it. A
// newer porchlight may have written more: a type that is not known here, or what can't
// be read, is Unread; a field that is not known here is left out, but stays in the
// store, since no event is written twice.
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

// EncodeData makes JSON of d for the store; "" of nil.
func EncodeData(d Data) string {
	switch d := d.(type) {
	case nil:
		return ""
	case Unread:
		return string(d)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)              // the & of an address would take six bytes
	if err := e.Encode(d); err != nil { // there are only strings and integers in it
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
