package webwidget

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"porchlight/bridge/phrase"
)

// This file renders the API as an OpenAPI document from the table of calls, the structs that travel, and the kinds of
// problems. docs/openapi.json is the same document: a test compares the two and validates them, and answers of the calls
// by them.

// described reports whether the document has a call: it leaves out pages for people, and what these load.
func (c call) described() bool {
	for _, part := range []string{"/v1/", "/status.", "/healthz", "/readyz"} {
		if strings.HasPrefix(c.path, part) {
			return true
		}
	}
	return false
}

// openAPI answers with the document, which is rendered once.
func (s *Server) openAPI() http.HandlerFunc {
	document := sync.OnceValue(func() []byte { return openAPI(s) })
	return func(w http.ResponseWriter, r *http.Request) {
		serveBytes(w, r, document(), "application/json", "no-cache")
	}
}

// openAPI renders the calls of a server as an OpenAPI document, version 3.1.
func openAPI(s *Server) []byte {
	type object = map[string]any
	d := &description{schemas: object{}, problems: object{}}
	paths := object{}
	for _, c := range calls(s) {
		if !c.described() {
			continue
		}
		if paths[c.path] == nil {
			paths[c.path] = object{}
		}
		paths[c.path].(object)[strings.ToLower(c.method)] = d.operation(c)
	}
	d.schema(reflect.TypeFor[problemAnswer]())
	return laidOut(object{
		"openapi": "3.1.0",
		"info":    object{"title": "porchlight", "version": "1", "description": "The calls of visitors' pages, and those under " + sitePath + " for the site's servers."},
		"paths":   paths,
		"components": object{"schemas": d.schemas, "responses": d.problems, "securitySchemes": object{
			"token": object{"type": "http", "scheme": "bearer", "description": "The token of the conversation in the path, which the visitor's page has."},
			"key":   object{"type": "http", "scheme": "bearer", "description": "A key that a super operator has made with key-add."},
		}},
	})
}

// description is an OpenAPI document while it is rendered: what calls share.
type description struct{ schemas, problems map[string]any }

// inPath matches a variable part of a path.
var inPath = regexp.MustCompile(`\{(\w+)\}`)

// operation describes a call.
func (d *description) operation(c call) map[string]any {
	op := map[string]any{"summary": c.does, "description": "For " + c.room.who + ".", "operationId": operationID(c)}
	var params []any
	text := map[string]any{"type": "string"}
	for _, m := range inPath.FindAllStringSubmatch(c.path, -1) {
		params = append(params, map[string]any{"name": m[1], "in": "path", "required": true, "schema": text})
	}
	for _, p := range c.query {
		params = append(params, map[string]any{"name": p.name, "in": "query", "description": p.means, "schema": text})
	}
	for _, p := range c.head {
		params = append(params, map[string]any{"name": p.name, "in": "header", "description": p.means, "schema": text})
	}
	if params != nil {
		op["parameters"] = params
	}
	switch {
	case c.room.token:
		op["security"] = []any{map[string]any{"token": []any{}}}
	case c.room.below == sitePath:
		op["security"] = []any{map[string]any{"key": []any{}}}
	}
	if c.body != nil {
		op["requestBody"] = map[string]any{"required": true, "content": content("application/json", d.schema(reflect.TypeOf(c.body)))}
	}
	if c.form != nil {
		fields := map[string]any{}
		for _, p := range c.form {
			fields[p.name] = map[string]any{"type": "string", "description": p.means}
		}
		media := "application/x-www-form-urlencoded"
		if slices.ContainsFunc(c.form, func(p param) bool { return p.name == "file" }) {
			media = "multipart/form-data"
		}
		op["requestBody"] = map[string]any{"content": content(media, map[string]any{"type": "object", "properties": fields})}
	}
	op["responses"] = d.responses(c)
	return op
}

// operationID names a call: "GET /v1/status" is get_v1_status.
func operationID(c call) string {
	words := strings.FieldsFunc(strings.ToLower(c.method+" "+c.path), func(r rune) bool { return strings.ContainsRune(" /{}.", r) })
	return strings.Join(words, "_")
}

func content(media string, schema any) map[string]any {
	return map[string]any{media: map[string]any{"schema": schema}}
}

// responses describes the answers of a call, and its problems.
func (d *description) responses(c call) map[string]any {
	all := make(map[string]any)
	for _, g := range c.gives {
		status := strconv.Itoa(g.status)
		r, had := all[status].(map[string]any)
		if !had {
			r = map[string]any{"description": cmp.Or(g.means, "The answer.")}
			all[status] = r
		}
		media, schema := d.media(g)
		switch {
		case media == "":
		case r["content"] == nil:
			r["content"] = content(media, schema)
		default:
			maps.Copy(r["content"].(map[string]any), content(media, schema))
		}
	}
	problems := make(map[int][]string)
	for _, code := range c.codes() {
		status := kinds[phrase.Code(code)].status
		problems[status] = append(problems[status], code)
	}
	for status, codes := range problems {
		if all[strconv.Itoa(status)] == nil {
			all[strconv.Itoa(status)] = d.problem(codes)
		}
	}
	return all
}

