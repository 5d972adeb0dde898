// Package safe keeps a fault that nobody thought of from ending the program.
package safe

import (
	"fmt"
	"runtime/debug"
)

// Do calls f and turns a panic into an error, whose text holds nobody's words: only
// what sort of fault it was, and where.
func Do(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %T\n%s", p, debug.Stack())
		}
	}()
	return f()
}
