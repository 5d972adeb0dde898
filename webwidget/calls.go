package webwidget

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
)

// rooms names the rooms of the table of calls.
type rooms struct{ health, open, picture, listed, visitor, site, page, link, team, recipient *room }

func roomsOf(s *Server) rooms {
	const conversations, chat = "/v1/conversations", "/chat"
	const site = "pages of the sites in `allowed_origins`, and callers that are no page"
	api := chi.Chain(headed(with(plain, http.Header{"Vary": {"Origin"}})), s.listedOrigin).Handler
	return rooms{
		health: &room{who: "anybody, as often as they like", let: headed(plain)},
		open:   &room{who: "anybody, and pages of any site", rate: s.limits.requests, let: headed(open())},
		picture: &room{who: "whoever has the link, which the desk gives to operators", below: "/pictures", rate: s.limits.requests,
			let: headed(with(plain, http.Header{"Cross-Origin-Resource-Policy": {"cross-origin"}})), refuse: []phrase.Code{phrase.CodeNotFound}}, // XMPP clients in browsers show it, too
		listed: &room{who: site, below: conversations,
			rate: s.limits.requests, let: api, refuse: []phrase.Code{codeForeign}},
		visitor: &room{who: site + ", with the conversation's token: `Authorization: Bearer TOKEN`", below: conversations + "/{id}", token: true,
			rate: s.limits.requests, let: api, refuse: []phrase.Code{codeForeign, phrase.CodeNotFound}},
		site: &room{who: "servers of the site, with a key that a super operator has made: `Authorization: Bearer KEY`. Pages can't make these calls", below: sitePath, rate: s.limits.requests, let: headed(plain)},
		page: &room{who: "people whose browser runs no script; problems are pages, too", below: chat,
			rate: s.limits.requests, let: chi.Chain(headed(s.origins.document()), s.sameOrigin).Handler, refuse: []phrase.Code{codeForeign, phrase.CodeNotFound, phrase.CodeUnavailable}},
		link: &room{who: "visitors, by a link in a mail; problems are pages, too",
			rate: s.limits.requests, let: chi.Chain(headed(unframed()), s.sameOrigin).Handler, refuse: []phrase.Code{codeForeign, phrase.CodeNotFound, phrase.CodeUnavailable}},
		team: &room{who: "operators, by a link that the desk sends; problems are pages, too", below: teamPath,
			rate: s.limits.requests, let: chi.Chain(headed(private()), s.sameOrigin).Handler, refuse: []phrase.Code{codeForeign}},
		// A mail program may send the POST from a page of its own, and the token alone proves that it has the mail, so other origins are not refused.
		recipient: &room{who: "whoever has the link in the mail; problems are pages, too", below: strings.TrimRight(report.UnsubscribePath, "/"), rate: s.limits.requests, let: headed(private())},
	}
}

// calls is the table of all calls. Its order is that of docs/http.md.
func calls(s *Server) []call {
	r := roomsOf(s)
	list := statusCalls(s, r)
	if s.opts.Portraits != nil {
		list = append(list, faceCalls(s, r)...)
	}
	list = append(list, call{method: http.MethodGet, path: "/pictures/{picture}/stats.png", room: r.picture, handle: s.picture,
		does:  "Draws a picture of statistics. What it shows is in its name, which nobody else can make. A link holds for 30 days, as long as who asked for it may see the numbers.",
		gives: []reply{{200, "image/png", ""}}, refuse: []phrase.Code{phrase.CodeBusy}})
	list = append(list, deskFileCalls(s)...)
	list = append(list, visitCall(s, r))
	list = append(list, conversationCalls(s, r)...)
	list = append(list, visitorCalls(s, r)...)
	list = append(list, meCalls(s, r)...)
	if s.opts.Access != nil {
		list = append(list, siteCalls(s, r)...)
	}
	list = append(list, pageCalls(s, r)...)
	list = append(list, linkCalls(s, r)...)
	list = append(list, teamCalls(s, r)...)
	list = append(list, boardCalls(s, r)...)
	list = append(list, seerCalls(s, r)...)
	return append(list, unsubscribeCalls(s, r)...)
}

