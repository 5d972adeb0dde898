package sqlite

import (
	"os"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/db"
)

// Stats returns the present numbers.
func (d *DB) Stats() db.Stats {
	n := &d.writer.counts
	s := db.Stats{Commits: n.commits.Load(), Updates: n.jobs.Load(), LargestBatch: n.largest.Load()}
	if info, err := os.Stat(d.path + "-wal"); err == nil {
		s.WALBytes = info.Size()
	}
	return s
}

// Writable reports whether the last commit succeeded. It is false while the disk is full,
// and after an error that Fatal tells.
func (d *DB) Writable() bool { return !d.writer.counts.down.Load() }

// Damage says what Open has found to be damaged, for the super operators.
func (d *DB) Damage() (list []phrase.Phrase) {
	if u := d.unused; u.Bytes > 0 {
		list = append(list, bridge.LogDamage(u.Bytes, u.Commits, u.Copy))
	}
	if d.anew {
		list = append(list, bridge.IndexDamage())
	}
	return list
}
