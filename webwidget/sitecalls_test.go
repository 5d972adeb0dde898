package webwidget_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"porchlight/bridge/access"
)

// key makes a key, and returns the header with it.
func (s *service) key(name string, scopes ...access.Scope) string {
	s.Helper()
	o, _ := s.bridge.Team.Operator(xavi)
	key, _, err := s.access.Add(s.Context(), o, name, scopes)
	if err != nil {
		s.Fatal(err)
	}
	return "Authorization: Bearer " + key
}

// A server of the site opens a ticket once under a client id, though somebody is there; reads it, lists it by a cursor,
// and sets its attributes.
func TestSite_OpensReadsAndSets(t *testing.T) {
	s := limited(t)
	s.online()
	auth := s.key("crm", access.Read, access.Tickets, access.Attributes)
	const body = `{"client_id":"a-random-client-id","name":"Anna","email":"anna@example.org","reason":"How?","attributes":{"plan":"free"}}`
	var opened, again struct {
		Number int64
		ID     string
		State  string
	}
	s.do("POST", "/v1/site/tickets", body, auth).into(t, 201, &opened)
	s.do("POST", "/v1/site/tickets", body, auth).into(t, 200, &again)
	if opened != again || opened.State != "ticket" {
		t.Errorf("opened %+v, and then %+v", opened, again)
	}
	for was, is := range map[string]string{"How?": "Why?", "Anna": "Eve", "anna@": "eve@", "free": "gold"} {
		s.do("POST", "/v1/site/tickets", strings.Replace(body, was, is, 1), auth).refused(t, 409, "conflict")
	}
	s.do("POST", "/v1/site/tickets", `{"reason":"How?"}`, auth).refused(t, 422, "email-required")
	s.do("GET", "/v1/site/conversations?state=closed", "", auth).refused(t, 400, "malformed")
	other := s.ask("")
	s.answer(other, "Hello")
	var list struct {
		Conversations []struct {
			Number             int64
			Name, Asked, State string
			Attributes         map[string]any
		}
		Next int64
	}
	s.do("GET", "/v1/site/conversations?limit=1", "", auth).into(t, 200, &list)
	if len(list.Conversations) != 1 || list.Next != opened.Number || list.Conversations[0].Name != "Anna" || list.Conversations[0].Attributes["plan"] != "free" {
		t.Errorf("listed %+v", list)
	}
	list.Next = 0
	s.do("GET", fmt.Sprint("/v1/site/conversations?after=", opened.Number), "", auth).into(t, 200, &list)
	if len(list.Conversations) != 1 || list.Next != 0 || list.Conversations[0].Number != other.Number {
		t.Errorf("then %+v", list)
	}
	path := fmt.Sprint("/v1/site/conversations/", other.Number)
	var log struct {
		Events []event
		Next   int64
	}
	s.do("GET", path+"/events", "", auth).into(t, 200, &log)
	if n := len(log.Events); n == 0 || log.Events[n-1].Text != "Hello" || log.Next < log.Events[n-1].Seq {
		t.Errorf("the log: %+v", log)
	}
	s.do("GET", fmt.Sprint(path, "/events?after=", log.Next), "", auth).into(t, 200, &log)
	if len(log.Events) != 0 {
		t.Errorf("past its end: %+v", log)
	}
	r := s.do("PATCH", path+"/attributes", `{"attributes":{"plan":"gold"}}`, auth, "Content-Type: application/json")
	if r.status != 200 || r.body != `{"attributes":{"plan":"gold"}}` {
		t.Errorf("set: %d %s", r.status, r.body)
	}
}

