package bridge

import "strings"

// Handle reads a name by which operators call something that the site has made, such as a webhook: one word of letters from
// a to z, digits and hyphens, in lower case, of at most so many bytes. ok is false if the text is none.
func Handle(text string, most int) (name string, ok bool) {
	name = strings.ToLower(strings.TrimSpace(text))
	return name, name != "" && len(name) <= most && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
