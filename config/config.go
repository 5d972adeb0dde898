// Package config holds every option of porchlight.
//
// An option is declared once, as a field of [Config] or of one of its sections. The field has its
// type, and the struct tags its TOML key, default, doc and checks. Defaults, environment variables,
// `*_file` siblings of secrets, validation and the printed example are derived from that.
//
// Values come from three places: the environment wins over the TOML file, which wins over the Config
// that one starts from ([Default], or one made in code). Errors are of type [*Error], except that of
// [Write].
//
// A Config is a plain value, and the package has no state: any goroutine may call any function.
package config

import "time"

// Config is a complete configuration. The zero value is not valid; start from [Default] or [Load].
// Copies share their lists, so nobody may change an element; this package never does.
type Config struct {
	SuperOperators []string `toml:"super_operators" default:"" check:"required,jid" doc:"Operators who may do everything and can't be disabled or deleted."`

	XMPP     XMPP     `toml:"xmpp" doc:"The link to the XMPP server, as an external component (XEP-0114)."`
	Web      Web      `toml:"web" doc:"The visitors' side."`
	Store    Store    `toml:"store" doc:"Where everything is kept."`
	Cluster  Cluster  `toml:"cluster" doc:"Several porchlights (nodes) on one PostgreSQL database; see docs/cluster.md."`
	Timing   Timing   `toml:"timing" doc:"How long porchlight waits for people."`
	Identity Identity `toml:"identity" doc:"Visitors who are logged in on the website."`
	Email    Email    `toml:"email" doc:"The mail channel. It is off while smtp is empty."`
	Notify   Notify   `toml:"notify" doc:"How operators who are away, and super operators of alarms, are told beside XMPP. Each switches on what they want with the command notify."`
	Privacy  Privacy  `toml:"privacy" doc:"What porchlight keeps about visitors."`
	Limits   Limits   `toml:"limits" doc:"Sizes in bytes of UTF-8, rates per minute. Whatever exceeds a limit is refused before anything is stored."`
}

// XMPP is the component's account on its XMPP server.
type XMPP struct {
	Domain string `toml:"domain" default:"" check:"required,domain" doc:"The component's domain, as the XMPP server knows it."`
	Secret Secret `toml:"secret" default:"" check:"required" doc:"The password that the XMPP server expects from the component."`
	Server string `toml:"server" default:"127.0.0.1:5347" check:"required,hostport" doc:"The XMPP server's port for components."`
	Rooms  string `toml:"rooms" default:"" check:"domain" doc:"The server's service for rooms (MUC), e.g. conference.example.org, where the operators' room is made. Empty: no room."`

	RoomNotices bool `toml:"room_notices" default:"true" doc:"Say in the operators' room that a request waits, who took it, and that it is over."`
}

// Web is the HTTP side.
type Web struct {
	Listen         string   `toml:"listen" default:"127.0.0.1:8080" check:"required,listen" doc:"Address to serve HTTP on."`
	PublicURL      string   `toml:"public_url" default:"http://127.0.0.1:8080" check:"required,url" doc:"The URL under which browsers reach that address. Links begin with it."`
	AllowedOrigins []string `toml:"allowed_origins" default:"" check:"origin" doc:"Sites that may embed the widget."`
	TrustedProxies []string `toml:"trusted_proxies" default:"" check:"cidr" doc:"Reverse proxies whose X-Forwarded-For is believed."`
	MetricsListen  string   `toml:"metrics_listen" default:"" check:"listen" doc:"Address to serve metrics on, e.g. 127.0.0.1:9090. Empty: off."`
}

// Store is the database.
type Store struct {
	Path string `toml:"path" default:"porchlight.db" doc:"The database file, which the first start creates. A relative path starts at the working directory."`
	URL  Secret `toml:"url" default:"" check:"postgres" doc:"A PostgreSQL database (14 or newer) in place of the file; path has to go then. It is made by: CREATE DATABASE porchlight TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'. It is slower than a file on the same machine."`

	Listen Secret `toml:"listen" default:"" check:"postgres" doc:"The same database past PgBouncer, if url leads through one in transaction mode: what nodes tell each other (LISTEN) does not come through that. Empty: url."`
}

// Cluster is what a node of several needs beside [Store.URL].
type Cluster struct {
	Node  string        `toml:"node" default:"" check:"node" doc:"This node's name in logs, metrics and /readyz. Each node needs one of its own. Empty: the name of the machine."`
	Lease time.Duration `toml:"lease" default:"5s" check:"min=2s" doc:"When the node that has the XMPP link dies, another one takes the link after this time. It must be the same for all nodes."`
}

