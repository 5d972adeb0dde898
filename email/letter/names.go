package letter

import (
	"net/http"
	"path"
	"strings"
	"unicode/utf8"

	"porchlight/email/plain"
)

// maxName is the longest name of a file, in characters.
const maxName = 120

// fileName makes a name safe that came from outside: the last element of a path of any system, without
// control characters and marks of direction, without leading dots, at most 120 characters with the
// extension kept. A name of which nothing is left becomes "file" with the extension of its type.
func fileName(name, kind string) string {
	name = line(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(c rune) rune {
		if strings.ContainsRune(`<>:"|?*`, c) || plain.Hidden(c) {
			return '_'
		}
		return c
	}, name)
	name = strings.TrimRight(strings.TrimLeft(name, ". "), ". ")
	if name == "" {
		return "file" + extension(kind)
	}
	if utf8.RuneCountInString(name) <= maxName {
		return name
	}
	ext := path.Ext(name)
	if utf8.RuneCountInString(ext) > 12 {
		ext = ""
	}
	stem := []rune(strings.TrimSuffix(name, ext))
	return string(stem[:maxName-utf8.RuneCountInString(ext)]) + ext
}

// extension returns the usual end of the name of a file of a type.
func extension(kind string) string {
	switch kind {
	case "image/png":
		return ".png"
	case "image/jpeg":
		return ".jpg"
	case "image/gif":
		return ".gif"
	case "image/webp":
		return ".webp"
	case "application/pdf":
		return ".pdf"
	case "application/zip":
		return ".zip"
	case "text/calendar":
		return ".ics"
	case "text/vcard":
		return ".vcf"
	case "message/rfc822":
		return ".eml"
	case "text/plain":
		return ".txt"
	case "text/html":
		return ".html"
	}
	return ".bin"
}

// fileType finds the media type of a file in its content. What the mail claims is only believed where a
// file is harmless text of a kind that has no mark of its own.
func fileType(data []byte, claimed string) string {
	found, _, _ := strings.Cut(http.DetectContentType(data), ";")
	switch claimed {
	case "text/calendar", "text/csv", "text/vcard":
		if found == "text/plain" {
			return claimed
		}
	}
	return found
}
