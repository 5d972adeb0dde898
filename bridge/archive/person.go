package archive

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Person is a visitor as a request for privacy means one: everything that is known of somebody, under whatever address
// here.
type Person struct {
	Visitors      []bridge.Visitor
	Conversations []bridge.Conversation // by number
	Open          []int64               // the numbers of those that have not ended
	Files, Mails  int
	Email         string // the address by which the person was looked for; "": by something else
	Alike         int    // visitors not among Visitors who gave an email address of one of these
	Joined        []Other
	names         []string // as operators call each of the Visitors
	Proved, Typed []Other  // the visitors who gave Email, by their last conversations: for whom it is proved, and who only typed it
}

// Between is when the first of the conversations was opened, and when the last one was opened or ended.
func (p Person) Between() (first, last time.Time) {
	for _, c := range p.Conversations {
		if first.IsZero() || c.OpenedAt.Before(first) {
			first = c.OpenedAt
		}
		for _, at := range []time.Time{c.OpenedAt, c.ClosedAt} {
			if at.After(last) {
				last = at
			}
		}
	}
	return first, last
}

// Other is a conversation that an operator joined with one of a person's, and that may be somebody else's: all that is known
// is an email address that anybody can type. It does not belong to the person.
type Other struct {
	Number int64
	Name   string // of its visitor
}

// Names are how the visitors of the person are called, each name once, the one that was given last first.
func (p Person) Names() (list []string) {
	for _, name := range slices.Backward(p.names) {
		if name != "" && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	if len(list) == 0 {
		list = append(list, bridge.Nameless)
	}
	return list
}

// emails are the addresses that the person gave, in lower case.
func (p Person) emails() (list []string) {
	for _, v := range p.Visitors {
		list = append(list, strings.ToLower(v.Email))
	}
	for _, c := range p.Conversations {
		list = append(list, strings.ToLower(c.Email))
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(e string) bool { return e == "" })
}

// most bounds how many conversations of one visitor are looked at, and how many visitors a name or an address is looked
// for in.
const (
	mostConversations = 10_000
	mostVisitors      = 4000
)

// FindPerson finds whom a text means: the number of a conversation, a visitor's address here, an email address, or a name.
// A number, an address here and a name mean one visitor, with those whose requests were merged with theirs and who are known to
// be the same person (bridge.SamePerson); an email address means everybody who gave it. If several are found by a name, several is true and p is empty:
// Bridge.Clients lists them. CodeNotFound says that there is nobody.
func (a *Archive) FindPerson(ctx context.Context, text string) (p Person, several bool, err error) {
	return a.find(ctx, text, false)
}

// FindOne is FindPerson for somebody whose data is handed out: an email address means those for whom it is proved, and, if there is
// none, the only one who typed it. If several did, several is true, and p has nothing but Email and Typed.
func (a *Archive) FindOne(ctx context.Context, text string) (p Person, several bool, err error) {
	return a.find(ctx, text, true)
}

func (a *Archive) find(ctx context.Context, text string, one bool) (p Person, several bool, err error) {
	text = strings.TrimSpace(text)
	err = a.store.ViewArchive(ctx, func(r Reader) (err error) {
		p, several = Person{}, false
		var seeds []bridge.VisitorJID
		if seeds, p.Email, err = look(r, text); err != nil {
			return err
		}
		if several = len(seeds) > 1 && p.Email == ""; several {
			return nil
		}
		if len(seeds) == 0 {
			return phrase.Fail(phrase.CodeNotFound, "There is no visitor %q. Write a number such as #12, an email address, or a name; clients lists the visitors.", bridge.Cut(text, 60))
		}
		if p.Email != "" {
			proved, typed, err := p.sort(r, seeds)
			switch {
			case err != nil:
				return err
			case one && len(proved) > 0:
				seeds = proved
			case one && len(typed) > 1:
				several = true
				return nil
			}
		}
		return p.collect(r, seeds)
	})
	return p, several, err
}

// sort tells the visitors for whom Email is proved from those who only typed it.
func (p *Person) sort(r Reader, seeds []bridge.VisitorJID) (proved, typed []bridge.VisitorJID, err error) {
	seeds = slices.Clone(seeds)
	slices.Sort(seeds)
	for _, jid := range slices.Compact(seeds) {
		v, err := r.Bridge().Visitor(jid)
		if err != nil {
			return nil, nil, err
		}
		c, err := r.Bridge().LatestConversation(jid)
		if err != nil {
			return nil, nil, err
		}
		o := Other{Number: c.Number}
		if o.Name, err = called(r, v, c.Number); err != nil {
			return nil, nil, err
		}
		if bridge.Proved(v, p.Email) {
			proved, p.Proved = append(proved, jid), append(p.Proved, o)
		} else {
			typed, p.Typed = append(typed, jid), append(p.Typed, o)
		}
	}
	return proved, typed, nil
}

// look finds the visitors whom a text means; email is set if it is an email address.
func look(r Reader, text string) (found []bridge.VisitorJID, email string, err error) {
	if n, bad := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64); bad == nil {
		c, err := r.Conversation(n)
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			return nil, "", phrase.Fail(phrase.CodeNotFound, "There is no conversation #%d.", n)
		}
		return []bridge.VisitorJID{c.Visitor}, "", err
	}
	jid := bridge.VisitorJID(strings.ToLower(text))
	if _, err := r.Bridge().Visitor(jid); phrase.CodeOf(err) != phrase.CodeNotFound {
		return []bridge.VisitorJID{jid}, "", err
	}
	words := bridge.SearchWords(text)
	if len(words) == 0 {
		return nil, "", nil
	}
	if strings.Contains(text, "@") && !strings.ContainsAny(text, " \t\n") {
		email = strings.ToLower(text)
		words = words[:1]
	}
	numbers, _, err := r.Bridge().FindVisitors(words, mostVisitors)
	slices.Sort(numbers)
	for _, n := range slices.Compact(numbers) {
		c, e := r.Conversation(n)
		if e == nil && email != "" {
			var gave bool
			if gave, e = gaveEmail(r, c.Visitor, email); !gave {
				c.Visitor = ""
			}
		}
		if err = cmp.Or(err, e); err == nil && c.Visitor != "" {
			found = append(found, c.Visitor)
		}
	}
	return found, email, err
}