// Timing holds the waits that move a conversation on.
type Timing struct {
	Offer         time.Duration `toml:"offer" default:"30s" check:"min=1ms" doc:"After this time without an answer, a conversation that was passed on to one operator is offered to all. An operator who wants little traffic has four times as long."`
	VisitorGrace  time.Duration `toml:"visitor_grace" default:"2m" check:"min=1ms" doc:"When the visitor's page has been gone for this long, the conversation is closed (visitor-left). One that nobody has taken yet goes on as a ticket if the visitor has left an email address and mail is on."`
	OperatorGrace time.Duration `toml:"operator_grace" default:"60s" check:"min=1ms" doc:"When the owner has been offline for this long, the conversation is offered again."`
	WaitingLimit  time.Duration `toml:"waiting_limit" default:"3m" check:"min=1ms" doc:"When nobody has taken the request for this long, the visitor is asked for an email address (ticket)."`
	IdleWarn      time.Duration `toml:"idle_warn" default:"15m" check:"min=1ms" doc:"When nobody has written for this long, visitor and operator are warned."`
	IdleClose     time.Duration `toml:"idle_close" default:"30m" check:"min=1ms" doc:"When nobody has written for this long, the conversation is closed. It must be at least idle_warn."`
	Reopen        time.Duration `toml:"reopen" default:"336h" check:"min=0s" doc:"For this long a closed conversation may be continued. 0s: never."`
}

// Identity is how visitors prove who they are.
type Identity struct {
	Secret Secret `toml:"secret" default:"" doc:"The key (HS256) with which the website signs its visitors' identities. Empty: off."`

	Lasts time.Duration `toml:"lasts" default:"24h" check:"min=1m" doc:"A signed identity that ends (exp) later than this from now is refused. An identity with an audience (aud) is accepted only if the audience is web.public_url."`
}

// Email is the mail channel. It is off while SMTP is empty.
type Email struct {
	From string `toml:"from" default:"" check:"address" doc:"The sender of all mail. Required with smtp."`
	SMTP Secret `toml:"smtp" default:"" check:"scheme=smtp|smtps|smtp+insecure" doc:"The server for outgoing mail. smtp:// uses STARTTLS, smtps:// TLS, smtp+insecure:// no encryption (tests only)."`
	IMAP Secret `toml:"imap" default:"" check:"scheme=imap|imaps|imap+insecure" doc:"The server for incoming mail. The path names the mailbox, as in /INBOX. imap, imaps and imap+insecure encrypt like the schemes of smtp."`

	Acknowledge bool   `toml:"acknowledge" default:"true" doc:"Whoever has no operator to talk to at once, or writes by mail, is told by mail that the request has come, and outside the hours when you are back. Once for each request; see docs/email.md for the limits."`
	Language    string `toml:"language" default:"en" check:"oneof=en|de|es|fr" doc:"In which language mail goes to people of whom none is known, since neither their mail nor their browser said so."`

	Since        time.Duration `toml:"since" default:"0s" check:"min=0s" doc:"At the first start ever with this mailbox, mail that is in it and not older than this is answered, too. 0s: only what comes afterwards."`
	TokenCommand []string      `toml:"token_command" default:"" doc:"A command and its arguments, run without a shell for each login. Its first line of output is an OAuth 2 access token, which counts as the password of smtp and imap where the URL has a user and no password. It has 30 s, and renews the token if need be."`
	TokenPath    string        `toml:"token_path" default:"" doc:"A file whose first line is such a token. It is read anew for each login, so that something else may renew it."`
	Trust        string        `toml:"trust" default:"" doc:"A file with certificates (PEM) of authorities that may have signed the certificates of the mail servers, beside those that the system trusts."`
	DKIMKey      Secret        `toml:"dkim_key" default:"" check:"pem" doc:"With which mail is signed (DKIM), if the relay does not do that: RSA or Ed25519, as from: openssl genrsa 2048. porchlight check prints the record for the DNS. Empty: no signature of ours."`
	DKIMSelector string        `toml:"dkim_selector" default:"porchlight" check:"required,selector" doc:"The name of that key in the DNS: SELECTOR._domainkey.DOMAIN."`

	Authserv   string `toml:"authserv" default:"" doc:"The name under which your own mail server says whether senders are genuine (the authserv-id of Authentication-Results, RFC 8601), as in mx.example.org. Empty: nobody's word on that counts."`
	Subaddress string `toml:"subaddress" default:"+" check:"separator" doc:"What stands between the name and a mark in an address, as in support+MARK@example.org. Empty: the provider delivers no such addresses; then answers are known by the mail that they refer to only, and mail that came back by what it quotes."`

	PerMinute int           `toml:"per_minute" default:"60" check:"min=0" doc:"How many mails the relay is asked to take within a minute. What is more waits in the queue. 0: no limit."`
	KeepRaw   time.Duration `toml:"keep_raw" default:"2160h" check:"min=0s" doc:"For how long the bytes of mail that came and that went are kept in the database. Afterwards it still knows their ids, so that answers find their conversation. 0s: for ever."`

	UploadHosts []string `toml:"upload_hosts" default:"" check:"host" doc:"Where operators' clients put the files that they send (XEP-0363), with the port if it is not 443. Such a file goes with the mail if it has 5 MB or less, and all of a mail 7 MB; others go as links. A host in a private network has to be named by its address."`

	Mailboxes []Mailbox `toml:"mailboxes" default:"" doc:"Further mailboxes, each of a department. What comes there is asked of that department, and its mail comes from there. The mailbox in imap belongs to the department that is asked when none is named (support, or the first)."`
}

