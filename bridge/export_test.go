package bridge

// Fresh reports whether operators still have to show themselves over the link.
func (l *Link) Fresh() bool {
	r := l.bridge.Reach
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.heard
}
