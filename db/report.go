package db

import (
	"fmt"
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/report"
)

// ReportReader reads for the statistics, in the transaction of the Reader that it was made of.
type ReportReader struct{ s *Session }

// ReportTx also writes.
type ReportTx struct{ ReportReader }

var (
	_ report.Reader = (*ReportReader)(nil)
	_ report.Tx     = (*ReportTx)(nil)
)

// Report returns a ReportReader for the same transaction.
func (r *Reader) Report() ReportReader { return ReportReader{r.s} }

// ReportTx returns a ReportTx for the same transaction.
func (t *Tx) ReportTx() ReportTx { return ReportTx{t.Report()} }

// Conversation implements report.Reader.
func (r *ReportReader) Conversation(number int64) (bridge.Conversation, error) {
	return r.s.reader().Conversation(number)
}

// Events implements report.Reader.
func (r *ReportReader) Events(number, after int64, limit int) ([]bridge.Event, error) {
	return r.s.reader().Events(number, after, limit)
}

// Setting implements report.Reader.
func (r *ReportReader) Setting(key string) (string, error) { return r.s.reader().Setting(key) }

// SaveSetting implements report.Tx.
func (t *ReportTx) SaveSetting(key, value string) error {
	return t.writer().SaveSetting(key, value)
}

// LastNumber implements report.Reader.
func (r *ReportReader) LastNumber() (int64, error) {
	return one(r.s, "conversation", scanInt, `SELECT max(number) FROM conversations`)
}

// Behind implements report.Reader.
func (r *ReportReader) Behind(after, upto int64) ([]int64, error) {
	return list(r.s, "unread logs", scanInt, `SELECT c.number FROM conversations c LEFT JOIN report_readings r ON r.conversation = c.number
		WHERE c.number > ? AND c.number <= ? AND c.seq > coalesce(r.seq, 0) ORDER BY c.number`, after, upto)
}

// Reading implements report.Reader.
func (r *ReportReader) Reading(number int64) (report.Reading, error) {
	return one(r.s, "conversation", func(row Row) report.Reading {
		return report.Reading{Conversation: row.int(0), Seq: row.int(1), Account: row.text(2), Owed: row.time(3),
			Whose: report.Whose{Operator: bridge.OperatorJID(row.text(4)), Department: row.text(5), Kind: bridge.Kind(row.text(6))}}
	}, `SELECT conversation, seq, account, owed_since, operator, department, kind FROM report_readings WHERE conversation = ?`, number)
}

// Spans implements report.Reader.
func (r *ReportReader) Spans(o bridge.OperatorJID, kind bridge.Kind, day report.Period) ([]report.Span, error) {
	return list(r.s, "spans", func(row Row) report.Span {
		return report.Span{Operator: o, Kind: kind, Day: day, Conversation: row.int(0), Seq: row.int(1), Department: row.text(2), Since: row.time(3), Until: row.time(4)}
	}, `SELECT conversation, seq, department, since, until FROM report_spans WHERE operator = ? AND kind = ? AND day = ?
		UNION ALL SELECT 0, 0, department, since, until FROM past_spans WHERE operator = ? AND kind = ? AND day = ?`,
		string(o), string(kind), int64(day), string(o), string(kind), int64(day))
}

// Rows implements report.Reader. What holds nothing is left out.
func (r *ReportReader) Rows(w report.Whose, from, upto report.Period) ([]report.Row, error) {
	rows, err := list(r.s, "statistics", func(row Row) report.Row {
		return report.Row{Measure: report.Measure(row.text(0)), Bucket: row.int(1), Sum: report.Sum{N: row.int(2), Total: row.int(3)}}
	}, `SELECT measure, bucket, CAST(SUM(n) AS BIGINT), CAST(SUM(total) AS BIGINT)
		FROM (SELECT measure, bucket, n, total FROM report_rows WHERE operator = ? AND department = ? AND kind = ? AND period >= ? AND period <= ?
		UNION ALL SELECT measure, bucket, n, total FROM past_rows WHERE operator = ? AND department = ? AND kind = ? AND period >= ? AND period <= ?) AS counted
		GROUP BY measure, bucket`, append(ofPeriods(w, from, upto), ofPeriods(w, from, upto)...)...)
	return slices.DeleteFunc(rows, func(r report.Row) bool { return r.Sum == report.Sum{} }), err
}

