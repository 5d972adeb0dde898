// Package component is the operators' side of porchlight: an XMPP external
// component (XEP-0114) through which operators talk to visitors, and to the
// desk, from ordinary XMPP clients.
//
// What goes on while it runs, and who owns what:
//
//   - Component.Run connects, again and again, and owns everything below. What outlives
//     a connection is in Component.
//   - A link is one connection and all that is known over it alone. The session makes
//     it and drops it, so nothing of it has to be reset.
//   - One goroutine per link reads stanzas and hands them to lanes; it never waits for
//     the store nor for the peer.
//   - The lanes handle all stanzas of one sender to one address one after the other, so
//     their order is kept; those of others side by side.
//   - The pump of a link has a fixed number of goroutines which send what lies past the
//     cursors; one conversation, or one operator's desk log, is worked on by
//     one of them at a time.
//   - The barrier of a link is one goroutine; it finds out by pings to
//     ourselves what the server has routed, moves the cursors, and notices a
//     dead link.
//   - The operators' room and the rosters are packages of their own, with one goroutine
//     each per link. They alone ask others questions and wait for the answers.
//
// Each stateless XEP has a file of its own, which declares a feature; service
// discovery is collected from the features.
package component
