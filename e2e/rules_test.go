package e2e_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// rule is a scenario of what operators' clients need from porchlight, played with stanzas over a
// real server: send this, expect exactly that.
type rule struct {
	numbers []int // the numbers, among the 32 rules, that the scenario tries
	name    string
	try     func(*talk)      // in a conversation of its own
	alone   func(*testing.T) // or, instead, in an installation of its own
}

// rules lists the scenarios.
var rules = []rule{
	{[]int{1, 20}, "content comes from the bare address to the bare one, as chat, with a UUID, asking for receipt and marker", contentIsPlain, nil},
	{[]int{2}, "the address is the name: lower case, short, without escapes", addressIsTheName, nil},
	{[]int{3}, "who comes back has the same address", sameAddressAgain, nil},
	{[]int{4}, "the desk speaks from an address with a node, also to who writes to the domain", deskHasANode, nil},
	{[]int{5}, "every request is answered, what is unknown with service-unavailable", everyRequestIsAnswered, nil},
	{[]int{6}, "a visitor is an account, the desk a bot, and the node asked for is echoed", whatTheyAre, nil},
	{[]int{7}, "name, picture and presence come before the first message, and again with each client", introducedFirst, nil},
	{[]int{7, 9}, "presence follows the page: online, away while hidden, offline when gone", presenceFollowsThePage, nil},
	{[]int{8}, "the picture is served with and without its id, and as vCard, the same one", pictureIsServed, nil},
	{[]int{9}, "presence is taken back from whoever has no part in it any more", presenceIsTakenBack, nil},
	{[]int{9}, "nobody is left as a ghost when it ends, and all are back after the start", nil, presenceOutlastsNothing},
	{[]int{10}, "subscriptions to a visitor are answered both ways, and are never asked for", subscriptions, nil},
	{[]int{10}, "the desk alone asks for a subscription", nil, deskSubscribes},
	{[]int{11}, "those who talk to a visitor have them in their roster until it is over", nil, rosterHasVisitors},
	{[]int{12}, "the operators' guide says how encryption is switched off", settingIsDocumented, nil},
	{[]int{13}, "keys for encryption are answered empty, and what comes encrypted goes back", encryptionIsMet, nil},
	{[]int{14}, "!! sends a !, and what begins with one ! is never sent", exclamations, nil},
	{[]int{14}, "at the desk the ! may be left out, and so may take", deskLines, nil},
	{[]int{15}, "delayed copies, corrections, quotations and repetitions are not carried out", notTwice, nil},
	{[]int{16}, "commands are found at each address, and done there", commandsEverywhere, nil},
	{[]int{17}, "forms have a default action and no note, results one note", formsAreSimple, nil},
	{[]int{17}, "no action, execute, next and complete are the same", stepsAreAlike, nil},
	{[]int{18, 19}, "no command has a table, and every form has simple fields with labels", nothingFancy, nil},
	{[]int{20}, "typing is told to both sides and not kept", typingIsPassing, nil},
	{[]int{20, 21}, "the receipt is asked for, comes once, and is kept", receiptsComeOnce, nil},
	{[]int{20, 21}, "seen on the page is displayed in the client", displayedWhenSeen, nil},
	{[]int{22}, "a client that tells nothing of itself is as good as any", quietClient, nil},
	{[]int{23}, "any type of message with a body is taken, rooms' are refused", typesOfMessages, nil},
	{[]int{23}, "receipts, markers and retractions need no type", signalsWithoutType, nil},
	{[]int{24}, "errors are never answered", errorsEndThere, nil},
	{[]int{24}, "who can't be reached loses the conversation, and the others are asked", whoBlocksLoses, nil},
	{[]int{25}, "after a restart the desk says what may be lost", nil, gapIsTold},
	{[]int{26}, "a visitor's edit is of the original, and of the last message only", visitorEdits, nil},
	{[]int{26, 28}, "an offer that is the last message is corrected, and a late taker told", offerIsCorrected, nil},
	{[]int{27, 28}, "an offer that is not the last message is taken back", offerIsRetracted, nil},
	{[]int{27}, "what an operator takes back is taken back from the colleague", guestsSeeRetractions, nil},
	{[]int{29}, "a file of the visitor's is its link, twice", filesGoAsLinks, nil},
	{[]int{29}, "files of an operator's are taken from a link, OOB, SFS and SIMS", filesAreTaken, nil},
	{[]int{30}, "replies come without the quotation, reactions as they are", repliesAndReactions, nil},
	{[]int{31, 32}, "operators are invited to a room that is theirs and shows no addresses", nil, operatorsRoom},
}

// lastRule is the highest number that is tried; higher ones are about calls.
const lastRule = 32

// TestRules plays every scenario. Scenarios that share an installation run one after the other,
// each in a conversation of its own.
func TestRules(t *testing.T) {
	t.Parallel()
	s := start(t, settings{"limits.offers_at_once": "1000"}) // so many requests would be told together otherwise
	people := s.operators("xavi", "olga")
	for _, r := range rules {
		t.Run(fmt.Sprintf("%v %s", r.numbers, r.name), func(t *testing.T) {
			if r.alone != nil {
				t.Parallel()
				r.alone(t)
				return
			}
			k := begin(t, s, &person{people[0].Client, t}, &person{people[1].Client, t})
			defer k.ends(k.c)
			r.try(k)
		})
	}
}

