package e2e_test

// teamTrials has a trial of every command about the team, by name. Quim is an operator who is made for the
// trial, under an address with the conversation's number.
var teamTrials = map[string]trial{
	"operators":         {asked, "olga", "Olga (olga@localhost)", "nobody", "There is no operator", "who=olga@localhost", "who=nobody"},
	"operator-add":      {asked, "p<n>@localhost Pere support", "is an operator", "pere localhost", "is no address such as", "address=p<n>@localhost&name=Pere&departments=support", "address=pere"},
	"operator-enable":   {asked, "q<n>", "Enabled: Quim", "nobody", "There is no operator", "who=q<n>@localhost", "who=nobody"},
	"operator-disable":  {asked, "q<n>", "Disabled: Quim", "xavi, olga", "Xavi is a super operator: that is changed in the config. Nothing was changed.", "who=q<n>@localhost", "who=xavi@localhost"},
	"operator-delete":   {asked, "q<n>", "Quim", "xavi", "Xavi is a super operator", "who=q<n>@localhost&yes=1", "who=xavi@localhost&yes=1"},
	"operator-edit":     {asked, "olga about=<n>", "Olga: about", "olga limit=0", `"0" is no number from 1 to 99. Nothing was changed.`, "who=olga@localhost&about=in a form <n>", "who=olga@localhost&limit=0"},
	"permissions":       {asked, "olga", "Olga", "olga +everything", `"everything" is none of transfer, `, "operator=olga@localhost&may=invite", "operator=olga@localhost&may=everything"},
	"allow":             {asked, "olga block", "Olga may now: block.", "olga everything", "is none of", "operator=olga@localhost&rights=block", "operator=olga@localhost&rights=x"},
	"deny":              {asked, "olga block", "Olga may no more: block.", "nobody block", "There is no operator", "operator=olga@localhost&rights=block", "operator=nobody&rights=block"},
	"departments":       {asked, "", "(support) – ONLINE: ", "nowhere", "There is no department", "department=support", "department=nowhere"},
	"department-add":    {asked, "d<n> Payments", "Payments (d<n>) is made: ", "-x", "is no name of a department", "name=d<n>&title=Payments", "name=-x&title=x"},
	"department-edit":   {asked, "support after=<n>s", "Support: after", "support after=soon", `"soon" is no time such as 30s, 2m or 1h. Nothing was changed.`, "department=support&after=<n>m", "department=support&after=soon"},
	"department-delete": {asked, "f<n>", "Funds is gone.", "nowhere", "There is no department", "department=f<n>", "department=nowhere"},
	"team":              {asked, "", "/team/", "x", "too much", "", ""},
	"team-logout":       {asked, "", "Links that were not used yet don't work any more.", "x", "too much", "", ""},
	"team-wall":         {asked, "hall <n>", "Back: team-wall-delete ", "", "Missing: ", "name=foyer <n>", "name="},
	"team-walls":        {asked, "", "Walls: ", "x", "too much", "", ""},
	"keys":              {asked, "", "There are no keys", "x", "too much", "", ""},
	"links":             {asked, "", "There are no links", "x", "too much", "", ""},
	"link-add":          {asked, "crm<n> https://crm.example/{email}?t={token}", " to crm.example stands in offers and in info.", "crm https://crm.example/{x}", "is nothing that is filled in.", "name=form<n>&url=https://crm.example/{email}", "name=x&url=https://crm.example/{x}"},
	"link-secret":       {asked, "new<n>", " has another secret.", "nothing", "There is no link", "name=new<n>", "name=nothing"},
	"link-delete":       {asked, "del<n>", " is deleted.", "nothing", "There is no link", "name=del<n>", "name=nothing"},
	"key-add":           {asked, "crm<n> read, tickets", " allows: read, tickets.", "crm root", "is nothing that a key allows. It may allow: read, tickets, post, attributes. Nothing was changed.", "name=form<n>&scopes=read, tickets", "name=x&scopes=root"},
	"key-delete":        {asked, "del<n>", " opens nothing any more", "nothing", "There is no key", "name=del<n>", "name=nothing"},
	"webhooks":          {asked, "", "No system is told anything", "x", "too much", "", ""},
	"webhook-add":       {asked, "crm<n> https://127.0.0.1/hook created, closed", "127.0.0.1 is told from now on: created, closed.", "crm http://x", "is no address such as https://crm.example.org/hook. Nothing was changed.", "name=form<n>&url=https://127.0.0.1/hook&events=created, closed", "name=x&url=http://x"},
	"webhook-delete":    {asked, "del<n>", "(127.0.0.1) is told nothing any more", "nothing", "There is no webhook", "name=del<n>", "name=nothing"},
	"visitors":          {asked, "", "on the site, ", "x", "too much", "", ""},
	"invite-visitor":    {asked, "<s> Hello!", "<s> is invited.", "zzzz", "is not on the site now", "id=<s>&text=Hello!", "id=zzzz"},
	"invitations":       {asked, "", "invit", "x", "too much", "", ""},
	"invitation-add":    {asked, "r<n> page=/pricing after=45s text=Questions?", "r<n>: on /pricing after 45 s, once a day", "r page=x", "is no page such as /pricing", "name=r<n>&page=/pricing&after=45s&text=Questions?", "name=r&page=x"},
	"invitation-delete": {asked, "del<n>", "The rule del<n> invites nobody any more.", "nothing", "There is no invitation", "name=del<n>", "name=nothing"},
	"webhook-test":      {asked, "try<n>", "did not take the test. ", "nothing", "There is no webhook", "name=try<n>", "name=nothing"},
	"team-wall-delete":  {asked, "hall <n>", "The link of the wall hall <n> opens nothing any more", "nowhere", "There is no wall", "name=hall <n>", "name=nowhere"},
	"audit":             {asked, "", "Xavi: ", "2026-13", "is no range", "range=30d", "range=2026-13"},
}

// need is a line, and a part of its answer.
type need struct{ line, answer string }

// before are the lines that a trial of a command needs beforehand.
var before = map[string][]need{
	"operator-enable":   {{"operator-add q<n>@localhost Quim support", "is an operator"}, {"operator-disable q<n>", "Disabled: Quim"}},
	"operator-disable":  {{"operator-add q<n>@localhost Quim support", "is an operator"}},
	"operator-delete":   {{"operator-add q<n>@localhost Quim support", "is an operator"}},
	"allow":             {{"deny olga block", "Olga"}},
	"deny":              {{"allow olga block", "Olga"}},
	"department-delete": {{"department-add f<n> Funds", "is made: "}},
	"team-wall-delete":  {{"team-wall hall <n>", "The wall hall "}},
	"settings":          {{"settings offline form", "offline: "}},
	"settings-reset":    {{"settings side left", "side: "}},
	"link-secret":       {{"link-add new<n> https://crm.example/?t={token}", "The link new"}},
	"link-delete":       {{"link-add del<n> https://crm.example/", "The link del"}},
	"key-delete":        {{"key-add del<n> read", "The key del"}},
	"visitors":          {{"settings on-site loaded", "on-site"}},
	"invite-visitor":    {{"settings on-site loaded", "on-site"}},
	"invitation-delete": {{"invitation-add del<n> text=Questions?", ": on all pages"}},
	"webhook-delete":    {{"webhook-add del<n> https://127.0.0.1/hook", "The webhook del"}},
	"webhook-test":      {{"webhook-add try<n> https://127.0.0.1/hook", "The webhook try"}},
}
