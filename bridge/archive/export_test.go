package archive

// In reports whether all terms of a query are in some texts.
func (q Query) In(texts ...string) bool {
	for _, term := range q.terms {
		found := false
		for _, text := range texts {
			_, _, in := term.in(unitsOf(text))
			found = found || in
		}
		if !found {
			return false
		}
	}
	return true
}
