package stanza

// The namespaces, named after what we use them for.
const (
	NSStanzas = "urn:ietf:params:xml:ns:xmpp-stanzas" // RFC 6120 §8.3
	NSRoster  = "jabber:iq:roster"                    // RFC 6121 §2

	NSData       = "jabber:x:data"                          // XEP-0004
	NSLast       = "jabber:iq:last"                         // XEP-0012
	NSInfo       = "http://jabber.org/protocol/disco#info"  // XEP-0030
	NSItems      = "http://jabber.org/protocol/disco#items" // XEP-0030
	NSMUC        = "http://jabber.org/protocol/muc"         // XEP-0045
	NSMUCUser    = NSMUC + "#user"                          // XEP-0045
	NSMUCAdmin   = NSMUC + "#admin"                         // XEP-0045
	NSMUCOwner   = NSMUC + "#owner"                         // XEP-0045
	NSRoomSetup  = NSMUC + "#roomconfig"                    // XEP-0045
	NSCommands   = "http://jabber.org/protocol/commands"    // XEP-0050
	NSVCard      = "vcard-temp"                             // XEP-0054
	NSPubsub     = "http://jabber.org/protocol/pubsub"      // XEP-0163
	NSEvent      = NSPubsub + "#event"                      // XEP-0163
	NSOOB        = "jabber:x:oob"                           // XEP-0066
	NSAvatarMeta = "urn:xmpp:avatar:metadata"               // XEP-0084
	NSAvatarTold = "urn:xmpp:avatar:metadata+notify"        // XEP-0163: wants events about the former
	NSAvatarData = "urn:xmpp:avatar:data"                   // XEP-0084
	NSStates     = "http://jabber.org/protocol/chatstates"  // XEP-0085
	NSVersion    = "jabber:iq:version"                      // XEP-0092
	NSCaps       = "http://jabber.org/protocol/caps"        // XEP-0115
	NSVCardPhoto = "vcard-temp:x:update"                    // XEP-0153
	NSNick       = "http://jabber.org/protocol/nick"        // XEP-0172
	NSReceipts   = "urn:xmpp:receipts"                      // XEP-0184
	NSPing       = "urn:xmpp:ping"                          // XEP-0199
	NSTime       = "urn:xmpp:time"                          // XEP-0202
	NSDelay      = "urn:xmpp:delay"                         // XEP-0203
	NSInvite     = "jabber:x:conference"                    // XEP-0249
	NSReplace    = "urn:xmpp:message-correct:0"             // XEP-0308
	NSMarkers    = "urn:xmpp:chat-markers:0"                // XEP-0333
	NSHints      = "urn:xmpp:hints"                         // XEP-0334
	NSPrivilege  = "urn:xmpp:privilege:2"                   // XEP-0356
	NSSID        = "urn:xmpp:sid:0"                         // XEP-0359
	NSReference  = "urn:xmpp:reference:0"                   // mentions, and the links in XEP-0385
	NSMedia      = "urn:xmpp:sims:1"                        // XEP-0385
	NSRetract    = "urn:xmpp:message-retract:1"             // XEP-0424
	NSFallback   = "urn:xmpp:fallback:0"                    // XEP-0428
	NSReaction   = "urn:xmpp:reactions:0"                   // XEP-0444
	NSSharing    = "urn:xmpp:sfs:0"                         // XEP-0447
	NSReply      = "urn:xmpp:reply:0"                       // XEP-0461
	NSCalls      = "urn:xmpp:jingle-message:0"              // XEP-0353

	NSPrivilegeOld = "urn:xmpp:privilege:1" // XEP-0356, before its version 0.4

	nsCarbons  = "urn:xmpp:carbons:2"                   // copies for other clients
	nsMetadata = "urn:xmpp:file:metadata:0"             // XEP-0446
	nsSource   = "http://jabber.org/protocol/url-data"  // the links in XEP-0447
	nsJingle   = "urn:xmpp:jingle:apps:file-transfer:5" // the descriptions in XEP-0385
	nsOldDelay = "jabber:x:delay"                       // XEP-0091, before XEP-0203
	nsOldState = "jabber:x:event"                       // typing, before XEP-0085
)
