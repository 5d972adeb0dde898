package letter

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// What a header's lines are read as, and where the body begins.
func TestReadHeader(t *testing.T) {
	for _, c := range []struct {
		name, raw  string
		part       bool
		want       header
		body       string
		mended, ok bool
	}{
		{"usual", "From: a\r\nTo: b\r\n\r\nbody", false, header{{"from", "a"}, {"to", "b"}}, "body", false, true},
		{"folded", "Subject: a\r\n b\r\n\tc\r\n\r\nbody", false, header{{"subject", "a b c"}}, "body", false, true},
		{"lines of Unix", "From: a\nTo: b\n\nbody", false, header{{"from", "a"}, {"to", "b"}}, "body", false, true},
		{"not of use", "X-Mailer: x\r\n and more\r\nFrom: a\r\n\r\nbody", false, header{{"from", "a"}}, "body", false, true},
		{"any case, blanks before the colon", "SUBJECT : a\r\n\r\n", false, header{{"subject", "a"}}, "", false, true},
		{"a field twice", "To: a\r\nTo: b\r\n\r\n", false, header{{"to", "a"}, {"to", "b"}}, "", false, true},
		{"a line without a colon", "From: a\r\nno field\r\n of any kind\r\nTo: b\r\n\r\nbody", false, header{{"from", "a"}, {"to", "b"}}, "body", true, true},
		{"mailbox", "From ann Sat\r\nFrom: a\r\n\r\nbody", false, header{{"from", "a"}}, "body", true, true},
		{"quoted mailbox", ">From ann Sat\r\nFrom: a\r\n\r\nbody", false, header{{"from", "a"}}, "body", true, true},
		{"blank in front", " From: a\r\nTo: b\r\n\r\nbody", false, header{{"from", "a"}, {"to", "b"}}, "body", true, true},
		{"empty lines in front", "\r\n\r\nFrom: a\r\n\r\nbody", false, header{{"from", "a"}}, "body", true, true},
		{"a body alone", "\r\nJust text\r\n", false, nil, "Just text\r\n", false, true},
		{"a part without a header", "\r\nSubject: is text\r\n", true, nil, "Subject: is text\r\n", false, true},
		{"no empty line before the body", "From: a\r\nHello Bob\r\nhow are you\r\n", false, header{{"from", "a"}}, "Hello Bob\r\nhow are you\r\n", true, true},
		{"no header at all", "Hello Bob", false, nil, "Hello Bob", true, true},
		{"no body", "From: a\r\n", false, header{{"from", "a"}}, "", false, true},
		{"NUL", "From: a\x00b\r\n\r\n", false, header{{"from", "ab"}}, "", true, true},
		{"raw Latin-1", "Subject: J\xfcrgen\r\n\r\n", false, header{{"subject", "Jürgen"}}, "", true, true},
		{"raw UTF-8", "Subject: Jürgen\r\n\r\n", false, header{{"subject", "Jürgen"}}, "", false, true},
	} {
		h, body, flaws := readHeader([]byte(c.raw), c.part)
		if !slices.Equal(h, c.want) || string(body) != c.body || slices.Contains(flaws, HeaderMended) != c.mended {
			t.Errorf("%s: %q, body %q, flaws %v", c.name, h, body, flaws)
		}
	}
}

// A field is cut at 16 KB, between two characters; only 64 fields of a name are kept.
func TestReadHeader_Limits(t *testing.T) {
	h, _, flaws := readHeader([]byte("Subject: a"+strings.Repeat("ü", maxField)+"\r\n\r\n"), false)
	if n := len(h.get("subject")); n > maxField || n < maxField-2 || !slices.Contains(flaws, HeaderCut) || slices.Contains(flaws, HeaderMended) {
		t.Errorf("%d bytes, %v", n, flaws)
	}
	h, _, flaws = readHeader([]byte(strings.Repeat("To: a\r\n", 1000)+"From: b\r\n\r\n"), false)
	if len(h) != maxSame+1 || h.get("from") != "b" || !slices.Contains(flaws, HeaderCut) {
		t.Errorf("%d fields, %v", len(h), flaws)
	}
}

