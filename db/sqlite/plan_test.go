package sqlite

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/archive"
	"porchlight/bridge/hook"
	"porchlight/bridge/links"
	"porchlight/bridge/onsite"
	"porchlight/bridge/portraits"
	"porchlight/bridge/report"
	"porchlight/bridge/storetest"
)

// plans returns SQLite's query plan of every statement, by statement.
func plans(t *testing.T) map[string][]string {
	d := openNew(t)
	hire(t, d, "xavi@example.org")
	c := create(t, d, storetest.Sample(1))
	found := make(map[string][]string)
	update(t, d, func(x bridge.Tx) error {
		useEverything(t, x, c)
		if _, err := x.(*tx).Tx.LatestConversation(c.Visitor); err != nil { // the writer remembers the answer
			t.Error(err)
		}
		reports := x.(*tx).ReportTx()
		useReports(t, &reports)
		archives := archiving(x)
		useArchive(t, archives)
		hooks := x.(*tx).HookTx()
		useHooks(t, &hooks)
		accesses := x.(*tx).AccessTx()
		useAccess(t, &accesses)
		invitations := x.(*tx).InvitationTx()
		useInvitations(t, &invitations)
		into := x.(*tx).LinkTx()
		useLinks(t, &into)
		pictures := x.(*tx).PortraitTx()
		usePortraits(t, &pictures)
		useErasures(t, archives)
		w := d.writer.c
		for _, query := range slices.Collect(maps.Keys(w.statements)) {
			first, _, _ := strings.Cut(query, " ")
			if !slices.Contains([]string{"SELECT", "INSERT", "UPDATE", "DELETE"}, first) || strings.Contains(query, "FROM sqlite_schema") || strings.Contains(query, "archive_words") || strings.Contains(query, "total_changes") { // what asks the index is this engine's own
				continue
			}
			plan, err := w.all("EXPLAIN QUERY PLAN " + query)
			if err != nil {
				t.Error(err)
			}
			found[query] = nil // an INSERT has no plan
			for _, r := range plan {
				found[query] = append(found[query], r[3].(string))
			}
		}
		return nil
	})
	return found
}

// Every statement finds its rows by an index, so the store does not slow down
// as the archive grows. The exceptions are lists of everything.
func TestStatements_UseIndexes(t *testing.T) {
	known := []string{
		"FROM operators WHERE removed = FALSE ORDER",
		"SELECT jid, departments, tickets FROM operators ORDER", // once when a department is deleted
		"desk_confirmed < desk_seq",                             // once a link, for all operators
		"FROM operators WHERE removed = TRUE",
		"SELECT COUNT(*) FROM sessions", // once for the list of operators
		"FROM departments WHERE removed = FALSE ORDER",
		"FROM departments WHERE removed = TRUE",
		"FROM votes WHERE operator IN (SELECT jid FROM operators)", // sorts those of a span of time
		"FROM answers ORDER",
		"FROM site_settings ORDER",
		"FROM answers WHERE owner = ?", // when an operator is deleted
		"FROM blocks ORDER",
		"FROM visitor_words WHERE word >= ? AND word < ? ", // a part of the index that is no longer than is asked for
		"AND origin >= ",                                   // sorts what one stanza id was used for
		"AND number > ?) ORDER BY waits_since",             // sorts the chats that wait in one department
		"SUM(size)",                                        // at the start
		"FROM files WHERE whole = FALSE",                   // all of a small index
		"state IN ('waiting', 'active'",                    // sorts the open ones, at the start only
		"DELETE FROM passes WHERE kind = 'link'",           // when somebody is erased; links last for minutes
		"FROM passes WHERE kind = 'wall'",                  // all of a small index
		"ORDER BY CASE kind",                               // sorts what is due, without the mails
		"FROM report_subscriptions ORDER",                  // all, which are 200 at most
		"FROM report_readings ORDER",                       // the first ones, by the key
		"FROM report_rows ORDER",                           // so, too
		"FROM report_spans ORDER",                          // so, too
		"AND c.due_offer_at IS NOT NULL",                   // counts the few that are on offer to one operator
		"SELECT jid, asked_at FROM operators",              // all, in departments that ask one after the other
		"FROM archive_readings ORDER",                      // the first ones, by the key
		"FROM api_keys ORDER",                              // all, which are 50 at most
		"FROM hooks ORDER",                                 // all, which are 20 at most
		"FROM site_links ORDER",                            // all, which are 10 at most
		"FROM presences ORDER",                             // all, one of each operator
		"FROM portraits ORDER",                             // all, one of each operator
		"FROM invitations ORDER",                           // all, which are 50 at most
		"UPDATE invitations SET department = ",             // so, too, when a department is deleted
		"GROUP BY owner",                                   // all of the index of active conversations
		"GROUP BY t.tag",                                   // counts the tags of a span of time
		"GROUP BY operator",                                // sorts what is added up of everybody
		"GROUP BY measure, bucket",                         // sorts what one operator or department has of some days
		"GROUP BY period, measure",                         // so, too
	}
	for query, plan := range plans(t) {
		if slices.ContainsFunc(known, func(words string) bool { return strings.Contains(query, words) }) {
			continue
		}
		for _, step := range plan {
			if strings.HasPrefix(step, "SCAN") || strings.Contains(step, "TEMP B-TREE") {
				t.Errorf("%s\n\t%s", query, step)
			}
		}
	}
}

