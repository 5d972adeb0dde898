// Package imap reads one mailbox over IMAP (RFC 3501, RFC 9051) and gives each mail to a Store, once and in
// the order of arrival. A Mailbox connects, waits for mail with IDLE (RFC 2177), connects again when the
// connection is lost, and starts after the last mail that the Store has. github.com/emersion/go-imap/v2 speaks
// the protocol; it is a beta, so nothing outside this package knows of it.
package imap