func FuzzReadHeader(f *testing.F) {
	f.Add([]byte("From: a\r\nno field\r\nTo: b\r\n c\r\n\r\nbody"), false)
	f.Add([]byte("From ann\n\n Subject: \xff\x00\n\n"), false)
	f.Add([]byte("\r\nx"), true)
	f.Fuzz(func(t *testing.T, raw []byte, part bool) {
		h, body, _ := readHeader(raw, part)
		if len(body) > len(raw) || !strings.HasSuffix(string(raw), string(body)) {
			t.Errorf("the body %q is not the end of the mail", body)
		}
		for _, f := range h {
			if !useful[f.name] || len(f.value) > 3*maxField || strings.ContainsAny(f.value, "\r\n\x00") {
				t.Errorf("field %q: %q", f.name, f.value)
			}
		}
	})
}

func TestDecodeWords(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                   "plain",
		"=?utf-8?Q?a_b=C3=BC?= c":                 "a bü c",
		"=?utf-8?q?a?= =?utf-8?q?b?=":             "ab",
		"=?utf-8?q?a?= x =?utf-8?q?b?=":           "a x b",
		"x=?utf-8?q?a?=y":                         "xay",
		"=?utf-8*en?Q?a?=":                        "a",
		"=?UTF-8?B?R3LDvMOf?= =?bogus?Q?x=E9?=":   "Grüßxé",
		"=?utf-8?B?8J+Y?= =?utf-8?B?gA==?=":       "\U0001F600",
		"=?utf-8?B?R3LDvMOf":                      "=?utf-8?B?R3LDvMOf",
		"=?utf-8?X?a?=":                           "=?utf-8?X?a?=",
		"=?utf-8?Q?a?= =?utf-8?Q?broken":          "a =?utf-8?Q?broken",
		"=?iso-8859-1?Q?=80?=":                    "€",
		"=?iso-8859-1?Q?a b?=":                    "a b",
		"=?utf-8?B?R3Ls!!?=":                      "Grì",
		"=??=":                                    "=??=",
		"=?utf-8?Q??=":                            "",
		"=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?= =?":   "aé =?",
		"=?us-ascii?Q?caf=C3=A9?=":                "café",
		"=?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?= y": "=?utf-8?Q?x?= y",
	} {
		if got := decodeWords(in); got != want {
			t.Errorf("%q: %q, should be %q", in, got, want)
		}
	}
}

func FuzzDecodeWords(f *testing.F) {
	f.Add("=?utf-8?Q?a_b=C3=BC?= =?x-foo?B?R3LDvMOf?= x =?")
	f.Add("=?iso-2022-jp?B?GyRCQ20bKEI=?= =?gb2312?q?=C1?=")
	f.Fuzz(func(t *testing.T, s string) {
		shown(t, "a line", line(s), true)
	})
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string][]Address{
		"ann@example.org":       {{"", "ann@example.org"}},
		"Ann <Ann@Example.ORG>": {{"Ann", "ann@example.org"}},
		"\"Smith, Ann\" <ann@example.org>, Bob <bob@example.org>": {{"Smith, Ann", "ann@example.org"}, {"Bob", "bob@example.org"}},
		"ann@example.org (Ann (the \\) second))":                  {{"Ann (the ) second)", "ann@example.org"}},
		"(x) <ann@example.org>":                                   {{"x", "ann@example.org"}},
		"undisclosed-recipients:;":                                nil,
		"Team: ann@example.org, bob@example.org;, c@example.org":  {{"", "ann@example.org"}, {"", "bob@example.org"}, {"", "c@example.org"}},
		"<>":                                  nil,
		"":                                    nil,
		"Smith, Ann <ann@example.org>":        {{"Ann", "ann@example.org"}},
		"Ann <ann@example.org":                {{"Ann", "ann@example.org"}},
		"\"Ann <ann@example.org>":             {{"", "ann@example.org"}},
		"real@example.org <evil@example.net>": {{"real@example.org", "evil@example.net"}},
		"=?utf-8?Q?J=C3=BCrgen?= <j@example.org>":                          {{"Jürgen", "j@example.org"}},
		"\"=?utf-8?Q?J=C3=BCrgen?=\" <j@example.org>":                      {{"Jürgen", "j@example.org"}},
		"<@relay.example,@b.example:ann@example.org>":                      {{"", "ann@example.org"}},
		"Ann <ann@exam ple.org>":                                           {{"Ann", "ann@example.org"}},
		"a@b@example.org":                                                  {{"", "a@b@example.org"}},
		"ann@example.org; bob@example.org":                                 {{"", "ann@example.org"}, {"", "bob@example.org"}},
		"ann@exam\u202Eple.org":                                            nil,
		"<mailto:ann@example.org>":                                         {{"", "ann@example.org"}},
		"=?utf-8?Q?Smith,_Ann?= <ann@example.org>":                         {{"Smith, Ann", "ann@example.org"}},
		"Ann\u202E <ann@example.org>":                                      {{"Ann", "ann@example.org"}},
		"Ann =?utf-8?Q?=0D=0ABcc:_x@example.net?= <ann@example.org>":       {{"Ann Bcc: x@example.net", "ann@example.org"}},
		"ann@example.org <ann@example.org> <bob@example.org>, c@d.example": {{"ann@example.org", "bob@example.org"}, {"", "c@d.example"}},
	} {
		if got := addresses(in); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, should be %q", in, got, want)
		}
	}
}