// A statement uses every index. A partial index is no longer used once a statement words its
// condition differently. The exceptions serve foreign keys: SQLite uses these indexes to find
// the rows that refer to a deleted one.
func TestSchema_EveryIndexIsUsed(t *testing.T) {
	forDeletion := []string{"desk_entries_by_conversation"}
	var steps []string
	for _, plan := range plans(t) {
		steps = append(steps, plan...)
	}
	all := strings.Join(steps, " ") + " "
	for _, r := range ask(t, openNew(t), `SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL`) {
		if name := r[0].(string); !slices.Contains(forDeletion, name) && !strings.Contains(all, " INDEX "+name+" ") {
			t.Errorf("no statement uses index %s", name)
		}
	}
}

// Statements are in the dialect that SQLite and PostgreSQL have in common, in which a flag is
// no number.
func TestStatements_AreInTheCommonDialect(t *testing.T) {
	own := regexp.MustCompile(`(?i)\b(rowid|insert or|replace into|ifnull|glob|instr|printf|group_concat|unixepoch|strftime|datetime|julianday|json_\w+|last_insert_rowid)\b|"`)
	var flags []string
	for _, r := range ask(t, openNew(t), `SELECT sql FROM sqlite_schema WHERE type = 'table'`) {
		for _, m := range regexp.MustCompile(`(\w+)\s+INTEGER [^,]*CHECK \(\w+ IN \(0, 1\)\)`).FindAllStringSubmatch(r[0].(string), -1) {
			flags = append(flags, m[1])
		}
	}
	compared := regexp.MustCompile(`\b(` + strings.Join(flags, "|") + `)\s*(=|<>)\s*\d`)
	insert := regexp.MustCompile(`(?s)^INSERT INTO \w+ \((.*?)\)\s+VALUES \((.*?)\)`)
	for query := range plans(t) {
		if words := append(own.FindAllString(query, -1), compared.FindAllString(query, -1)...); len(words) > 0 {
			t.Errorf("%q in %s", words, query)
		}
		if m := insert.FindStringSubmatch(query); m != nil {
			columns, values := strings.Split(m[1], ","), strings.Split(m[2], ",")
			for i, value := range values {
				if value = strings.TrimSpace(value); value != "?" && value != "TRUE" && value != "FALSE" && slices.Contains(flags, strings.TrimSpace(columns[i])) {
					t.Errorf("%s is %s in %s", columns[i], value, query)
				}
			}
		}
	}
}

func TestUseEverything_CallsEveryMethod(t *testing.T) {
	source, err := os.ReadFile("plan_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for m := range reflect.TypeFor[bridge.Tx]().Methods() {
		if called := strings.Contains(string(source), "tx."+m.Name+"("); !called && m.Name != "CreateConversation" { // create calls CreateConversation
			t.Errorf("%s is not called", m.Name)
		}
	}
}

