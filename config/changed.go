package config

import "reflect"

// Changed lists the keys whose values differ between a and b, in the order of the options.
func Changed(a, b Config) []string {
	var keys []string
	for _, o := range options() {
		x, y := reflect.ValueOf(a).FieldByIndex(o.field).Interface(), reflect.ValueOf(b).FieldByIndex(o.field).Interface()
		same := reflect.DeepEqual(x, y)
		switch x := x.(type) {
		case Secret:
			same = x.Reveal() == y.(Secret).Reveal()
		case []string:
			same = len(x) == 0 && len(y.([]string)) == 0 || same
		}
		if !same {
			keys = append(keys, o.name)
		}
	}
	return keys
}
