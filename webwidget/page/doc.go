// Package page shows the conversation in a page of its own, for browsers that run no
// script: the request form, the talk, and a frame with the news in it. Its documents come
// from page.html. The page reads the log like every other reader. It asks the server
// around it for what all calls share: limits, the proof that a request is real, and how
// errors are told.
package page
