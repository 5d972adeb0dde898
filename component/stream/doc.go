// Package stream carries XML stanzas between a component and its XMPP server
// over TCP (XEP-0114). It knows streams, elements and addresses, and nothing
// of chat.
//
// Negotiation is done by mellium.im/xmpp; once the handshake is through, this
// package takes the connection over. It does so because one component stream
// carries everybody: no visitor, no user of any server and no time-out may end
// it for the others. So
//
//   - input is cut into whole stanzas first and parsed afterwards. A stanza
//     that is too large, too deep or malformed is refused by itself, as a
//     *StanzaError, and the stream goes on;
//   - output is encoded first and queued afterwards, as whole stanzas. A
//     stanza that can't be sent leaves nothing behind, and characters XML
//     forbids never reach the wire;
//   - one goroutine writes, gathering what waits into one write call; no
//     deadline or context of one sender touches the writes of another.
//
// The parser is our own because of what it must refuse: encoding/xml lets
// duplicate attributes, unbound prefixes, comments and DOCTYPE pass (RFC 6120
// §11.1 and §11.3 rule them out), knows no limits, and takes ten times as long
// for a chat message. It stays small by knowing only what XMPP allows, and
// fuzz tests hold it against encoding/xml: whatever Parse accepts, that package
// accepts too, with the same tree.
package stream
