package email_test

import (
	"testing"

	"porchlight/email"
)

// An address with a domain in Unicode is in ASCII wherever mail names it, so that answers are known.
func TestNewPost_UnicodeDomain(t *testing.T) {
	post, err := email.NewPost("Bücher <support@bücher.example>", map[string]string{"sales": "sales@BÜCHER.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a := post.Addresses("+"); a.Support != "support@xn--bcher-kva.example" || a.Departments["sales"] != "sales@xn--bcher-kva.example" {
		t.Errorf("its addresses are %+v", a)
	}
}
