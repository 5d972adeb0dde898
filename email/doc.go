// Package email is the mail channel: what comes by mail becomes a part of a conversation, and what
// operators say to somebody who is not on the page goes by mail.
//
// A mail goes through three rooms. imap fetches it, and the bridge keeps its bytes with the mailbox's
// cursor in one transaction. letter reads what it says, and the bridge decides where that belongs. What
// operators said is written by compose when its time has come, kept by the bridge in the transaction
// that says so, and handed to the relay by smtp, until the relay has taken it or refuses it for good.
package email
