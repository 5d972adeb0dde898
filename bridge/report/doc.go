// Package report makes the statistics. It reads the conversations' logs with a cursor of its own, which
// is stored in the same transaction as what was counted: so each event is counted once, whatever ends
// the process, and nothing waits for the counting.
//
// A Reckoner turns the events of one log, in order, into facts. Facts are added up in rows of a day and
// of a month, for each operator, each department and the site; a range of days is answered from these
// rows. How long something took is kept as a histogram, from which the median and the 90th percentile
// are read: they are exact if a bucket has one time or equal times, and wrong by less than an eighth in any
// case. Means are exact.
//
// The definitions, which are those of first response and resolution times in support desks:
//   - A wait is the time from the first unanswered message of the visitor to an operator's answer. Only
//     messages and files count: notes, system messages, corrections and reactions begin and end no wait.
//     The end of an answered conversation drops a wait: "thanks" needs no answer.
//   - First is the first wait of a conversation, with the time in the queue. A conversation in which an
//     operator spoke first has none. It belongs to the day of the answer; FirstNew is the same time,
//     counted on the day when the conversation was begun.
//   - Taken is the time from when a conversation begins to wait until an operator takes it, each time.
//   - Support is the time from when an operator takes a conversation until the operator has it no more.
//     Merged counts moments in which the operator has several conversations once.
//   - Missed is a visit that ends without an answer in it and without an email address; who was blocked
//     is not missed. Abandoned is a conversation that its visitor ends or leaves before the first answer.
//   - A target is kept by an answer, or by an end, within so much business time. FirstKept and FirstLate
//     count first answers, NextKept and NextLate the later ones, SolvedKept and SolvedLate ends.
//   - Solved is a conversation that an operator ends, or its visitor after an answer. TimedOut is one
//     that ends because nobody wrote. SolveFirst is the time from the beginning to the first end of that
//     kind, SolveLast the time to the last one.
package report
