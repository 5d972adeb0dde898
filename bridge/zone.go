package bridge

import (
	"fmt"
	"time"
)

// Location is the operator's time zone as their client told it last, called such as
// UTC+2; UTC if it has not.
func (o Operator) Location() *time.Location {
	t, err := time.Parse("-07:00", o.Zone)
	if err != nil {
		return time.UTC
	}
	_, offset := t.Zone()
	if offset == 0 {
		return time.UTC
	}
	sign, of := "+", offset/60
	if of < 0 {
		sign, of = "-", -of
	}
	name := fmt.Sprintf("UTC%s%d", sign, of/60)
	if of%60 != 0 {
		name += fmt.Sprintf(":%02d", of%60)
	}
	return time.FixedZone(name, offset)
}

// zoneMost is the greatest offset that there is anywhere, +14:00, in seconds.
const zoneMost = 14 * 60 * 60

// ZoneOf is an offset that a client told (XEP-0202 §3, XEP-0082 §3.3) as Operator.Zone
// holds it; not ok if it is none.
func ZoneOf(tzo string) (zone string, ok bool) {
	t, err := time.Parse("Z07:00", tzo)
	if err != nil {
		return "", false
	}
	_, offset := t.Zone()
	return t.Format("-07:00"), max(offset, -offset) <= zoneMost
}
