package bridge

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// NameFromJID guesses a person's name: "xavi" → "Xavi".
func NameFromJID(jid OperatorJID) string {
	local, _, _ := strings.Cut(string(jid), "@")
	name := shownName(local)
	r, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[n:]
}

// shownName is a name as visitors may see it. Some servers make a person's whole address
// elsewhere the local part of an address of theirs (XEP-0106 §2); only the part before its @ is
// shown, since visitors never see an address. The result is only for showing: addresses are
// compared as they are.
func shownName(name string) string {
	words := cleanLine(unescaped.Replace(name))
	if before, _, found := strings.Cut(words, "@"); found {
		words = strings.TrimSpace(before)
	}
	if Blank(words) {
		return "Operator"
	}
	return words
}

// unescaped undoes the escapes of XEP-0106 §4.2.
var unescaped = strings.NewReplacer(`\20`, " ", `\22`, `"`, `\26`, "&", `\27`, "'", `\2f`, "/", `\3a`, ":", `\3c`, "<", `\3e`, ">", `\40`, "@", `\5c`, `\`)

// Called is how operators are told of the visitor: by name, with a number if another visitor of
// this name was there already.
func (q Request) Called() string {
	if q.Namesake > 1 {
		return fmt.Sprintf("%s (%d)", q.Name, q.Namesake)
	}
	return q.Name
}

// namesake is the Namesake of a visitor who asks now: 0 if no visitor with an open conversation
// has the name, else the lowest free number from 2 on.
func namesake(r Reader, name string, v VisitorJID) (int, error) {
	taken, err := r.Namesakes(name, v)
	if err != nil || !slices.ContainsFunc(taken, func(n int) bool { return n < 2 }) {
		return 0, err
	}
	n := 2
	for slices.Contains(taken, n) {
		n++
	}
	return n, nil
}
