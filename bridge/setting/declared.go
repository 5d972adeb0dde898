package setting

import "time"

// The settings. All says what each is.
const (
	AccentColour Name = "colour"
	Side         Name = "side"
	WhenOffline  Name = "offline"
	OfflineText  Name = "offline-text"
	WhatsApp     Name = "whatsapp"
	Retention    Name = "retention"
)

// The values of WhenOffline.
const (
	OfflineForm = "form"
	OfflineHide = "hide"
	OfflineMail = "mail"
)

// day is what people mean by a day in settings.
const day = 24 * time.Hour

// All declares every setting, by group in the order of Groups.
func All() []Setting {
	return []Setting{
		{Name: AccentColour, Group: Look, Type: Colour, Label: "Colour", Default: "#27336b", On: White, Place: InWidget,
			Help: "The colour of the button, the head of the panel and the visitor's own messages, such as #1a73e8. Text in it must be readable on white."},
		{Name: Side, Group: Look, Type: Choice, Label: "Side", Default: "right", Choices: []string{"right", "left"}, Place: InWidget,
			Help: "The side of the page at which the button stands."},
		{Name: WhenOffline, Group: Offline, Type: Choice, Label: "What the site shows", Default: OfflineForm, Choices: []string{OfflineForm, OfflineHide, OfflineMail}, Place: InWidget,
			Help: "What visitors see when nobody is here. form: they leave a message. hide: the button is gone. mail: they are shown your address for mail."},
		{Name: OfflineText, Group: Offline, Type: Words, Label: "Text above the form", Most: 400, Place: InWidget,
			Help: "What stands above the form when nobody is here."},
		{Name: WhatsApp, Group: Offline, Type: YesNo, Label: "WhatsApp", Default: "on", Place: InWidget,
			Help: "Visitors see the WhatsApp number of an operator who has set one."},
		{Name: Retention, Group: Privacy, Type: Duration, Label: "Keep conversations for", Default: "off", Most: int64(20 * 366 * day), Place: AtDesk,
			Help: "How long conversations are kept after they ended, such as 365d. off: for ever."},
	}
}
