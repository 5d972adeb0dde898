package desk

import (
	"slices"
	"strings"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// addresses reads email addresses from the beginning of a text, up to a word without @.
func addresses(text string) (value, rest string, err error) {
	var found []string
	rest = strings.TrimSpace(text)
	for rest != "" {
		end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
		if end < 0 {
			end = len(rest)
		}
		word := rest[:end]
		if !strings.Contains(word, "@") {
			break
		}
		if !bridge.ValidEmail(word) || len(word) > mostOfAddress {
			return "", "", noAddress(word)
		}
		if word = strings.ToLower(word); !slices.Contains(found, word) {
			found = append(found, word)
		}
		rest = strings.TrimLeftFunc(rest[end:], func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
	}
	if len(found) == 0 {
		word, _ := split(text)
		return "", "", noAddress(word)
	}
	return strings.Join(found, " "), rest, nil
}

// mostOfAddress is how long an email address may be, in bytes (RFC 5321 §4.5.3.1.3).
const mostOfAddress = 254

func noAddress(word string) error {
	return refuse("%q is no email address such as boss@example.org.", voice.Clip(word, 40))
}
