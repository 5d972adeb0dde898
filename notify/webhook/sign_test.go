package webhook

import (
	"testing"
	"time"

	"porchlight/bridge"
)

// The signature is that of the example in the documents of the receivers' libraries.
func TestSign(t *testing.T) {
	key, ok := bridge.WebhookKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if got := sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", `{"test": 2432232314}`); !ok || got != "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("signed %q", got)
	}
}

// Whatever a receiver writes into Retry-After, it is no time in the past; whatever stands for a secret, a key of it is long enough.
func FuzzForeign(f *testing.F) {
	f.Add("120")
	f.Add("Sun, 29 Nov 2026 12:00:00 GMT")
	f.Add("99999999999999999999")
	f.Add("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	f.Fuzz(func(t *testing.T, text string) {
		if wait := asked(text, time.Unix(1_700_000_000, 0)); wait < 0 {
			t.Errorf("%q asks for %v", text, wait)
		}
		if key, ok := bridge.WebhookKey(text); ok && (len(key) < 24 || len(key) > 64) {
			t.Errorf("%q has a key of %d bytes", text, len(key))
		}
	})
}
