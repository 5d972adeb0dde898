package sqlite

import "os"

// Stats tells how the store is doing since Open.
type Stats struct {
	Commits      int64 // transactions that wrote
	Updates      int64 // answered by them
	LargestBatch int64 // most updates in one commit
	WALBytes     int64 // size of the write-ahead log's file; above 64 MB something reads for too long
}

// Stats returns the present numbers.
func (d *DB) Stats() Stats {
	n := &d.writer.counts
	s := Stats{Commits: n.commits.Load(), Updates: n.jobs.Load(), LargestBatch: n.largest.Load()}
	if info, err := os.Stat(d.path + "-wal"); err == nil {
		s.WALBytes = info.Size()
	}
	return s
}

// Writable reports whether the last commit was made: false while the disk is
// full, or after a fault that is Fatal.
func (d *DB) Writable() bool { return !d.writer.counts.down.Load() }
