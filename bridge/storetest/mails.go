package storetest

import (
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var mailRules = []rule{
	{"that came comes back whole, and as it was changed", inMailRoundTrip},
	{"that came is stored once under a fingerprint", inMailOnce},
	{"that came loses its UID when the server gives it to another one", inMailForgotten},
	{"is unsorted until it is done or refused, listed when it is due, oldest first", inMailUnsorted},
	{"that goes comes back whole, and as it was changed", outMailRoundTrip},
	{"that goes is listed when it is due, what people wrote first", outMailDue},
	{"that goes is listed when it waits for too long, once", outMailOverdue},
	{"that goes by itself is counted: in a conversation, to an address, and all", outMailAutomatic},
	{"that did not arrive is known by its address", outMailUndelivered},
	{"is found by its Message-ID with its conversation", mailFound},
	{"has a cursor for each mailbox", mailCursors},
	{"has a thread for each conversation and address", mailThreads},
	{"of which the bytes are stored in parts is whole, and lists those that no mail names", mailParts},
	{"that is old is listed, and is emptied", mailOld},
	{"is found in another mailbox by its Message-ID", mailElsewhere},
	{"is found by a Message-ID in another case if there is none in the same", mailInAnyCase},
	{"has a mailing for each conversation, listed when it is due", mailMailings},
}

// came is a mail that came, whose fingerprint and UID have n in them.
func came(n uint32) bridge.InMail {
	return bridge.InMail{Mailbox: "INBOX", Validity: 3, UID: n, Fingerprint: "print " + string(rune('a'+n)), MessageID: string(rune('a'+n)) + "@example.net", Received: stored(at(int(n))),
		Bytes: 7, Raw: []byte("raw"), State: bridge.MailNew, Fate: "?", Failed: 1, Due: stored(at(int(n))), Apart: "parts", Kept: stored(at(int(n)))}
}

// goes is a mail that goes, with n in its ids.
func goes(n int) bridge.OutMail {
	id := string(rune('a' + n))
	return bridge.OutMail{ID: id, Kind: bridge.AnswerMail, Upto: 4, MessageID: id + "@example.org", From: "f@example.org", To: "anna@example.net", Raw: []byte("raw"), State: bridge.MailQueued,
		Words: "451 later", Tries: 2, Made: stored(at(1)), Due: stored(at(10 + n)), Apart: "parts", Kept: stored(at(1))}
}

// receive stores mails that came, and returns them with their ids.
func (t *trial) receive(list ...bridge.InMail) []bridge.InMail {
	t.Helper()
	for i := range list {
		t.update(func(tx bridge.Tx) error { return tx.CreateInMail(&list[i]) })
	}
	return list
}

// post stores mails that go.
func (t *trial) post(list ...bridge.OutMail) {
	t.Helper()
	for _, m := range list {
		t.update(func(tx bridge.Tx) error { return tx.CreateOutMail(m) })
	}
}

func inMailRoundTrip(t *trial) {
	m := came(1)
	m.Conversation = t.conversation()
	m = t.receive(m)[0]
	whole(t, m)
	bare := t.receive(bridge.InMail{Mailbox: "INBOX", Validity: 3, UID: 9, Fingerprint: "x", State: bridge.MailRefused})[0]
	t.view(func(r bridge.Reader) error {
		expect(t, m)(r.InMail(m.ID))
		got, err := r.InMail(bare.ID)
		got.Raw = bare.Raw
		expect(t, bare)(got, err)
		expectNone[bridge.InMail](t)(r.InMail(99))
		return nil
	})
	m.MessageID, m.State, m.Fate, m.Failed = "other@example.net", bridge.MailDone, "personal", 2
	m.Due = time.Time{}
	t.update(func(tx bridge.Tx) error { return tx.SaveInMail(m) })
	t.view(func(r bridge.Reader) error {
		expect(t, m)(r.InMail(m.ID))
		return nil
	})
}

func inMailOnce(t *trial) {
	m := t.receive(came(1))[0]
	again := came(2)
	again.Fingerprint = m.Fingerprint
	if err := t.store.Update(t.Context(), func(tx bridge.Tx) error { return tx.CreateInMail(&again) }); err == nil {
		t.Error("a mail was stored twice")
	}
	t.view(func(r bridge.Reader) error {
		expect(t, m.ID)(r.MailByFingerprint(m.Fingerprint))
		expectNone[int64](t)(r.MailByFingerprint("unknown"))
		return nil
	})
}

func inMailForgotten(t *trial) {
	list := t.receive(came(1), came(2))
	again, other := came(2), came(2)
	again.Fingerprint, other.Fingerprint = "again", "other"
	t.update(func(tx bridge.Tx) error { return tx.ForgetUIDs("INBOX", 3, 2) })
	t.receive(again)
	t.update(func(tx bridge.Tx) error { return tx.ForgetUIDs("INBOX", 3, 2) })
	t.receive(other)
	list[1].UID = 0
	t.view(func(r bridge.Reader) error {
		expect(t, list[0])(r.InMail(list[0].ID))
		expect(t, list[1])(r.InMail(list[1].ID))
		return nil
	})
}

func inMailUnsorted(t *trial) {
	list := t.receive(came(4), came(3), came(2), came(1))
	soon := came(5)
	soon.Due = time.Time{}
	soon = t.receive(soon)[0]
	list[1].State, list[2].State, list[3].State = bridge.MailSorted, bridge.MailDone, bridge.MailRefused
	for _, m := range list {
		t.update(func(tx bridge.Tx) error { return tx.SaveInMail(m) })
	}
	t.view(func(r bridge.Reader) error {
		expect(t, []int64{list[0].ID, list[1].ID, soon.ID})(r.UnsortedMail(at(4), 9))
		expect(t, []int64{list[0].ID})(r.UnsortedMail(at(4), 1))
		expect(t, []int64{list[1].ID, soon.ID})(r.UnsortedMail(at(3), 9))
		return nil
	})
}

func outMailRoundTrip(t *trial) {
	m := goes(1)
	m.Conversation, m.Operator = t.conversation(), "olga@example.org"
	whole(t, m)
	t.post(m)
	check := func() {
		t.Helper()
		t.view(func(r bridge.Reader) error {
			expect(t, m)(r.OutMail(m.ID))
			expect(t, m)(r.OutMailByMessageID(m.MessageID))
			expectNone[bridge.OutMail](t)(r.OutMail("unknown"))
			expectNone[bridge.OutMail](t)(r.OutMailByMessageID("unknown"))
			return nil
		})
	}
	check()
	m.State, m.Words, m.Tries, m.Due = bridge.MailSent, "", 3, time.Time{}
	t.update(func(tx bridge.Tx) error { return tx.SaveOutMail(m) })
	check()
}

func outMailDue(t *trial) {
	done := goes(0)
	done.State, done.Due = bridge.MailSent, time.Time{}
	statistics, notice, acknowledgement, late, transcript, early, tomorrow := goes(1), goes(2), goes(3), goes(4), goes(5), goes(6), goes(7)
	statistics.Kind, notice.Kind, acknowledgement.Kind, transcript.Kind = bridge.StatisticsMail, bridge.NoticeMail, bridge.AcknowledgementMail, bridge.TranscriptMail
	for i, m := range []*bridge.OutMail{&statistics, &acknowledgement, &notice, &early, &transcript, &late, &tomorrow} {
		m.Made = stored(at(2 + i))
	}
	t.post(late, tomorrow, statistics, done, acknowledgement, early, notice, transcript)
	ids := func(list ...bridge.OutMail) (ids []string) {
		for _, m := range list {
			ids = append(ids, m.ID)
		}
		return ids
	}
	t.view(func(r bridge.Reader) error {
		expect(t, ids(early, transcript, late, acknowledgement, notice, statistics))(r.DueOutMail(early.Due, 9))
		expect(t, ids(early, transcript))(r.DueOutMail(early.Due, 2))
		n, oldest, err := r.CountOutMail()
		expect(t, 7)(n, err)
		expect(t, statistics.Made)(oldest, err)
		return nil
	})
}

func outMailOverdue(t *trial) {
	told, waits, fresh, later := goes(1), goes(2), goes(3), goes(9)
	told.Made, waits.Made, fresh.Made, later.Made = stored(at(1)), stored(at(2)), stored(at(12)), stored(at(9))
	t.post(later, fresh, told, waits)
	by := waits.Due.Sub(waits.Made) + time.Millisecond // told was due longer than that after it was made: it is listed no more
	told.Due = told.Made.Add(by)
	t.update(func(tx bridge.Tx) error { return tx.SaveOutMail(told) })
	now := later.Due.Add(-time.Millisecond)
	t.view(func(r bridge.Reader) error {
		expect(t, []string{waits.ID})(r.OverdueOutMail(now, by, 9))
		expect(t, []string(nil))(r.OverdueOutMail(waits.Made.Add(by-time.Millisecond), by, 9))
		return nil
	})
}

func outMailAutomatic(t *trial) {
	number := t.conversation()
	var list []bridge.OutMail
	for n, kind := range []bridge.MailKind{bridge.AnswerMail, bridge.NoticeMail, bridge.AcknowledgementMail, bridge.ClosedMail, bridge.ClosedMail, bridge.TranscriptMail} {
		m := goes(n)
		m.Kind, m.Conversation, m.Made = kind, number, stored(at(n))
		list = append(list, m)
	}
	list[3].To, list[4].Conversation = "Bob@example.net", 0
	t.post(list...)
	t.view(func(r bridge.Reader) error {
		for _, c := range []struct {
			q    bridge.AutomaticMail
			want int
		}{
			{bridge.AutomaticMail{Conversation: number}, 2}, {bridge.AutomaticMail{Conversation: 99}, 0}, {bridge.AutomaticMail{To: "ANNA@example.net"}, 2},
			{bridge.AutomaticMail{To: "bob@example.net", Since: at(3)}, 1}, {bridge.AutomaticMail{To: "bob@example.net", Since: at(4)}, 0},
			{bridge.AutomaticMail{}, 3}, {bridge.AutomaticMail{Since: at(3)}, 2},
		} {
			expect(t, c.want)(r.CountAutomaticMail(c.q))
		}
		return nil
	})
}

func outMailUndelivered(t *trial) {
	states := []bridge.MailState{bridge.MailFailed, bridge.MailBounced, bridge.MailSent, bridge.MailQueued, bridge.MailFailed}
	for n, state := range states {
		m := goes(n)
		m.Made, m.Words, m.State, m.Due = stored(at(n)), string(state)+m.ID, state, time.Time{}
		if n == 4 {
			m.To = "bob@example.net"
		}
		t.post(m)
	}
	t.view(func(r bridge.Reader) error {
		expect(t, []string{"bouncedb", "faileda"})(r.Undelivered("Anna@example.net", at(0), 9))
		expect(t, []string{"bouncedb"})(r.Undelivered("anna@example.net", at(0), 1))
		expect(t, []string{"bouncedb"})(r.Undelivered("anna@example.net", at(1), 9))
		expect(t, []string(nil))(r.Undelivered("eve@example.net", at(0), 9))
		return nil
	})
}

func mailFound(t *trial) {
	in, out := came(1), goes(2)
	in.Conversation, out.Conversation = t.create(Sample(1)).Number, t.create(Sample(2)).Number
	t.receive(in)
	t.post(out, goes(3))
	t.view(func(r bridge.Reader) error {
		expect(t, in.Conversation)(r.ConversationOfMail(in.MessageID))
		expect(t, out.Conversation)(r.ConversationOfMail(out.MessageID))
		expectNone[int64](t)(r.ConversationOfMail(goes(3).MessageID))
		expectNone[int64](t)(r.ConversationOfMail("unknown"))
		return nil
	})
	later, other, foreign := goes(4), goes(5), goes(6)
	later.Conversation, later.Made = out.Conversation, stored(at(9))
	other.Conversation, other.Made, other.To = out.Conversation, stored(at(10)), "bob@example.net"
	foreign.Conversation, foreign.Made = in.Conversation, stored(at(11))
	t.post(later, other, foreign)
	t.view(func(r bridge.Reader) error {
		expect(t, []string{out.MessageID, later.MessageID})(r.OutMailsTo(out.Conversation, out.To, 9))
		expect(t, []string{later.MessageID})(r.OutMailsTo(out.Conversation, out.To, 1))
		return nil
	})
}

func mailCursors(t *trial) {
	a, b := bridge.MailCursor{Validity: 4_294_967_295, Next: 7, Last: stored(at(1))}, bridge.MailCursor{Validity: 1, Next: 2}
	whole(t, a)
	for _, c := range []bridge.MailCursor{b, a} {
		t.update(func(tx bridge.Tx) error { return tx.SaveMailCursor("INBOX", c) })
	}
	t.view(func(r bridge.Reader) error {
		expect(t, a)(r.MailCursor("INBOX"))
		expect(t, bridge.MailCursor{})(r.MailCursor("Sales"))
		return nil
	})
}

func mailThreads(t *trial) {
	number := t.conversation()
	a := bridge.Thread{Conversation: number, Address: "anna@example.net", Token: "abcdefghijklmnopqrstuvwxyz", Subject: "Course", LastMail: "1@example.net"}
	whole(t, a)
	b := bridge.Thread{Conversation: number, Address: "bob@example.net", Token: "bbcdefghijklmnopqrstuvwxyz"}
	for _, th := range []bridge.Thread{a, b} {
		t.update(func(tx bridge.Tx) error { return tx.SaveThread(th) })
	}
	b.Subject, b.LastMail = "Other", "2@example.net"
	t.update(func(tx bridge.Tx) error { return tx.SaveThread(b) })
	t.view(func(r bridge.Reader) error {
		expect(t, a)(r.Thread(number, a.Address))
		expect(t, b)(r.ThreadByToken(b.Token))
		expectNone[bridge.Thread](t)(r.Thread(number, "eve@example.net"))
		expectNone[bridge.Thread](t)(r.ThreadByToken("unknown"))
		return nil
	})
}

func mailMailings(t *trial) {
	a, b := bridge.Mailing{Conversation: t.create(Sample(1)).Number, Upto: 3, Due: stored(at(2)), Forced: true}, bridge.Mailing{Conversation: t.create(Sample(2)).Number, Due: stored(at(1))}
	whole(t, a)
	never := bridge.Mailing{Conversation: t.create(Sample(3)).Number, Upto: 9}
	for _, m := range []bridge.Mailing{never, a, b} {
		t.update(func(tx bridge.Tx) error { return tx.SaveMailing(m) })
	}
	t.view(func(r bridge.Reader) error {
		expect(t, a)(r.Mailing(a.Conversation))
		expect(t, never)(r.Mailing(never.Conversation))
		expect(t, bridge.Mailing{Conversation: 99})(r.Mailing(99))
		expect(t, []int64{b.Conversation, a.Conversation})(r.DueMailings(at(2), 9))
		expect(t, []int64{b.Conversation})(r.DueMailings(at(1), 9))
		return nil
	})
	a.Due, a.Forced = time.Time{}, false
	t.update(func(tx bridge.Tx) error { return tx.SaveMailing(a) })
	t.view(func(r bridge.Reader) error {
		expect(t, []int64{b.Conversation})(r.DueMailings(at(2), 9))
		return nil
	})
}

func mailParts(t *trial) {
	a, left := "parts", "left"
	for _, p := range []bridge.MailPart{{Apart: a, Part: 1, Made: at(1), Raw: []byte("raw")}, {Apart: a, Part: 0, Made: at(1), Raw: []byte("mail ")}, {Apart: left, Part: 0, Made: at(2), Raw: []byte("x")}, {Apart: left, Part: 1, Made: at(9), Raw: []byte("x")}} {
		t.update(func(tx bridge.Tx) error { return tx.SaveMailPart(p) })
	}
	check := func(want ...bridge.MailPart) {
		t.Helper()
		t.view(func(r bridge.Reader) error {
			expect(t, want)(r.LeftMailParts(at(9), 9))
			return nil
		})
	}
	check(bridge.MailPart{Apart: a}, bridge.MailPart{Apart: a, Part: 1}, bridge.MailPart{Apart: left})
	in := t.receive(came(1))[0]
	t.view(func(r bridge.Reader) error {
		expect(t, []byte("mail raw"))(r.MailParts(a))
		expectNone[[]byte](t)(r.MailParts("unknown"))
		expect(t, 2)(r.CountMailParts(a))
		expect(t, 0)(r.CountMailParts("unknown"))
		return nil
	})
	t.update(func(tx bridge.Tx) error { return tx.DeleteMailPart(bridge.MailPart{Apart: a}) }) // a mail names it
	t.view(func(r bridge.Reader) error {
		expect(t, []byte("mail raw"))(r.MailParts(a))
		return nil
	})
	check(bridge.MailPart{Apart: left})
	t.post(goes(1))
	t.update(func(tx bridge.Tx) error { return tx.EmptyInMail(in.ID) })
	check(bridge.MailPart{Apart: left})
	t.update(func(tx bridge.Tx) error { return tx.EmptyOutMail(goes(1).ID) })
	t.update(func(tx bridge.Tx) error { return tx.DeleteMailPart(bridge.MailPart{Apart: left}) })
	check(bridge.MailPart{Apart: a}, bridge.MailPart{Apart: a, Part: 1})
	t.update(func(tx bridge.Tx) error { return tx.DeleteMailPart(bridge.MailPart{Apart: a}) })
	t.view(func(r bridge.Reader) error {
		expectNone[[]byte](t)(r.MailParts(a))
		return nil
	})
}

func mailOld(t *trial) {
	in := t.receive(came(1), came(2), came(3), came(4))
	in[0].State, in[1].State, in[3].State = bridge.MailDone, bridge.MailRefused, bridge.MailDone
	for _, m := range in {
		t.update(func(tx bridge.Tx) error { return tx.SaveInMail(m) })
	}
	sent, queued := goes(1), goes(2)
	sent.State = bridge.MailSent
	t.post(sent, queued)
	check := func(limit int, wantIn []int64, wantOut []string) {
		t.Helper()
		t.view(func(r bridge.Reader) error {
			gotIn, gotOut, err := r.OldMail(at(4), limit)
			expect(t, wantIn)(gotIn, err)
			expect(t, wantOut)(gotOut, err)
			return nil
		})
	}
	check(9, []int64{in[0].ID, in[1].ID}, []string{sent.ID})
	check(1, []int64{in[0].ID}, []string{sent.ID})
	t.update(func(tx bridge.Tx) error { return tx.EmptyInMail(in[0].ID) })
	t.update(func(tx bridge.Tx) error { return tx.EmptyOutMail(sent.ID) })
	check(9, []int64{in[1].ID}, nil)
	t.view(func(r bridge.Reader) error {
		m, err := r.InMail(in[0].ID)
		o, failed := r.OutMail(sent.ID)
		if err != nil || failed != nil || len(m.Raw)+len(o.Raw) > 0 || m.Apart+o.Apart != "" || m.MessageID != in[0].MessageID || o.MessageID != sent.MessageID {
			t.Errorf("emptied: %+v, %v; %+v, %v", m, err, o, failed)
		}
		expect(t, in[0].ID)(r.MailByFingerprint(in[0].Fingerprint))
		return nil
	})
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.EmptyInMail(99) })
	t.refused(phrase.CodeNotFound, func(tx bridge.Tx) error { return tx.EmptyOutMail("unknown") })
}

