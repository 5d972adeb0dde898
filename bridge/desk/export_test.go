package desk

import "porchlight/bridge"

// With makes a Desk of some commands.
func With(b *bridge.Bridge, commands []Command) *Desk { return with(b, commands) }

// TextOf and FlagOf are Values as the commands use them.
var (
	TextOf = textOf
	FlagOf = flagOf
)

// Arg is a call's argument.
func (c Call) Arg(name string) string { return c.arg(name) }
