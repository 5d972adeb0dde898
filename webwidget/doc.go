// Package webwidget is the visitor's side of porchlight over HTTP: the JSON
// calls and event streams that the widget uses, the status and its images, the
// widget's files, and the conversation as a page of its own that works without
// JavaScript.
//
// The package speaks to package bridge in terms of the domain only. It keeps nothing in
// memory that matters between two requests: what a stream sends lies in the log past the
// reader's cursor.
//
// A visitor proves by a bearer token in a header that a conversation is theirs. A browser
// never sends that header by itself, so another site can't use it. Only the page without
// script uses a cookie, which is bound to that page.
package webwidget
