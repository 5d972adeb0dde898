package smtp

import (
	"errors"
	"net/url"
)

// schemes are the kinds of security by the scheme of a URL.
var schemes = map[string]Security{"smtp": StartTLS, "smtps": TLS, "smtp+insecure": Insecure}

// ParseURL reads where the relay is and who we are from a URL: smtp://USER:PASSWORD@HOST:PORT, or with smtps or
// smtp+insecure. User and password may be missing. The error never shows a password.
func ParseURL(text string) (Options, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Options{}, errors.New("read SMTP relay: it is no URL") // url's error quotes the password
	}
	security, known := schemes[u.Scheme]
	if !known || u.Hostname() == "" || u.Port() == "" {
		return Options{}, errors.New("read SMTP relay: it is not smtp://, smtps:// or smtp+insecure:// with host and port")
	}
	o := Options{Addr: u.Host, Security: security}
	if u.User != nil {
		o.Account.User = u.User.Username()
		o.Account.Password, _ = u.User.Password()
	}
	return o, nil
}
