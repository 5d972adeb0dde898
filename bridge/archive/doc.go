// Package archive looks back at what was said: it searches in it, and says who may read it. It also deletes what is
// not to be kept.
//
// # The index
//
// A search asks an index of words, which has one entry for each conversation: the words that stand in its
// log now, each once, and labels that say who took part and whose department it is. What is corrected or
// taken back changes the entry. Words are made by this package, in the same way for what is indexed and
// for what is looked for (see words.go), so any engine that can keep sets of words is good for it: SQLite's
// FTS5 with a tokenizer that only splits, PostgreSQL's tsvector made from an array.
//
// The index is coarser than a query: it does not know where in a conversation a word stands. What a query
// says beyond single words is looked up in the logs of those conversations that the index finds.
//
// # When it is made
//
// Run makes entries later than the logs, in small transactions: an entry costs what people write nothing but
// a note of the conversation's number. How far each log was read is stored with its entry. An archive
// that is older than the index is read once, oldest conversations first, and a search says until it is
// done how far that has come.
//
// # What is deleted
//
// A person is erased when somebody with the right to do so says so, and conversations go when their departments have kept
// them long enough. Both delete a few conversations in each transaction, and the bytes of files before that, so
// that nobody who writes waits for long; what was begun goes on after a crash. What the statistics have
// of them stays, also when all else is counted anew: see Options.Keep. Afterwards the index is merged until nothing of a deleted entry is left in it, and the store overwrites in its files
// what was deleted.
//
// # Who may read what
//
// Operators read the conversations in which they take part or took part, those of their departments if
// they may search, and all if they may read all. What somebody reads by right alone is in the audit log.
package archive
