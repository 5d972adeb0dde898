package bridge

import (
	"cmp"
	"context"
	"net/url"
	"regexp"
	"strings"

	"porchlight/bridge/phrase"
)

// Answer is a text that operators have stored to send it again and again.
type Answer struct {
	Name string // lower case, one word
	Text string // may have the placeholders {visitor}, {operator} and {site}
}

// Answers keeps the stored answers. Its methods may be called by any goroutine.
type Answers struct {
	store Store
	most  int    // the most bytes of a text
	site  string // what {site} becomes if the visitor's page is not known
}

// answerName matches one word that can't be taken for a number.
var answerName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)

// placeholder matches what is filled in or looks like it: words in braces.
var placeholder = regexp.MustCompile(`\{+[\pL\pN_. -]+\}+`)

// checkPlaceholders refuses a text with a placeholder that Fill does not know, since the
// visitor would read it as it is.
func checkPlaceholders(text string) error {
	for _, p := range placeholder.FindAllString(text, -1) {
		switch p {
		case "{visitor}", "{operator}", "{site}":
		default:
			return phrase.Fail(phrase.CodeInvalid, "%s is not filled in: there are {visitor}, {operator} and {site}.", Cut(p, 40))
		}
	}
	return nil
}

// List lists the stored answers, by name.
func (s *Answers) List(ctx context.Context) ([]Answer, error) {
	var list []Answer
	err := s.store.View(ctx, func(r Reader) (err error) {
		list, err = r.Answers()
		return err
	})
	return list, err
}

// Save stores an answer, or changes the one of that name. before is the text that it had, ""
// if it is new. CodeInvalid and CodeTooLarge say what is wrong with the answer.
func (s *Answers) Save(ctx context.Context, a Answer) (before string, err error) {
	a.Name, a.Text = strings.ToLower(a.Name), CleanText(a.Text)
	if !answerName.MatchString(a.Name) {
		return "", phrase.Fail(phrase.CodeInvalid, "%q is no name for an answer: it begins with a letter and has letters, digits, - and _ only.", Cut(a.Name, 40))
	}
	if a.Text == "" {
		return "", phrase.Fail(phrase.CodeInvalid, "An empty answer was not stored.")
	}
	if len(a.Text) > s.most {
		return "", tooLong("text", s.most)
	}
	if err := checkPlaceholders(a.Text); err != nil {
		return "", err
	}
	err = s.store.Update(ctx, func(tx Tx) error {
		list, err := tx.Answers()
		before = ""
		for _, old := range list {
			if old.Name == a.Name {
				before = old.Text
			}
		}
		if err != nil {
			return err
		}
		return tx.SaveAnswer(a)
	})
	return before, err
}

// Delete deletes an answer; CodeNotFound says that there is none of that name.
func (s *Answers) Delete(ctx context.Context, name string) error {
	return s.store.Update(ctx, func(tx Tx) error { return tx.DeleteAnswer(strings.ToLower(name)) })
}

// Fill puts names into an answer's text. The names themselves are not searched for
// placeholders, so a visitor's name can't bring any in.
func (a Answer) Fill(visitor, operator, site string) string {
	return strings.NewReplacer("{visitor}", visitor, "{operator}", operator, "{site}", site).Replace(a.Text)
}

// Site is what {site} becomes: the host of the page on which the visitor asked, or, if that is
// not known, the host of the visitors' side.
func (s *Answers) Site(c Card) string { return cmp.Or(host(c.Request.Page.URL), s.site) }

// host is the host of a URL, "" if it has none.
func host(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return u.Host
}