func statusCalls(s *Server, r rooms) []call {
	department := []param{{"department", "the name of the department that is meant; left out: all departments together"}}
	notFound := []phrase.Code{phrase.CodeNotFound}
	unchanged := reply{304, nil, "to a client that has the answer already, by `If-None-Match`"}
	return []call{
		{method: http.MethodGet, path: "/v1/status", room: r.open, handle: s.status,
			does: "Says whether somebody is there. `Porchlight-Origin` says whether the page that asks may open a conversation, too: `listed` or `foreign`.", query: department,
			gives: []reply{{200, statusAnswer{}, ""}, unchanged}, refuse: notFound},
		{method: http.MethodGet, path: "/v1/events", room: r.open, handle: s.statusEvents, streams: true,
			does: "Follows the status: an event `status` at once, and one at each change. A comment comes at least every 20 seconds.", query: department,
			gives: []reply{{200, events{"status", statusAnswer{}}, ""}}, refuse: []phrase.Code{phrase.CodeNotFound, phrase.CodeBusy, phrase.CodeUnavailable}},
		{method: http.MethodGet, path: "/status.svg", room: r.open, handle: s.bulb(onlineSVG, offlineSVG, "image/svg+xml"),
			does: "Draws the status as a bulb.", query: department, gives: []reply{{200, "image/svg+xml", ""}, unchanged}, refuse: notFound},
		{method: http.MethodGet, path: "/status.png", room: r.open, handle: s.bulb(onlinePNG, offlinePNG, "image/png"),
			does: "Draws the status as a bulb.", query: department, gives: []reply{{200, "image/png", ""}, unchanged}, refuse: notFound},
		{method: http.MethodGet, path: "/widget.js", room: r.open, handle: s.asset(moving),
			does: "Sends the widget's loader, which a site embeds.", gives: []reply{{200, "text/javascript", ""}, unchanged}},
		{method: http.MethodGet, path: "/widget/{file}", room: r.open, handle: s.asset(immutable),
			does:  "Sends the files that the loader and the page load. Their names hold a hash of the content, so they may be cached for ever.",
			gives: []reply{{200, "text/javascript, application/json or text/css", ""}, unchanged}, refuse: notFound},
		{method: http.MethodGet, path: "/v1/openapi.json", room: r.open, handle: s.openAPI(),
			does: "Describes the calls of the API for machines: an OpenAPI document.", gives: []reply{{200, "application/json", ""}, unchanged}},
		{method: http.MethodGet, path: "/healthz", room: r.health, handle: s.healthz,
			does: "Says that the process is alive.", gives: []reply{{200, health{}, ""}}},
		{method: http.MethodGet, path: "/readyz", room: r.health, handle: s.readyz,
			does: "Says which process this is, and whether it can serve visitors.", gives: []reply{{200, readiness{}, "it can"}, {503, readiness{}, "it can't"}}},
	}
}

func conversationCalls(s *Server, r rooms) []call {
	return []call{
		{method: http.MethodPost, path: "/v1/conversations", room: r.listed, rate: s.limits.conversations, handle: s.ask,
			does:  "Opens a conversation. While nobody is there it becomes a ticket, which needs an email address. The JSON may also be sent as `text/plain`, for which browsers need no preflight.",
			query: []param{{"with", "what else the answer says, with commas between: `snapshot`: where the conversation stands; `files`: in it, what files are taken"}},
			body:  inquiry{}, gives: []reply{{201, openedAnswer{}, ""}, {200, openedAnswer{}, "if the same came before under its `client_id`"}},
			refuse: []phrase.Code{phrase.CodeEmailRequired, phrase.CodeConflict, codeProofWanted, phrase.CodeBusy, phrase.CodeForbidden, phrase.CodeUnavailable}},
		{method: http.MethodGet, path: "/v1/conversations/{id}/files/{file}", room: r.listed, handle: s.download,
			does:  "Sends a visitor's file as an attachment. The caller needs the conversation's token, or the link from an event.",
			query: []param{{"expires", "until when the link holds"}, {"signature", "proves that the service made the link"}},
			gives: []reply{{200, "the file's own type", ""}}, refuse: []phrase.Code{phrase.CodeNotFound}},
	}
}

