package component

// domain is the component's address, under which all others of ours are.
type domain string

// deskName is what the desk is called.
const deskName = "Support desk"

// desk is the desk's address.
func (d domain) desk() string { return d.of("desk") }

// deskFull is the desk's one resource, from which its presence comes: some clients
// know no presence without one.
func (d domain) deskFull() string { return d.desk() + "/desk" }

// of is the address of a department by its name, and of whoever else is under it.
func (d domain) of(local string) string { return local + "@" + string(d) }