// Course implements report.Reader.
func (r *ReportReader) Course(w report.Whose, from, upto report.Period, measures [2]report.Measure) ([]report.Counted, error) {
	steps, err := list(r.s, "course of statistics", func(row Row) report.Counted {
		return report.Counted{Period: report.Period(row.int(0)), Measure: report.Measure(row.text(1)), Sum: report.Sum{N: row.int(2), Total: row.int(3)}}
	}, `SELECT period, measure, CAST(SUM(n) AS BIGINT), CAST(SUM(total) AS BIGINT)
		FROM (SELECT period, measure, n, total FROM report_rows WHERE operator = ? AND department = ? AND kind = ? AND period >= ? AND period <= ? AND measure IN (?, ?)
		UNION ALL SELECT period, measure, n, total FROM past_rows WHERE operator = ? AND department = ? AND kind = ? AND period >= ? AND period <= ? AND measure IN (?, ?)) AS counted
		GROUP BY period, measure ORDER BY period, measure`,
		append(ofPeriods(w, from, upto, measures[:]...), ofPeriods(w, from, upto, measures[:]...)...)...)
	return slices.DeleteFunc(steps, func(c report.Counted) bool { return c.Sum == report.Sum{} }), err
}

// ofPeriods are the arguments that choose rows.
func ofPeriods(w report.Whose, from, upto report.Period, measures ...report.Measure) []any {
	list := []any{string(w.Operator), w.Department, string(w.Kind), int64(from), int64(upto)}
	for _, m := range measures {
		list = append(list, string(m))
	}
	return list
}

// Owed implements report.Reader.
func (r *ReportReader) Owed(w report.Whose, from, until time.Time) (n int64, oldest time.Time, err error) {
	query := `SELECT count(*), min(owed_since) FROM report_readings WHERE owed_since IS NOT NULL AND owed_since >= ? AND owed_since < ? AND kind = ?`
	args := []any{from.UnixMilli(), until.UnixMilli(), string(w.Kind)}
	switch {
	case w.Operator != "":
		query, args = query+` AND operator = ?`, append(args, string(w.Operator))
	case w.Department != "":
		query, args = query+` AND department = ?`, append(args, w.Department)
	}
	n, err = one(r.s, "queue", func(row Row) int64 {
		oldest = row.time(1)
		return row.int(0)
	}, query, args...)
	return n, oldest, err
}

// Online implements report.Reader. Sessions that go on are few, and have an index of their own with the
// others.
func (r *ReportReader) Online(o bridge.OperatorJID, from, until time.Time) (time.Duration, error) {
	a, b := from.UnixMilli(), until.UnixMilli()
	whose, args := "", []any{b, b, a, a, a, b}
	going := []any{b, a, a, b}
	if o != "" {
		whose, args, going = " AND operator = ?", append(args, string(o)), append(going, string(o))
	}
	ended, err := one(r.s, "session", scanInt, `SELECT CAST(coalesce(SUM((CASE WHEN ended_at > ? THEN ? ELSE ended_at END) - (CASE WHEN began_at < ? THEN ? ELSE began_at END)), 0) AS BIGINT)
		FROM sessions WHERE ended_at > ? AND began_at < ?`+whose, args...)
	if err != nil {
		return 0, err
	}
	open, err := one(r.s, "session", scanInt, `SELECT CAST(coalesce(SUM(? - (CASE WHEN began_at < ? THEN ? ELSE began_at END)), 0) AS BIGINT)
		FROM sessions WHERE ended_at IS NULL AND began_at < ?`+whose, going...)
	return time.Duration(ended+open) * time.Millisecond, err
}

// SaveReading implements report.Tx.
func (t *ReportTx) SaveReading(r report.Reading, was int64) error {
	query, args := `INSERT INTO report_readings (seq, account, owed_since, operator, department, kind, conversation) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (conversation) DO NOTHING`, []any{r.Seq, r.Account, millis(r.Owed), string(r.Operator), r.Department, string(r.Kind), r.Conversation}
	if was > 0 {
		query, args = `UPDATE report_readings SET seq = ?, account = ?, owed_since = ?, operator = ?, department = ?, kind = ? WHERE conversation = ? AND seq = ?`, append(args, was)
	}
	return swapped(t.s.exec(query, args...))
}

