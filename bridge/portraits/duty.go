package portraits

import (
	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Face is an operator as visitors see them.
type Face struct {
	ID      string // see Portraits.ID
	Name    string
	About   string // what the operator tells of themselves
	Picture string // see Address
}

// face is an operator as visitors see them.
func (p *Portraits) face(o bridge.Operator) Face {
	return Face{p.ID(o.JID), o.Name, o.About, p.Address(o.JID)}
}

// ID is the name by which visitors' pages ask for an operator: it is always the same, and says nothing about the address. A
// nil Portraits has none.
func (p *Portraits) ID(o bridge.OperatorJID) string {
	if p == nil || o == "" {
		return ""
	}
	return p.bridge.Tokens.Seal("operator", string(o))
}

// Who finds an operator by their ID. CodeNotFound says that there is none who answers visitors.
func (p *Portraits) Who(id string) (Face, error) {
	for _, o := range p.bridge.Team.Operators() {
		if o.Enabled && p.ID(o.JID) == id {
			return p.face(o), nil
		}
	}
	return Face{}, phrase.Fail(phrase.CodeNotFound, "There is no such operator.")
}

// mostFaces is how many operators visitors are shown at once.
const mostFaces = 5

// OnDuty lists who is there for visitors of a department, of any if it is "": the operators who would be asked now and
// don't mind being shown, at most five, by address. It lists nobody if the site does not want it. CodeNotFound says that
// there is no such department.
func (p *Portraits) OnDuty(department string) ([]Face, error) {
	if _, err := p.bridge.Team.Status(department); err != nil {
		return nil, err
	}
	var list []Face
	for _, o := range p.bridge.Team.Available() {
		if len(list) == mostFaces {
			break
		}
		if p.Wanted(o.JID) && (department == "" || o.Serves(department, bridge.Chat)) {
			list = append(list, p.face(o))
		}
	}
	return list, nil
}
