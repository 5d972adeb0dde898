// Package onsite knows who is on the site's pages now, and invites them to talk: an operator does by hand, rules do by
// themselves. It is off until the site's settings switch it on (setting.OnSite).
//
//   - Who is there is kept in memory only. A page tells of itself once a minute, so a restart is nothing special: after a
//     minute the list is whole again. What became of invitations before is not known then.
//   - A page is known by a random id that lives in the memory of the page. Nothing is stored in the browser before the
//     visitor has clicked. The next page of a visit is known by how its browser says that it came to be open, and by nothing
//     else (Site.leadsTo); who comes otherwise is somebody new, unless an earlier conversation's token says who they are.
//   - A visit is over half a minute after its page has said that it goes, if no other has come by then. A page in the background is
//     there for half an hour, since browsers let it tell nothing.
//   - Nobody is invited who talks, who writes a request, who was invited on the same page, or who has said no.
//   - So that a rule does not invite somebody on each page anew, a hash of the browser and its address is remembered in
//     memory for a day, under a key that is made at the start and never leaves the process. Nodes on one store have the same key, made
//     from that of the installation.
//   - Nodes tell each other what pages tell them, so all know the same visits.
//
// Rules are stored. The choice among them is a value: facts go in, a rule comes out (Choose).
package onsite
