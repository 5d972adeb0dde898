// Package setting declares what super operators set for the site at the desk: each setting once, with its name,
// group, type, default, what it is for, and where it is shown. It reads values as people write them, brings them
// into a normal form, and gives typed access to a set of stored values. Values go in and come out: there is no
// clock and no store. Every function may be called by any goroutine.
//
// A setting of type Words has a text for each language: its keys are "greeting", which counts for every language
// without a text of its own, "greeting.de" and so on. Any other setting has one key, its name.
package setting