func visitorCalls(s *Server, r rooms) []call {
	const of = "/v1/conversations/{id}"
	done := []reply{{204, nil, ""}}
	unavailable := []phrase.Code{phrase.CodeUnavailable}
	return []call{
		{method: http.MethodGet, path: of, room: r.visitor, handle: s.authorized(s.snapshot),
			does: "Says where the conversation stands.", query: []param{{"with", "what else the answer says, with commas between: `files`: what files are taken; `feedback`: the visitor's vote; `mail`: whether the conversation can be sent by mail"}}, gives: []reply{{200, snapshotAnswer{}, ""}}},
		{method: http.MethodGet, path: of + "/events", room: r.visitor, handle: s.authorized(s.events), streams: true,
			does: "Reads the conversation's log past a cursor. With `Accept: text/event-stream` the answer is a stream of these events and of all that come later; their `id` is their `seq`. " +
				"A comment comes at least every 20 seconds, and the visitor counts as present. Otherwise the answer is one piece of the log.",
			query: []param{{"after", "the cursor: the `seq` of the last event that the page has; a stream's `Last-Event-ID` goes first"},
				{"wait", "how many seconds, at most 60, the answer waits for an event if there is none past the cursor"}},
			gives:  []reply{{200, events{"", eventAnswer{}}, "with `Accept: text/event-stream`"}, {200, pollAnswer{}, "otherwise"}},
			refuse: []phrase.Code{codeMalformed, phrase.CodeBusy, phrase.CodeUnavailable}},
		{method: http.MethodPost, path: of + "/messages", room: r.visitor, rate: s.limits.messages, handle: s.authorized(s.write),
			does: "Stores a message, or a correction of the visitor's last message.", body: messageBody{},
			gives:  []reply{{201, storedAnswer{}, ""}, {200, storedAnswer{}, "if the same came before under its `client_id`"}},
			refuse: []phrase.Code{phrase.CodeConflict, phrase.CodeBusy, phrase.CodeForbidden, phrase.CodeUnavailable}},
		{method: http.MethodPost, path: of + "/files", room: r.visitor, rate: s.limits.messages, handle: s.authorized(s.upload),
			does:   "Stores a file. The form is multipart/form-data, with its fields in this order.",
			form:   []param{{"client_id", "as for a message"}, {"file", "the file, with its name"}},
			gives:  []reply{{201, eventAnswer{}, ""}, {200, eventAnswer{}, "if the same came before under its `client_id`"}},
			refuse: []phrase.Code{phrase.CodeConflict, phrase.CodeBusy, phrase.CodeForbidden, phrase.CodeUnavailable}},
		{method: http.MethodPost, path: of + "/page", room: r.visitor, rate: s.limits.messages, handle: s.authorized(s.looks),
			does: "Says which page the visitor looks at.", body: looksBody{}, gives: done, refuse: unavailable},
		{method: http.MethodPost, path: of + "/typing", room: r.visitor, handle: s.authorized(s.typing),
			does: "Says that the visitor is writing, or has stopped. Nothing is stored.", body: typingBody{}, gives: done},
		{method: http.MethodPost, path: of + "/seen", room: r.visitor, handle: s.authorized(s.seen),
			does: "Says up to which event the visitor has seen the log. Nothing is stored.", body: seenBody{}, gives: done},
		{method: http.MethodPost, path: of + "/leave", room: r.visitor, handle: s.authorized(s.leave),
			does: "Says that the page is going away.", gives: done, refuse: unavailable},
		{method: http.MethodPost, path: of + "/close", room: r.visitor, handle: s.authorized(s.close),
			does: "Ends the conversation.", gives: done, refuse: []phrase.Code{phrase.CodeConflict, phrase.CodeUnavailable}},
		{method: http.MethodPost, path: of + "/feedback", room: r.visitor, rate: s.limits.messages, handle: s.authorized(s.feedback),
			does: "Stores the visitor's vote about the operator who answered, or changes it, which is possible for an hour. Nobody can vote before an operator has answered, or a second time.",
			body: feedbackBody{}, gives: done, refuse: []phrase.Code{phrase.CodeConflict, phrase.CodeForbidden, phrase.CodeUnavailable}},
		{method: http.MethodPost, path: of + "/email", room: r.visitor, handle: s.authorized(s.email),
			does: "Stores the address that the visitor gives after the request, or after the end of the conversation. What no page has shown goes there by mail.",
			body: emailBody{}, gives: done, refuse: []phrase.Code{phrase.CodeConflict, phrase.CodeForbidden, phrase.CodeUnavailable}},
		{method: http.MethodPost, path: of + "/transcript", room: r.visitor, rate: s.limits.messages, handle: s.authorized(s.transcript),
			does: "Sends the conversation by mail to the address that was given in it, once an operator has answered and at most once an hour. If none was given, this one is stored first.",
			body: emailBody{}, gives: done, refuse: []phrase.Code{phrase.CodeConflict, phrase.CodeForbidden, phrase.CodeUnavailable}},
	}
}

