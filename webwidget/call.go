package webwidget

import (
	"net/http"
	"slices"

	"porchlight/bridge/phrase"
)

// call is a row of the table of calls: what the router needs to know of the call, and
// what docs/http.md says about it.
type call struct {
	method, path string // GET stands for HEAD too
	room         *room
	rate         *rate // counts the call in addition to the room's rate
	handle       http.HandlerFunc
	streams      bool // the answer may be a stream, for which there is no HEAD

	does   string // what the call does, in one sentence
	query  []param
	head   []param // headers that the call reads beside those that every call has
	body   any     // the JSON object that is sent, as a struct with a doc tag on each field; nil: none
	form   []param
	gives  []reply
	refuse []phrase.Code // problems beside those of the room and of what is sent
}

// param is a part of the query, a header, or a field of a form.
type param struct{ name, means string }

// reply is an answer.
type reply struct {
	status int
	body   any    // a struct: JSON with its fields; events: a stream of them; a string: of that media type; nil: nothing
	means  string // when this answer is given; "": always
}

// events is a stream of events.
type events struct {
	name string // the type of the events (HTML standard §9.2); "": message
	data any    // a struct: JSON with its fields
}

// methods returns the HTTP methods that the call takes.
func (c call) methods() []string {
	if c.method == http.MethodGet && !c.streams {
		return []string{http.MethodGet, http.MethodHead}
	}
	return []string{c.method}
}

// paths returns the paths of the call. In a room with a path of its own a slash at the
// end makes no difference.
func (c call) paths() []string {
	if c.room.below == "" {
		return []string{c.path}
	}
	return []string{c.path, c.path + "/"}
}

// room says who may make some calls, and what all answers to these have in common.
type room struct {
	who    string
	below  string // the path that belongs to the room, with everything below it; "": none
	token  bool   // the calls need the token of the conversation in the path; without it the conversation does not exist
	rate   *rate  // counts all calls of the room
	let    func(http.Handler) http.Handler
	refuse []phrase.Code
}

// codes returns the codes of the problems with which a call may be answered, without those
// that every call has.
func (c call) codes() []string {
	all := slices.Concat(c.room.refuse, c.refuse)
	if c.room.rate != nil || c.rate != nil {
		all = append(all, phrase.CodeBusy)
	}
	if c.body != nil || c.form != nil {
		all = append(all, codeMalformed, phrase.CodeTooLarge, phrase.CodeUnsupported, phrase.CodeInvalid)
	}
	var names []string
	for _, code := range all {
		names = append(names, string(code))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
