package ntfy_test

import (
	"mime"
	"net/netip"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/notify/ntfy"
	"porchlight/notify/post/posttest"
)

const token = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"

func TestMain(m *testing.M) { posttest.Main(m) }

func notice(s *posttest.Service) bridge.Notice {
	return bridge.Notice{Kind: bridge.NoticeRequests, Title: phrase.Say("Requests wait: %s", "bücher.example"), Text: phrase.Say("%s", "#1 Zoë, Support"), Link: "xmpp:desk@bücher.example?message;body=1",
		Operator: bridge.Operator{Notify: bridge.Notify{Ntfy: s.URL + "/porch", NtfyToken: token}}}
}

func channel() *ntfy.Channel {
	return ntfy.New(ntfy.Options{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Agent: "porchlight/test"})
}

// A notice is one post to the topic, with the operator's token and a title that may hold any letter.
func TestChannel_Send(t *testing.T) {
	s := posttest.Secure(t)
	n := notice(s)
	if err := channel().Send(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	n.Operator.Notify.NtfyToken, n.Kind, n.Text = "", bridge.NoticeTest, phrase.Say("%s", strings.Repeat("€", 2000))
	if err := channel().Send(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	got := s.Got()
	title, err := new(mime.WordDecoder).DecodeHeader(got[0].Header.Get("X-Title"))
	if err != nil || title != "Requests wait: bücher.example" || got[0].Method != "POST" || got[0].Path != "/porch" || got[0].Body != "#1 Zoë, Support" {
		t.Errorf("the post is %+v, its title %q, %v", got[0], title, err)
	}
	for name, want := range map[string]string{"Authorization": "Bearer " + token, "X-Priority": "4", "X-Click": "xmpp:desk@bücher.example?message;body=1", "User-Agent": "porchlight/test"} {
		if g := got[0].Header.Get(name); g != want {
			t.Errorf("%s is %q", name, g)
		}
	}
	if got[1].Header.Get("Authorization") != "" || got[1].Header.Get("X-Priority") != "3" || len(got[1].Body) > 4096 {
		t.Errorf("the other has %v and %d bytes", got[1].Header, len(got[1].Body))
	}
}

// A refusal is said in ntfy's words and not tried again, a used-up day is told apart, and all else is tried again.
func TestChannel_Answers(t *testing.T) {
	s := posttest.Secure(t)
	for _, a := range []struct {
		status int
		says   string
		code   phrase.Code
		want   string
	}{
		{403, `{"code":40301,"http":403,"error":"forbidden","link":"https://ntfy.sh/docs"}`, phrase.CodeInvalid, "ntfy says: forbidden"},
		{404, `page not found`, phrase.CodeInvalid, "ntfy says: 404"},
		{429, `{"code":42908,"http":429,"error":"limit reached: daily message quota reached"}`, phrase.CodeBusy, "ntfy takes no more messages today: limit reached: daily message quota reached"},
		{429, `{"code":42901,"http":429,"error":"limit reached: too many requests"}`, phrase.CodeInternal, "post to ntfy: status 429"},
		{502, `bad gateway`, phrase.CodeInternal, "post to ntfy: status 502"},
	} {
		s.Answer(a.status, a.says)
		err := channel().Send(t.Context(), notice(s))
		if phrase.CodeOf(err) != a.code || !strings.HasSuffix(err.Error(), a.want) {
			t.Errorf("%d %s: %v", a.status, a.says, err)
		}
	}
}

// A topic on a server of a private network needs the config's word.
func TestChannel_PrivateServer(t *testing.T) {
	s := posttest.Secure(t)
	if err := ntfy.New(ntfy.Options{}).Send(t.Context(), notice(s)); phrase.CodeOf(err) != phrase.CodeInvalid || len(s.Got()) > 0 {
		t.Errorf("a private address: %v, asked %d times", err, len(s.Got()))
	}
}
