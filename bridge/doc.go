// Package bridge is the domain of porchlight: conversations, their logs, the operators and the
// rules that tie them together. It knows no SQL, no HTTP and no XMPP. The packages around it
// know those, and bridge reaches them only through the interfaces that it declares (Store,
// Clock, Side).
//
// The central idea is one log with many cursors. Each conversation is an append-only log of
// events, numbered 1, 2, 3 …. Whatever anybody sees is an event of that log, and nothing is
// shown, sent or acknowledged before it is committed. Everybody who reads has a cursor. To
// deliver means to send what lies past the cursor, and to move the cursor when the other end
// has confirmed.
//
// Rules.Apply decides what may happen to a conversation: a pure function over (conversation,
// action, time). Bridge is the part with side effects: it loads, applies, stores in one
// transaction, and tells the sides after the commit.
package bridge
