package webwidget

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/httprate"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/phrase"
)

// sitePath is below which the calls for the site's servers are.
const sitePath = "/v1/site"

// The bodies and answers of the calls for the site's servers.
type (
	ticketBody struct {
		ClientID   string          `json:"client_id" doc:"a random id of the caller's own, of at least 16 characters: under it the same request opens one ticket, and another one is refused; left out: 'Idempotency-Key', or one is made"`
		Name       string          `json:"name" doc:"the visitor's name; may be left out"`
		Email      string          `json:"email" doc:"the visitor's address, to which answers go"`
		Reason     string          `json:"reason" doc:"what the request is about"`
		Department string          `json:"department" doc:"the name of the department that it is for; left out: any"`
		Language   string          `json:"language" doc:"BCP 47 tag of the language that the visitor reads"`
		Attributes json.RawMessage `json:"attributes" doc:"an object with further facts that operators see"`
	}
	attributesBody struct {
		Attributes json.RawMessage `json:"attributes" doc:"an object: its values take the place of those of the same names, null takes one away, others stay"`
	}
	postBody struct {
		ClientID string `json:"client_id" doc:"a random id of the caller's own, of at least 16 characters: under it the same message counts once; left out: 'Idempotency-Key', or one is made"`
		Text     string `json:"text" doc:"the message"`
	}
	postAnswer struct {
		Seq int64  `json:"seq" doc:"the event's number in the log"`
		At  string `json:"at" doc:"when it was stored (RFC 3339)"`
	}
	ticketAnswer struct {
		Number int64                 `json:"number" doc:"names the conversation in these calls; people call it so, too"`
		ID     bridge.ConversationID `json:"id" doc:"the conversation's id, as in webhooks"`
		State  string                `json:"state" doc:"'ticket'"`
		Seq    int64                 `json:"seq" doc:"the last event's number in the log"`
	}
	siteConversation struct {
		Number     int64                 `json:"number" doc:"names the conversation in these calls"`
		ID         bridge.ConversationID `json:"id" doc:"the conversation's id, as in webhooks"`
		Kind       bridge.Kind           `json:"kind" doc:"'chat', or 'ticket'"`
		State      string                `json:"state" doc:"'waiting', 'active', 'ticket' or 'closed'"`
		Reason     string                `json:"reason" doc:"the reason of the last change of state, \"\" for none"`
		Department string                `json:"department" doc:"the name of its department"`
		Operator   string                `json:"operator" doc:"the name of the operator who answers, or answered last; \"\" for none"`
		Name       string                `json:"name" doc:"the visitor's name"`
		Email      string                `json:"email" doc:"the visitor's address, \"\" if unknown"`
		Verified   string                `json:"verified" doc:"the subject of the signed identity, \"\" if there was none"`
		Asked      string                `json:"asked" doc:"what the visitor asked first"`
		Page       string                `json:"page" doc:"the page on which it was asked"`
		Opened     string                `json:"opened_at" doc:"when it was opened (RFC 3339)"`
		Closed     string                `json:"closed_at,omitempty" doc:"when it was closed last"`
		Seq        int64                 `json:"seq" doc:"the last event's number in the log"`
		Attributes json.RawMessage       `json:"attributes,omitempty" doc:"what the site has told about the visitor"`
		Fields     json.RawMessage       `json:"fields,omitempty" doc:"an object: what the visitor filled into the site's own fields, by their labels, and 'phone'"`
	}
	listAnswer struct {
		Conversations []siteConversation `json:"conversations" doc:"by number"`
		Next          int64              `json:"next,omitempty" doc:"the cursor for 'after' if there may be more"`
	}
	logAnswer struct {
		Events []eventAnswer `json:"events" doc:"in order, as visitors see them"`
		Next   int64         `json:"next" doc:"the cursor for 'after'"`
	}
)

