package letter

import "strings"

// Read reads a mail as it came from the server. It returns what it could make of it and says in Flaws what
// was wrong. Any goroutine may call it.
func Read(raw []byte, opts Options) Letter {
	l := Letter{Kind: Normal}
	if opts.Partial {
		l.Flaws = append(l.Flaws, Partial)
	}
	l.Text = strings.ToValidUTF8(string(raw), "\uFFFD")
	l.Chat = l.Text
	return l
}
