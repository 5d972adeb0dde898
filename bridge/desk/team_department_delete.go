package desk

import (
	"cmp"
	"context"
	"strings"

	"porchlight/bridge/staff"
)

// departmentGoes asks where the people and requests of a department go, and says what goes. It asks
// nothing if nothing depends on the department.
func departmentGoes(d *Desk, ctx context.Context, call Call) (string, error) {
	dep, to := d.department(call.arg("department")), d.department(call.arg("to"))
	if len(d.bridge.Team.Departments()) == 1 {
		return "", refuse("%s is the only department.", dep.Title)
	}
	if dep.Name == to.Name {
		return "", refuse("%s is the department that is to be deleted.", dep.Title)
	}
	left, err := d.staff().Leaves(ctx, dep.Name)
	if err != nil || left.Nobody() {
		return "", err
	}
	v := call.Voice
	if to.Name == "" {
		example := cmp.Or(d.department(dep.Overflow).Name, d.another(dep.Name))
		return "", &question{v.Say("%s. Where shall they go? %s", staying(call, dep.Title, left), "department-delete "+dep.Name+" "+example)}
	}
	var all []string
	if n := len(left.Waiting); n > 0 {
		all = append(all, v.Say("%s will wait in %s, with their time", said(call, left.Waiting), to.Title))
	}
	if n := len(left.Active); n > 0 {
		all = append(all, v.Say("%s will go on in %s", said(call, left.Active), to.Title))
	}
	if len(left.Only) > 0 {
		all = append(all, v.Say("%s will be in %s", namesOf(left.Only), to.Title))
	}
	return strings.Join(all, "; ") + ".", nil
}

// staying says what depends on a department: "3 wait in Sales and Olga is in no other department".
func staying(call Call, title string, left staff.Left) string {
	v := call.Voice
	var all []string
	all = counted(all, len(left.Waiting), v.Say("1 waits in %s", title), v.Say("%d wait in %s", len(left.Waiting), title))
	all = counted(all, len(left.Active), v.Say("1 is active in %s", title), v.Say("%d are active in %s", len(left.Active), title))
	all = counted(all, len(left.Only), v.Say("%s is in no other department", namesOf(left.Only)), v.Say("%s are in no other department", namesOf(left.Only)))
	if last := len(all) - 1; last > 0 {
		return v.Say("%s and %s", strings.Join(all[:last], ", "), all[last])
	}
	return all[0]
}

// counted adds what is to be said of n people or conversations: nothing of none, and one of the two sentences
// else.
func counted(list []string, n int, one, several string) []string {
	switch n {
	case 0:
		return list
	case 1:
		return append(list, one)
	}
	return append(list, several)
}

// another is a department that is not the given one.
func (d *Desk) another(name string) string {
	for _, dep := range d.bridge.Team.Departments() {
		if dep.Name != name {
			return dep.Name
		}
	}
	return ""
}

func departmentDelete(d *Desk, ctx context.Context, call Call) (string, error) {
	dep, to := d.department(call.arg("department")), d.department(call.arg("to"))
	left, err := d.staff().DeleteDepartment(ctx, call.Operator, dep.Name, to.Name)
	if err == nil && d.site != nil {
		err = d.site.Load(ctx) // its rules are for the one that follows
	}
	if err != nil {
		return "", err
	}
	v := call.Voice
	answer := v.Say("%s is gone", dep.Title)
	var more []string
	waiting, active, only := said(call, left.Waiting), said(call, left.Active), namesOf(left.Only)
	more = counted(more, len(left.Waiting), v.Say("%s waits in %s now, with their time", waiting, to.Title), v.Say("%s wait in %s now, with their time", waiting, to.Title))
	more = counted(more, len(left.Active), v.Say("%s goes on in %s", active, to.Title), v.Say("%s go on in %s", active, to.Title))
	more = counted(more, len(left.Only), v.Say("%s is in %s", only, to.Title), v.Say("%s are in %s", only, to.Title))
	if len(more) == 0 {
		return answer + ".", nil
	}
	return answer + ": " + strings.Join(more, "; ") + ".", nil
}
