// Package db keeps porchlight's data in SQL tables. It has every statement, once,
// and reads and writes the values of package bridge with them. What stands between
// a statement and the disk is an engine's, in a folder below: connections,
// transactions and their commits, the steps of the schema, backups. A statement is
// in the dialect that SQLite and PostgreSQL have in common: TRUE and FALSE, integer
// milliseconds, each order said.
package db
