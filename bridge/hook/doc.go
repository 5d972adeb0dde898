// Package hook tells the site's own systems what happens in conversations, by webhooks. The conversations' logs
// are the outbox: a webhook has a cursor into each log, which moves when its receiver has taken a post (2xx), and
// nothing is kept twice. So a crash, a restart and a receiver that is away for hours are nothing special: what lies
// past the cursor is posted.
//
//   - A post is made at least once, each time under the same id, by which a receiver recognises it.
//   - Posts about one conversation go one after the other: a later one waits until the earlier one was taken, or
//     was given up after Patience. Other conversations go on meanwhile, and so do other webhooks.
//   - What was acknowledged to a visitor or an operator is in the log already, so nobody waits for a receiver.
//
// The package decides what is posted and when; a Carrier makes the requests.
package hook