// What a server of the site says is shown to the visitor as the system's, once for each id, whether that stands in the body
// or in Idempotency-Key.
func TestSite_Posts(t *testing.T) {
	s := limited(t)
	s.online()
	o := s.ask("")
	auth, path := s.key("shop", access.Post), fmt.Sprint("/v1/site/conversations/", o.Number, "/messages")
	const id = "a-random-client-id"
	var first, again struct{ Seq int64 }
	s.do("POST", path, `{"text":"Order 17 has left."}`, auth, `Idempotency-Key: "`+id+`"`).into(t, 201, &first)
	s.do("POST", path, `{"text":"Order 17 has left.","client_id":"`+id+`"}`, auth).into(t, 200, &again)
	if again != first || first.Seq == 0 {
		t.Errorf("stored as %+v and %+v", first, again)
	}
	var log struct{ Events []event }
	s.do("GET", "/v1/conversations/"+o.ID+"/events", "", "Authorization: Bearer "+o.Token).into(t, 200, &log)
	if e := log.Events[len(log.Events)-1]; e.Seq != first.Seq || e.From != "system" || e.Text != "Order 17 has left." || e.ClientID != "" {
		t.Errorf("the visitor gets %+v", e)
	}
	for _, row := range []struct{ body, header, says string }{
		{`{"text":"Else"}`, "Idempotency-Key: " + id, `409 conflict Something else was sent under this client_id`},
		{`{"text":"x","client_id":"another-client-id"}`, "Idempotency-Key: " + id, `422 invalid Some fields need another look.`},
		{`{"text":"x"}`, "Idempotency-Key: short", `422 invalid Some fields need another look.`},
		{`{"text":" "}`, "X: y", `422 invalid Write something.`},
		{`{"text":"` + strings.Repeat("x", 9000) + `"}`, "X: y", `413 too-large The text is too long.`},
		{`{"text":"x"`, "X: y", `400 malformed `},
		{`{"text":"x"}`, "Content-Type: text/plain", `415 unsupported`},
	} {
		s.refused(s.do("POST", path, row.body, auth, row.header), row.says)
	}
	s.do("POST", "/v1/conversations/"+o.ID+"/close", "", "Authorization: Bearer "+o.Token)
	s.refused(s.do("POST", path, `{"text":"late"}`, auth), fmt.Sprintf("409 conflict #%d is closed, so nothing can be posted to it. Open a ticket instead.", o.Number))
	s.refused(s.do("POST", "/v1/site/conversations/99/messages", `{"text":"x"}`, auth), "404 not-found There is no such conversation.")
	s.refused(s.do("GET", "/v1/site/conversations", "", auth), "403 forbidden This key does not allow read. A super operator can make one that does: key-add NAME read")
	s.refused(s.do("GET", "/v1/site/conversations", ""), "401 no-key This needs a key, which super operators make with key-add.")
}

// A client id may have 128 bytes, whatever the key's name is, and each key has ids of its own, for tickets and for what it says.
func TestSite_ClientIDsAreTheKeys(t *testing.T) {
	s := limited(t)
	s.online()
	o := s.ask("")
	keys := []string{s.key("shop", access.Tickets, access.Post), s.key(strings.Repeat("k", 40), access.Tickets, access.Post)}
	for path, body := range map[string]string{
		"/v1/site/tickets": `"email":"anna@example.org","reason":"How?"`,
		fmt.Sprint("/v1/site/conversations/", o.Number, "/messages"): `"text":"Order 17 has left."`,
	} {
		send := func(auth string, length, status int) {
			t.Helper()
			if r := s.do("POST", path, fmt.Sprintf(`{"client_id":%q,%s}`, strings.Repeat("x", length), body), auth); r.status != status {
				t.Errorf("%s: %d bytes: %d %s", path, length, r.status, r.body)
			}
		}
		for _, auth := range keys {
			send(auth, 128, 201)
			send(auth, 128, 200)
			send(auth, 129, 413)
		}
	}
}

// refused checks how a problem begins, as "status code detail".
func (s *service) refused(r reply, want string) {
	s.Helper()
	var p struct{ Type, Detail string }
	if err := json.Unmarshal([]byte(r.body), &p); err != nil {
		s.Errorf("%d %s: %v", r.status, r.body, err)
	}
	if got := fmt.Sprintf("%d %s %s", r.status, strings.TrimPrefix(p.Type, "urn:porchlight:problem:"), p.Detail); !strings.HasPrefix(got, want) {
		s.Errorf("refused with %q, want %q", got, want)
	}
}

