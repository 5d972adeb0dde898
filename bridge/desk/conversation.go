package desk

// conversationCommands declares what an operator does with a conversation beside answering.
func conversationCommands() []Command {
	return append([]Command{laterCommand(), junkCommand(), mergeCommand(), setCommand()}, tagCommands()...)
}
