package webwidget_test

import (
	"encoding/json"
	"html"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const german = "Accept-Language: de-AT,de;q=0.9,en;q=0.8"

// A refusal is in the language that the request asks for, while its type is the same in all.
func TestRefusal_InTheReadersLanguage(t *testing.T) {
	s := start(t, func(set *setup) { set.MessagesPerMinute = 2 }).online()
	o := s.ask("")
	token := "Authorization: Bearer " + o.Token
	path := "/v1/conversations/" + o.ID
	for _, c := range []struct {
		path, body, accept, language string
		status                       int
		code, detail, field          string
	}{
		{"/v1/conversations", `{"reason":" "}`, german, "de", 422, "invalid", "Einige Felder müssen noch einmal geprüft werden.", "Sagen Sie, wobei Sie Hilfe brauchen."},
		{"/v1/conversations", `{"reason":" "}`, "Accept-Language: sv, es;q=0.5", "es", 422, "invalid", "Hay que revisar algunos campos.", "Diga en qué necesita ayuda."},
		{"/v1/conversations", `{"reason":" "}`, "Accept-Language: sv", "en", 422, "invalid", "Some fields need another look.", "Say what you need help with."},
		{"/v1/conversations", `{"reason":" "}`, "Accept: */*", "en", 422, "invalid", "Some fields need another look.", "Say what you need help with."},
		{path + "/messages", `{"text":"` + strings.Repeat("x", 8193) + `"}`, german, "de", 413, "too-large", "Das Feld text ist zu lang. Nur die ersten 8192 Zeichen passen hinein.", "Nur die ersten 8192 Zeichen passen hinein."},
		{path + "/messages", `{`, "Accept-Language: fr", "fr", 400, "malformed", "Le contenu n’est pas du JSON : voir l’octet 1.", ""},
		{path + "/messages", `{"text":"x"}`, german, "de", 429, "busy", "Von Ihrer Adresse kamen zu viele Nachrichten. Bitte warten Sie eine Minute.", ""},
		{"/v1/nowhere", ``, german, "de", 404, "not-found", "Hier ist nichts.", ""},
	} {
		r := s.do("POST", c.path, c.body, c.accept, token)
		p := r.refused(t, c.status, c.code)
		if p.Detail != c.detail || r.header.Get("Content-Language") != c.language {
			t.Errorf("%s, %s: %q in %q, want %q in %s", c.path, c.accept, p.Detail, r.header.Get("Content-Language"), c.detail, c.language)
		}
		for field, wrong := range p.Errors {
			if wrong != c.field {
				t.Errorf("%s, %s: %s %q, want %q", c.path, c.accept, field, wrong, c.field)
			}
		}
		if c.field != "" && len(p.Errors) == 0 {
			t.Errorf("%s, %s: no field is named", c.path, c.accept)
		}
	}
}

// What the system says in a log reaches each reader in the language that they ask for, or
// else in the one in which the conversation was begun. That is so for streams, for polls and
// for the page without script.
func TestEvents_TheSystemSpeaksTheReadersLanguage(t *testing.T) {
	const english, german, spanish, french = "Are you still there? This conversation ends soon if nobody writes.",
		"Sind Sie noch da? Dieses Gespräch endet bald, wenn niemand schreibt.",
		"¿Sigue ahí? Esta conversación terminará pronto si nadie escribe.",
		"Êtes-vous toujours là ? Cette conversation se terminera bientôt si personne n’écrit."
	s := start(t, func(set *setup) { set.timing.IdleWarn = time.Millisecond }).online()
	o := s.ask(`{"name":"Ana","email":"ana@example.org","reason":"Hola","language":"es-MX"}`)
	path, token := "/v1/conversations/"+o.ID+"/events", "Authorization: Bearer "+o.Token
	live := map[string]*client{
		german:  s.follow(path, token, "Accept-Language: de-AT,de;q=0.9"),
		english: s.follow(path, token, "Accept-Language: en-GB"),
		spanish: s.follow(path, token),
	}
	s.answer(o, "Hola")
	s.runTimers()
	for want, c := range live {
		e, _ := c.event()
		for e.From != "system" {
			e, _ = c.event()
		}
		if e.Text != want {
			t.Errorf("a stream says %q, want %q", e.Text, want)
		}
	}
	for language, want := range map[string]string{"de": german, "en": english, "fr-CH, de;q=0.5": french, "sv": spanish, "": spanish} {
		var p piece
		s.do("GET", path+"?after=0", "", token, "Accept-Language: "+language).into(t, 200, &p)
		if got := p.Events[len(p.Events)-1].Text; got != want {
			t.Errorf("a poll in %q says %q, want %q", language, got, want)
		}
		if language != "sv" && language != "" {
			s.browser().load("GET", "/chat", nil, "Cookie: porchlight_chat="+o.ID+"."+o.Token, "Accept-Language: "+language).shows(200, html.EscapeString(want))
		}
	}
}

// The page without script speaks the visitor's language in every state: no text that has a
// translation is left in English.
func TestChat_InTheVisitorsLanguage(t *testing.T) {
	clock := &moved{}
	s := start(t, func(set *setup) { set.Proof, set.clock, set.MessagesPerMinute = "always", clock, 3 }).
		withDepartments(bridge.Department{Name: "sales", Title: "Vertrieb"}).online()
	b := s.browser()
	b.language = "de-AT,de;q=0.9,en;q=0.8"
	b.open("/chat").german(200, "ONLINE", "Abteilung", "Vertrieb (online)", "Wie können wir helfen?", "(optional)", "Gespräch beginnen")
	b.send("/chat", map[string]string{"reason": "Hallo"}).german(428, "zählen Sie bitte bis 5")
	clock.move(5 * time.Second)
	wait := b.doc
	b.send("/chat", map[string]string{"reason": " ", "email": "falsch"}).german(422, "Das ist keine E-Mail-Adresse.", "Sagen Sie, wobei Sie Hilfe brauchen.")
	b.doc = wait
	b.send("/chat", map[string]string{"reason": "Hallo"}).german(200, "<bdi>Besucher</bdi>", "Hallo", "Ihre Nachricht", "Nach neuen Nachrichten sehen", "Gespräch beenden", "Neue Nachrichten")
	talk := b.doc
	b.open("/chat/news").german(200, "Ihre Anfrage wartet darauf, dass jemand sie übernimmt.", "Zuletzt nachgesehen um")
	s.answer(opened{Visitor: string(s.conversation(opened{Number: 1}).Visitor)}, "Guten Tag")
	b.open("/chat/news").german(200, "Xavi ist dem Gespräch beigetreten.", "Sie sprechen mit Xavi.", "Im Gespräch zeigen")
	b.doc = talk
	b.send("/chat/messages", map[string]string{"text": " "}).german(422, "Schreiben Sie etwas.")
	b.send("/chat/messages", map[string]string{"text": strings.Repeat("lang ", 2000)}).german(413, "Nur die ersten 8192 Zeichen passen hinein.")
	b.send("/chat/email", map[string]string{"email": "falsch"}).german(422, "Das ist keine E-Mail-Adresse.")
	b.send("/chat/close", nil).german(200, "Sie haben das Gespräch beendet.", `oder <a href="/chat?new=1">beginnen Sie ein neues</a>.`)
	b.send("/chat/messages", map[string]string{"text": "x"}).german(200)
	b.send("/chat/messages", map[string]string{"text": "x"}).german(429, "Von Ihrer Adresse kamen zu viele Nachrichten.", "Zurück zum Gespräch", "Ein neues beginnen")
	b.open("/chat?department=none&new=1").german(404, "Diese Abteilung gibt es nicht.")
}

// german checks what a page shows, and that all of it is in German.
func (b *browser) german(status int, want ...string) *browser {
	b.Helper()
	return b.speaks(phrase.Tongue("de"), status, want...)
}

// speaks checks what a page shows, and that all of it is in a language and its direction.
func (b *browser) speaks(l *phrase.Language, status int, want ...string) *browser {
	b.Helper()
	b.shows(status, append(want, `<html lang="`+l.Tag+`" dir="`+l.Dir()+`">`)...)
	if got := b.doc.header.Get("Content-Language"); got != l.Tag {
		b.Errorf("Content-Language %q", got)
	}
	text, err := os.ReadFile("../bridge/phrase/words/" + l.Tag + ".json")
	b.must(err)
	var words map[string]string
	b.must(json.Unmarshal(text, &words))
	shown := markup.ReplaceAllString(b.doc.body, "")
	for english, translated := range words {
		for _, piece := range verb.Split(english, -1) {
			if len(piece) > 6 && !strings.Contains(translated, piece) && strings.Contains(shown, piece) {
				b.Errorf("%q is in English: %s", piece, b.doc.body)
			}
		}
	}
	return b
}

// The page without script is in each language: the form, what is wrong with it, the talk, its end.
func TestChat_InEveryLanguage(t *testing.T) {
	for _, l := range phrase.Languages()[1:] {
		t.Run(l.Tag, func(t *testing.T) {
			s := start(t).online()
			b := s.browser()
			b.language = l.Tag + "-XX, en;q=0.5"
			say := func(format string, args ...any) string { return html.EscapeString(l.Say(phrase.Say(format, args...))) }
			b.open("/chat").speaks(l, 200, say("How can we help?"), say("Start the conversation"))
			form := b.doc
			b.send("/chat", map[string]string{"reason": " ", "email": "wrong"}).speaks(l, 422, say("This is no email address. One looks like ann@example.org."), say("Say what you need help with."))
			b.doc = form
			b.send("/chat", map[string]string{"reason": "Ça va?"}).speaks(l, 200, say("Visitor"), say("Your message"))
			talk := b.doc
			b.open("/chat/news").speaks(l, 200, say("Waiting for somebody to take your request."))
			s.answer(opened{Visitor: string(s.conversation(opened{Number: 1}).Visitor)}, "Hola")
			b.open("/chat/news").speaks(l, 200, say("%s joined the conversation.", "Xavi"), say("You are talking to %s.", "Xavi"))
			b.doc = talk
			b.send("/chat/close", nil).speaks(l, 200, say("You ended the conversation."), say("How was the help that you got?"), say("Very good"))
			b.open("/chat?department=none&new=1").speaks(l, 404, say("There is no such department."))
		})
	}
}

var (
	verb   = regexp.MustCompile(`%[a-z]`) // the place of a particular in a format
	markup = regexp.MustCompile(`<[^>]*>`)
)
