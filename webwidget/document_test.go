package webwidget

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// This file renders docs/http.md from the table of calls, the structs that travel, and the
// kinds of problems. Tests compare answers with the same.

// Document renders the calls of a server.
func Document(s *Server) string {
	var b strings.Builder
	first := make(map[reflect.Type]string)
	for _, c := range calls(s) {
		c.document(&b, first)
	}
	b.WriteString("## An event\n\n")
	fieldsOf(&b, reflect.TypeFor[eventAnswer](), true)
	b.WriteString("\nWhich fields there are depends on the type:\n\n| type | from | fields besides `type` |\n|---|---|---|\n")
	for _, e := range sampleEvents(s) {
		var fields map[string]any
		_ = json.Unmarshal(e.encode(), &fields) // can't fail: encode makes JSON
		delete(fields, "type")
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", e.Type, e.From, listed(slices.Sorted(maps.Keys(fields))))
	}
	b.WriteString("\n## A problem\n\nWhat is refused is answered with `application/problem+json` (RFC 9457):\n\n")
	fieldsOf(&b, reflect.TypeFor[problemAnswer](), true)
	b.WriteString("\n| code | status | says |\n|---|---|---|\n")
	codes := slices.SortedFunc(maps.Keys(kinds), func(a, b phrase.Code) int {
		return cmp.Or(cmp.Compare(kinds[a].status, kinds[b].status), cmp.Compare(a, b))
	})
	for _, code := range codes {
		fmt.Fprintf(&b, "| `%s` | %d | %s |\n", code, kinds[code].status, kinds[code].means)
	}
	return b.String()
}

// document renders a call. The fields of a struct are told with the first call that has the
// struct; first holds that call.
func (c call) document(b *strings.Builder, first map[reflect.Type]string) {
	fmt.Fprintf(b, "## %s %s\n\n%s\n\nFor %s.\n", c.method, c.path, c.does, c.room.who)
	params := func(title string, list []param) {
		if len(list) > 0 {
			fmt.Fprintf(b, "\n%s:\n\n", title)
		}
		for _, p := range list {
			fmt.Fprintf(b, "- `%s`: %s\n", p.name, p.means)
		}
	}
	params("Query", c.query)
	params("Headers", c.head)
	params("Fields of the form", c.form)
	if c.body != nil {
		b.WriteString("\nSends:\n\n")
		fieldsOf(b, reflect.TypeOf(c.body), false)
	}
	b.WriteString("\nAnswers:\n\n")
	for _, g := range c.gives {
		fmt.Fprintf(b, "- `%d`", g.status)
		if g.means != "" {
			b.WriteString(" " + g.means)
		}
		b.WriteString(g.what() + "\n")
	}
	name := c.method + " " + c.path
	for _, g := range c.gives {
		t := g.shape()
		switch {
		case t == nil || t == reflect.TypeFor[eventAnswer]() || first[t] == name:
		case first[t] != "":
			fmt.Fprintf(b, "\nThe JSON is that of `%s`.\n", first[t])
		default:
			first[t] = name
			b.WriteByte('\n')
			fieldsOf(b, t, true)
		}
	}
	if codes := c.codes(); len(codes) > 0 {
		fmt.Fprintf(b, "\nProblems: %s.\n", listed(codes))
	}
	b.WriteByte('\n')
}

// what says in words what an answer holds.
func (g reply) what() string {
	const event = "[an event](#an-event)"
	switch body := g.body.(type) {
	case nil:
		return ""
	case string:
		return ": " + body
	case eventAnswer:
		return ": " + event
	case events:
		if g.shape() == reflect.TypeFor[eventAnswer]() {
			return ": a stream, each frame of it " + event
		}
		return ": a stream of events `" + body.name + "`"
	}
	return ": JSON"
}

// shape returns the struct of an answer in JSON, nil if the answer is none.
func (g reply) shape() reflect.Type {
	body := g.body
	if e, ok := body.(events); ok {
		body = e.data
	}
	if t := reflect.TypeOf(body); t != nil && t.Kind() == reflect.Struct {
		return t
	}
	return nil
}

