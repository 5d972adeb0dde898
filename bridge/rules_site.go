package bridge

import "porchlight/bridge/phrase"

// This file has the cells of what the site's servers do.

// sitePosts says something to the visitor. It answers nothing that the visitor has said, and nobody is there because of
// it, so no timer changes.
func sitePosts(s *step) error {
	s.log(Event{Type: EventMessage, From: FromSystem, Text: s.a.Text, Data: Message{Key: s.a.Key}, Origin: s.a.Origin})
	s.mail(MailLater)
	return nil
}

// sitePostsLate refuses words after the end, which nobody would read.
func sitePostsLate(s *step) error {
	if s.Into > 0 {
		return phrase.Fail(phrase.CodeConflict, "#%d was joined with #%d. Post there.", s.Number, s.Into)
	}
	return phrase.Fail(phrase.CodeConflict, "#%d is closed, so nothing can be posted to it. Open a ticket instead.", s.Number)
}
