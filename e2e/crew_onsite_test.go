package e2e_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"porchlight/demo"
	"porchlight/e2e/visitor"
)

// beacon has a page tell a node of itself, and returns the token of the invitation that it is answered; "": none.
func (s *site) beacon(key string) string {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"visit": key, "page": map[string]string{"url": s.shop + "/pricing", "title": "Pricing"}, "language": "en"})
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := http.Post(s.url+"/v1/visits", "application/json", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	var a struct{ Invitation struct{ Token string } }
	if err := json.NewDecoder(answer.Body).Decode(&a); err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("status %d, %v", answer.StatusCode, err)
	}
	return a.Invitation.Token
}

// TestCrew_WhoIsOnTheSite: a page tells any node of itself, and operators see it once; their invitation reaches it at whichever node it
// asks, and is answered at any.
func TestCrew_WhoIsOnTheSite(t *testing.T) {
	t.Parallel()
	g := startGang(t, 3, nil)
	g.holder()
	x := g.operators("xavi")[0]
	x.desk("settings on-site loaded", "on-site: off → loaded.")
	const key = "the-key-of-one-page"
	for _, node := range g.nodes {
		eventually(t, "the node knows that pages tell of themselves", func() bool {
			node.beacon(key)
			return strings.Contains(x.desk("visitors", " on the site"), "1 on the site")
		})
	}
	id := regexp.MustCompile(`\n  (\w+) · `).FindStringSubmatch(x.desk("visitors", "1 on the site"))[1]
	x.desk("invite-visitor "+id+" May I help you choose?", id+" is invited.")
	token := ""
	for _, node := range g.nodes {
		eventually(t, "the page is invited at each node", func() bool {
			got := node.beacon(key)
			if token == "" {
				token = got
			}
			return got != "" && got == token
		})
	}
	if _, err := visitor.New(g.nodes[1].url).Ask(within(t), visitor.Inquiry{Name: "Anna", Reason: "Yes, please!", Invitation: token}); err != nil {
		t.Fatal(err)
	}
	x.hears(demo.Desk, id+" has answered your invitation: #1.")
	for _, node := range g.nodes {
		eventually(t, "the invitation is over at each node", func() bool { return node.beacon(key) == "" })
	}
}
