package setting

import (
	"slices"
	"time"
)

// The settings. All says what each is.
const (
	AccentColour Name = "colour"
	DarkColour   Name = "colour-dark"
	Side         Name = "side"
	Theme        Name = "theme"
	Icon         Name = "icon"
	Sounds       Name = "sounds"
	Faces        Name = "faces"
	AskName      Name = "name"
	AskEmail     Name = "email"
	AskPhone     Name = "phone"
	OwnFields    Name = "fields"
	Greeting     Name = "greeting"
	LauncherText Name = "launcher"
	LauncherAway Name = "launcher-offline"
	NoticeText   Name = "notice"
	NoticeEnds   Name = "notice-until"
	WhenOffline  Name = "offline"
	OfflineText  Name = "offline-text"
	WhatsApp     Name = "whatsapp"
	ConsentText  Name = "consent"
	Escalation   Name = "escalation"
	Reminders    Name = "reminders"
	Retention    Name = "retention"
	OnSite       Name = "on-site"
	OnSiteQuery  Name = "on-site-query"
)

// The values of WhenOffline.
const (
	OfflineForm = "form"
	OfflineHide = "hide"
	OfflineMail = "mail"
)

// The values of OnSite.
const (
	OnSiteOff    = "off"
	OnSiteOpen   = "open"
	OnSiteLoaded = "loaded"
)

// The values of AskName, AskEmail and AskPhone.
const (
	NotAsked = "off"
	Asked    = "optional"
	Required = "required"
)

// day is what people mean by a day in settings.
const day = 24 * time.Hour

// All declares every setting, by group in the order of Groups.
func All() []Setting {
	return slices.Concat(look(), form(), texts(), offline(), times(), privacy())
}

func look() []Setting {
	return []Setting{
		{Name: AccentColour, Group: Look, Type: Colour, Label: "Colour", Default: "#27336b", Place: InWidget, Example: "#1a73e8",
			Help: "The colour of the button, of the panel's head and of the visitor's own messages. White text stands on it and must be readable there (contrast 4.5:1)."},
		{Name: DarkColour, Group: Look, Type: Colour, Label: "Colour in the dark", Place: InWidget, Example: "#4657ad",
			Help: "The same for visitors whose screens are dark. Empty: the same colour."},
		{Name: Side, Group: Look, Type: Choice, Label: "Side", Default: "right", Place: InWidget,
			Options: []Option{{Value: "right", Help: "The button stands at the right."}, {Value: "left", Help: "The button stands at the left."}},
			Help:    "The side of the page at which the button stands."},
		{Name: Theme, Group: Look, Type: Choice, Label: "Theme", Default: "porch", Place: InWidget,
			Options: []Option{{Value: "porch", Help: "A head in the colour, as it is without a theme."}, {Value: "paper", Help: "Warm white, with a quiet head; the colour is left to buttons and to the visitor's messages."},
				{Value: "lamp", Help: "Always dark, in the yellow of the bulb."}},
			Help: "What the widget and the page /chat look like as a whole."},
		{Name: Icon, Group: Look, Type: Choice, Label: "Icon", Default: "bulb", Place: InWidget,
			Options: []Option{{Value: "bulb", Help: "The bulb, lit while somebody is here."}, {Value: "chat", Help: "A speech bubble, lit while somebody is here."}, {Value: "question", Help: "A question mark."}},
			Help:    "What is drawn on the button."},
		{Name: Sounds, Group: Look, Type: YesNo, Label: "Sounds", Default: off, Place: InWidget,
			Help: "A short sound when an operator's message comes while the visitor looks elsewhere."},
		{Name: Faces, Group: Look, Type: YesNo, Label: "Faces", Default: on, Place: InWidget,
			Help: "Visitors see who is here by name and picture, and the picture of who answers: the one that operators have in their XMPP account. Operators can switch it off for themselves: status face off. off: visitors see only the name of who answers."},
	}
}

func form() []Setting {
	asked := []Option{{Value: NotAsked, Help: "The form does not ask for it."}, {Value: Asked, Help: "Visitors may leave it empty."}, {Value: Required, Help: "Visitors have to fill it in."}}
	return []Setting{
		{Name: AskName, Group: Form, Type: Choice, Label: "Name", Default: Asked, Options: asked, Place: InWidget,
			Help: "Whether the form asks for the visitor's name."},
		{Name: AskEmail, Group: Form, Type: Choice, Label: "Email", Default: Asked, Options: asked, Place: InWidget,
			Help: "Whether the form asks for the visitor's email address. When nobody is here it is always required."},
		{Name: AskPhone, Group: Form, Type: Choice, Label: "Phone", Default: NotAsked, Options: asked, Place: InWidget,
			Help: "Whether the form asks for the visitor's phone number."},
		{Name: OwnFields, Group: Form, Type: Fields, Label: "Fields of your own", Many: 10, Place: Both, Example: "Order number!; Product: Shop, App; Customer: yes/no",
			Help: "What else the form asks, with ; between: a name alone for a text, a name and values for a list, a name and yes/no for a box; ! says that it has to be filled in. Offers and info show the answers. off: nothing."},
	}
}