// Mailbox is the mailbox of a department.
type Mailbox struct {
	Department string `toml:"department" default:"" example:"sales" check:"required,department" doc:"The department's name, as the command departments shows it."`
	From       string `toml:"from" default:"" example:"Example Sales <sales@example.org>" check:"address" doc:"The sender of the department's mail. Empty: that of email.from."`
	IMAP       Secret `toml:"imap" default:"" example:"imaps://sales:PASSWORD@mail.example.org:993/INBOX" check:"required,scheme=imap|imaps|imap+insecure" doc:"As email.imap."`
}

// Notify is about the ways by which notices leave beside XMPP.
type Notify struct {
	Ways          []string `toml:"ways" default:"pushover,ntfy,webhook" check:"oneof=pushover|ntfy|webhook" doc:"What operators may switch on beside mail."`
	PushoverToken Secret   `toml:"pushover_token" default:"" check:"pushover" doc:"The token of the site's application at Pushover (pushover.net/apps/build). Empty: operators give the token of one of their own."`
	PushoverURL   string   `toml:"pushover_url" default:"https://api.pushover.net" check:"required,url" doc:"Where Pushover is asked."`
	WebhookSecret Secret   `toml:"webhook_secret" default:"" check:"webhook" doc:"With which posts to webhooks are signed (Standard Webhooks). Empty: operators give a secret of their own."`
	Networks      []string `toml:"networks" default:"" check:"cidr" doc:"Private networks in which webhooks and ntfy servers that operators name may be, e.g. 10.1.0.0/16. Public addresses always may be named."`
	Text          bool     `toml:"text" default:"false" doc:"Notices hold the beginning of what the visitor wrote. They go through services of others."`
}

// Privacy says what porchlight keeps about visitors.
type Privacy struct {
	KeepAddresses bool `toml:"keep_addresses" default:"false" doc:"Store the range around a visitor's network address with their request: a /24 (IPv4) or a /48 (IPv6), never the whole address. Blocking address ranges (!block-range) needs it. Without it nothing of the address is stored."`
}

