package webwidget

import (
	"encoding/json"
	"fmt"
	"net/http"
	stdpath "path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"porchlight/bridge/phrase"
)

// Calls lists the calls of a server, each as method and path.
func Calls(s *Server) (list []string) {
	for _, c := range calls(s) {
		list = append(list, c.method+" "+c.path)
	}
	return list
}

// CallOf returns the call to which a request belongs, "" for none.
func CallOf(s *Server, method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	found, part := "", regexp.MustCompile(`\{\w+\}`)
	for _, c := range calls(s) {
		matches, err := stdpath.Match(part.ReplaceAllString(c.path, "*"), path)
		if err != nil {
			panic(err)
		}
		if matches && slices.Contains(c.methods(), method) {
			found = c.method + " " + c.path
		}
	}
	return found
}

// Undeclared says what in an answer to a call docs/http.md does not declare, "" if it
// declares all. The body of a stream is the data of one event.
func Undeclared(s *Server, name string, status int, h http.Header, body string) string {
	all := calls(s)
	i := slices.IndexFunc(all, func(c call) bool { return c.method+" "+c.path == name })
	if i < 0 {
		return "there is no such call"
	}
	c := all[i]
	codes := append(c.codes(), string(phrase.CodeInternal), string(codeNoMethod))
	switch media, _, _ := strings.Cut(h.Get("Content-Type"), ";"); {
	case media == "application/problem+json":
		var p problemAnswer
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			return err.Error()
		}
		if code := strings.TrimPrefix(p.Type, "urn:porchlight:problem:"); !slices.Contains(codes, code) || kinds[phrase.Code(code)].status != status {
			return fmt.Sprintf("%d with problem %s is not declared", status, code)
		}
		return conforms(body, reflect.TypeFor[problemAnswer]())
	case media == "text/html" && slices.ContainsFunc(codes, func(code string) bool { return kinds[phrase.Code(code)].status == status }):
		return ""
	default:
		return c.gave(status, media, body)
	}
}

// gave says why no declared answer fits an answer, "" if one does.
func (c call) gave(status int, media, body string) string {
	wrong := fmt.Sprintf("%d %s is not declared", status, media)
	for _, g := range c.gives {
		if g.status != status {
			continue
		}
		_, stream := g.body.(events)
		declared, other := g.body.(string)
		fits := false
		switch {
		case g.body == nil:
			fits = body == ""
		case other:
			fits = strings.Contains(declared, media) || strings.Contains(declared, "own type")
		case stream && media == eventStream || !stream && media == "application/json":
			wrong = conforms(body, g.shape())
			fits = wrong == ""
		}
		if fits {
			return ""
		}
	}
	return wrong
}

// conforms says in which field JSON and a struct differ, "" if they agree.
func conforms(text string, t reflect.Type) string {
	if text == "" {
		return "" // the answer to HEAD has no body
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return err.Error()
	}
	return compare("", v, t)
}

func compare(at string, v any, t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.Slice:
		list, _ := v.([]any)
		for _, e := range list {
			if wrong := compare(at+"[]", e, t.Elem()); wrong != "" {
				return wrong
			}
		}
	case t.Kind() == reflect.Struct:
		object, ok := v.(map[string]any)
		if !ok {
			return at + " is no object"
		}
		known := make(map[string]bool)
		for f := range structFields(t) {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			known[name] = true
			inner, there := object[name]
			if !there && options != "omitempty" {
				return at + "." + name + " is missing"
			}
			if there {
				if wrong := compare(at+"."+name, inner, f.Type); wrong != "" {
					return wrong
				}
			}
		}
		for name := range object {
			if !known[name] {
				return at + "." + name + " is not declared"
			}
		}
	}
	return ""
}
