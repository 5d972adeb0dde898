package bridge

import (
	"slices"
	"strings"
)

// Permission is the word for something that not every operator may do.
type Permission string

// The permissions. A command that needs none has "". A super operator has all of them, and nobody else
// can have MaySuper.
const (
	MayTransfer    Permission = "transfer"          // to pass conversations on
	MayInvite      Permission = "invite"            // to let a colleague take part
	MayBlock       Permission = "block"             // to block visitors and to take blocks back
	MayFiles       Permission = "files"             // to send files to visitors
	MayEmail       Permission = "email"             // to answer by mail although the visitor is on the page
	MayExport      Permission = "export-transcript" // to take transcripts along
	MayVisitors    Permission = "visitors"          // to see who is on the site, and to invite them
	MayOthers      Permission = "others"            // to read all conversations
	MaySearch      Permission = "search"            // to search in conversations
	MayStats       Permission = "stats"             // to see other operators' numbers
	MayFeedback    Permission = "feedback"          // to see and delete other operators' votes
	MayCanned      Permission = "canned"            // to change stored answers
	MayDepartments Permission = "departments"       // to change departments
	MayHours       Permission = "hours"             // to change others' hours
	MayUsers       Permission = "users"             // to change operators and their permissions
	MayErase       Permission = "erase"             // to export and erase what is known about a visitor
	MayAssign      Permission = "assign"            // to give requests and conversations to a colleague
	MayTakeOver    Permission = "takeover"          // to take a conversation from its owner
	MayWatch       Permission = "watch"             // to read a conversation along
	MayRoom        Permission = "room"              // to be in the operators' room
	MaySuper       Permission = "super"             // to do what only super operators may

	// NotInRoom is stored of an operator who lacks MayRoom.
	NotInRoom Permission = "not-in-room"
)

// Right declares a permission that an operator can be given.
type Right struct {
	Permission
	Group     string // the heading under which it is listed
	Label     string // what it allows
	Everybody bool   // every operator has it until it is taken away
}

// The groups of rights.
const (
	conversing = "conversations"
	seeing     = "seeing"
	running    = "running"
)

// Rights lists the permissions that an operator can be given, by group. What every operator could do
// before there was a permission for it is everybody's.
func Rights() []Right {
	return []Right{
		{Permission: MayTransfer, Group: conversing, Label: "pass conversations on", Everybody: true},
		{Permission: MayInvite, Group: conversing, Label: "let a colleague take part", Everybody: true},
		{Permission: MayFiles, Group: conversing, Label: "send files", Everybody: true},
		{Permission: MayBlock, Group: conversing, Label: "block visitors"},
		{Permission: MayEmail, Group: conversing, Label: "answer by mail though the visitor is here", Everybody: true},
		{Permission: MayAssign, Group: conversing, Label: "give conversations to a colleague"},
		{Permission: MayTakeOver, Group: conversing, Label: "take a conversation over from its owner"},
		{Permission: MayExport, Group: conversing, Label: "take transcripts along"},
		{Permission: MayRoom, Group: conversing, Label: "be in the operators' room", Everybody: true},
		{Permission: MayWatch, Group: seeing, Label: "read conversations along"},
		{Permission: MayVisitors, Group: seeing, Label: "see who is on the site, and invite them"},
		{Permission: MayOthers, Group: seeing, Label: "read all conversations"},
		{Permission: MaySearch, Group: seeing, Label: "search in conversations"},
		{Permission: MayStats, Group: seeing, Label: "see others' numbers"},
		{Permission: MayFeedback, Group: seeing, Label: "see and delete others' votes"},
		{Permission: MayCanned, Group: running, Label: "change stored answers", Everybody: true},
		{Permission: MayDepartments, Group: running, Label: "change departments"},
		{Permission: MayHours, Group: running, Label: "change others' hours"},
		{Permission: MayUsers, Group: running, Label: "change operators and what they may"},
		{Permission: MayErase, Group: running, Label: "export and erase visitors"},
	}
}

// RightOf finds the declaration of a permission that an operator can be given.
func RightOf(p Permission) (Right, bool) {
	all := Rights()
	i := slices.IndexFunc(all, func(r Right) bool { return r.Permission == p })
	if i < 0 {
		return Right{}, false
	}
	return all[i], true
}

// word is what is stored of an operator who has the right if it is not everybody's, or lacks it if it is.
func (r Right) word() Permission {
	switch {
	case r.Permission == MayRoom:
		return NotInRoom
	case r.Everybody:
		return "not-" + r.Permission
	}
	return r.Permission
}

// Permissions are the words that the store keeps of what an operator may do: a right that not everybody
// has, or "not-" and a right that was taken away.
type Permissions []Permission

// With returns the permissions with a right that is given or taken away.
func (p Permissions) With(r Right, given bool) Permissions {
	rest := slices.DeleteFunc(slices.Clone(p), func(w Permission) bool { return w == r.word() })
	if given != r.Everybody {
		rest = append(rest, r.word())
	}
	return rest
}

// String writes the permissions as the store keeps them: as words separated by spaces.
func (p Permissions) String() string {
	words := make([]string, len(p))
	for i, w := range p {
		words[i] = string(w)
	}
	return strings.Join(words, " ")
}

// PermissionsFrom is the inverse of String.
func PermissionsFrom(s string) Permissions {
	var p Permissions
	for _, w := range strings.Fields(s) {
		p = append(p, Permission(w))
	}
	return p
}

// everybodys are the rights that every operator has until they are taken away, by permission, with
// the word that is stored then.
var everybodys = func() map[Permission]Permission {
	m := make(map[Permission]Permission)
	for _, r := range Rights() {
		if r.Everybody {
			m[r.Permission] = r.word()
		}
	}
	return m
}()

// May reports whether the operator has a permission. What a super operator may is in the config, except
// for MayRoom, which anybody can be denied.
func (o Operator) May(p Permission) bool {
	if taken, is := everybodys[p]; is {
		return o.Super && p != MayRoom || !slices.Contains(o.Permissions, taken)
	}
	return p == "" || o.Super || p != MaySuper && slices.Contains(o.Permissions, p)
}

// SeesNumbersOf reports whether the operator may see the numbers of an operator, or, if other is "", of
// a department or the site.
func (o Operator) SeesNumbersOf(other OperatorJID) bool { return other == o.JID || o.May(MayStats) }

// SeesVotesAbout reports whether the operator may read the votes about an operator.
func (o Operator) SeesVotesAbout(other OperatorJID) bool {
	return other == o.JID || o.May(MayFeedback)
}

// SeesHoursOf reports whether the operator may see an operator's hours, and change them.
func (o Operator) SeesHoursOf(other OperatorJID) bool {
	return other == o.JID || o.May(MayHours) || o.May(MayUsers)
}

// SeesDepartmentsHours reports whether the operator may see the departments' hours, and change them.
func (o Operator) SeesDepartmentsHours() bool { return o.May(MayHours) || o.May(MayDepartments) }