// gaveEmail reports whether a visitor has ever given an email address.
func gaveEmail(r Reader, v bridge.VisitorJID, email string) (bool, error) {
	visitor, err := r.Bridge().Visitor(v)
	if err != nil || strings.EqualFold(visitor.Email, email) {
		return err == nil, err
	}
	list, err := r.Bridge().VisitorConversations(v, mostConversations)
	for _, c := range list {
		if err != nil || strings.EqualFold(c.Email, email) {
			return err == nil, err
		}
		request, e := r.Request(c.Number)
		if err = e; err == nil && strings.EqualFold(request.Email, email) {
			return true, nil
		}
	}
	return false, err
}

// collect adds visitors, everybody whose requests were merged with theirs and who is known to be the same person, and what
// there is of them.
func (p *Person) collect(r Reader, seeds []bridge.VisitorJID) error {
	seen := make(map[bridge.VisitorJID]bool)
	for len(seeds) > 0 {
		jid := seeds[0]
		seeds = seeds[1:]
		if seen[jid] {
			continue
		}
		seen[jid] = true
		v, err := r.Bridge().Visitor(jid)
		if err != nil {
			return err
		}
		list, err := r.Bridge().VisitorConversations(jid, mostConversations)
		if err != nil {
			return err
		}
		var newest int64
		for _, c := range list {
			newest = max(newest, c.Number)
		}
		name, err := called(r, v, newest)
		if err != nil {
			return err
		}
		p.Visitors, p.names = append(p.Visitors, v), append(p.names, name)
		for _, c := range list {
			more, err := p.add(r, c)
			if err != nil {
				return err
			}
			seeds = append(seeds, more...)
		}
	}
	slices.SortFunc(p.Conversations, func(a, b bridge.Conversation) int { return cmp.Compare(a.Number, b.Number) })
	slices.Sort(p.Open)
	p.Joined = slices.DeleteFunc(p.Joined, func(o Other) bool {
		return slices.ContainsFunc(p.Conversations, func(c bridge.Conversation) bool { return c.Number == o.Number })
	})
	slices.SortFunc(p.Joined, func(a, b Other) int { return cmp.Compare(a.Number, b.Number) })
	p.Joined = slices.Compact(p.Joined)
	return p.countAlike(r, seen)
}

// add adds a conversation, and returns the visitors of those that were merged with it, as far as they are the same person.
func (p *Person) add(r Reader, c bridge.Conversation) (more []bridge.VisitorJID, err error) {
	p.Conversations = append(p.Conversations, c)
	if c.State != bridge.Closed {
		p.Open = append(p.Open, c.Number)
	}
	files, err := r.Bridge().Files(c.Number, mostConversations)
	if err != nil {
		return nil, err
	}
	mails, err := r.CountMails(c.Number)
	if err != nil {
		return nil, err
	}
	p.Files, p.Mails = p.Files+len(files), p.Mails+mails
	joined, err := r.Bridge().MergedInto(c.Number)
	if err == nil && c.Into != 0 {
		var into bridge.Conversation
		into, err = r.Conversation(c.Into)
		joined = append(joined, into)
	}
	for _, j := range joined {
		same := false
		if err == nil {
			same, err = bridge.SamePerson(r.Bridge(), c, j)
		}
		if err == nil && same {
			more = append(more, j.Visitor)
		} else if err == nil {
			err = p.other(r, j)
		}
	}
	return more, err
}

// other notes a conversation that was joined with one of the person's and may be somebody else's.
func (p *Person) other(r Reader, c bridge.Conversation) error {
	v, err := r.Bridge().Visitor(c.Visitor)
	if err != nil {
		return err
	}
	name, err := called(r, v, c.Number)
	p.Joined = append(p.Joined, Other{c.Number, name})
	return err
}

// called is how operators call a visitor in a conversation of theirs, 0 if there is none: by the same name as in the queue.
func called(r Reader, v bridge.Visitor, number int64) (string, error) {
	q, err := r.Request(number)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = nil
	}
	q.Name = cmp.Or(v.Called, q.Name, v.Name, bridge.Nameless)
	return q.Called(), err
}

// countAlike counts the visitors whom an erasure of the person leaves though they gave the same email address.
func (p *Person) countAlike(r Reader, seen map[bridge.VisitorJID]bool) error {
	alike := make(map[bridge.VisitorJID]bool)
	for _, email := range p.emails() {
		if bridge.CleanText(email) == "" {
			continue
		}
		found, _, err := look(r, email)
		if err != nil {
			return err
		}
		for _, v := range found {
			if !seen[v] {
				alike[v] = true
			}
		}
	}
	p.Alike = len(alike)
	return nil
}
