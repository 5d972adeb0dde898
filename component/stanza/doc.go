// Package stanza knows how the stanzas look that porchlight exchanges with the
// operators' clients and servers: the namespaces, what builds a stanza, and what
// reads one. Each function cites the XEP or RFC that it follows. Nothing here has a
// state or knows a conversation, so any goroutine may call any function.
package stanza
