// Package component is the operators' side of porchlight: an XMPP external
// component (XEP-0114) through which operators talk to visitors, and to the
// desk, from ordinary XMPP clients.
//
// What goes on while it runs, and who owns what:
//
//   - Component.Run connects, again and again, and owns everything below. Component
//     holds what outlives a connection.
//   - A link is one connection and all that is known over that connection alone. The
//     session makes the link and drops it, so nothing in it has to be reset.
//   - One goroutine per link, the reader, reads stanzas and hands them to the lanes. It
//     never waits for the store nor for the server.
//   - A lane is the queue of one sender's stanzas to one address, and has one goroutine
//     while it is not empty. So stanzas of a lane are handled in order, and lanes side by
//     side.
//   - The pump of a link has a fixed number of goroutines, which send what lies past the
//     cursors. One of them at a time works on a conversation, or on an operator's desk
//     log.
//   - The barrier of a link is one goroutine. It sends pings to ourselves to find out
//     what the server has routed, moves the cursors, and notices a dead link.
//   - The watch of a link is one goroutine, which asks operators' clients for signs of
//     life.
//   - The operators' room and the rosters are packages of their own, with one goroutine
//     each per link, which sends requests and waits for the answers.
//
// Each stateless XEP has a file of its own, which declares a feature; service
// discovery is collected from the features.
package component