// useEverything calls every method of a Tx.
func useEverything(t *testing.T, tx bridge.Tx, c bridge.Conversation) {
	t.Helper()
	const o = bridge.OperatorJID("xavi@example.org")
	e := &bridge.DeskEntry{Operator: o, Kind: bridge.DeskNotice, At: at(0)}
	closed := c
	closed.State = bridge.Closed
	for i, err := range []error{
		second(tx.Conversation(1)), third(tx.ConversationByID(c.ID)), second(tx.ConversationByKey("key of id-1")),
		second(tx.LatestConversation(c.Visitor)), second(tx.VisitorConversations(c.Visitor, 1)), second(tx.MergedInto(1)), second(tx.Identified("s", 1)), second(tx.Tags(1)), second(tx.TagCounts(bridge.TagScope{Kind: bridge.Chat, Department: "support", Owner: "o"}, 1)), second(tx.TagCounts(bridge.TagScope{}, 1)), tx.SaveTag(1, "a", time.Unix(0, 0)), tx.DeleteTag(1, "a"),
		second(tx.OpenConversations(bridge.New, 0, 1)), second(tx.OpenConversations(bridge.Waiting, 0, 1)),
		second(tx.WaitingChats("support", at(0), 1)), second(tx.WaitingBehind("support", at(0), 1, 1)), second(tx.Waiting("")), second(tx.Waiting(bridge.Chat)), second(tx.OwnedBy(o)), second(tx.CountOwned()), second(tx.TookPart(o)), second(tx.TakesPart(o)), second(tx.DueConversations(at(0), 1)), second(tx.Request(1)), second(tx.Namesakes("Anna", "a@x")),
		tx.SaveConversation(c, 0), tx.SaveConversation(closed, 0), tx.SaveRequestEmail(1, ""), tx.SaveRequestName(1, ""), tx.SaveRequestIdentity(bridge.Request{Conversation: 1}),
		tx.Append(bridge.Event{Conversation: 1, Seq: 1, Type: bridge.EventMessage, At: at(0), Origin: "v:1"}),
		second(tx.Events(1, 0, 1)), second(tx.EventByOrigin(1, "v:1")), second(tx.EventsUnder(1, "o:x 1", 9)), second(tx.LastMessage(1, bridge.FromVisitor, 9)),
		tx.CreateVisitor(bridge.Visitor{JID: "b@x", Name: "B", Subject: "s"}), tx.SaveVisitor(bridge.Visitor{JID: "b@x", Subject: "s"}),
		second(tx.Visitor("b@x")), second(tx.VisitorBySubject("s")),
		second(tx.LatestConversations(0, 1)), third(tx.FindVisitors([]string{"a", "b"}, 1)), second(tx.CountConversations("b@x")), second(tx.LastNote(1)),
		tx.SaveOperator(bridge.Operator{JID: o, Departments: bridge.Circle{"support"}}), second(tx.Operator(o)), second(tx.Operators()), second(tx.Loads()), tx.SaveAsked(o, at(0)), second(tx.FormerOperators()), second(tx.FormerDepartments()), second(tx.Departments()),
		tx.SaveDepartment(bridge.Department{Name: "sales"}), tx.SaveOperator(bridge.Operator{JID: "gone@x", Departments: bridge.Circle{"sales"}}),
		tx.MoveInvitations("sales", ""), tx.DeleteDepartment("sales"), tx.DeleteOperator("gone@x"), tx.SaveSession(bridge.Session{Operator: o, Began: at(0)}), second(tx.LastSession(o)), second(tx.OpenSessions()), second(tx.SessionsSince(at(0))), second(tx.Logins()),
		tx.AppendAudit(&bridge.Audit{At: at(0)}), second(tx.Audits("", at(0), at(1), 1)), second(tx.Audits("x", at(0), at(1), 1)),
		tx.AppendNews(&bridge.News{Operator: o, At: at(0), Due: at(0)}), second(tx.DueNews(at(0), 1)), second(tx.TakeNews(o)),
		tx.SaveReminder(bridge.Reminder{Operator: o, Due: at(0)}), second(tx.Reminder(o)), second(tx.DueReminders(at(0), 1)),
		tx.SaveParticipant(bridge.Participant{Conversation: 1, Operator: o}), second(tx.Participants(1)), second(tx.UnconfirmedParticipants(0, 1)),
		tx.SaveOffer(bridge.Offer{Conversation: 1, Operator: o, State: bridge.OfferOpen, At: at(0)}), second(tx.Offers(1)), second(tx.OffersTo(o, bridge.OfferOpen)),
		tx.SaveNotice(bridge.DueNotice{Conversation: 1, Operator: o, Way: bridge.ByMail, Asked: at(0)}), second(tx.Notice(1, o, bridge.ByMail)), second(tx.DueNotices(bridge.ByMail, at(0), 1)),
		second(tx.LastNotice(o, bridge.ByMail)), tx.DeleteNotices(at(0)),
		tx.AppendDesk(e), tx.ConfirmDesk(o, 1), tx.ReturnDesk(o, 0), second(tx.DeskEntries(o, 0, 1)), second(tx.UnconfirmedDesks()),
		tx.SaveAnswer(bridge.Answer{AnswerKey: bridge.AnswerKey{Name: "a"}, Text: "b"}), second(tx.Answers()), tx.CountAnswer(bridge.AnswerKey{Name: "a"}), tx.DeleteAnswer(bridge.AnswerKey{Name: "a"}),
		tx.SaveCarriedOut(o, "o:x 1", at(0), at(0)), second(tx.CarriedOut(o, "o:x 1")),
		tx.SaveSetting("a", "b"), second(tx.Setting("a")), second(tx.KeepSetting("a", "c")),
		tx.SavePresence(bridge.Presence{Operator: o, Since: at(0)}), second(tx.Presences()), tx.DeletePresence(o),
		tx.SavePage(1, "n"), second(tx.PageElsewhere(1, "n")), second(tx.PagesOf("n", 1)), second(tx.Pagers()), tx.DeletePage(1, "n"), second(tx.Seqs([]int64{1})),
		tx.SaveSiteSetting("a", "b"), second(tx.SiteSettings()), tx.DeleteSiteSetting("a"),
		tx.SaveBlock(bridge.Block{Target: "a@x", At: at(0)}), second(tx.Blocks()), tx.DeleteBlock("a@x"),
		tx.CreateFile(bridge.File{ID: "f", Conversation: 1, Type: "image/png", At: at(0)}), tx.AppendFile("f", 0, []byte("x")), second(tx.File("f")),
		second(tx.Files(1, 1)), second(tx.BrokenFiles(1)), second(tx.FilePart("f", 0)), tx.CompleteFile("f"), second(tx.FileBytes()), second(tx.DeleteFileParts("f", 1)), tx.DeleteFile("f"),
		tx.CreateFeedback(&bridge.Feedback{Conversation: 1, Operator: o, Score: 5, At: at(0)}), tx.SaveFeedback(bridge.Feedback{ID: 1, Score: 4}),
		second(tx.Feedback(1)), second(tx.FeedbackIn(1)), second(tx.FeedbackAbout(o, at(0), at(1), 0, 1)), second(tx.TallyAbout(o, at(0), at(1))), second(tx.FeedbackAbout("", at(0), at(1), 0, 1)), second(tx.TallyAbout("", at(0), at(1))), second(tx.Tallies(at(0), at(1))),
		tx.SavePass(bridge.Pass{Hash: make([]byte, 32), Kind: bridge.PassLink, Operator: o, Made: at(0)}), second(tx.Pass(make([]byte, 32))), second(tx.PassesOf(o, bridge.PassLink)),
		tx.CreateInMail(&bridge.InMail{Mailbox: "INBOX", Fingerprint: "f", MessageID: "m@x", Raw: []byte("x"), State: bridge.MailNew, Conversation: 1}),
		tx.SaveInMail(bridge.InMail{ID: 1, MessageID: "m@x", State: bridge.MailDone, Conversation: 1}), second(tx.InMail(1)), second(tx.UnsortedMail(at(0), 1)), second(tx.MailByFingerprint("f")),
		tx.ForgetUIDs("INBOX", 1, 1), second(tx.ConversationOfMail("m@x")), tx.SaveMailCursor("INBOX", bridge.MailCursor{}), second(tx.MailCursor("INBOX")),
		tx.CreateOutMail(bridge.OutMail{ID: "o", Kind: bridge.AnswerMail, MessageID: "o@x", To: "a@x", Raw: []byte("x"), State: bridge.MailQueued, Made: at(0), Due: at(0)}), tx.SaveOutMail(bridge.OutMail{ID: "o", State: bridge.MailSent}),
		tx.SaveMailPart(bridge.MailPart{Apart: "p", Made: at(0), Raw: []byte("x")}), second(tx.MailParts("p")), second(tx.CountMailParts("p")), second(tx.LeftMailParts(at(1), 1)), tx.DeleteMailPart(bridge.MailPart{Apart: "p"}), third(tx.OldMail(at(0), 1)),
		second(tx.ConversationOfMail("M@x")), second(tx.MailElsewhere("m@x", "Other")), second(tx.OutMailByMessageID("O@x")), tx.EmptyInMail(1), tx.EmptyOutMail("o"),
		second(tx.OutMail("o")), second(tx.OutMailByMessageID("o@x")), second(tx.OutMailsTo(1, "a@x", 1)), second(tx.DueOutMail(at(0), 1)), second(tx.OverdueOutMail(at(0), 1, 1)), third(tx.CountOutMail()), second(tx.Undelivered("a@x", at(0), 1)),
		second(tx.CountAutomaticMail(bridge.AutomaticMail{Conversation: 1})), second(tx.CountAutomaticMail(bridge.AutomaticMail{To: "a@x"})), second(tx.CountAutomaticMail(bridge.AutomaticMail{})),
		tx.SaveThread(bridge.Thread{Conversation: 1, Address: "a@x", Token: "01234567890123456789"}), second(tx.Thread(1, "a@x")), second(tx.ThreadByToken("01234567890123456789")),
		tx.SaveMailing(bridge.Mailing{Conversation: 1, Due: at(0)}), second(tx.Mailing(1)), second(tx.DueMailings(at(0), 1)),
		second(tx.Walls()), tx.DeletePass(make([]byte, 32)), tx.DeletePassesOf(o), tx.DeleteEndedPasses(at(0)),
	} {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

// useReports calls every method of a report.Tx except for those of a bridge.Tx.
func useReports(t *testing.T, tx report.Tx) {
	t.Helper()
	const o = bridge.OperatorJID("xavi@example.org")
	k := report.Key{Operator: o, Kind: bridge.Chat, Period: 20261128, Measure: report.First, Bucket: 3}
	reading := report.Reading{Conversation: 1, Seq: 1, Account: "{}", Owed: at(0), Whose: report.Whose{Operator: o, Kind: bridge.Chat}}
	for i, err := range []error{
		second(tx.LastNumber()), second(tx.Behind(0, 9)), tx.SaveReading(reading, 0), tx.SaveReading(reading, 1), second(tx.Reading(1)), second(tx.Course(report.Whose{}, 20261101, 20261130, [2]report.Measure{report.First, report.Answers})),
		tx.AddUp(k, report.Sum{N: 1, Total: 5}), tx.AddUp(k, report.Sum{N: -1, Total: -5}), tx.KeepSum(k, report.Sum{N: 1, Total: 5}), second(tx.Rows(report.Whose{}, 20261101, 20261130)),
		tx.SaveSpan(report.Span{Operator: o, Kind: bridge.Chat, Day: 20261128, Since: at(0), Until: at(1)}), second(tx.Spans(o, bridge.Chat, 20261128)), tx.KeepSpan(report.Span{Operator: o, Kind: bridge.Chat, Day: 20261128, Since: at(0), Until: at(1)}),
		third(tx.Owed(report.Whose{}, at(0), at(1))), third(tx.Owed(report.Whose{Operator: o}, at(0), at(1))), third(tx.Owed(report.Whose{Department: "sales"}, at(0), at(1))),
		second(tx.Online("", at(0), at(1))), second(tx.Online(o, at(0), at(1))),
		second(tx.AllOwed(bridge.Chat, at(0), at(1))), second(tx.AllOnline(at(0), at(1))), second(tx.Forget()),
		tx.SaveSubscription(report.Subscription{ID: "abcdefghijklmnop", Operator: o, Address: "boss@example.org", Made: at(0), Due: at(1)}), second(tx.Subscription("abcdefghijklmnop")), second(tx.Subscriptions()),
		second(tx.DueSubscriptions(at(2), 9)), second(tx.Ordered(at(0))), tx.DeleteSubscription("abcdefghijklmnop"),
	} {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

// useArchive calls every method of an archive.Tx except for those of a bridge.Tx.
func useArchive(t *testing.T, tx archive.Tx) {
	t.Helper()
	for i, err := range []error{
		second(tx.LastNumber()), third(tx.Begun(1)), second(tx.Last(1, 9, 1)), second(tx.Tags(1)), second(tx.Unread(0, 9)), second(tx.ReadUpto(1)),
		tx.Index(1, 0, 1, []string{"refund"}), tx.Index(1, 1, 2, []string{"refund"}), second(tx.Look(archive.Lookup{Words: []string{"refund"}, Below: 9}, 1)),
		second(tx.Tidy()), tx.Unindex(1), second(tx.Forget()),
	} {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

// useAccess calls every method of an access.Tx except for those of a bridge.Tx.
func useAccess(t *testing.T, tx access.Tx) {
	t.Helper()
	k := access.Key{Hash: make([]byte, 32), Name: "crm", Scopes: access.Scopes(), Made: at(0)}
	for i, err := range []error{
		tx.SaveKey(k), second(tx.Keys()), second(tx.Key(k.Hash)), tx.UseKey(k.Hash, at(1)), second(tx.Numbers(0, 9)), tx.SaveAttributes(1, "{}"), tx.DeleteKey("crm"),
	} {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

// useLinks calls every method of a links.Tx.
func useLinks(t *testing.T, tx links.Tx) {
	t.Helper()
	for i, err := range []error{
		tx.SaveSiteLink(bridge.SiteLink{Name: "a", Template: "https://a", Made: at(0)}), second(tx.SiteLinks()), tx.DeleteSiteLink("a"),
	} {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

// usePortraits calls every method of a portraits.Tx.
func usePortraits(t *testing.T, tx portraits.Tx) {
	t.Helper()
	p := portraits.Portrait{Operator: "xavi@example.org", Source: "x", Learned: at(0)}
	for i, err := range []error{
		tx.SavePortrait(p), second(tx.Portraits()), second(tx.Portrait(p.Operator)), tx.DeletePortrait(p.Operator),
	} {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

// useErasures calls the methods of an archive.Tx that look for what is to be erased, and erase it.
func useErasures(t *testing.T, tx archive.Tx) {
	t.Helper()
	large := bridge.OutMail{ID: "large", Kind: bridge.AnswerMail, Conversation: 1, MessageID: "large@example.org", To: "anna@example.net", Raw: []byte{}, State: bridge.MailSent, Made: at(0), Apart: "large"}
	notice := large
	notice.ID, notice.MessageID, notice.Kind, notice.Conversation, notice.Apart = "told", "told@example.org", bridge.NoticeMail, 0, ""
	for i, err := range []error{
		tx.BridgeTx().CreateOutMail(large), tx.BridgeTx().CreateOutMail(notice), second(tx.Ended("sales", at(0), 0, 9)), second(tx.CountMails(1)), second(tx.StrayMails(0, 9)), second(tx.DeleteMailParts(1, 4)), tx.EmptyMail(1), second(tx.EmptyNotices(at(0), at(9), 9)),
		tx.DeleteDeskEntry("xavi@example.org", 1), tx.DeleteSearchLinks(), tx.Erase(1), second(tx.DeleteVisitor("anna@example.org")),
	} {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

// useHooks calls every method of a hook.Tx except for those of a bridge.Tx.
func useHooks(t *testing.T, tx hook.Tx) {
	t.Helper()
	h := hook.Hook{ID: "h", Name: "crm", URL: "https://crm.example", State: hook.On, Made: at(0)}
	first, next := hook.Cursor{Hook: "h", Conversation: 1, Seq: 1, Tries: 1, Due: at(1)}, hook.Cursor{Hook: "h", Conversation: 1, Seq: 2}
	for i, err := range []error{
		tx.SaveHook(h), second(tx.Hooks()), second(tx.Hook("h")), tx.SaveHookCursor(first, hook.Cursor{}), second(tx.HookCursor("h", 1)), second(tx.Before(1, at(1))), second(tx.Untold(h, 0, 9)),
		second(tx.DueCursors("h", at(1), 9)), second(tx.NextDue("h")), second(tx.Failed("h")), tx.HastenCursors("h", at(0)), tx.SaveHookCursor(next, first), second(tx.ForgetCursors("h")), tx.DeleteHook("h"),
	} {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

func useInvitations(t *testing.T, tx onsite.Tx) {
	t.Helper()
	for i, err := range []error{tx.SaveInvitation(onsite.Rule{Name: "r", Text: "Hello!", Once: onsite.ADay, Made: at(0)}), second(tx.Invitations()), tx.DeleteInvitation("r")} {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

func second[T any](_ T, err error) error        { return err }
func third[T, U any](_ T, _ U, err error) error { return err }
