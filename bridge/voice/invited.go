package voice

import "porchlight/bridge"

// invited says behind a visitor's name who has invited them and on which page, "" if nobody has or it is not known.
func (v Voice) invited(r bridge.Request) string {
	i := r.Invited
	page := oneLine(i.Page)
	switch {
	case page == "":
		return ""
	case i.Rule != "":
		return " – " + v.Say("invited by the rule %s on %s", i.Rule, page)
	case v.reader != "" && i.By == v.bridge.Team.Name(v.reader):
		return " – " + v.Say("invited by you on %s", page)
	}
	return " – " + v.Say("invited by %s on %s", i.By, page)
}