// siteCalls are the calls for the site's servers.
func siteCalls(s *Server, r rooms) []call {
	const of = sitePath + "/conversations/{number}"
	keyed := []phrase.Code{codeNoKey, phrase.CodeForbidden, phrase.CodeBusy}
	with := func(codes ...phrase.Code) []phrase.Code { return append(codes, keyed...) }
	cursor := func(what string) []param {
		return []param{{"after", "the cursor: " + what}, {"limit", "how many at most, up to 100; left out: 100"}}
	}
	once := []param{{"Idempotency-Key", "a client id, where the body has none"}}
	return []call{
		{method: http.MethodPost, path: sitePath + "/tickets", room: r.site, handle: s.keyed(access.Tickets, s.openTicket),
			does: "Opens a ticket for somebody, who is told so by mail as for any ticket. The key needs the scope `tickets`.", body: ticketBody{}, head: once,
			gives:  []reply{{201, ticketAnswer{}, ""}, {200, ticketAnswer{}, "if the same came before under its `client_id`"}},
			refuse: with(phrase.CodeEmailRequired, phrase.CodeConflict, phrase.CodeUnavailable)},
		{method: http.MethodGet, path: sitePath + "/conversations", room: r.site, handle: s.keyed(access.Read, s.listForSite),
			does: "Lists conversations by number. The key needs the scope `read`, as for the next two calls.", query: cursor("the number of the last conversation that the caller has"),
			gives: []reply{{200, listAnswer{}, ""}}, refuse: with(codeMalformed)},
		{method: http.MethodGet, path: of, room: r.site, handle: s.keyed(access.Read, s.readForSite),
			does: "Says where a conversation stands.", gives: []reply{{200, siteConversation{}, ""}}, refuse: with(phrase.CodeNotFound)},
		{method: http.MethodGet, path: of + "/events", room: r.site, handle: s.keyed(access.Read, s.logForSite),
			does: "Reads a conversation's log past a cursor, without what operators tell each other.", query: cursor("the `next` of the last answer"),
			gives: []reply{{200, logAnswer{}, ""}}, refuse: with(phrase.CodeNotFound, codeMalformed)},
		{method: http.MethodPost, path: of + "/messages", room: r.site, handle: s.keyed(access.Post, s.postForSite),
			does: "Says something in an open conversation as the system. The visitor sees it there, or gets it by mail as an answer, and operators see that the site said it. The key needs the scope `post`.", body: postBody{}, head: once,
			gives:  []reply{{201, postAnswer{}, ""}, {200, postAnswer{}, "if the same came before under its `client_id`"}},
			refuse: with(phrase.CodeNotFound, phrase.CodeConflict, phrase.CodeUnavailable)},
		{method: http.MethodPatch, path: of + "/attributes", room: r.site, handle: s.keyed(access.Attributes, s.setAttributes),
			does: "Sets attributes of a conversation, which operators see in `info`. The answer has all that there are then. The key needs the scope `attributes`.", body: attributesBody{},
			gives: []reply{{200, attributesBody{}, ""}}, refuse: with(phrase.CodeNotFound, phrase.CodeUnavailable)},
	}
}

// newKeyRate makes what counts the requests of each key; nil if there is no limit.
func newKeyRate(opts Options) *httprate.RateLimiter {
	if opts.RequestsPerMinute <= 0 {
		return nil
	}
	return httprate.NewRateLimiter(opts.RequestsPerMinute, time.Minute, httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}))
}

// keyed lets in a caller whose key has a scope, as often as one key may call.
func (s *Server) keyed(scope access.Scope, next func(http.ResponseWriter, *http.Request, access.Key)) http.HandlerFunc {
	busy := newProblem(phrase.CodeBusy, phrase.Say("Too many requests came with this key. Please wait a minute."))
	return func(w http.ResponseWriter, r *http.Request) {
		key, err := s.opts.Access.Admit(r.Context(), bearer(r.Header))
		switch {
		case errors.Is(err, access.ErrNoKey):
			w.Header().Set("WWW-Authenticate", "Bearer") // RFC 6750 §3
			err = newProblem(codeNoKey, phrase.Say("This needs a key, which super operators make with key-add."))
		case err == nil && s.keyRate != nil && s.keyRate.OnLimit(w, r, key.Name):
			s.counters.rateLimited.Add(1)
			err = busy
		case err == nil:
			err = key.Allow(scope)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next(w, r, key)
	}
}

// openTicket opens a ticket: 201, or 200 if the same request came before.
func (s *Server) openTicket(w http.ResponseWriter, r *http.Request, key access.Key) {
	var in ticketBody
	err := s.readJSON(w, r, &in)
	var attributes string
	if err == nil {
		attributes, err = compactObject(in.Attributes)
	}
	if err == nil {
		err = sender(r, &in.ClientID)
	}
	if err == nil && strings.TrimSpace(in.Email) == "" {
		err = &phrase.Error{Code: phrase.CodeEmailRequired, Phrase: phrase.Say("A ticket needs an email address: the answer comes by mail."),
			Fields: map[string]phrase.Phrase{"email": phrase.Say("An email address is needed.")}}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	in.ClientID = own(key, in.ClientID)
	o, err := s.bridge.Ask(r.Context(), bridge.Inquiry{ClientID: in.ClientID, Department: in.Department, Ticket: true,
		Request: bridge.Request{Name: in.Name, Email: in.Email, Reason: in.Reason, Language: in.Language, Attributes: attributes}})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	status := http.StatusCreated
	if o.Repeated {
		status = http.StatusOK
	}
	answer(w, status, ticketAnswer{o.Number, o.ID, o.Public(), o.Seq})
}

// sender takes a client id from Idempotency-Key where the body has none, and checks it. The header may hold a string in
// quotes (draft-ietf-httpapi-idempotency-key-header §2.1).
func sender(r *http.Request, clientID *string) error {
	key := strings.Trim(r.Header.Get("Idempotency-Key"), `"`)
	switch {
	case *clientID == "":
		*clientID = key
	case key != "" && key != *clientID:
		return invalid("client_id", phrase.Say("It is not the same as Idempotency-Key. Send one of them."))
	}
	if err := bridge.ClientIDFits(*clientID); err != nil {
		return err
	}
	return sound(*clientID)
}

// own is a server's client id as the store keeps it, "" if it sent none: each key has ids of its own, and no browser can send it (see
// sound), so none gets the ticket's token by guessing. It is of one length, however long the id and the key's name are.
func own(key access.Key, clientID string) string {
	if clientID == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key.Name + "\n" + clientID))
	return "site\n" + hex.EncodeToString(sum[:])
}

