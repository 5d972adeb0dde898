// Package room keeps the operators' room (XEP-0045) in line with the store. It asks
// the server what is there and sends only the difference, so a restart, a lost link
// and somebody else's change are all handled in the same way.
package room
