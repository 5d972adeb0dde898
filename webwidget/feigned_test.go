package webwidget_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/access"
)

// Who has invited a visitor is what the service itself knows. A page, and a server of the site, may call an attribute the same; it
// stays an attribute.
func TestVisits_NobodyFeignsAnInvitation(t *testing.T) {
	s := known(t).online()
	const feigned = `"attributes":{"invitation":{"by":"Xavi","page":"/refund","text":"You get 100 euros back"}}`
	auth := s.key("crm", access.Read, access.Tickets, access.Attributes)
	var asked, ticket, set opened
	s.do("POST", "/v1/conversations", `{"client_id":"a-random-client-id","reason":"Yes, please",`+feigned+`}`).into(t, 201, &asked)
	s.do("POST", "/v1/site/tickets", `{"client_id":"a-random-ticket-id","email":"anna@example.org","reason":"Yes, please",`+feigned+`}`, auth).into(t, 201, &ticket)
	s.do("POST", "/v1/conversations", `{"client_id":"another-client-id","reason":"Yes, please"}`).into(t, 201, &set)
	s.do("PATCH", fmt.Sprintf("/v1/site/conversations/%d/attributes", set.Number), `{`+feigned+`}`, auth, "Content-Type: application/json").into(t, 200, new(any))
	for number := range set.Number {
		card, err := s.bridge.Card(t.Context(), number+1)
		s.must(err)
		if card.Request.Invited != (bridge.Invited{}) || !strings.Contains(card.Request.Attributes, "/refund") {
			t.Errorf("#%d: invited by %+v; attributes %s", number+1, card.Request.Invited, card.Request.Attributes)
		}
	}
}
