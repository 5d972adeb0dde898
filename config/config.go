// Package config holds every option of porchlight.
//
// An option is declared once, as a field of [Config] or of one of its sections: the type is the
// field's, and the struct tags give its TOML key, default, doc and checks. Defaults, environment
// variables, `*_file` siblings of secrets, validation and the printed example are derived from that.
//
// A value is taken from, weakest first: the Config one starts from ([Default], or one made in
// code), the TOML file, the environment. All errors are of type [*Error].
//
// Nothing here is shared or changed behind the caller's back: every function may be called from any
// goroutine, and a Config is a plain value.
package config

import "time"

// Config is a complete configuration. The zero value is not valid; start from [Default] or [Load].
// Copies share their lists, which nothing in this package changes.
type Config struct {
	SuperOperators []string `toml:"super_operators" default:"" check:"required,jid" doc:"Operators who may do everything and can't be disabled or deleted."`

	XMPP     XMPP     `toml:"xmpp" doc:"The link to the XMPP server, as an external component (XEP-0114)."`
	Web      Web      `toml:"web" doc:"The visitors' side."`
	Store    Store    `toml:"store" doc:"Where everything is kept."`
	Timing   Timing   `toml:"timing" doc:"How long porchlight waits for people."`
	Identity Identity `toml:"identity" doc:"Visitors who are logged in on the website."`
	Email    Email    `toml:"email" doc:"The mail channel. All of it is off while smtp is empty."`
	Privacy  Privacy  `toml:"privacy" doc:"What is kept of visitors."`
	Limits   Limits   `toml:"limits" doc:"Sizes in bytes of UTF-8, rates per minute. What is over a limit is refused before anything is stored."`
}

// XMPP is the component's account on its XMPP server.
type XMPP struct {
	Domain string `toml:"domain" default:"" check:"required,domain" doc:"The component's domain, as the XMPP server knows it."`
	Secret Secret `toml:"secret" default:"" check:"required" doc:"The password the XMPP server has for the component."`
	Server string `toml:"server" default:"127.0.0.1:5347" check:"required,hostport" doc:"The XMPP server's port for components."`
	Rooms  string `toml:"rooms" default:"" check:"domain" doc:"The server's MUC service, e.g. conference.example.org, for the operators' room. Empty: no room."`

	RoomNotices bool `toml:"room_notices" default:"true" doc:"Say in the operators' room that a request waits, who took it, and that it is over."`
}

// Web is the HTTP side.
type Web struct {
	Listen         string   `toml:"listen" default:"127.0.0.1:8080" check:"required,listen" doc:"Address to serve HTTP on."`
	PublicURL      string   `toml:"public_url" default:"http://127.0.0.1:8080" check:"required,url" doc:"Where browsers reach that address; used in links."`
	AllowedOrigins []string `toml:"allowed_origins" default:"" check:"origin" doc:"Sites that may embed the widget."`
	TrustedProxies []string `toml:"trusted_proxies" default:"" check:"cidr" doc:"Reverse proxies whose X-Forwarded-For is believed."`
	MetricsListen  string   `toml:"metrics_listen" default:"" check:"listen" doc:"Address to serve metrics on, e.g. 127.0.0.1:9090. Empty: off."`
}

// Store is the database.
type Store struct {
	Path string `toml:"path" default:"porchlight.db" check:"required" doc:"The database file, made on first start. Relative to the working directory."`
}