func texts() []Setting {
	return []Setting{
		{Name: Greeting, Group: Texts, Type: Words, Label: "Greeting", Letters: 400, Place: InWidget, Example: "Hello! What can we do for you?",
			Help: "What stands above the form when somebody is here."},
		{Name: LauncherText, Group: Texts, Type: Words, Label: "Text on the button", Letters: 30, Place: InWidget, Example: "Ask us",
			Help: "What the button says above ONLINE, in place of \"Chat with us\"."},
		{Name: LauncherAway, Group: Texts, Type: Words, Label: "Text on the button when nobody is here", Letters: 30, Place: InWidget, Example: "Leave a message",
			Help: "What the button says above OFFLINE, in place of \"Leave a message\"."},
		{Name: NoticeText, Group: Texts, Type: Words, Label: "Notice", Letters: 400, Place: InWidget, Example: "Payments are down, we know.",
			Help: "A notice above the form and above each conversation, seen at once on all open pages."},
		{Name: NoticeEnds, Group: Texts, Type: Moment, Label: "The notice ends", Place: InWidget, Example: "18:00",
			Help: "When the notice goes by itself: a time, a day and a time, or how long from now. off: it stays until it is taken back."},
	}
}

func offline() []Setting {
	return []Setting{
		{Name: WhenOffline, Group: Offline, Type: Choice, Label: "When nobody is here", Default: OfflineForm, Place: InWidget,
			Options: []Option{{Value: OfflineForm, Help: "Visitors can leave a message when nobody is here."}, {Value: OfflineHide, Help: "The button is gone from the site when nobody is here."},
				{Value: OfflineMail, Help: "Visitors are shown the address for mail when nobody is here."}},
			Help: "What visitors see when nobody is here: the form, nothing, or the address for mail."},
		{Name: OfflineText, Group: Offline, Type: Words, Label: "Text when nobody is here", Letters: 400, Place: InWidget, Example: "Leave us a message",
			Help: "What stands above the form, or the address, when nobody is here."},
		{Name: WhatsApp, Group: Offline, Type: YesNo, Label: "WhatsApp", Default: on, Place: InWidget,
			Help: "Visitors see the WhatsApp number of an operator who has set one."},
	}
}

// The words of Escalation.
const (
	StepRepeat   = "repeat"
	StepRoom     = "room"
	StepOverflow = "overflow"
	StepSuper    = "super"
	StepNotices  = "notices"
)

// The words of Reminders.
const (
	StepOwner      = "owner"
	StepColleagues = "colleagues"
	StepTakeover   = "takeover"
)

func times() []Setting {
	return []Setting{
		{Name: Escalation, Group: Times, Type: Steps, Label: "When nobody takes a request", Default: "1m repeat, 2m room, 4m super, 6m notices", Place: Both,
			Example: "1m repeat, 2m room, 3m overflow, 4m super, 6m notices", Steps: []string{StepRepeat, StepRoom, StepOverflow, StepSuper, StepNotices},
			Help: "What is done while a chat waits and nobody takes it; times count from its beginning. repeat: who was asked is asked anew. room: the operators' room is told. overflow: the operators of the department's overflow department are asked, too. super: the super operators are asked, too. notices: who was asked is told by their other ways as well. The visitor is told that more help is called. off: nothing is done."},
		{Name: Reminders, Group: Times, Type: Steps, Label: "When an operator does not answer", Default: "1m owner, 3m owner, 5m colleagues, 5m takeover", Place: AtDesk,
			Example: "2m owner, 4m owner, 6m colleagues, 8m takeover", Steps: []string{StepOwner, StepColleagues, StepTakeover},
			Help: "What is done while a visitor who is on the page has no answer. owner: the operator is reminded. colleagues: the department's operators and the operators' room are told. takeover: anybody of the department may take the conversation over (take N !). Nobody is reminded more often than once a minute. off: nothing is done."},
	}
}

func privacy() []Setting {
	return []Setting{
		{Name: ConsentText, Group: Privacy, Type: Words, Label: "Consent", Letters: 1000, Place: Both, Example: "I agree that what I write is stored for 30 days.",
			Help: "A text before the form with a box to tick. No request is taken without it; the log keeps when which text was agreed to."},
		{Name: Retention, Group: Privacy, Type: Duration, Label: "Keep conversations for", Default: off, Shortest: day, Longest: 20 * 366 * day, Place: AtDesk, Example: "365d",
			Help: "How long conversations are kept after they ended; then they are deleted for good. A department may have its own time. off: for ever."},
		{Name: OnSite, Group: Privacy, Type: Choice, Label: "Who is on the site", Default: OnSiteOff, Place: Both,
			Options: []Option{{Value: OnSiteOff, Help: "Pages tell nothing of themselves, and nobody is invited."}, {Value: OnSiteOpen, Help: "Operators see visitors who have opened the widget."},
				{Value: OnSiteLoaded, Help: "Operators see all visitors of pages with the widget."}},
			Help: "Whether operators see who is on the site's pages (visitors) and may invite them. Such a page tells once a minute which page it is; nothing is stored in the browser for it before the visitor has opened the widget, and nothing in the database."},
		{Name: OnSiteQuery, Group: Privacy, Type: YesNo, Label: "Pages with their query", Default: off, Place: Both,
			Help: "Whether operators see what stands behind the ? in the addresses of the pages on which visitors are. It may hold what is secret."},
	}
}