// AddUp implements report.Tx.
func (t *ReportTx) AddUp(k report.Key, s report.Sum) error {
	_, err := t.s.exec(`INSERT INTO report_rows (operator, department, kind, period, measure, bucket, n, total) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (operator, department, kind, period, measure, bucket) DO UPDATE SET n = report_rows.n + excluded.n, total = report_rows.total + excluded.total`,
		string(k.Operator), k.Department, string(k.Kind), int64(k.Period), string(k.Measure), k.Bucket, s.N, s.Total)
	if err == nil && (s.N < 0 || s.Total < 0) {
		_, err = t.s.exec(`DELETE FROM report_rows WHERE operator = ? AND department = ? AND kind = ? AND period = ? AND measure = ? AND bucket = ? AND n = 0 AND total = 0`,
			string(k.Operator), k.Department, string(k.Kind), int64(k.Period), string(k.Measure), k.Bucket)
	}
	if err != nil {
		return fmt.Errorf("add to statistics: %w", err)
	}
	return nil
}

// KeepSum implements report.Tx.
func (t *ReportTx) KeepSum(k report.Key, s report.Sum) error {
	if err := t.AddUp(k, report.Sum{N: -s.N, Total: -s.Total}); err != nil {
		return err
	}
	_, err := t.s.exec(`INSERT INTO past_rows (operator, department, kind, period, measure, bucket, n, total) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (operator, department, kind, period, measure, bucket) DO UPDATE SET n = past_rows.n + excluded.n, total = past_rows.total + excluded.total`,
		string(k.Operator), k.Department, string(k.Kind), int64(k.Period), string(k.Measure), k.Bucket, s.N, s.Total)
	if err != nil {
		return fmt.Errorf("keep statistics: %w", err)
	}
	return nil
}

// KeepSpan implements report.Tx. Of spans that began at the same moment the longest says when at least one of them lasted.
func (t *ReportTx) KeepSpan(s report.Span) error {
	_, err := t.s.exec(`INSERT INTO past_spans (operator, kind, day, department, since, until) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (operator, kind, day, department, since) DO UPDATE SET until = CASE WHEN excluded.until > past_spans.until THEN excluded.until ELSE past_spans.until END`,
		string(s.Operator), string(s.Kind), int64(s.Day), s.Department, s.Since.UnixMilli(), s.Until.UnixMilli())
	if err == nil {
		_, err = t.s.exec(`DELETE FROM report_spans WHERE operator = ? AND kind = ? AND day = ? AND conversation = ? AND seq = ?`,
			string(s.Operator), string(s.Kind), int64(s.Day), s.Conversation, s.Seq)
	}
	if err != nil {
		return fmt.Errorf("keep span: %w", err)
	}
	return nil
}

// SaveSpan implements report.Tx.
func (t *ReportTx) SaveSpan(s report.Span) error {
	_, err := t.s.exec(`INSERT INTO report_spans (operator, kind, day, conversation, seq, department, since, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		string(s.Operator), string(s.Kind), int64(s.Day), s.Conversation, s.Seq, s.Department, s.Since.UnixMilli(), s.Until.UnixMilli())
	if err != nil {
		return fmt.Errorf("save span: %w", err)
	}
	return nil
}

// forgotten is how many readings, or groups of rows or spans, Forget deletes at a time.
const forgotten = 64

// Forget implements report.Tx.
func (t *ReportTx) Forget() (more bool, err error) {
	for _, query := range []string{
		`DELETE FROM report_readings WHERE conversation IN (SELECT conversation FROM report_readings ORDER BY conversation LIMIT ?)`,
		`DELETE FROM report_rows WHERE (operator, department, kind, period) IN
			(SELECT operator, department, kind, period FROM report_rows ORDER BY operator, department, kind, period, measure, bucket LIMIT ?)`,
		`DELETE FROM report_spans WHERE (operator, kind, day) IN
			(SELECT operator, kind, day FROM report_spans ORDER BY operator, kind, day, conversation, seq LIMIT ?)`,
	} {
		n, err := t.s.exec(query, int64(forgotten*forgotten))
		if err != nil {
			return false, fmt.Errorf("forget statistics: %w", err)
		}
		more = more || n > 0
	}
	return more, nil
}