// Timing holds the waits that move a conversation on.
type Timing struct {
	Offer         time.Duration `toml:"offer" default:"30s" check:"min=1ms" doc:"A conversation passed on to one operator is offered to all after this. Four times as long for one with little traffic."`
	VisitorGrace  time.Duration `toml:"visitor_grace" default:"2m" check:"min=1ms" doc:"The visitor's page is gone for this long: the conversation is closed (visitor-left)."`
	OperatorGrace time.Duration `toml:"operator_grace" default:"60s" check:"min=1ms" doc:"The owner is offline for this long: the conversation is offered again."`
	WaitingLimit  time.Duration `toml:"waiting_limit" default:"3m" check:"min=1ms" doc:"Nobody took the request for this long: the visitor is asked for an email address (ticket)."`
	IdleWarn      time.Duration `toml:"idle_warn" default:"15m" check:"min=1ms" doc:"Nobody wrote for this long: both are warned."`
	IdleClose     time.Duration `toml:"idle_close" default:"30m" check:"min=1ms" doc:"Nobody wrote for this long: the conversation is closed. Not before idle_warn."`
	Reopen        time.Duration `toml:"reopen" default:"336h" check:"min=0s" doc:"A closed conversation may be continued for this long. 0s: never."`
}

// Identity is how visitors prove who they are.
type Identity struct {
	Secret Secret `toml:"secret" default:"" doc:"Key (HS256) of the signed identities the website gives its visitors. Empty: off."`

	Lasts time.Duration `toml:"lasts" default:"24h" check:"min=1m" doc:"A signed identity whose end (exp) is further away than this is refused. One with an audience (aud) is accepted if that is web.public_url."`
}

// Email is the mail channel; off while SMTP is empty.
type Email struct {
	From string `toml:"from" default:"" check:"address" doc:"Sender of all mail. Needed with smtp."`
	SMTP Secret `toml:"smtp" default:"" check:"scheme=smtp|smtps|smtp+insecure" doc:"Outgoing mail. smtp:// is STARTTLS, smtps:// TLS, smtp+insecure:// no encryption (tests only)."`
	IMAP Secret `toml:"imap" default:"" check:"scheme=imap|imaps|imap+insecure" doc:"Incoming mail; the path names the mailbox, as in /INBOX. Schemes as for smtp."`
}

// Privacy is what is kept of visitors.
type Privacy struct {
	KeepAddresses bool `toml:"keep_addresses" default:"false" doc:"Keep the address from which a visitor came with their request. Needed for blocking address ranges (!block-range)."`
}

