package component

import (
	"strings"
	"sync"

	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// client is a chat program that operators use, with how to switch off encryption in it.
type client struct {
	name string
	node string        // a part of its capabilities' node (XEP-0115), lower case
	off  phrase.Phrase // how to switch off encryption
}

// clients lists the programs we know. The instructions name their own menu items.
func clients() []client {
	return []client{
		{"Conversations", "conversations.im", phrase.Say("In Conversations tap the lock above this chat and choose Unencrypted. For all new chats: Settings, Security, OMEMO Encryption, Off by default.")},
		{"Cheogram", "cheogram", phrase.Say("In Cheogram tap the lock above this chat and choose Unencrypted.")},
		{"Dino", "dino", phrase.Say("In Dino click the lock beside the text and choose Unencrypted. For all new chats: account preferences, OMEMO by default off.")},
		{"Gajim", "gajim", phrase.Say("In Gajim click the lock beside the text and choose Disabled (no encryption).")},
		{"Monal", "monal", phrase.Say("In Monal tap the lock above this chat. For all new chats: Settings, General Settings, Security, Enable encryption by default off.")},
		{"Profanity", "profanity", phrase.Say("In Profanity write /omemo end here, or /pgp end.")},
		{"Converse", "converse", phrase.Say("In Converse click the lock below the text.")},
	}
}

// programs remembers which program each operator's client is, while the client is
// online. Any goroutine may use it.
type programs struct {
	mu    sync.Mutex
	nodes map[string]string // of capabilities (XEP-0115), lower case, by full JID
}

func newPrograms() *programs { return &programs{nodes: make(map[string]string)} }

// note remembers the capabilities' node in a client's presence, and forgets the client
// when it is gone.
func (c *programs) note(p packet, gone bool) {
	node := strings.ToLower(p.el.Child(stanza.NSCaps, "c").Get("node"))
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case gone:
		delete(c.nodes, p.from.String())
	case node != "" && len(node) < 256:
		c.nodes[p.from.String()] = strings.Clone(node)
	}
}

// of recognises the program behind an operator's full JID by the node in its presence,
// or else by the resource, which most programs begin with their name.
func (c *programs) of(full stream.JID) (client, bool) {
	c.mu.Lock()
	node := c.nodes[full.String()]
	c.mu.Unlock()
	for _, k := range clients() {
		if strings.Contains(node, k.node) || node == "" && strings.HasPrefix(strings.ToLower(full.Resource), strings.ToLower(k.name)) {
			return k, true
		}
	}
	return client{}, false
}

// refuseEncrypted sends an encrypted message back, and says how to switch off encryption
// in the program that sent it.
func (c *Component) refuseEncrypted(p packet) {
	v := voice.For(c.bridge, p.operator)
	how := v.Say("Switch encryption (OMEMO) off for this chat.")
	if stanza.IsOTR(bodyOf(p.el)) {
		how = v.Say("Switch off-the-record messaging (OTR) off for this chat: in Profanity write /otr end and /otr policy manual; in Pidgin choose OTR, End private conversation.")
	} else if k, known := p.link.programs.of(p.from); known {
		how = v.Phrase(k.off)
	}
	c.bounce(p, "modify", "not-acceptable",
		v.Say("This message is encrypted, and neither porchlight nor a visitor's browser can read it. It was not delivered.")+" "+how+" "+v.Say("Then send it again."))
}
