package bridge

// Missed is how much news a side was not told because it did not keep up. A side that must know all that
// changed looks at the logs when this grows.
func (b *Bridge) Missed() int64 { return b.hub.missed.Load() }
