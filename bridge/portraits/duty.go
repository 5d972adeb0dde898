package portraits

import "porchlight/bridge"

// Face is an operator as visitors see them before they ask.
type Face struct {
	Name    string
	Picture string // see Address
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
			list = append(list, Face{o.Name, p.Address(o.JID)})
		}
	}
	return list, nil
}
