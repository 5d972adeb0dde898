package webhook

import (
	"testing"

	"porchlight/bridge"
)

// The signature is that of the example in the documents of the receivers' libraries.
func TestSign(t *testing.T) {
	key, ok := bridge.WebhookKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if got := sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", `{"test": 2432232314}`); !ok || got != "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("signed %q", got)
	}
}
