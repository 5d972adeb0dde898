package desk

import (
	"strconv"

	"porchlight/bridge/voice"
)

// listed is how many lines a list has at most; the command with the number of the next page shows more.
const listed = 15

// page cuts a list to the page with the number that a field of kind Page holds, and says which line shows
// more, "" if there is no more.
func page[T any](v voice.Voice, list []T, number, command string) (part []T, more string, err error) {
	n, err := count(number)
	if err != nil {
		return nil, "", err
	}
	n = max(n, 1)
	pages := max(1, (len(list)+listed-1)/listed)
	if n > pages {
		return nil, "", refuse("There is no page %d: the list ends with page %d.", n, pages)
	}
	part = list[(n-1)*listed : min(n*listed, len(list))]
	if n < pages {
		more = v.Say("%s shows more.", command+" "+strconv.Itoa(n+1))
	}
	return part, more, nil
}
