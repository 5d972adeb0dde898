package hours

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge/phrase"
)

// Tables read as people write hours, in each language.
func TestTable_Says(t *testing.T) {
	for _, c := range []struct{ lang, table, want string }{
		{"en", "Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed", "Mon–Fri 9:00–12:30, 13:30–18:00; Sat 22:00–2:00 (Sunday); 2026-12-24 closed"},
		{"de", "Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed", "Mo–Fr 9:00–12:30, 13:30–18:00; Sa 22:00–2:00 (Sonntag); 2026-12-24 geschlossen"},
		{"es", "Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed", "lun–vie 9:00–12:30, 13:30–18:00; sáb 22:00–2:00 (domingo); 2026-12-24 cerrado"},
		{"fr", "Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed", "lun–ven 9:00–12:30, 13:30–18:00; sam 22:00–2:00 (dimanche); 2026-12-24 fermé"},
		{"en", "daily 0-24", "daily 0:00–24:00"},
		{"en", "daily closed", "daily closed"},
		{"en", "Mon,Wed-Thu 22-2; 24.12. 20-1; 27.12.-31.12. 20-1", "Mon, Wed–Thu 22:00–2:00 (next day); 2026-12-24 20:00–1:00 (Friday); 2026-12-27–2026-12-31 20:00–1:00 (next day)"},
		{"en", "Mon-Tue,Sat-Sun 9-17; Fri 10-12", "Mon–Tue, Sat–Sun 9:00–17:00; Fri 10:00–12:00"},
		{"en", "Sun 22-2", "Sun 22:00–2:00 (Monday)"},
	} {
		if got := phrase.Tongue(c.lang).Say(must(t, c.table).Says()); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.lang, c.table, got, c.want)
		}
		var lines []string
		for _, p := range must(t, c.table).Lines() {
			lines = append(lines, phrase.Tongue(c.lang).Say(p))
		}
		if got := strings.Join(lines, "; "); got != c.want {
			t.Errorf("%s, %q in lines: %s", c.lang, c.table, got)
		}
	}
}

// The desk says whether somebody is in, and until when or from when on.
func TestTable_Standing(t *testing.T) {
	for _, c := range []struct{ lang, table, now, want string }{
		{"en", "Mon-Fri 9-17", "2026-11-30 12:00", "now inside, until 17:00"},
		{"en", "Mon-Fri 9-17", "2026-11-30 08:00", "again 9:00"},
		{"en", "Mon-Fri 9-17", "2026-11-29 12:00", "again Mon 9:00"},
		{"en", "Mon 9-17", "2026-11-30 17:00", "again 2026-12-07 9:00"}, // "Mon" would be today
		{"en", "Sat 22-2", "2026-12-05 23:00", "now inside, until Sun 2:00"},
		{"en", "Mon 9-17; 30.11.-31.12. closed", "2026-11-29 12:00", "again 2027-01-04 9:00"},
		{"de", "Mon-Fri 9-17", "2026-11-29 12:00", "wieder Mo 9:00"},
		{"es", "Mon-Fri 9-17", "2026-11-29 12:00", "de nuevo lun 9:00"},
		{"fr", "Mon-Fri 9-17", "2026-11-30 12:00", "actuellement dans les heures, jusqu’à 17:00"},
		{"en", "daily 0-24", "2026-11-29 12:00", "always inside"},
		{"en", "", "2026-11-29 12:00", "always inside"},
		{"en", "daily closed", "2026-11-29 12:00", "never inside"},
	} {
		table := must(t, c.table)
		now := local(t, must(t, "daily 0-24"), c.now)
		if got := phrase.Tongue(c.lang).Say(table.Standing(now)); got != c.want {
			t.Errorf("%s, %q at %s: %s, want %s", c.lang, c.table, c.now, got, c.want)
		}
	}
}

// A visitor reads when somebody is back in the visitor's language and by the visitor's clock.
func TestTable_Back(t *testing.T) {
	zone := func(name string) *time.Location {
		at, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		lang, zone, table, now, want string
	}{
		{"en", "", "Mon-Fri 9-17", "2026-11-29 12:00", "Back tomorrow at 9:00"},
		{"de", "", "Mon-Fri 9-17", "2026-11-29 12:00", "Wieder da: morgen um 9:00"},
		{"es", "", "Mon-Fri 9-17", "2026-11-29 12:00", "De vuelta mañana, 9:00 h"},
		{"fr", "", "Mon-Fri 9-17", "2026-11-29 12:00", "De retour demain à 9:00"},
		{"en", "Asia/Tokyo", "Mon-Fri 9-17", "2026-11-29 12:00", "Back tomorrow at 17:00"},
		{"en", "Asia/Tokyo", "Mon-Fri 9-17", "2026-11-29 17:00", "Back today at 17:00"}, // it is Monday there
		{"en", "Asia/Kolkata", "Mon-Fri 9-17", "2026-11-29 12:00", "Back tomorrow at 13:30"},
		{"en", "America/Los_Angeles", "Mon-Fri 9-17", "2026-11-29 12:00", "Back tomorrow at 0:00"},
		{"en", "Pacific/Honolulu", "Mon-Fri 9-17", "2026-11-29 12:00", "Back today at 22:00"},
		{"en", "", "Mon-Fri 9-17", "2026-11-30 08:00", "Back today at 9:00"},
		{"en", "", "Mon-Fri 9-17", "2026-11-28 08:00", "Back Monday at 9:00"},
		{"de", "", "Mon-Fri 9-17", "2026-11-28 08:00", "Wieder da: Montag um 9:00"},
		{"en", "", "Mon 9-17", "2026-11-30 17:00", "Back on 7 Dec at 9:00"}, // a week away
		{"en", "", "daily closed; 24.12. 9-10", "2026-11-29 12:00", "Back on 24 Dec at 9:00"},
		{"de", "", "daily closed; 24.12. 9-10", "2026-11-29 12:00", "Wieder da: am 24. Dez. um 9:00"},
		{"es", "", "daily closed; 24.12. 9-10", "2026-11-29 12:00", "De vuelta el 24 dic, 9:00 h"},
		{"fr", "", "daily closed; 24.12. 9-10", "2026-11-29 12:00", "De retour le 24 déc. à 9:00"},
		{"en", "", "daily closed; 24.12.2027 9-10", "2026-11-29 12:00", "Back on 2027-12-24 at 9:00"},
		{"en", "", "Mon-Fri 9-17", "2026-11-30 12:00", ""}, // they are in
		{"en", "", "daily closed", "2026-11-30 12:00", ""},
		{"en", "", "", "2026-11-30 12:00", ""},
	} {
		var theirs *time.Location
		if c.zone != "" {
			theirs = zone(c.zone)
		}
		said, ok := must(t, c.table).Back(local(t, must(t, "daily 0-24"), c.now), theirs)
		if got := phrase.Tongue(c.lang).Say(said); got != c.want || ok != (c.want != "") {
			t.Errorf("%s in %s, %q at %s: %q %v, want %q", c.lang, c.zone, c.table, c.now, got, ok, c.want)
		}
	}
}
