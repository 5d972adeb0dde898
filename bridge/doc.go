// Package bridge is the domain of porchlight: conversations, their logs, the
// operators and the rules that tie them together. It knows no SQL, no HTTP and
// no XMPP; those live in the packages around it, which it reaches only through
// the interfaces it declares (Store, Clock, Side).
//
// The central idea is one log with many cursors. Each conversation is an
// append-only log of events, numbered 1, 2, 3 …; whatever anybody sees is an
// event of that log, and nothing is shown, sent or acknowledged before it is
// committed. Everybody who reads has a cursor; delivery means: send what lies
// past the cursor, move the cursor when the other end has confirmed.
//
// What may happen to a conversation is decided by Rules.Apply, a pure function
// over (conversation, action, time). Bridge is the part with side effects: it
// loads, applies, stores in one transaction, and tells the sides after the
// commit.
package bridge
