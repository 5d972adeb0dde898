package bridge

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
)

// Client is a visitor with a past.
type Client struct {
	Visitor
	Last   Conversation // the newest conversation
	Called string       // how operators call the visitor there
	Email  string       // the address that was given last
	Count  int          // how many conversations there are
	Note   string       // what operators noted last in the newest conversation, "" if nothing
}

// ClientsPage is how many clients Clients returns at most, and clientsPages is how many pages there are of
// all of them. clientsOne and clientsSeveral are at how many visitors it looks to find those with one word
// and with several words, which is a few hundredths of a second.
const (
	ClientsPage    = 15
	clientsPages   = 1000
	clientsOne     = 1000
	clientsSeveral = 4000
)

// Clients are some visitors with a past.
type Clients struct {
	List  []Client
	Found int  // how many there are that were looked for; 0 if all were
	More  bool // there is a next page
	Many  bool // there are more than were looked at
}

// Clients lists visitors with a past by their newest conversation, newest first: all of them, or those who
// have given names and email addresses in which words begin with all the words of a text. Operators are never
// among them. The page counts from 1.
func (b *Bridge) Clients(ctx context.Context, text string, page int) (found Clients, err error) {
	words := SearchWords(text)
	err = b.store.View(ctx, func(r Reader) error {
		found = Clients{}
		numbers, err := found.look(r, text, words, (max(page, 1)-1)*ClientsPage)
		if err != nil {
			return err
		}
		found.More = len(numbers) > ClientsPage
		for _, n := range numbers[:min(len(numbers), ClientsPage)] {
			c, err := b.client(r, n)
			if err != nil {
				return err
			}
			found.List = append(found.List, c)
		}
		return nil
	})
	return found, err
}

// look finds the numbers of the newest conversations of clients after the first skip of them: those of a
// page, and at least one more if there is a next page.
func (f *Clients) look(r Reader, text string, words []string, skip int) (numbers []int64, err error) {
	if len(words) == 0 {
		if strings.TrimSpace(text) != "" || skip >= clientsPages*ClientsPage {
			return nil, nil // a text without a letter finds nobody
		}
		return r.LatestConversations(skip, ClientsPage+1)
	}
	look := clientsOne
	if len(words) > 1 {
		look = clientsSeveral
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) }) // a long word finds fewer
	if numbers, f.Many, err = r.FindVisitors(words, look); err != nil {
		return nil, err
	}
	slices.SortFunc(numbers, func(a, b int64) int { return cmp.Compare(b, a) })
	numbers = slices.Compact(numbers)
	f.Found = len(numbers)
	return numbers[min(skip, len(numbers)):], nil
}

// client is the visitor whose newest conversation has a number.
func (b *Bridge) client(r Reader, number int64) (c Client, err error) {
	if c.Last, err = r.Conversation(number); err != nil {
		return c, err
	}
	if c.Visitor, err = r.Visitor(c.Last.Visitor); err != nil {
		return c, err
	}
	q, err := r.Request(number)
	if err != nil {
		return c, err
	}
	c.Called, c.Email = q.Called(), cmp.Or(c.Last.Email, c.Visitor.Email)
	if c.Count, err = r.CountConversations(c.Last.Visitor); err != nil {
		return c, err
	}
	c.Note, err = r.LastNote(number)
	return c, err
}

// searchMost is how many words of a text are searched for, and searchLetters how long they are at most.
const (
	searchMost    = 4
	searchLetters = 40
)

// SearchWords are the words of a text, in lower case, by which visitors are found: its first few. An email
// address or a domain is one word.
func SearchWords(text string) (words []string) {
	for _, word := range strings.Fields(strings.ToLower(text)) {
		parts := nameWords(word)
		if domain := strings.Trim(word, ".,;"); strings.Contains(domain, ".") && !strings.Contains(domain, "@") {
			parts = []string{wordStart(domain)}
		}
		for _, part := range parts {
			if len(words) < searchMost && !slices.Contains(words, part) {
				words = append(words, part)
			}
		}
	}
	return words
}

// FoundBy are the words by which a visitor is found: those of the name that they gave, of the name that operators keep, of the email
// address and of its domain. A visitor who gives no name is not found by the name that stands for it.
func (v Visitor) FoundBy() (words []string) {
	for _, name := range []string{v.Name, v.Called} {
		var parts []string
		if name != Nameless {
			for _, field := range strings.Fields(strings.ToLower(name)) {
				parts = append(parts, nameWords(field)...)
			}
		}
		words = append(words, parts[:min(len(parts), 2*searchMost)]...)
	}
	if email := wordStart(strings.ToLower(v.Email)); email != "" {
		_, domain, _ := strings.Cut(email, "@")
		words = append(words, email, domain)
	}
	slices.Sort(words)
	return slices.DeleteFunc(slices.Compact(words), func(w string) bool { return w == "" })
}

// nameWords cuts a text without spaces into words: an email address, or groups of letters and digits.
func nameWords(field string) (words []string) {
	if local, domain, is := strings.Cut(field, "@"); is && local != "" && domain != "" {
		return []string{wordStart(field)}
	}
	for _, word := range strings.FieldsFunc(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
		words = append(words, wordStart(word))
	}
	return words
}

// wordStart is the beginning of a word.
func wordStart(word string) string {
	if r := []rune(word); len(r) > searchLetters {
		return string(r[:searchLetters])
	}
	return word
}