// Limits bounds what visitors, operators and strangers may send and how often. "Client address" means
// the address that is found behind [Web.TrustedProxies].
type Limits struct {
	MessageBytes           int    `toml:"message_bytes" default:"8192" check:"min=1,max=65536" doc:"A message's text."`
	NameBytes              int    `toml:"name_bytes" default:"80" check:"min=1,max=1024" doc:"A visitor's name."`
	EmailBytes             int    `toml:"email_bytes" default:"254" check:"min=6,max=254" doc:"An email address (RFC 5321 §4.5.3.1.3)."`
	ReasonBytes            int    `toml:"reason_bytes" default:"4096" check:"min=1,max=65536" doc:"The reason of a request. The smaller of this and message_bytes counts."`
	URLBytes               int    `toml:"url_bytes" default:"2048" check:"min=1,max=65536" doc:"Address of the visitor's page, and its referrer."`
	BodyBytes              int    `toml:"body_bytes" default:"65536" check:"min=1,max=16777216" doc:"The whole body of a request, except for files. It must be at least message_bytes."`
	FileBytes              int    `toml:"file_bytes" default:"10485760" check:"min=0,max=1073741824" doc:"A file that a visitor sends. 0: visitors can't send files."`
	Files                  int    `toml:"files" default:"50" check:"min=1" doc:"Files of a visitor in one conversation."`
	FilesTotalBytes        int    `toml:"files_total_bytes" default:"10737418240" check:"min=0" doc:"All files together. When they have reached this size, no more files are accepted. 0: no limit."`
	Uploads                int    `toml:"uploads" default:"32" check:"min=1" doc:"Files that visitors send at the same time. When all places are taken and somebody else wants to send, the one who sends most files loses their slowest."`
	UploadsPerConversation int    `toml:"uploads_per_conversation" default:"4" check:"min=0" doc:"Files that one conversation sends at the same time. 0: no limit."`
	UploadsPerAddress      int    `toml:"uploads_per_address" default:"8" check:"min=0" doc:"Files that one client address sends at the same time; its network (/24 or /48) may send four times as many. 0: no limit."`
	LeastRate              int    `toml:"least_rate" default:"4096" check:"min=0" doc:"Bytes per second. A request is ended when its body comes slower than this on average, or when nothing comes for 20 s. 0: no average is required."`
	ConversationsPerMinute int    `toml:"conversations_per_minute" default:"10" check:"min=0" doc:"New conversations per client address; its network (/24 or /48) may open four times as many. 0: no limit."`
	SitePerMinute          int    `toml:"conversations_per_minute_site" default:"300" check:"min=0" doc:"New conversations of all visitors together. 0, or conversations_per_minute = 0: no limit."`
	Proof                  string `toml:"proof" default:"off" check:"oneof=off|storm|always" doc:"When a new conversation costs a proof of work, which the visitor's browser does by itself in about a second: never (off), while a storm of requests lasts (storm; see offers_at_once), or always. A visitor without script waits for some seconds and sends again instead; up to a tenth of conversations_per_minute_site may begin in this way."`
	ProofBits              int    `toml:"proof_bits" default:"18" check:"min=1,max=26" doc:"How many zero bits a proof of work must have. Each further bit doubles the work."`
	MessagesPerMinute      int    `toml:"messages_per_minute" default:"120" check:"min=0" doc:"Messages per client address; its network (/24 or /48) may send eight times as many. 0: no limit."`
	RequestsPerMinute      int    `toml:"requests_per_minute" default:"600" check:"min=0" doc:"Requests of any kind per client address; its network (/24 or /48) may make eight times as many. 0: no limit."`
	Waiting                int    `toml:"waiting" default:"1000" check:"min=1" doc:"Chats that may wait at the same time; and so many tickets, of which those that came by mail are never refused."`
	OffersAtOnce           int    `toml:"offers_at_once" default:"5" check:"min=0" doc:"How many offers an operator gets one by one within offers_within. Further offers come together in one message. More new requests than this are a storm, which raises an alarm. 0: no limit, and no storm."`
	CommandsPerMinute      int    `toml:"commands_per_minute" default:"1200" check:"min=0" doc:"Commands of one operator, as lines or forms. Messages to visitors don't count. 0: no limit."`
	StrangersPerMinute     int    `toml:"strangers_per_minute" default:"10" check:"min=0" doc:"Refusals that porchlight sends to an XMPP address which is no operator's; the address's domain gets six times as many. Further stanzas get no answer."`
	Streams                int    `toml:"streams" default:"20000" check:"min=1" doc:"Event streams that are open at the same time, but never more than 13/16 of the files that the system lets porchlight open (LimitNOFILE). When all places are taken, the one who has most streams loses one to somebody who has fewer."`
	StreamsPerConversation int    `toml:"streams_per_conversation" default:"1000" check:"min=0" doc:"Event streams that one conversation has open at the same time. 0: no limit."`
	StreamsPerAddress      int    `toml:"streams_per_address" default:"2000" check:"min=0" doc:"Event streams that one client address has open at the same time; its network (/24 or /48) may have four times as many. 0: no limit."`
	ConnectionsPerAddress  int    `toml:"connections_per_address" default:"1024" check:"min=0" doc:"Connections of one address that are no event streams, but never more than a quarter of the connections that the system lets porchlight have; its network (/24 or /48) may have twice as many. Connections of trusted proxies don't count. 0: no limit."`

	Visits           int `toml:"visits" default:"5000" check:"min=1" doc:"Pages of the site that are known at the same time, where the setting on-site is on. When all places are taken, the one who has most pages open loses one to somebody who has fewer."`
	VisitsPerAddress int `toml:"visits_per_address" default:"200" check:"min=0" doc:"Of them, pages that one client address has open; its network (/24 or /48) may have four times as many. 0: no limit."`

	OffersWithin time.Duration `toml:"offers_within" default:"10s" check:"min=1s" doc:"The time within which offers_at_once counts."`
}

// Reason returns the limit in bytes for the reason of a request. It is the smaller of ReasonBytes and
// MessageBytes, since the reason is also the conversation's first message.
func (l Limits) Reason() int { return min(l.ReasonBytes, l.MessageBytes) }

// Default returns a configuration in which every option has its default. It is not valid yet: the
// options that `porchlight config` marks as required are empty.
func Default() Config {
	var c Config
	for _, o := range options() {
		o.set(&c, o.parse(o.deflt)) // a test makes sure that no default is refused
	}
	return c
}