func FuzzAddresses(f *testing.F) {
	f.Add("\"Smith, Ann\" <ann@example.org>, bob@example.org (Bob), Team: c@d;")
	f.Add("<@a:b@c>, \"x <y@z>")
	f.Fuzz(func(t *testing.T, s string) {
		for _, a := range addresses(s) {
			shown(t, "a name", a.Name, true)
			shown(t, "an address", a.Addr, true)
			if at := strings.LastIndexByte(a.Addr, '@'); at <= 0 || at == len(a.Addr)-1 || strings.ContainsAny(a.Addr, " <>,;") || a.Addr != strings.ToLower(a.Addr) {
				t.Errorf("address %q", a.Addr)
			}
		}
	})
}

func TestMessageIDs(t *testing.T) {
	for in, want := range map[string][]string{
		"<a@x> <b@x>":                          {"a@x", "b@x"},
		"<a@x><b@x>":                           {"a@x", "b@x"},
		"<a@\tx .org>":                         {"a@x.org"},
		"<cut@ <a@x> <b":                       {"a@x"},
		"a@x, b@x":                             {"a@x", "b@x"},
		"Your message of Fri <a@x> (kept)":     {"a@x"},
		"<noat> <a@x>":                         {"a@x"},
		"<>":                                   nil,
		"":                                     nil,
		"<A.b@X>":                              {"A.b@X"},
		"<" + strings.Repeat("a", 999) + "@x>": nil,
	} {
		if got := messageIDs(in); !slices.Equal(got, want) {
			t.Errorf("%q: %q, should be %q", in, got, want)
		}
	}
	var many []string
	for i := range 300 {
		many = append(many, "<"+strings.Repeat("i", i+1)+"@x>")
	}
	got := messageIDs(strings.Join(many, " "))
	if len(got) != maxReferences || got[0] != "i@x" || len(got[99]) != 302 {
		t.Errorf("%d ids, first %q, last %q", len(got), got[0], got[99])
	}
}

func FuzzMessageIDs(f *testing.F) {
	f.Add("<a@x> <b@\t x> <cut@ <c@x> d@x")
	f.Fuzz(func(t *testing.T, s string) {
		for _, id := range messageIDs(s) {
			shown(t, "an id", id, true)
			if len(id) > maxID || !strings.Contains(id, "@") || strings.ContainsAny(id, "<> \t") {
				t.Errorf("id %q", id)
			}
		}
	})
}

func TestBaseSubject(t *testing.T) {
	for in, want := range map[string]string{
		"Your order":                      "Your order",
		"Re: Your order":                  "Your order",
		"RE: AW: Fwd: WG: sv: Your order": "Your order",
		"Re[2]: Re^3: Re(4): Your order":  "Your order",
		"[list] Re: [#123] Your order":    "Your order",
		"Re: Your order (fwd)":            "Your order",
		"回复：订单":                           "订单",
		"Réf : Votre commande":            "Votre commande",
		"Odp: Zamówienie":                 "Zamówienie",
		"[#123]":                          "[#123]",
		"Re:":                             "",
		"Regarding: my order":             "Regarding: my order",
		"Order:  two   blanks":            "Order: two blanks",
		"":                                "",
	} {
		if got := BaseSubject(in); got != want {
			t.Errorf("%q: %q, should be %q", in, got, want)
		}
	}
	for in, want := range map[string]int64{"Re: [#123] x": 123, "[#0012]": 12, "#123": 0, "[#1234567890123]": 0, "": 0} {
		if got := TicketNumber(in); got != want {
			t.Errorf("%q: %d, should be %d", in, got, want)
		}
	}
}

