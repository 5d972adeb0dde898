package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/report"
)

// AllOwed implements report.Reader.
func (r *ReportReader) AllOwed(kind bridge.Kind, from, until time.Time) ([]report.ShareOfOwed, error) {
	return list(r.s, "queue", func(row Row) report.ShareOfOwed {
		return report.ShareOfOwed{Whose: report.Whose{Operator: bridge.OperatorJID(row.text(0)), Department: row.text(1)}, N: row.int(2), Oldest: row.time(3)}
	}, `SELECT operator, department, count(*), min(owed_since) FROM report_readings
		WHERE owed_since IS NOT NULL AND owed_since >= ? AND owed_since < ? AND kind = ? GROUP BY operator, department`, from.UnixMilli(), until.UnixMilli(), string(kind))
}

// AllOnline implements report.Reader.
func (r *ReportReader) AllOnline(from, until time.Time) (map[bridge.OperatorJID]time.Duration, error) {
	a, b := from.UnixMilli(), until.UnixMilli()
	online := make(map[bridge.OperatorJID]time.Duration)
	add := func(row Row) bool {
		online[bridge.OperatorJID(row.text(0))] += time.Duration(row.int(1)) * time.Millisecond
		return true
	}
	err := r.s.each(add, `SELECT operator, CAST(SUM((CASE WHEN ended_at > ? THEN ? ELSE ended_at END) - (CASE WHEN began_at < ? THEN ? ELSE began_at END)) AS BIGINT)
		FROM sessions WHERE ended_at > ? AND began_at < ? GROUP BY operator`, b, b, a, a, a, b)
	if err == nil {
		err = r.s.each(add, `SELECT operator, CAST(SUM(? - (CASE WHEN began_at < ? THEN ? ELSE began_at END)) AS BIGINT)
		FROM sessions WHERE ended_at IS NULL AND began_at < ? GROUP BY operator`, b, a, a, b)
	}
	if err != nil {
		return nil, fmt.Errorf("read sessions of all: %w", err)
	}
	return online, nil
}
