package bridge

import "time"

// Audit is what somebody changed in the administration.
type Audit struct {
	ID      int64
	At      time.Time
	By      OperatorJID // who changed it
	ByName  string      // their name at that time
	About   string      // the JID of the operator, or the name of the department, that was changed
	Line    string      // the command as it is written, without its values
	Changes []Changed   // in the order in which the command tells them
}

// Changed is one value that was changed, in words that people read.
type Changed struct {
	Key string `json:"key"`
	Was string `json:"was"`
	Is  string `json:"is"`
}
