package bridge

import (
	"cmp"
	"context"
	"crypto/hmac"
	"encoding/base64"
	"strings"

	"porchlight/bridge/phrase"
)

// NoticesPath is below the URL of the visitors' side; a token follows it, by which an operator ends notices
// by mail.
const NoticesPath = "/unsubscribe/notices/"

// noticesTo is the address at which an operator gets notices by mail.
func (o Operator) noticesTo() string { return cmp.Or(o.Notify.MailTo, string(o.JID)) }

// noticesLink is the link by which the reader of a notice ends such mails (RFC 8058); "" if there is no page
// for it. It holds for one operator and one address.
func (m *Mailroom) noticesLink(o OperatorJID, to string) string {
	if m.bridge.opts.PublicURL == "" {
		return ""
	}
	about := string(o) + "\x00" + to
	return m.bridge.opts.PublicURL + NoticesPath + base64.RawURLEncoding.EncodeToString([]byte(about)) + "." + m.bridge.Tokens.Seal(noticesUse, about)
}

// noticesUse is what noticesLink seals for.
const noticesUse = "notices by mail"

// Notified finds whose notices a token is about, and where they go; going is false if they go there no
// more. CodeNotFound says that the token is not ours.
func (m *Mailroom) Notified(token string) (o Operator, to string, going bool, err error) {
	coded, seal, _ := strings.Cut(token, ".")
	about, wrong := base64.RawURLEncoding.DecodeString(coded)
	if wrong != nil || !hmac.Equal([]byte(seal), []byte(m.bridge.Tokens.Seal(noticesUse, string(about)))) {
		return o, "", false, phrase.Fail(phrase.CodeNotFound, "This link is not known here.")
	}
	jid, to, _ := strings.Cut(string(about), "\x00")
	o, ok := m.bridge.Team.Operator(OperatorJID(jid))
	return o, to, ok && o.Notify.Mail && strings.EqualFold(o.noticesTo(), to), nil
}

// EndNotices lets no more notices go by mail to the operator of a token, and tells them so at the desk. That
// none go any more is no error.
func (m *Mailroom) EndNotices(ctx context.Context, token string) error {
	o, to, going, err := m.Notified(token)
	if err != nil || !going {
		return err
	}
	if _, err := m.bridge.Team.Change(ctx, o.JID, func(o *Operator) { o.Notify.Mail = false }); err != nil {
		return err
	}
	return m.bridge.Team.Tell(ctx, o.JID, phrase.Say("No more notices go by mail to %s: the link in one of them was used. notify mail on takes it back.", to))
}
