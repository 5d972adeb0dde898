package hours

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"porchlight/bridge/phrase"
)

// offsetZone matches what stands for a fixed distance from UTC.
var offsetZone = regexp.MustCompile(`(?i)^(?:(?:utc|gmt)([+-])(\d{1,2})(?::?(\d\d))?|([+-])(\d\d):(\d\d))$`)

// mostZone is the greatest distance from UTC that is in use, +14:00, in seconds.
const mostZone = 14 * 60 * 60

// ZoneNamed returns the time zone with a name of the IANA database, such as Europe/Madrid, in any
// letters, or with a distance from UTC, such as +02:00 or UTC+2 (which knows no summer time); "" is
// UTC. The name of what it returns gets the same zone again. It reads the zone from the system, or
// from the program if the system has none.
func ZoneNamed(name string) (*time.Location, error) {
	if name == "" || strings.EqualFold(name, "UTC") || strings.EqualFold(name, "GMT") || strings.EqualFold(name, "Z") {
		return time.UTC, nil
	}
	if m := offsetZone.FindStringSubmatch(name); m != nil {
		if zone := fixed(m[1]+m[4], m[2]+m[5], m[3]+m[6]); zone != nil {
			return zone, nil
		}
	}
	if strings.Contains(name, "/") { // "Local" is the machine's zone, and short names such as EST are old
		for _, spelt := range []string{name, capitals(name)} {
			if zone, err := time.LoadLocation(spelt); err == nil {
				return zone, nil
			}
		}
	}
	return nil, phrase.Invalid("zone", "%s is no time zone such as Europe/Madrid or UTC+1.", quote(name))
}

// fixed is a zone of a distance from UTC, nil if there is none so far away.
func fixed(sign, hour, minute string) *time.Location {
	var h, m int
	_, _ = fmt.Sscan(hour, &h) // digits, by the pattern
	_, _ = fmt.Sscan(minute+" 0", &m)
	offset := h*3600 + m*60
	switch {
	case m > 59 || offset > mostZone:
		return nil
	case offset == 0:
		return time.UTC
	}
	name := fmt.Sprintf("UTC%s%d", sign, h)
	if m != 0 {
		name += fmt.Sprintf(":%02d", m)
	}
	if sign == "-" {
		offset = -offset
	}
	return time.FixedZone(name, offset)
}

// capitals writes a name as the database does most: Europe/Madrid, America/Port_of_Spain.
func capitals(name string) string {
	start := true
	name = strings.Map(func(r rune) rune {
		was := start
		start = r == '/' || r == '_' || r == '-'
		if was {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, name)
	for _, small := range []string{"Of", "Es", "Au", "De"} { // Port_of_Spain, Dar_es_Salaam, Port-au-Prince
		name = strings.ReplaceAll(name, "_"+small+"_", "_"+strings.ToLower(small)+"_")
		name = strings.ReplaceAll(name, "-"+small+"-", "-"+strings.ToLower(small)+"-")
	}
	return name
}

// ZoneLike is the name of the zone to assume for somebody of whom only the distance from UTC is
// known, since clients tell no more (XEP-0202 §3): the site's zone if its clocks show the same time
// now, so that summer time is right, and else the distance, such as UTC+2. ok is false if the
// distance can't be read.
func ZoneLike(distance, site string, now time.Time) (zone string, ok bool) {
	theirs, err := ZoneNamed(distance)
	if err != nil || distance == "" {
		return "", false
	}
	ours, err := ZoneNamed(site)
	if err != nil || site == "" {
		return theirs.String(), true
	}
	_, a := now.In(theirs).Zone()
	_, b := now.In(ours).Zone()
	if a == b {
		return ours.String(), true
	}
	return theirs.String(), true
}
