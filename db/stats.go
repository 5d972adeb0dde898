package db

// Stats counts what a store has done since it was opened.
type Stats struct {
	Commits      int64 // transactions that wrote
	Updates      int64 // updates that these transactions stored
	LargestBatch int64 // most updates in one commit

	WALBytes int64 // SQLite: size of the write-ahead log's file; above 64 MB something reads for too long

	Retries     int64 // PostgreSQL: runs of updates beyond the first: deadlocks, lost swaps, lost connections
	Connections int64 // PostgreSQL: open now
	Busy        int64 // PostgreSQL: of these in a transaction
}