// postForSite says something as the system: 201, or 200 if the same came before.
func (s *Server) postForSite(w http.ResponseWriter, r *http.Request, key access.Key) {
	var in postBody
	err := s.readJSON(w, r, &in)
	if err == nil {
		err = sender(r, &in.ClientID)
	}
	var e bridge.Event
	var repeated bool
	if err == nil {
		e, repeated, err = bridge.SitePost{Key: key.Name, ClientID: own(key, in.ClientID), Text: in.Text}.Post(r.Context(), s.bridge, numberOf(r))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	status := http.StatusCreated
	if repeated {
		status = http.StatusOK
	}
	answer(w, status, postAnswer{e.Seq, stamp(e.At)})
}

// siteView is a conversation as the site's servers see it.
func (s *Server) siteView(c access.Record) siteConversation {
	a := siteConversation{Number: c.Number, ID: c.ID, Kind: c.Kind, State: c.Public(), Reason: c.Reason, Department: c.Department, Name: c.Request.Name, Email: c.Email,
		Verified: c.Request.Verified, Asked: c.Request.Reason, Page: c.Request.Page.URL, Opened: stamp(c.OpenedAt), Seq: c.Seq}
	if c.Owner != "" {
		a.Operator = s.bridge.Team.Name(c.Owner)
	}
	if !c.ClosedAt.IsZero() {
		a.Closed = stamp(c.ClosedAt)
	}
	if json.Valid([]byte(c.Request.Attributes)) {
		a.Attributes = json.RawMessage(c.Request.Attributes)
	}
	if c.Request.Fields != "" {
		a.Fields = json.RawMessage(c.Request.Fields)
	}
	return a
}

// listForSite lists conversations.
func (s *Server) listForSite(w http.ResponseWriter, r *http.Request, _ access.Key) {
	after, limit, err := cursorOf(r)
	var list []access.Record
	if err == nil {
		list, err = s.opts.Access.Conversations(r.Context(), after, limit)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	a := listAnswer{Conversations: []siteConversation{}}
	for _, c := range list {
		a.Conversations = append(a.Conversations, s.siteView(c))
	}
	if len(list) == limit {
		a.Next = list[len(list)-1].Number
	}
	answer(w, http.StatusOK, a)
}

// readForSite says where a conversation stands.
func (s *Server) readForSite(w http.ResponseWriter, r *http.Request, _ access.Key) {
	c, err := s.opts.Access.Conversation(r.Context(), numberOf(r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, s.siteView(c))
}

// logForSite reads a piece of a log.
func (s *Server) logForSite(w http.ResponseWriter, r *http.Request, _ access.Key) {
	after, limit, err := cursorOf(r)
	var c access.Record
	if err == nil {
		c, err = s.opts.Access.Conversation(r.Context(), numberOf(r))
	}
	var list []bridge.Event
	if err == nil {
		list, after, err = s.opts.Access.Events(r.Context(), c.Number, after, limit)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v := s.streams.view.of(c.ID, c.Request.Name, tongue(r, c.Request.Language))
	answer(w, http.StatusOK, logAnswer{v.eventsOf(list), after})
}

// setAttributes sets attributes of a conversation.
func (s *Server) setAttributes(w http.ResponseWriter, r *http.Request, _ access.Key) {
	var in attributesBody
	err := s.readJSON(w, r, &in)
	if err == nil {
		in.Attributes, err = s.opts.Access.SetAttributes(r.Context(), numberOf(r), in.Attributes)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, in)
}

// numberOf is the number of the conversation in the path; what is no number is that of no conversation.
func numberOf(r *http.Request) int64 {
	n, err := strconv.ParseInt(chi.URLParam(r, "number"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// cursorOf reads a cursor and a limit.
func cursorOf(r *http.Request) (after int64, limit int, err error) {
	limit = access.MostListed
	q := r.URL.Query()
	for name := range q {
		if name != "after" && name != "limit" { // a caller who believes that it filters would take all for some
			return 0, 0, newProblem(codeMalformed, phrase.Say("There is no parameter %s here: after and limit are all.", bridge.Cut(name, 40)))
		}
	}
	if text := q.Get("after"); text != "" {
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			return 0, 0, newProblem(codeMalformed, phrase.Say("after must be a whole number from 0."))
		}
	}
	if text := q.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > access.MostListed {
			return 0, 0, newProblem(codeMalformed, phrase.Say("limit must be a whole number from 1 to %d.", access.MostListed))
		}
	}
	return after, limit, nil
}
