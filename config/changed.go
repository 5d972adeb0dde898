package config

import "reflect"

// Changed lists the keys whose values differ between a and b, in the order of the options.
func Changed(a, b Config) []string {
	var keys []string
	for _, o := range options() {
		x, y := reflect.ValueOf(a).FieldByIndex(o.field), reflect.ValueOf(b).FieldByIndex(o.field)
		same := reflect.DeepEqual(x.Interface(), y.Interface()) // of secrets it compares what they hold
		if x.Kind() == reflect.Slice && x.Len() == 0 && y.Len() == 0 {
			same = true
		}
		if !same {
			keys = append(keys, o.name)
		}
	}
	return keys
}
