package sqlite

import "os"

// Stats counts what the store has done since Open.
type Stats struct {
	Commits      int64 // transactions that wrote
	Updates      int64 // updates that these transactions stored
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

// Writable reports whether the last commit succeeded. It is false while the disk is full,
// and after an error that Fatal tells.
func (d *DB) Writable() bool { return !d.writer.counts.down.Load() }
