package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/report"
)

const selectSubscription = `SELECT id, operator, address, of_operator, of_department, created_at, due_at, post, failed FROM report_subscriptions `

func scanSubscription(r Row) report.Subscription {
	return report.Subscription{ID: r.text(0), Operator: bridge.OperatorJID(r.text(1)), Address: r.text(2),
		Of: report.Whose{Operator: bridge.OperatorJID(r.text(3)), Department: r.text(4)}, Made: r.time(5), Due: r.time(6), Post: r.text(7), Failed: r.int(8)}
}

// Subscription implements report.Reader.
func (r *ReportReader) Subscription(id string) (report.Subscription, error) {
	return one(r.s, "subscription", scanSubscription, selectSubscription+`WHERE id = ?`, id)
}

// Subscriptions implements report.Reader.
func (r *ReportReader) Subscriptions() ([]report.Subscription, error) {
	return list(r.s, "subscriptions", scanSubscription, selectSubscription+`ORDER BY address, operator, of_department, of_operator`)
}

// DueSubscriptions implements report.Reader.
func (r *ReportReader) DueSubscriptions(now time.Time, limit int) ([]report.Subscription, error) {
	return list(r.s, "subscriptions", scanSubscription, selectSubscription+`WHERE due_at <= ? ORDER BY due_at, id LIMIT ?`, now.UnixMilli(), int64(limit))
}

// OutMail implements report.Reader.
func (r *ReportReader) OutMail(id string) (bridge.OutMail, error) { return r.s.reader().OutMail(id) }

// Ordered implements report.Reader.
func (r *ReportReader) Ordered(since time.Time) ([]report.Ordered, error) {
	return list(r.s, "ordered mails", func(row Row) report.Ordered {
		return report.Ordered{Operator: bridge.OperatorJID(row.text(0)), Address: row.text(1)}
	}, `SELECT operator, envelope_to FROM posts WHERE operator IS NOT NULL AND made_at >= ? ORDER BY made_at`, since.UnixMilli())
}

// SaveSubscription implements report.Tx.
func (t *ReportTx) SaveSubscription(s report.Subscription) error {
	_, err := t.s.exec(`INSERT INTO report_subscriptions (id, operator, address, of_operator, of_department, created_at, due_at, post, failed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, post = excluded.post, failed = excluded.failed`,
		s.ID, string(s.Operator), s.Address, string(s.Of.Operator), s.Of.Department, millis(s.Made), millis(s.Due), s.Post, s.Failed)
	if err != nil {
		return fmt.Errorf("save subscription: %w", err)
	}
	return nil
}

// DeleteSubscription implements report.Tx.
func (t *ReportTx) DeleteSubscription(id string) error {
	return t.writer().change("subscription", `DELETE FROM report_subscriptions WHERE id = ?`, id)
}

// CreateOutMail implements report.Tx.
func (t *ReportTx) CreateOutMail(m bridge.OutMail) error { return t.writer().CreateOutMail(m) }

// SaveMailPart implements report.Tx.
func (t *ReportTx) SaveMailPart(p bridge.MailPart) error { return t.writer().SaveMailPart(p) }

// AppendAudit implements report.Tx.
func (t *ReportTx) AppendAudit(a *bridge.Audit) error { return t.writer().AppendAudit(a) }

// AppendNews implements report.Tx.
func (t *ReportTx) AppendNews(n *bridge.News) error { return t.writer().AppendNews(n) }

// writer writes in the same transaction what is not the statistics' own.
func (t *ReportTx) writer() *Tx { return t.s.tx() }
