package config

import (
	"reflect"
	"slices"
	"testing"
)

// Changed names every option that differs, and no other.
func TestChanged(t *testing.T) {
	if got := Changed(Default(), Default()); len(got) != 0 {
		t.Errorf("%q differ from themselves", got)
	}
	for _, o := range options() {
		c := Default()
		field := reflect.ValueOf(&c).Elem().FieldByIndex(o.field)
		switch v := field.Interface().(type) {
		case Secret:
			field.Set(reflect.ValueOf(NewSecret("other")))
		case string:
			field.SetString(v + "x")
		case bool:
			field.SetBool(!v)
		case []string:
			field.Set(reflect.ValueOf(append(slices.Clone(v), "x")))
		case []Mailbox:
			field.Set(reflect.ValueOf([]Mailbox{{Department: "x"}}))
		default:
			field.SetInt(field.Int() + 1)
		}
		if got := Changed(Default(), c); !slices.Equal(got, []string{o.name}) {
			t.Errorf("%s: %q", o.name, got)
		}
	}
	a, b := Default(), Default()
	a.XMPP.Secret, b.XMPP.Secret = NewSecret("s"), NewSecret("s")
	a.Email.Mailboxes = []Mailbox{}
	a.Web.AllowedOrigins, b.Web.AllowedOrigins = nil, []string{}
	if got := Changed(a, b); len(got) != 0 {
		t.Errorf("%q are the same", got)
	}
}
