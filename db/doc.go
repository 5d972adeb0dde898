// Package db keeps porchlight's data in SQL tables. It has every statement, once, and
// reads and writes the values of package bridge with them. An engine, in a folder below,
// has what stands between a statement and the disk: connections, transactions and their
// commits, the steps of the schema, backups.
//
// A statement is in the dialect that SQLite and PostgreSQL have in common: it writes TRUE
// and FALSE, stores times as integer milliseconds, and has an ORDER BY wherever the order
// matters.
package db
