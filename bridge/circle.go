package bridge

import (
	"slices"
	"strings"
)

// Circle says which departments an operator is in: the names of departments; "*", which is all of
// them, those that are made later included; and "-" with a name, which leaves that one out. The
// order and the number of times that a word occurs mean nothing. The empty Circle is in none.
type Circle []string

// Everywhere is the word of a Circle that stands for all departments.
const Everywhere = "*"

// Has reports whether the circle includes a department.
func (c Circle) Has(department string) bool {
	if slices.Contains(c, "-"+department) {
		return false
	}
	return slices.Contains(c, Everywhere) || slices.Contains(c, department)
}

// All reports whether the circle includes departments that are made later.
func (c Circle) All() bool { return slices.Contains(c, Everywhere) }

// Named lists the departments that the circle names, those that it leaves out included.
func (c Circle) Named() []string {
	var list []string
	for _, word := range c {
		if word != Everywhere {
			list = append(list, strings.TrimPrefix(word, "-"))
		}
	}
	return list
}

// Without returns the circle without any mention of a department.
func (c Circle) Without(department string) Circle {
	return slices.DeleteFunc(slices.Clone(c), func(word string) bool { return word == department || word == "-"+department })
}

// String writes the circle as the store keeps it: as words separated by spaces.
func (c Circle) String() string { return strings.Join(c, " ") }

// CircleFrom is the inverse of String.
func CircleFrom(s string) Circle {
	if fields := strings.Fields(s); len(fields) > 0 {
		return fields
	}
	return nil
}
