package mailbox

import (
	"net/mail"
	"strings"
	"time"

	"porchlight/email/letter"
)

// maxSnippet is how many runes of a mail the list shows.
const maxSnippet = 240

// shown is a mail as the pages show it.
type shown struct {
	Number   int
	Arrived  bool
	From, To string
	AnswerTo string
	Subject  string
	At       time.Time
	Snippet  string
	Text     []piece
	HTML     bool
}

// piece is a part of a text: a link, or what stands between links.
type piece struct{ Words, Link string }

// show reads a mail for the pages.
func show(m Mail) shown {
	l := letter.Read(m.Raw, letter.Options{})
	from := mail.Address{Name: l.From.Name, Address: l.From.Addr}
	to := addressee(m, l)
	return shown{Number: m.Number, Arrived: m.Arrived, From: named(from), To: named(to), AnswerTo: answerTo(l), Subject: l.Subject,
		At: m.At, Snippet: snippet(l.Chat), Text: pieces(l.Text), HTML: htmlOf(m.Raw) != ""}
}

// named is an address for reading.
func named(a mail.Address) string {
	if a.Name == "" {
		return a.Address
	}
	return a.Name + " <" + a.Address + ">"
}

// snippet is the beginning of a text.
func snippet(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) <= maxSnippet {
		return string(r)
	}
	return string(r[:maxSnippet-1]) + "…"
}

// pieces finds the links in a text.
func pieces(text string) []piece {
	var list []piece
	for text != "" {
		at := strings.Index(text, "http")
		for at >= 0 && !strings.HasPrefix(text[at:], "http://") && !strings.HasPrefix(text[at:], "https://") {
			next := strings.Index(text[at+1:], "http")
			if next < 0 {
				at = -1
				break
			}
			at += 1 + next
		}
		if at < 0 {
			return append(list, piece{Words: text})
		}
		end := at + strings.IndexFunc(text[at:]+" ", func(r rune) bool { return r <= ' ' || strings.ContainsRune(`<>"`, r) })
		link := strings.TrimRight(text[at:end], ".,;:!?)")
		list = append(list, piece{Words: text[:at]}, piece{Words: link, Link: link})
		text = text[at+len(link):]
	}
	return list
}
