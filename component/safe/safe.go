// Package safe keeps a panic from ending the program.
package safe

import (
	"fmt"
	"runtime/debug"
)

// Do calls f and turns a panic into an error. The error's text names the type of the
// panic's value and the stack; it leaves the value out, which may hold somebody's words.
func Do(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %T\n%s", p, debug.Stack())
		}
	}()
	return f()
}
