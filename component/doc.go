// Package component is the operators' side of porchlight: an XMPP external
// component (XEP-0114) through which operators talk to visitors, and to the
// desk, from ordinary XMPP clients.
//
// What goes on while it runs, and who owns what:
//
//   - Run connects, again and again, and owns everything below.
//   - One goroutine per connection reads stanzas and hands them to lanes; it
//     never waits for the store nor for the peer.
//   - The lanes are a fixed number of goroutines. All stanzas of one sender to
//     one address go through the same lane, so their order is kept.
//   - The pump has a fixed number of goroutines which send what lies past the
//     cursors; one conversation, or one operator's desk log, is worked on by
//     one of them at a time.
//   - The barrier is one goroutine per connection; it finds out by pings to
//     ourselves what the server has routed, moves the cursors, and notices a
//     dead link.
//   - The operators' room and the rosters are one goroutine each per connection.
//     They alone ask others questions and wait for the answers.
//
// Each stateless XEP has a file of its own, which declares a feature; service
// discovery is collected from the features.
package component
