// Package team is the team's page: statistics of all operators side by side, the queue as a board, the
// week's hours, the visitors' votes, and who is on the site, for operators who look rather than write. Nothing is
// changed on it, except that whoever may invites who is on the site, and it needs no script.
//
// The desk sends the link that opens it. Whoever follows the link sees a button; only pressing it uses
// the link up, so that a client's preview or a log harms nobody. From then on a cookie says which
// session the browser has. What is shown follows from what the operator may at that moment. A link
// for a screen on the wall shows the board alone, without anybody's words.
package team
