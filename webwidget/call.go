package webwidget

import (
	"net/http"

	"porchlight/bridge/phrase"
)

// call is a row of the table of calls: what the router needs of it, and what
// docs/http.md says of it.
type call struct {
	method, path string // GET stands for HEAD too
	room         *room
	rate         *rate // that counts it besides the room's
	handle       http.HandlerFunc
	streams      bool // it may answer with a stream, for which there is no HEAD

	does   string // in one sentence
	query  []param
	body   any // the JSON object that is sent: a struct with a doc tag on each field; nil: none
	form   []param
	gives  []reply
	refuse []phrase.Code // beyond those of the room and of what is sent
}

// param is a part of the query or a field of a form.
type param struct{ name, means string }

// reply is an answer.
type reply struct {
	status int
	body   any    // a struct: JSON with its fields; events: a stream of them; a string: of that media type; nil: nothing
	means  string // when it is given, "" for always
}

// events is a stream of events.
type events struct {
	name string // as HTML standard §9.2 has it, "" for message
	data any    // a struct: JSON with its fields
}

// methods are those that the call takes.
func (c call) methods() []string {
	if c.method == http.MethodGet && !c.streams {
		return []string{http.MethodGet, http.MethodHead}
	}
	return []string{c.method}
}

// paths are those of the call. In a room with a path of its own a slash at the end
// makes no difference.
func (c call) paths() []string {
	if c.room.below == "" {
		return []string{c.path}
	}
	return []string{c.path, c.path + "/"}
}

// room is who may call, and what all answers to them have in common.
type room struct {
	who    string
	below  string // a path that is the room's with all that is below it; "" if it has none
	token  bool   // nothing of it is there for who has no token of the conversation in the path
	rate   *rate  // that counts all of its calls
	let    func(http.Handler) http.Handler
	refuse []phrase.Code
}