func mailElsewhere(t *trial) {
	m := came(1)
	m.Conversation = t.create(Sample(1)).Number
	t.receive(m, came(2))
	t.view(func(r bridge.Reader) error {
		expect(t, m.Conversation)(r.MailElsewhere(m.MessageID, "Other"))
		expectNone[int64](t)(r.MailElsewhere(m.MessageID, m.Mailbox))
		expectNone[int64](t)(r.MailElsewhere(came(2).MessageID, "Other"))
		return nil
	})
}

func mailInAnyCase(t *trial) {
	upper, lower, out := came(1), came(2), goes(3)
	upper.MessageID, lower.MessageID, out.MessageID = "AbC@example.net", "abc@example.net", "Out@Example.org"
	upper.Conversation, lower.Conversation, out.Conversation = t.create(Sample(1)).Number, t.create(Sample(2)).Number, t.create(Sample(3)).Number
	t.receive(upper, lower)
	t.post(out)
	t.view(func(r bridge.Reader) error {
		expect(t, upper.Conversation)(r.ConversationOfMail("AbC@example.net"))
		expect(t, lower.Conversation)(r.ConversationOfMail("abc@example.net"))
		expect(t, lower.Conversation)(r.ConversationOfMail("ABC@example.net"))
		expect(t, out.Conversation)(r.ConversationOfMail("OUT@example.org"))
		expect(t, out)(r.OutMailByMessageID("out@example.ORG"))
		expectNone[int64](t)(r.ConversationOfMail("OUT@example.com"))
		return nil
	})
}
