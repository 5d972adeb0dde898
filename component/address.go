package component

// domain is the component's address. All our other addresses are under it.
type domain string

// deskName is the name that clients show for the desk.
const deskName = "Support desk"

// desk returns the desk's address.
func (d domain) desk() string { return d.of("desk") }

// deskFull returns the desk's address with its only resource. The desk's presence comes
// from there, since some clients ignore presence without a resource.
func (d domain) deskFull() string { return d.desk() + "/desk" }

// of returns the address under the domain that has this local part, such as a
// department's name.
func (d domain) of(local string) string { return local + "@" + string(d) }