func FuzzBaseSubject(f *testing.F) {
	f.Add("Re: AW: [list] Your order (fwd)")
	f.Fuzz(func(t *testing.T, s string) {
		base := BaseSubject(s)
		if again := BaseSubject(base); again != base || len(base) > len(s) {
			t.Errorf("%q becomes %q and then %q", s, base, again)
		}
		_ = TicketNumber(s)
	})
}

// Only the topmost field counts, and only if it is the receiving server's.
func TestDMARC(t *testing.T) {
	const ours = "mx.example.com"
	for _, c := range []struct {
		name   string
		fields []string
		server string
		want   string
	}{
		{"pass", []string{"mx.example.com; spf=pass; dmarc=pass (p=none) header.from=x"}, ours, "pass"},
		{"fail", []string{"MX.example.com 1; dmarc=fail action=none header.from=x; dkim=pass"}, ours, "fail"},
		{"a quoted server", []string{`"mx.example.com"; dmarc = Pass`}, ours, "pass"},
		{"a version of the method", []string{"mx.example.com; dmarc/1=pass"}, ours, "pass"},
		{"another server's", []string{"mx.evil.example; dmarc=pass"}, ours, ""},
		{"another server's above ours", []string{"mx.evil.example; dmarc=pass", "mx.example.com; dmarc=pass"}, ours, ""},
		{"ours twice", []string{"mx.example.com; dmarc=fail", "mx.example.com; dmarc=pass"}, ours, "fail"},
		{"nothing configured", []string{"mx.example.com; dmarc=pass"}, "", ""},
		{"nothing configured, a server without a name", []string{`""; dmarc=pass`}, "", ""},
		{"no result", []string{"mx.example.com; none"}, ours, ""},
		{"in a comment", []string{"mx.example.com; spf=fail (; dmarc=pass); dmarc=fail"}, ours, "fail"},
		{"in a quoted string", []string{`mx.example.com; spf=fail reason="; dmarc=pass"; dmarc=fail`}, ours, "fail"},
		{"in another word", []string{"mx.example.com; x-dmarc=pass; spf=pass smtp.mailfrom=dmarc=pass"}, ours, ""},
		{"not a word", []string{"mx.example.com; dmarc=p\u00e4ss"}, ours, ""},
	} {
		var h header
		for _, f := range c.fields {
			h = append(h, field{"authentication-results", f})
		}
		if got := dmarc(h, c.server); got != c.want {
			t.Errorf("%s: %q, should be %q", c.name, got, c.want)
		}
	}
}

func FuzzDMARC(f *testing.F) {
	f.Add("mx.example.com 1; spf=pass (a (b) \\) c) reason=\"; d\"; dmarc=fail")
	f.Fuzz(func(t *testing.T, s string) {
		if got := dmarc(header{{"authentication-results", s}}, "mx.example.com"); got != lettersOnly(got) {
			t.Errorf("%q", got)
		}
	})
}

// The header says the same whether the body is read or not.
func TestReadHeader_SaysWhatReadSays(t *testing.T) {
	files, err := filepath.Glob("testdata/mails/*.eml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		whole, head := Read(raw, Options{}), ReadHeader(raw, Options{})
		if whole.ID != head.ID || whole.From != head.From || whole.Subject != head.Subject || !whole.Date.Equal(head.Date) {
			t.Errorf("%s: the header says %q %v %q %v, the whole mail %q %v %q %v", file, head.ID, head.From, head.Subject, head.Date, whole.ID, whole.From, whole.Subject, whole.Date)
		}
		if head.Text != "" || head.Files != nil {
			t.Errorf("%s: the header has a body", file)
		}
	}
}