// problem refers to the answer that tells one of some problems, which have the same status.
func (d *description) problem(codes []string) map[string]any {
	name := strings.Join(codes, ".")
	if d.problems[name] == nil {
		var said []string
		retry := false
		for _, code := range codes {
			k := kinds[phrase.Code(code)]
			said, retry = append(said, "`"+code+"`: "+k.means), retry || k.retry > 0
		}
		r := map[string]any{"description": strings.Join(said, "; ") + ".", "content": content("application/problem+json", ref("problemAnswer"))}
		if retry {
			r["headers"] = map[string]any{"Retry-After": map[string]any{"description": "how many seconds to wait", "schema": map[string]any{"type": "integer"}}}
		}
		d.problems[name] = r
	}
	return map[string]any{"$ref": "#/components/responses/" + name}
}

// media is the media type of an answer and the schema of its content; "" if it has none.
func (d *description) media(g reply) (string, any) {
	switch body := g.body.(type) {
	case nil:
		return "", nil
	case string:
		if !strings.Contains(body, "/") || strings.Contains(body, " ") {
			return "*/*", map[string]any{}
		}
		if strings.HasSuffix(body, "json") {
			return body, map[string]any{"type": "object"}
		}
		return body, map[string]any{"type": "string"}
	case events:
		return eventStream, map[string]any{"type": "string", "description": fmt.Sprintf("A stream of events, the data of each is JSON: %s.", reflect.TypeOf(body.data).Name())}
	}
	return "application/json", d.schema(reflect.TypeOf(g.body))
}

func ref(name string) map[string]any {
	return map[string]any{"$ref": "#/components/schemas/" + name}
}

// schema is the schema of a type. That of a struct with a name is shared.
func (d *description) schema(t reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return d.schema(t.Elem())
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		if t == reflect.TypeFor[json.RawMessage]() {
			return map[string]any{"type": "object", "additionalProperties": true}
		}
		return map[string]any{"type": "array", "items": d.schema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": d.schema(t.Elem())}
	case reflect.Struct:
		name := t.Name()
		if name == "" {
			return d.fields(t)
		}
		if d.schemas[name] == nil {
			d.schemas[name] = map[string]any{} // for a struct that holds itself
			d.schemas[name] = d.fields(t)
		}
		return ref(name)
	}
	return map[string]any{"type": "string"}
}

// fields is the schema of a struct: in an answer the fields without omitempty are always there. Nobody has to send
// a field, as far as its shape goes.
func (d *description) fields(t reflect.Type) map[string]any {
	properties := make(map[string]any)
	var required []string
	for f := range structFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		schema := d.schema(f.Type)
		if said := literal.ReplaceAllString(f.Tag.Get("doc"), "$1`$2`"); said != "" && schema["$ref"] == nil {
			schema["description"] = said
		}
		properties[name] = schema
		if options == "" && strings.HasSuffix(strings.ToLower(t.Name()), "answer") {
			required = append(required, name)
		}
	}
	s := map[string]any{"type": "object", "properties": properties}
	if required != nil {
		s["required"] = required
	}
	return s
}

// literal matches a value in a doc tag. It stands in single quotes there, since a tag can't
// have backquotes.
var literal = regexp.MustCompile(`(^|[ (])'([^' ]+)'`)

// structFields yields the fields of a struct, with those of structs embedded in it.
func structFields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.Anonymous {
				if !yield(f) {
					return
				}
				continue
			}
			for inner := range structFields(f.Type) {
				if !yield(inner) {
					return
				}
			}
		}
	}
}

// laidOut writes JSON so that people can read it, and see in a diff what changed: what fits into a line stands in one.
func laidOut(v any) []byte {
	var b bytes.Buffer
	layOut(&b, v, "")
	b.WriteByte('\n')
	return b.Bytes()
}

const lineRoom = 140

func layOut(b *bytes.Buffer, v any, indent string) {
	inner := indent + "  "
	short := oneLine(v)
	switch v := v.(type) {
	case map[string]any:
		if len(indent)+len(short) <= lineRoom {
			break
		}
		for i, name := range slices.Sorted(maps.Keys(v)) {
			b.WriteString([...]string{"{\n", ",\n"}[min(i, 1)] + inner + string(oneLine(name)) + ": ")
			layOut(b, v[name], inner)
		}
		b.WriteString("\n" + indent + "}")
		return
	case []any:
		if len(indent)+len(short) <= lineRoom {
			break
		}
		for i, one := range v {
			b.WriteString([...]string{"[\n", ",\n"}[min(i, 1)] + inner)
			layOut(b, one, inner)
		}
		b.WriteString("\n" + indent + "]")
		return
	}
	b.Write(short)
}

// oneLine writes JSON without blanks between.
func oneLine(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil { // can't happen: it holds texts, numbers and booleans
		panic(err)
	}
	return text
}