// TestRules_AllAreTried: each rule has a scenario.
func TestRules_AllAreTried(t *testing.T) {
	tried := make(map[int]bool)
	for _, r := range rules {
		for _, n := range r.numbers {
			tried[n] = true
			if n < 1 || n > lastRule {
				t.Errorf("%s: there is no rule %d", r.name, n)
			}
		}
		if (r.try == nil) == (r.alone == nil) {
			t.Errorf("%s has no scenario, or two", r.name)
		}
	}
	for n := 1; n <= lastRule; n++ {
		if !tried[n] {
			t.Errorf("no scenario for rule %d", n)
		}
	}
}

// talk is a conversation between a visitor and Xavi, with Olga looking on.
type talk struct {
	t    *testing.T
	s    *site
	x, o *person
	c    *visitor.Conversation
	jid  string
	nth  string // what operators read behind the name of a second visitor of that name
}

// begin opens a conversation. Its page is closed until the test calls opens.
func begin(t *testing.T, s *site, x, o *person) *talk {
	t.Helper()
	k := &talk{t: t, s: s, x: x, o: o}
	k.c = k.ask("Anna Öst")
	k.jid = k.c.Visitor
	return k
}

// ask asks for a conversation.
func (k *talk) ask(name string) *visitor.Conversation {
	k.t.Helper()
	c, err := visitor.New(k.s.url).Ask(k.t.Context(), visitor.Inquiry{Name: name, Reason: "How?", Language: "de", Page: &visitor.Page{URL: "https://shop.example/pricing"}})
	if err != nil {
		k.t.Fatal(err)
	}
	return c
}

// opens opens the conversation's page until the end of the test, and returns its event stream.
func (k *talk) opens() *visitor.Stream {
	k.t.Helper()
	page, err := k.c.Stream(k.t.Context(), 0)
	if err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(page.Close)
	return page
}

// ends has the visitor end a conversation.
func (k *talk) ends(c *visitor.Conversation) {
	k.t.Helper()
	if err := c.Post(k.t.Context(), "/close", nil); err != nil {
		k.t.Error(err)
	}
}

// taken has Xavi take the conversation and read the transcript.
func (k *talk) taken() {
	k.t.Helper()
	k.x.Chat(demo.Desk, rand.Text(), fmt.Sprint(k.c.Number))
	k.x.reads(demo.Desk, fmt.Sprintf("#%d is yours: Anna Öst. Write to %s", k.c.Number, k.jid))
	k.x.reads(k.jid, fmt.Sprintf("#%d Anna Öst, Support\n…How?", k.c.Number), nickname)
}

// nickname is the visitor's name in the first message of a conversation (XEP-0172 §4.2).
const nickname = "<nick xmlns='http://jabber.org/protocol/nick'>Anna Öst</nick>"

// says has the visitor say something, and returns the stanza that Xavi gets.
func (k *talk) says(text string) *stream.Element {
	k.t.Helper()
	k.writes(text)
	return k.x.reads(k.jid, text)
}

// writes has the visitor say something, and returns the event's number.
func (k *talk) writes(text string) int64 {
	k.t.Helper()
	stored, err := k.c.Write(k.t.Context(), "", text)
	if err != nil {
		k.t.Fatal(err)
	}
	return stored.Seq
}

// log returns all that the visitor can read.
func (k *talk) log() string {
	k.t.Helper()
	var texts []string
	for _, e := range k.events() {
		texts = append(texts, e.Text)
	}
	return strings.Join(texts, "\n")
}

func (k *talk) events() []visitor.Event {
	k.t.Helper()
	log, err := k.c.Poll(k.t.Context(), 0, 0)
	if err != nil {
		k.t.Fatal(err)
	}
	return log.Events
}

// command writes a !line and reads the answer.
func (k *talk) command(p *person, line, answer string) {
	k.t.Helper()
	p.Chat(k.jid, rand.Text(), line)
	p.reads(k.jid, "[Desk] "+answer)
}

// transmits sends a message that has only the given elements inside, and returns its id.
func (p *person) transmits(kind, to string, inside ...*stream.Element) string {
	p.t.Helper()
	id := rand.Text()
	if err := p.Send(stream.New("", "message", inside...).With("type", kind, "to", to, "id", id)); err != nil {
		p.t.Fatal(err)
	}
	return id
}

// handled waits until porchlight has handled all that the person sent to an address. Stanzas to
// one address are handled in order, so the answer to a ping comes last.
func (p *person) handled(to string) {
	p.t.Helper()
	p.iq("get", to, stream.New("urn:xmpp:ping", "ping"))
}

// silence fails if any stanza matches that came in answer to what was sent to an address before.
func (p *person) silence(to, what string, m operator.Match) {
	p.t.Helper()
	p.handled(to)
	for _, el := range p.All() {
		if m(el) {
			p.t.Errorf("%s: %s", what, el.Append(nil))
		}
	}
}

// body is a message's body, for transmits.
func body(text string) *stream.Element { return stream.Text("", "body", text) }
