package desk_test

import (
	"strings"
	"testing"
	"time"
)

// Whoever sets a notice while an end stands, perhaps that of an earlier notice, reads when it goes. An end that is over counts no more.
func TestSettings_NoticeSaysItsEnd(t *testing.T) {
	o := newOffice(t)
	for _, step := range []struct{ line, want string }{
		{"settings notice First", "notice: – → \"First\".\nBack: settings-reset notice"},
		{"settings notice-until 1m", "notice-until: – → 2026-11-21 12:01:00 UTC.\nBack: settings-reset notice-until"},
		{"settings notice Second", "notice: \"First\" → \"Second\".\nThe notice goes by itself: 2026-11-21 12:01:00 UTC. To keep it: settings-reset notice-until\nBack: settings notice First"},
		{"settings notice.de Zweite", "The notice goes by itself: 2026-11-21 12:01:00 UTC."},
		{"settings texts notice=Third greeting=Hello", "The notice goes by itself: 2026-11-21 12:01:00 UTC."},
	} {
		if got := o.say(xavi, "", step.line); !strings.Contains(got, step.want) {
			t.Errorf("%s: got %q, want %q", step.line, got, step.want)
		}
	}
	o.clock.move(2 * time.Minute)
	if got := o.say(xavi, "", "settings notice Fourth"); got != "notice: – → \"Fourth\".\nBack: settings-reset notice" {
		t.Errorf("got %q", got)
	}
	if got := o.bridge.Settings.Notice(); got[""] != "Fourth" {
		t.Errorf("the notice is %q", got)
	}
}

// Several settings at once, of any groups, are set by one line, and the line that takes them back is such a line, too.
func TestSettings_SeveralAtOnce(t *testing.T) {
	o := newOffice(t)
	for _, step := range []struct{ line, want string }{
		{"settings side=left sounds=on", "Settings: side right → left; sounds off → on.\nBack: settings side=right sounds=off"},
		{"settings side=right sounds=off", "Settings: side left → right; sounds on → off."},
		{"settings greeting=Hello there colour=#123456", "Settings: greeting – → Hello there; colour #27336b → #123456.\nBack: settings greeting= colour=#27336b"},
		{"settings greeting=a=b", "greeting: \"Hello there\" → \"a=b\"."},
		{"settings side=left", "side: right → left."},
		{"settings greeting.de=Hallo sounds=on", "error: A text in one language is set alone: settings greeting.de=hallo. Several at once have all languages of a text: settings texts greeting=…. Nothing was changed."},
		{"settings side=left foo=1", "error: "},
		{"settings foo", `error: "foo" is no setting. They are in groups: look, `},
		{"settings lok", `Did you mean look?`},
		{"settings retention 0d", `error: "0d" is out of bounds: it goes from 1d to 7320d, or is off. Nothing was changed.`},
		{"settings retention 1y", `error: "1y" is no span of time such as 30d, 52w or 365d. Nothing was changed.`},
		{"settings retention off", "retention: that is how it was."},
	} {
		if got := o.say(xavi, "", step.line); !strings.Contains(got, step.want) {
			t.Errorf("%s: got %q, want %q", step.line, got, step.want)
		}
	}
}
