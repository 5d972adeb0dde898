package main

import (
	"slices"
	"sync"
	"time"
)

// book keeps what was written by whom, as those know it who wrote it. Each mail and each message has a word
// of its own in it, by which it is found again. Any goroutine may call its methods.
type book struct {
	mu      sync.Mutex
	mails   map[string]said   // that were put into the mailbox, or asked on a page, by their word
	words   map[string]spoken // of the operator, by their word
	bounces map[string]string // what a bounce says → the address to which it went
	shown   map[string]bool   // operator's words that a page has shown
	heard   map[string]bool   // lines about mails that the operator was shown
	breaks  []time.Time       // after each of them nobody may know what the relay has taken before
}

// said is a mail of a visitor, or what they asked on a page.
type said struct {
	from   string
	answer string // the operator's word that it answers; "": it opens a conversation
}

// spoken is a message of the operator.
type spoken struct {
	number int64 // of the conversation
	stored bool  // the client has a receipt
}

func newBook() *book {
	return &book{mails: map[string]said{}, words: map[string]spoken{}, bounces: map[string]string{}, shown: map[string]bool{}, heard: map[string]bool{}}
}

// write changes the book.
func (b *book) write(f func(*book)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(b)
}

// broke notes that an outcome may be unknown.
func (b *book) broke() { b.write(func(b *book) { b.breaks = append(b.breaks, time.Now()) }) }

// brokeBetween reports whether something broke in that time. The lock is held.
func (b *book) brokeBetween(from, to time.Time) bool {
	return slices.ContainsFunc(b.breaks, func(t time.Time) bool { return t.After(from) && t.Before(to) })
}
