package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// An option may be a list of tables, as in [[email.mailboxes]]: a slice of structs, whose fields have the
// tags that options have. Only the file can give it, since an environment variable holds one value.

// tables reports whether the option is a list of tables.
func (o option) tables() bool {
	return o.typ.Kind() == reflect.Slice && o.typ.Elem().Kind() == reflect.Struct
}

// columns lists the keys of each of the option's tables. The field of a column begins at the table.
func (o option) columns() []option {
	var all []option
	for _, f := range reflect.VisibleFields(o.typ.Elem()) {
		column := newOption(o.name+".", f.Index, f)
		column.inTable = true
		all = append(all, column)
	}
	return all
}

// tablesOf returns the tables of a list, false if it is something else.
func tablesOf(value any) ([]map[string]any, bool) {
	switch list := value.(type) {
	case []map[string]any:
		return list, true
	case []any:
		var all []map[string]any
		for _, element := range list {
			table, ok := element.(map[string]any)
			if !ok {
				return nil, false
			}
			all = append(all, table)
		}
		return all, true
	}
	return nil, false
}

// applyTables sets a list of tables. What is wrong in a table is told with the table's number.
func (l *loader) applyTables(o option, g given) {
	list, ok := tablesOf(g.value)
	if !ok {
		l.refuse(o, g.where, "is "+kind(g.value)+"; allowed: "+o.allowed())
		return
	}
	all := reflect.MakeSlice(o.typ, len(list), len(list))
	for i, table := range list {
		for _, wrong := range l.applyTable(o, all.Index(i), table) {
			l.refuse(o, g.where, inTable(i, wrong))
		}
	}
	reflect.ValueOf(&l.config).Elem().FieldByIndex(o.field).Set(all)
}

// applyTable sets the fields of one table, and returns what is wrong with it.
func (l *loader) applyTable(o option, to reflect.Value, table map[string]any) (wrong []string) {
	columns, left := o.columns(), maps.Clone(table)
	var known []string
	for _, c := range columns {
		value, given := left[c.key()]
		file, fromFile := left[c.key()+"_file"]
		fromFile = fromFile && c.secret() && file != ""
		switch {
		case fromFile && given && value != "":
			wrong = append(wrong, c.key()+"_file is given beside "+c.key()+"; allowed: one of the two")
		case fromFile:
			secret, what := l.secretFrom(c, file)
			if what != "" {
				wrong = append(wrong, c.key()+"_file "+what)
			}
			c.set(to.Addr().Interface(), secret)
		case given && !c.set(to.Addr().Interface(), value):
			wrong = append(wrong, c.key()+" "+c.mistyped(value)+"; allowed: "+c.allowed())
		}
		for _, name := range c.keys() {
			key := name[strings.LastIndexByte(name, '.')+1:]
			known = append(known, key)
			delete(left, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(left)) {
		wrong = append(wrong, bare(key)+" is an unknown key; did you mean "+nearest(key, known)+"? allowed: "+strings.Join(known, ", "))
	}
	return wrong
}

// wrongTables returns what is wrong with the values in the option's tables.
func (o option) wrongTables(list reflect.Value) (all []string) {
	for i := range list.Len() {
		for _, c := range o.columns() {
			for _, what := range c.wrong(list.Index(i).Interface()) {
				all = append(all, inTable(i, c.key()+" "+what))
			}
		}
	}
	return all
}

// inTable says in which table something is wrong.
func inTable(i int, what string) string { return fmt.Sprintf("table %d: %s", i+1, what) }
