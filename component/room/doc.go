// Package room keeps the operators' room (XEP-0045) as the store says: it asks the
// server for what is there and sends the difference only, so a restart, a lost link or
// somebody else's change is nothing special.
package room
