// Package crew brings several porchlights on one store together. Each is a node; together they are a crew. All of them serve visitors, and
// one of them has the XMPP link. Which one is said by a lease in the store: the holder renews it, and when it does not any more,
// another node takes it.
//
// All times are those of the store's clock, or lengths of time by a node's own, so the clocks of the machines need not agree.
package crew
