// Package webwidget is the visitor's side of porchlight over HTTP: the JSON
// calls and event streams that the widget uses, the status and its images, the
// widget's files, and the conversation as a page of its own that works without
// JavaScript.
//
// It speaks to package bridge in terms of the domain only, keeps nothing in
// memory that matters between two requests, and holds no conversation of its
// own: what a stream sends is what lies in the log past the reader's cursor.
//
// A visitor proves a conversation by a bearer token in a header, so the calls
// have no ambient authority; only the page without script uses a cookie, which
// is bound to that page.
package webwidget
