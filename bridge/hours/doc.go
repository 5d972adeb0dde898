// Package hours holds business hours as a value: a table of slots for each day of the week,
// a time zone, and dates that are an exception. It reads tables as people write them, says
// when somebody is in and when that changes, and counts business time. Values go in and come
// out: there is no clock and no store; only time zones are read from the system or from what
// the program embeds. Every function may be called by any goroutine.
//
// A boundary such as 9:00 is the first moment at which clocks of the zone show that time or a
// later one on that day. So when clocks are put forward over a boundary, the boundary is the
// moment of the change; when they are put back, a boundary in the repeated hour counts once,
// at its first occurrence. A slot belongs to the day on which it begins, also past midnight:
// an exception for a date replaces what begins on that date, and leaves what began the evening before.
package hours
