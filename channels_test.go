package main

import (
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/config"
)

// A secret of a webhook is valid in the config if, and only if, it is valid at the desk. The two rooms may not know of
// each other.
func TestWebhookSecrets_AreJudgedAlike(t *testing.T) {
	for _, s := range []string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_",
		"whsec_" + strings.Repeat("A", 84) + "AA==", "whsec_" + strings.Repeat("A", 88), "whsec_" + strings.Repeat("A", 40) + "\n"} {
		cfg := config.Default()
		cfg.SuperOperators, cfg.XMPP.Domain, cfg.XMPP.Secret = []string{"xavi@example.org"}, "support.example.org", config.NewSecret("s3cret")
		cfg.Notify.WebhookSecret = config.NewSecret(s)
		if err := cfg.Validate(); (err == nil) != bridge.ValidWebhookSecret(s) {
			t.Errorf("%q: the config says %v, the bridge %v", s, err, bridge.ValidWebhookSecret(s))
		}
	}
}

// Of the ways that the config names, each has a channel; mail has one of its own.
func TestChannels_AreThoseOfTheConfig(t *testing.T) {
	cfg := config.Default()
	var ways []string
	for _, ch := range channels(cfg) {
		ways = append(ways, string(ch.Way()))
	}
	if got := strings.Join(ways, ","); got != strings.Join(cfg.Notify.Ways, ",") {
		t.Errorf("there are channels of %s", got)
	}
	cfg.Notify.Ways = []string{"ntfy"}
	if list := channels(cfg); len(list) != 1 || list[0].Way() != bridge.ByNtfy {
		t.Errorf("there are %d channels", len(list))
	}
}
