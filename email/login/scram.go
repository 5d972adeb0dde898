package login

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/emersion/go-sasl"
	scram "mellium.im/sasl"
)

// mostRounds is how many rounds of hashing a server may ask for: a hundred times what servers use, and less than a
// second of work.
const mostRounds = 1_000_000

// errUnproved says that the server took our proof and gave none.
var errUnproved = errors.New("the server did not prove that it knows the password")

// firstScram is the strongest SCRAM that is offered with a suffix, if there is one.
func firstScram(a Account, o Offer, offered map[string]bool, suffix string) []*Exchange {
	for _, m := range []scram.Mechanism{scram.ScramSha256Plus, scram.ScramSha1Plus, scram.ScramSha256, scram.ScramSha1} {
		plus := bytes.HasSuffix([]byte(m.Name), []byte("-PLUS"))
		if plus != (suffix != "") || !offered[m.Name] {
			continue
		}
		options := []scram.Option{
			scram.Credentials(func() ([]byte, []byte, []byte) { return []byte(a.User), []byte(a.Password), nil }),
			scram.RemoteMechanisms(m.Name),
		}
		if plus {
			options = append(options, scram.TLSState(*o.TLS))
		}
		return []*Exchange{{Name: m.Name, client: &scramClient{name: m.Name, machine: scram.NewClient(m, options...)}}}
	}
	return nil
}

// scramClient is SCRAM (RFC 5802) by mellium's state machine.
type scramClient struct {
	name    string
	machine *scram.Negotiator
	steps   int  // how many challenges came
	proved  bool // the server has shown that it knows the password
}

// Start sends the name and a nonce.
func (c *scramClient) Start() (string, []byte, error) {
	_, first, err := c.machine.Step(nil)
	return c.name, first, err
}

// Next answers a challenge. It is not called again after an error, for the state machine would panic.
func (c *scramClient) Next(challenge []byte) ([]byte, error) {
	c.steps++
	if c.steps > 2 {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	if c.steps == 1 {
		if err := sound(challenge); err != nil {
			return nil, err
		}
	}
	_, answer, err := c.machine.Step(challenge)
	if err != nil {
		if c.steps == 2 {
			err = refusal(challenge)
		}
		return nil, err
	}
	if c.steps == 2 {
		c.proved, answer = true, []byte{}
	}
	return answer, nil
}

// refusal says why the server's last message (RFC 5802 §7, server-final-message) is no proof.
func refusal(challenge []byte) error {
	if reason, ok := bytes.CutPrefix(challenge, []byte("e=")); ok {
		return fmt.Errorf("the server refuses: %.100q", reason)
	}
	return errUnproved
}

// sound says what is wrong with a server's first message, r=…,s=…,i=… (RFC 5802 §7). The state machine does not end
// on an attribute without a value, and works as long as the server asks for.
func sound(challenge []byte) error {
	for field := range bytes.SplitSeq(challenge, []byte(",")) {
		if len(field) < 3 || field[1] != '=' {
			return fmt.Errorf("the server sent the attribute %.20q", field)
		}
		if field[0] != 'i' {
			continue
		}
		rounds, err := strconv.Atoi(string(field[2:]))
		if err != nil || rounds < 1 || rounds > mostRounds {
			return fmt.Errorf("the server asks for %.20q rounds; 1 to %d are possible", field[2:], mostRounds)
		}
	}
	return nil
}
