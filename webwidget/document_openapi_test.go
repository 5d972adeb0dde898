package webwidget

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"porchlight/bridge/phrase"
)

// This file renders docs/openapi.json from the table of calls, the structs that travel, and the kinds of problems, as
// document_test.go renders docs/http.md. A test validates the document, and answers of the calls by it.

// OpenAPI renders the calls of a server as an OpenAPI document, version 3.1.
func OpenAPI(s *Server) []byte {
	type object = map[string]any
	schemas := object{}
	paths := make(map[string]object)
	for _, c := range calls(s) {
		if paths[c.path] == nil {
			paths[c.path] = object{}
		}
		paths[c.path][strings.ToLower(c.method)] = c.operation(schemas)
	}
	schemaOf(reflect.TypeFor[problemAnswer](), schemas)
	text, err := json.MarshalIndent(object{
		"openapi": "3.1.0",
		"info":    object{"title": "porchlight", "version": "1", "description": "All calls by HTTP: those of visitors' pages, and those under " + sitePath + " for the site's servers."},
		"paths":   paths,
		"components": object{"schemas": schemas, "securitySchemes": object{
			"token": object{"type": "http", "scheme": "bearer", "description": "The token of the conversation in the path, which the visitor's page has."},
			"key":   object{"type": "http", "scheme": "bearer", "description": "A key that a super operator has made with key-add."},
		}},
	}, "", "  ")
	if err != nil { // can't happen: it holds texts, numbers and booleans
		panic(err)
	}
	return append(text, '\n')
}

// inPath matches a variable part of a path.
var inPath = regexp.MustCompile(`\{(\w+)\}`)

// operation describes a call.
func (c call) operation(schemas map[string]any) map[string]any {
	op := map[string]any{"summary": c.does, "description": "For " + c.room.who + ".", "operationId": operationID(c)}
	var params []any
	text := map[string]any{"type": "string"}
	for _, m := range inPath.FindAllStringSubmatch(c.path, -1) {
		params = append(params, map[string]any{"name": m[1], "in": "path", "required": true, "schema": text})
	}
	for _, p := range c.query {
		params = append(params, map[string]any{"name": p.name, "in": "query", "description": p.means, "schema": text})
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
		op["requestBody"] = map[string]any{"required": true, "content": content("application/json", schemaOf(reflect.TypeOf(c.body), schemas))}
	}
	if c.form != nil {
		fields := map[string]any{}
		for _, p := range c.form {
			fields[p.name] = map[string]any{"type": "string", "description": p.means}
		}
		media := "application/x-www-form-urlencoded"
		if c.room.token {
			media = "multipart/form-data"
		}
		op["requestBody"] = map[string]any{"content": content(media, map[string]any{"type": "object", "properties": fields})}
	}
	op["responses"] = c.responses(schemas)
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
func (c call) responses(schemas map[string]any) map[string]any {
	all := make(map[string]any)
	for _, g := range c.gives {
		said := g.means
		if said == "" {
			said = "The answer."
		}
		r := map[string]any{"description": said}
		if had, ok := all[strconv.Itoa(g.status)].(map[string]any); ok {
			r = had
		}
		if media, schema := g.media(schemas); media != "" {
			if r["content"] == nil {
				r["content"] = map[string]any{}
			}
			r["content"].(map[string]any)[media] = map[string]any{"schema": schema}
		}
		all[strconv.Itoa(g.status)] = r
	}
	problems := make(map[int][]string)
	for _, code := range c.codes() {
		status := kinds[phrase.Code(code)].status
		problems[status] = append(problems[status], code)
	}
	for status, codes := range problems {
		if all[strconv.Itoa(status)] == nil {
			all[strconv.Itoa(status)] = map[string]any{"description": "A problem: " + strings.Join(codes, ", ") + ".", "content": content("application/problem+json", ref("problemAnswer"))}
		}
	}
	return all
}

// media is the media type of an answer and the schema of its content; "" if it has none.
func (g reply) media(schemas map[string]any) (string, any) {
	switch body := g.body.(type) {
	case nil:
		return "", nil
	case string:
		if !strings.Contains(body, "/") || strings.Contains(body, " ") {
			return "*/*", map[string]any{}
		}
		return body, map[string]any{"type": "string"}
	case events:
		return eventStream, map[string]any{"type": "string", "description": fmt.Sprintf("A stream of events, the data of each is JSON: %s.", reflect.TypeOf(body.data).Name())}
	}
	return "application/json", schemaOf(reflect.TypeOf(g.body), schemas)
}

func ref(name string) map[string]any {
	return map[string]any{"$ref": "#/components/schemas/" + name}
}

// schemaOf is the schema of a type. That of a struct with a name goes into schemas.
func schemaOf(t reflect.Type, schemas map[string]any) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), schemas)
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
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), schemas)}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), schemas)}
	case reflect.Struct:
		name := t.Name()
		if name == "" {
			return structSchema(t, schemas)
		}
		if schemas[name] == nil {
			schemas[name] = map[string]any{} // for a struct that holds itself
			schemas[name] = structSchema(t, schemas)
		}
		return ref(name)
	}
	return map[string]any{"type": "string"}
}

// structSchema is the schema of a struct: in an answer the fields without omitempty are always there. Nobody has to send
// a field, as far as its shape goes.
func structSchema(t reflect.Type, schemas map[string]any) map[string]any {
	properties := make(map[string]any)
	var required []string
	for f := range structFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		schema := schemaOf(f.Type, schemas)
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