// No browser gets what a server of the site has asked for, not even with all of its words and its client id.
func TestSite_TicketsAreNoBrowsers(t *testing.T) {
	s := limited(t)
	auth := s.key("shop", access.Tickets)
	const body = `{"client_id":"%sorder-17-of-Anna-K","email":"anna@example.org","reason":"How?"}`
	var opened, other struct{ Number int64 }
	s.do("POST", "/v1/site/tickets", fmt.Sprintf(body, ""), auth).into(t, 201, &opened)
	for _, prefix := range []string{"", "site:", "site"} {
		s.do("POST", "/v1/conversations", fmt.Sprintf(body, prefix)).into(t, 201, &other)
		if other.Number == opened.Number {
			t.Errorf("with %q a browser gets the site's ticket", prefix)
		}
	}
	s.refused(s.do("POST", "/v1/conversations", fmt.Sprintf(body, `site\n`)), "422 invalid")
}

// A key opens nothing without its scope, nothing that a visitor's token opens, and a token none of the calls for the
// site. No call has an answer that other sites' pages may read, and no call takes a key in its address.
func TestSite_KeysAndTokensDontMix(t *testing.T) {
	s := limited(t)
	s.online()
	o := s.ask("")
	reads, opens := s.key("reads", access.Read), s.key("opens", access.Tickets)
	token := "Authorization: Bearer " + o.Token
	site, mine := fmt.Sprint("/v1/site/conversations/", o.Number), "/v1/conversations/"+o.ID
	for _, row := range []struct {
		method, path, auth string
		status             int
		code               string
	}{
		{"GET", site, reads, 200, ""}, {"GET", site, opens, 403, "forbidden"}, {"GET", site, token, 401, "no-key"}, {"GET", site, "", 401, "no-key"},
		{"GET", site + "?key=" + strings.TrimPrefix(reads, "Authorization: Bearer "), "", 401, "no-key"}, {"GET", "/v1/site/conversations/99", reads, 404, "not-found"}, {"GET", "/v1/site/conversations/x", reads, 404, "not-found"},
		{"POST", site + "/messages", reads, 403, "forbidden"}, {"POST", site + "/messages", token, 401, "no-key"}, {"PATCH", site + "/attributes", reads, 403, "forbidden"}, {"POST", "/v1/site/tickets", reads, 403, "forbidden"}, {"GET", "/v1/site/conversations?after=x", reads, 400, "malformed"}, {"GET", "/v1/site/conversations?limit=101", reads, 400, "malformed"},
		{"GET", mine, token, 200, ""}, {"GET", mine, reads, 404, "not-found"}, {"POST", mine + "/close", reads, 404, "not-found"},
	} {
		headers := []string{"Origin: https://www.example.org"}
		if row.auth != "" {
			headers = append(headers, row.auth)
		}
		body := ""
		if row.method != "GET" {
			body = "{}"
		}
		r := s.do(row.method, row.path, body, headers...)
		if r.status != row.status || row.code != "" && !strings.Contains(r.body, `"urn:porchlight:problem:`+row.code+`"`) {
			t.Errorf("%s %s with %.30s: %d %s", row.method, row.path, row.auth, r.status, r.body)
		}
		if strings.HasPrefix(row.path, "/v1/site") && r.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s %s may be read by pages", row.method, row.path)
		}
		if want := row.status == 401; want != (r.header.Get("WWW-Authenticate") == "Bearer") {
			t.Errorf("%s %s: WWW-Authenticate %q", row.method, row.path, r.header.Get("WWW-Authenticate"))
		}
	}
}

// Each key may call so often in a minute, from wherever it comes, and no key takes anything from another.
func TestSite_ARateForEachKey(t *testing.T) {
	s := start(t, func(o *setup) {
		o.RequestsPerMinute, o.TrustedProxies = 5, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	one, two := s.key("one", access.Read), s.key("two", access.Read)
	for i := range 7 {
		r := s.do("GET", "/v1/site/conversations", "", one, fmt.Sprintf("X-Forwarded-For: 192.%d.2.1", i))
		if busy := i >= 5; busy != (r.status == 429) || busy && r.header.Get("Retry-After") == "" {
			t.Errorf("request %d: %d %s", i, r.status, r.body)
		}
	}
	if r := s.do("GET", "/v1/site/conversations", "", two, "X-Forwarded-For: 192.0.2.99"); r.status != 200 {
		t.Errorf("the other key: %d %s", r.status, r.body)
	}
}
