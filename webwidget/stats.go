package webwidget

// Streams is how many event streams and waiting polls are open. Any goroutine
// may call it.
func (s *Server) Streams() int { return int(s.limits.streams.used.Load()) }