func pageCalls(s *Server, r rooms) []call {
	const html = "text/html"
	back := []reply{{303, nil, "leads back to the page"}, {422, html, "the page with what is wrong"}}
	id := param{"client_id", "a random id, under which a second click counts as the same"}
	return []call{
		{method: http.MethodGet, path: "/chat", room: r.page, handle: s.page.Show,
			does:  "Shows the conversation in a page of its own. With script the page shows the widget; without it, the conversation that the cookie names, or a form for a new one.",
			query: []param{{"department", "the department that the form asks"}, {"new", "set: the page shows the form, whatever the cookie says"}, {"again", "set: the visitor came from another site, and the page loads itself once more"}},
			gives: []reply{{200, html, ""}}},
		{method: http.MethodGet, path: "/chat/news", room: r.page, handle: s.page.News,
			does: "Shows what came since the page was made, in a frame of its own.", query: []param{{"after", "the cursor"}},
			gives: []reply{{200, html, ""}}, refuse: []phrase.Code{codeMalformed}},
		{method: http.MethodGet, path: "/chat/look.css", room: r.page, handle: s.page.Look,
			does:  "Gives the colours of its query as a style sheet: those that the site has set. The page names the address.",
			query: []param{{"light", "six hexadecimal digits, the colour by day"}, {"dark", "the same on dark screens"}}, gives: []reply{{200, "text/css; charset=utf-8", ""}}},
		{method: http.MethodPost, path: "/chat", room: r.page, rate: s.limits.conversations, handle: s.page.Ask,
			does: "Opens a conversation, and sets the cookie.",
			form: []param{id, {"name", "the visitor's name"}, {"email", "the visitor's address"}, {"reason", "what the request is about"}, {"department", "the department that it is for"},
				{"phone", "the visitor's phone number, if the site asks for it"}, {"fields.…", "what the visitor filled into the field of that name of the site's own"}, {"consent", "the text of the site's beside which the visitor ticked the box"},
				{"referrer", "where the visitor came from"}, {"returning", "set: the cookie names an earlier conversation of the visitor"}, {"wait", "proves that the visitor waited, when that is wanted"}},
			gives:  append(back, reply{428, html, "the page, which asks to wait for some seconds and to send the form again"}),
			refuse: []phrase.Code{phrase.CodeEmailRequired, phrase.CodeConflict, phrase.CodeBusy, phrase.CodeForbidden}},
		{method: http.MethodPost, path: "/chat/messages", room: r.page, rate: s.limits.messages, handle: s.page.Write,
			does: "Stores a message.", form: []param{id, {"text", "the message"}}, gives: back, refuse: []phrase.Code{phrase.CodeConflict, phrase.CodeForbidden}},
		{method: http.MethodPost, path: "/chat/files", room: r.page, rate: s.limits.messages, handle: s.page.Send,
			does: "Stores a file. The form is multipart/form-data, with its fields in this order.", form: []param{id, {"file", "the file, with its name"}},
			gives: back, refuse: []phrase.Code{phrase.CodeConflict, phrase.CodeBusy, phrase.CodeForbidden}},
		{method: http.MethodPost, path: "/chat/email", room: r.page, handle: s.page.Email,
			does: "Stores the address that the visitor gives after the request.", form: []param{{"email", "the address"}}, gives: back, refuse: []phrase.Code{phrase.CodeConflict}},
		{method: http.MethodPost, path: "/chat/feedback", room: r.page, rate: s.limits.messages, handle: s.page.Vote,
			does: "Stores the visitor's vote at the end of the conversation, or changes it.", form: []param{{"score", "from 1 to 5"}, {"comment", "what the visitor says to it"}},
			gives: back, refuse: []phrase.Code{phrase.CodeConflict, phrase.CodeForbidden}},
		{method: http.MethodPost, path: "/chat/close", room: r.page, handle: s.page.Close,
			does: "Ends the conversation.", gives: back[:1], refuse: []phrase.Code{phrase.CodeConflict}},
	}
}

// linkCalls are the calls of the links in mails to visitors.
func linkCalls(s *Server, r rooms) []call {
	const html = "text/html"
	return []call{
		{method: http.MethodGet, path: "/chat/resume/{link}", room: r.link, handle: s.page.Returns,
			does: "Shows the button of a link that leads back into a conversation. Nothing is changed, and the link still works afterwards.", gives: []reply{{200, html, ""}}},
		{method: http.MethodPost, path: "/chat/resume/{link}", room: r.link, rate: s.limits.messages, handle: s.page.Resume,
			does:  "Sets the cookie of the conversation, and leads to the page. With script the conversation is handed to the widget, too.",
			gives: []reply{{200, html, ""}, {303, nil, "if there is no widget"}}, refuse: []phrase.Code{phrase.CodeConflict}},
		{method: http.MethodGet, path: "/chat/vote/{link}", room: r.link, handle: s.page.Asks,
			does: "Shows the form for a vote, and the vote that there is. Nothing is stored.", query: []param{{"score", "the score that is chosen in the form"}}, gives: []reply{{200, html, ""}}},
		{method: http.MethodPost, path: "/chat/vote/{link}", room: r.link, rate: s.limits.messages, handle: s.page.Rate,
			does: "Stores the visitor's vote, or changes it, as `POST /v1/conversations/{id}/feedback` does.", form: []param{{"score", "from 1 to 5"}, {"comment", "what the visitor says to it"}},
			gives: []reply{{303, nil, "leads back to the form, which shows the vote"}, {422, html, "the form with what is wrong"}}, refuse: []phrase.Code{phrase.CodeConflict, phrase.CodeForbidden}},
	}
}