func listed[T ~string](names []T) string {
	var quoted []string
	for _, n := range names {
		quoted = append(quoted, "`"+string(n)+"`")
	}
	return strings.Join(quoted, ", ")
}

// fieldsOf writes the table of a struct's fields. In an answer a ? marks the fields that may
// be absent.
func fieldsOf(b *strings.Builder, t reflect.Type, answered bool) {
	b.WriteString("| field | type | means |\n|---|---|---|\n")
	for _, f := range flat("", t) {
		may := ""
		if answered && f.may {
			may = "?"
		}
		fmt.Fprintf(b, "| `%s`%s | %s | %s |\n", f.name, may, f.kind, f.means)
	}
}

// jsonField describes a field in JSON.
type jsonField struct {
	name, kind, means string
	may               bool // the field may be absent
}

// flat lists a struct's fields and those of the structs in them.
func flat(prefix string, t reflect.Type) (list []jsonField) {
	for f := range structFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		of := jsonField{name: prefix + name, kind: kindOf(f.Type), means: literal.ReplaceAllString(f.Tag.Get("doc"), "$1`$2`"), may: options == "omitempty"}
		if of.means == "" {
			panic(fmt.Sprintf("%s.%s has no doc tag", t, f.Name))
		}
		list = append(list, of)
		inner, below := f.Type, prefix+name+"."
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Slice {
			inner, below = inner.Elem(), prefix+name+"[]."
		}
		if inner.Kind() == reflect.Struct && inner != reflect.TypeFor[eventAnswer]() {
			list = append(list, flat(below, inner)...)
		}
	}
	return list
}

// kindOf returns the name of a type in JSON.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "number"
	case reflect.Slice:
		if t == reflect.TypeFor[json.RawMessage]() {
			return "object"
		}
		if t.Elem() == reflect.TypeFor[eventAnswer]() {
			return "list of [events](#an-event)"
		}
		return "list"
	case reflect.Struct, reflect.Map, reflect.Interface:
		return "object"
	}
	return "string"
}

// sampleEvents makes an event of every type that visitors get, from each role that may be
// its origin. A test compares the types with those that are public.
func sampleEvents(s *Server) (list []eventAnswer) {
	add := func(t bridge.EventType, data bridge.Data, from ...bridge.Role) {
		for _, f := range from {
			e := bridge.Event{Type: t, Seq: 7, From: f, Data: data, Name: "Xavi", Text: "Hello"}
			if f == bridge.FromVisitor {
				e.Origin = bridge.VisitorOrigin("a-random-client-id")
			}
			list = append(list, s.streams.view.of("id", "Anna", phrase.Tongue("en")).eventOf(e))
		}
	}
	visitor, operator, system := bridge.FromVisitor, bridge.FromOperator, bridge.FromSystem
	add(bridge.EventMessage, bridge.Message{ReplyTo: 3}, visitor, operator)
	add(bridge.EventMessage, bridge.Message{}, system)
	add(bridge.EventFile, bridge.SentFile{Name: "lamp.png"}, visitor, operator)
	add(bridge.EventCorrection, bridge.Amended{Of: 3}, visitor, operator)
	add(bridge.EventRetraction, bridge.Amended{Of: 3}, operator)
	add(bridge.EventReaction, bridge.Reaction{To: 3}, operator)
	add(bridge.EventState, bridge.Turn{State: "closed", Reason: "solved"}, system)
	add(bridge.EventOperator, bridge.Part{Action: "joined"}, system)
	add(bridge.EventOperator, bridge.Part{Action: "left", Reason: bridge.ReasonUnreachable, Reached: 3}, system)
	add(bridge.EventPosition, bridge.Place{Position: 1, Wait: 90}, system)
	return append(list, receiptOf(bridge.Confirmed, 7), typingOf(bridge.Typing{Name: "Xavi", Active: true}))
}
