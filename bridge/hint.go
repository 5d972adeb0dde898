package bridge

import "encoding/json"

// Hint is what one porchlight tells the others on the same store, after a commit or of what is not stored: where they should
// look. A hint may get lost, come twice or late; the store is the truth. In JSON it stays far below what PostgreSQL's NOTIFY
// takes, if it has no more than hintMost of anything.
type Hint struct {
	Logs   []LogEnd        `json:"l,omitempty"`
	Desks  []OperatorJID   `json:"d,omitempty"` // whose desk logs have grown
	Site   bool            `json:"s,omitempty"` // something was changed that all keep in memory: the team, the settings, blocks …
	Reach  bool            `json:"r,omitempty"` // it was stored how operators can be reached now
	Said   []Aside         `json:"u,omitempty"`
	Alarm  string          `json:"a,omitempty"` // for the super operators; a phrase.Phrase, encoded
	Room   string          `json:"o,omitempty"` // the room that tells its like something; see Nodes.Room
	Tells  json.RawMessage `json:"w,omitempty"` // what it tells them
	Missed bool            `json:"-"`           // nobody has told it: hints may have got lost until now
}

// LogEnd says that a conversation was stored, and where its log ends by now. First is the first seq that is new, 0 if there is none.
type LogEnd struct {
	Number int64 `json:"n"`
	First  int64 `json:"f,omitempty"`
	Last   int64 `json:"e,omitempty"`
}

// Aside is a Change of what is in no log.
type Aside struct {
	Number  int64      `json:"n"`
	Receipt *Receipt   `json:"r,omitempty"`
	Typing  *Typing    `json:"t,omitempty"`
	Seen    int64      `json:"s,omitempty"`
	Page    *PageState `json:"p,omitempty"`
	Logged  string     `json:"g,omitempty"` // with Page: the URL where the visitor is by the log
	Erased  bool       `json:"x,omitempty"`
}
