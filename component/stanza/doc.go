// Package stanza knows what the stanzas look like that porchlight exchanges with the
// operators' clients and servers: it has the namespaces, and functions that build and
// read stanzas. Each function cites the XEP or RFC that it follows. Nothing here has a
// state or knows a conversation, so any goroutine may call any function.
package stanza
