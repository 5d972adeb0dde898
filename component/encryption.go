package component

import (
	"strings"

	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// client is a chat program that operators use, and how encryption is switched off
// in it.
type client struct {
	name string
	node string // what is in the node of its capabilities (XEP-0115), lower case
	off  phrase.Phrase
}

// clients lists those that are known. What is said follows their own menus.
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

// clientOf recognises the program behind an operator's full JID by what its presence
// said, or else by the resource, in which most put their name.
func (c *Component) clientOf(full stream.JID) (client, bool) {
	said, _ := c.nodes.Load(full.String())
	node, _ := said.(string)
	for _, k := range clients() {
		if strings.Contains(node, k.node) || node == "" && strings.HasPrefix(strings.ToLower(full.Resource), strings.ToLower(k.name)) {
			return k, true
		}
	}
	return client{}, false
}

// noteClient remembers which program an operator's resource is, as long as it is
// online.
func (c *Component) noteClient(p packet, gone bool) {
	node := strings.ToLower(p.el.Child(stanza.NSCaps, "c").Get("node"))
	switch {
	case gone:
		c.nodes.Delete(p.from.String())
	case node != "" && len(node) < 256:
		c.nodes.Store(p.from.String(), node)
	}
}

// refuseEncrypted sends an encrypted message back with how to switch that off in
// the program that it came from.
func (c *Component) refuseEncrypted(p packet) {
	v := voice.For(c.bridge, p.operator)
	how := v.Say("Switch encryption (OMEMO) off for this chat.")
	if stanza.IsOTR(bodyOf(p.el)) {
		how = v.Say("Switch off-the-record messaging (OTR) off for this chat: in Profanity write /otr end and /otr policy manual; in Pidgin choose OTR, End private conversation.")
	} else if k, known := c.clientOf(p.from); known {
		how = v.Phrase(k.off)
	}
	c.send(stanza.Error(p.el, "modify", "not-acceptable",
		v.Say("This message is encrypted, and neither porchlight nor a visitor's browser can read it. It was not delivered.")+" "+how+" "+v.Say("Then send it again.")))
}
