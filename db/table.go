package db

// Table is a table of one engine on its way to another one.
type Table struct {
	Name    string
	Columns []string
	Last    int64 // the greatest number that the table has ever given, 0 if it gives none
	// Next returns the next row, in the order of Columns, and nil after the last one. The caller may keep what it returns.
	Next func() ([]any, error)
}
