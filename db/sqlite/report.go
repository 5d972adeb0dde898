package sqlite

import (
	"context"

	"porchlight/bridge"
	"porchlight/bridge/report"
	"porchlight/db"
)

var _ report.Store = (*DB)(nil)

// UpdateReport implements report.Store. It is an Update.
func (d *DB) UpdateReport(ctx context.Context, f func(report.Tx) error) error {
	return d.Update(ctx, func(t bridge.Tx) error {
		x := reporting(t)
		defer func() { x = db.ReportTx{} }() // a later use panics, see db.Reader
		return f(&x)
	})
}

// reporting is the transaction as the statistics need it.
func reporting(t bridge.Tx) db.ReportTx { return t.(*tx).ReportTx() }

// ReportIn implements report.Store.
func (d *DB) ReportIn(t bridge.Tx) report.Tx {
	x := reporting(t)
	return &x
}

// ViewReport implements report.Store. It is a View.
func (d *DB) ViewReport(ctx context.Context, f func(report.Reader) error) error {
	return d.view(ctx, func(r *db.Reader) error {
		x := r.Report()
		defer func() { x = db.ReportReader{} }()
		return f(&x)
	})
}
