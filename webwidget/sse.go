package webwidget

import (
	"slices"
	"strconv"
)

// eventStream is the type of an event stream (HTML standard §9.2).
const eventStream = "text/event-stream"

// beat is a comment, which readers of event streams ignore. A comment at the beginning
// makes proxies pass the head on; later comments show that the connection is alive.
const beat = ":\n\n"

// frameHead is how many bytes of a frame are neither name nor data, at most.
const frameHead = 48

// appendFrame appends an event to a stream. Data is JSON by json.Marshal, which has no line
// breaks. An event without an id (0) leaves the reader's Last-Event-ID as it is. An event
// without a name is a "message".
func appendFrame(b []byte, id int64, name string, data []byte) []byte {
	b = slices.Grow(b, len(name)+len(data)+frameHead)
	if id > 0 {
		b = append(strconv.AppendInt(append(b, "id: "...), id, 10), '\n')
	}
	if name != "" {
		b = append(append(append(b, "event: "...), name...), '\n')
	}
	return append(append(append(b, "data: "...), data...), "\n\n"...)
}