// Limits bounds what a visitor may send and how much of it. "Per client address" means the address
// after [Web.TrustedProxies].
type Limits struct {
	MessageBytes           int    `toml:"message_bytes" default:"8192" check:"min=1,max=65536" doc:"A message's text."`
	NameBytes              int    `toml:"name_bytes" default:"80" check:"min=1,max=1024" doc:"A visitor's name."`
	EmailBytes             int    `toml:"email_bytes" default:"254" check:"min=6,max=254" doc:"An email address (RFC 5321 §4.5.3.1.3)."`
	ReasonBytes            int    `toml:"reason_bytes" default:"4096" check:"min=1,max=65536" doc:"The reason of a request. The smaller of this and message_bytes counts."`
	URLBytes               int    `toml:"url_bytes" default:"2048" check:"min=1,max=65536" doc:"Address of the visitor's page, and its referrer."`
	BodyBytes              int    `toml:"body_bytes" default:"65536" check:"min=1,max=16777216" doc:"The whole body of a request, files aside. Not less than message_bytes."`
	FileBytes              int    `toml:"file_bytes" default:"10485760" check:"min=0,max=1073741824" doc:"A file that a visitor sends. 0: none are taken."`
	Files                  int    `toml:"files" default:"50" check:"min=1" doc:"Files of a visitor in one conversation."`
	FilesTotalBytes        int    `toml:"files_total_bytes" default:"10737418240" check:"min=0" doc:"All files together; when they are more no further ones are taken. 0: no limit."`
	Uploads                int    `toml:"uploads" default:"32" check:"min=1" doc:"Files that visitors send at one time. When all places are taken, the slowest file of whoever sends most gives way to somebody who sends fewer."`
	UploadsPerConversation int    `toml:"uploads_per_conversation" default:"4" check:"min=0" doc:"Of these, those of one conversation. 0: no limit."`
	UploadsPerAddress      int    `toml:"uploads_per_address" default:"8" check:"min=0" doc:"Of these, those of one client address; its network (/24 or /48) may send four times as many. 0: no limit."`
	LeastRate              int    `toml:"least_rate" default:"4096" check:"min=0" doc:"Bytes a second: a request whose body comes slower than this on average, or not at all for 20 s, is ended. 0: only the latter."`
	ConversationsPerMinute int    `toml:"conversations_per_minute" default:"10" check:"min=0" doc:"New conversations per client address; its network (/24 or /48) may open four times as many. 0: no limit."`
	SitePerMinute          int    `toml:"conversations_per_minute_site" default:"300" check:"min=0" doc:"New conversations of all visitors together. 0, or conversations_per_minute = 0: no limit."`
	Proof                  string `toml:"proof" default:"off" check:"oneof=off|storm|always" doc:"When a new conversation costs a proof of work, which the visitor's browser does by itself in about a second: off, while a storm of requests lasts (offers_at_once), or always. Without script the visitor waits for some seconds and sends again; of these a tenth of conversations_per_minute_site are taken."`
	ProofBits              int    `toml:"proof_bits" default:"18" check:"min=1,max=26" doc:"Zero bits of a proof of work; each one more doubles the work."`
	MessagesPerMinute      int    `toml:"messages_per_minute" default:"120" check:"min=0" doc:"Messages per client address; its network (/24 or /48) may send eight times as many. 0: no limit."`
	RequestsPerMinute      int    `toml:"requests_per_minute" default:"600" check:"min=0" doc:"Requests of any kind per client address; its network (/24 or /48) may make eight times as many. 0: no limit."`
	Waiting                int    `toml:"waiting" default:"1000" check:"min=1" doc:"Conversations that wait at one time."`
	OffersAtOnce           int    `toml:"offers_at_once" default:"5" check:"min=0" doc:"Offers that an operator gets one by one within offers_within. Further ones are told together; more new requests than that are a storm, which raises an alarm. 0: no limit, and no storm."`
	CommandsPerMinute      int    `toml:"commands_per_minute" default:"1200" check:"min=0" doc:"Commands of one operator, by lines to the desk or by forms. What they write to visitors is not counted. 0: no limit."`
	StrangersPerMinute     int    `toml:"strangers_per_minute" default:"10" check:"min=0" doc:"Refusals that one XMPP address gets which is no operator's; its domain gets six times as many. Then there is silence."`
	Streams                int    `toml:"streams" default:"20000" check:"min=1" doc:"Event streams open at one time, but never more than 13/16 of the files that the system lets porchlight open (LimitNOFILE). When all places are taken, whoever has most gives one to somebody who has fewer."`
	StreamsPerConversation int    `toml:"streams_per_conversation" default:"1000" check:"min=0" doc:"Of these, those of one conversation. 0: no limit."`
	StreamsPerAddress      int    `toml:"streams_per_address" default:"2000" check:"min=0" doc:"Of these, those of one client address; its network (/24 or /48) may have four times as many. 0: no limit."`
	ConnectionsPerAddress  int    `toml:"connections_per_address" default:"1024" check:"min=0" doc:"Connections of one address that are no event streams, but never more than a quarter of those that the system lets porchlight have; its network (/24 or /48) may have twice as many. Trusted proxies' connections are not counted. 0: no limit."`

	OffersWithin time.Duration `toml:"offers_within" default:"10s" check:"min=1s" doc:"The time for offers_at_once."`
}

// Reason returns the limit in bytes for the reason of a request: the reason is also the
// conversation's first message, so the smaller of ReasonBytes and MessageBytes.
func (l Limits) Reason() int { return min(l.ReasonBytes, l.MessageBytes) }

// Default returns the configuration that all defaults make. It is not yet valid: options without a
// sensible default (`porchlight config` marks them as required) are empty.
func Default() Config {
	var c Config
	for _, o := range options() {
		o.set(&c, o.parse(o.deflt)) // no default is refused: a test sets them all
	}
	return c
}
