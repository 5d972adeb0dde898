package webwidget_test

import (
	"encoding/json"
	"mime"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"porchlight/webwidget"
)

const openAPIFile = "../docs/openapi.json"

// docs/openapi.json is what the service says of its calls, and is a valid OpenAPI document.
func TestOpenAPI_IsInTheDocs(t *testing.T) {
	want := []byte(limited(t).do("GET", "/v1/openapi.json", "").body)
	got, err := os.ReadFile(openAPIFile)
	switch {
	case string(got) == string(want):
	case !*update:
		t.Errorf("%s is out of date (%v); run make generate", openAPIFile, err)
	default:
		if err := os.WriteFile(openAPIFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := described(t).Validate(t.Context()); err != nil {
		t.Error(err)
	}
}

// described reads the document.
func described(t *testing.T) *openapi3.T {
	t.Helper()
	text, err := os.ReadFile(openAPIFile)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// fits checks an answer of a call, such as GET /v1/status, against the document.
func fits(t *testing.T, doc *openapi3.T, call string, r reply) {
	t.Helper()
	method, path, _ := strings.Cut(call, " ")
	item := doc.Paths.Value(path)
	if !webwidget.Described(call) {
		return
	}
	if item == nil || item.GetOperation(method) == nil {
		t.Errorf("%s is not in the OpenAPI document", call)
		return
	}
	answer := item.GetOperation(method).Responses.Status(r.status)
	if answer == nil {
		t.Errorf("%s answers %d, which the OpenAPI document does not know", call, r.status)
		return
	}
	media, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
	if !strings.HasSuffix(media, "json") || r.body == "" {
		return
	}
	content := answer.Value.Content.Get(media)
	if content == nil {
		t.Errorf("%s answers %d with %s, which the OpenAPI document does not know", call, r.status, media)
		return
	}
	var value any
	if err := json.Unmarshal([]byte(r.body), &value); err != nil {
		t.Errorf("%s: %v", call, err)
		return
	}
	if err := content.Schema.Value.VisitJSON(value); err != nil {
		t.Errorf("%s answers %d: %v", call, r.status, err)
	}
}
