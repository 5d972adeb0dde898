package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/archive"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// The path of an export below the URL of the visitors' side is ExportsPath, a name, a slash, ExportFile and .json or .txt. The
// name says, sealed as that of a picture is, for whom the file is, until when, and about whom.
const (
	ExportsPath = "/exports/"
	ExportFile  = "visitor"
)

// exportsLast is how long the link to an export is good.
const exportsLast = 15 * time.Minute

// privacyCommands declares the commands for requests about privacy.
func privacyCommands() []Command {
	whom := Field{Name: "visitor", Label: "Whom", Help: "The number of a conversation, an email address, or a name.", Kind: Text, Required: true}
	return []Command{
		{Name: "export", Group: Site, Title: "All that is stored about a visitor, as a file", Run: export, Looks: true, Permission: bridge.MayErase,
			Help:   "export #12 and export Anna mean one visitor, export anna@example.net those for whom that address is proved, by mail or by the site's signature; if there is none, the only one who typed it. The file is JSON, or a transcript to read. The audit log has it.",
			Fields: []Field{whom}},
		{Name: "erase", Group: Site, Title: "Delete all that is stored about a visitor", Run: erase, Permission: bridge.MayErase, Confirm: erasing,
			Help:   "erase #12 and erase Anna mean one visitor, erase anna@example.net everybody who gave that address: conversations, files, mails, and what the search knows of them. The statistics stay, without the person. What is open has to be closed before.",
			Fields: []Field{whom}},
	}
}

// personOf finds whom a command is about; of several of a name it lists the choices.
func personOf(d *Desk, ctx context.Context, call Call, command string) (p archive.Person, err error) {
	if d.archive == nil {
		return p, refuse("Nothing can be searched here.")
	}
	text, look := call.arg("visitor"), d.archive.FindPerson
	if command == "export" {
		look = d.archive.FindOne
	}
	p, several, err := look(ctx, text)
	if err != nil || !several {
		return p, err
	}
	if p.Email != "" {
		return p, &question{call.Voice.Say("Several visitors have typed %s, which anybody can, and it is proved for none: %s. Which one? %s", p.Email, others(call.Voice, p.Typed), fmt.Sprintf("%s #%d", command, p.Typed[0].Number))}
	}
	found, err := d.bridge.Clients(ctx, text, 1)
	if err != nil {
		return p, err
	}
	v := call.Voice
	lines := []string{v.Say("Several visitors are found by %q. Which one? %s", voice.Clip(text, 40), fmt.Sprintf("%s #%d", command, found.List[0].Last.Number))}
	for _, c := range found.List {
		c.Note = "" // who asks may not have taken part
		lines = append(lines, "  "+v.Client(c))
	}
	if found.More {
		lines = append(lines, v.Say("%s shows more.", "clients "+text+" 2"))
	}
	return p, &question{strings.Join(lines, "\n")}
}

// personNamed says who a person is: all names, so that nobody takes two people for one, and the address.
func personNamed(call Call, p archive.Person) string {
	var names []string
	for _, name := range p.Names() {
		names = append(names, call.Voice.Visitor(name))
	}
	said := strings.Join(names, " / ")
	for _, c := range p.Conversations {
		if c.Email != "" {
			return said + ", " + c.Email
		}
	}
	return said
}

// numbersShown is how many numbers of conversations are told at most.
const numbersShown = 10

// numbered counts conversations and names the first of them: "3 conversations (#12, #31, #40)".
func numbered(v voice.Voice, n int, list []bridge.Conversation) string {
	var numbers []string
	for i, c := range list {
		if i == numbersShown {
			numbers = append(numbers, "…")
			break
		}
		numbers = append(numbers, fmt.Sprint("#", c.Number))
	}
	if n == 1 {
		return v.Say("1 conversation (%s)", strings.Join(numbers, ", "))
	}
	return v.Say("%d conversations (%s)", n, strings.Join(numbers, ", "))
}

// othersJoined says which conversations were joined with the person's and are not among them; "" if none.
func othersJoined(v voice.Voice, p archive.Person) string {
	if len(p.Joined) == 0 {
		return ""
	}
	return "\n" + v.Say("Merged with it, but perhaps somebody else's, and not among them: %s.", others(v, p.Joined))
}

// others names visitors by a conversation of each.
func others(v voice.Voice, all []archive.Other) string {
	var list []string
	for i, o := range all {
		if i == numbersShown {
			list = append(list, "…")
			break
		}
		list = append(list, fmt.Sprintf("#%d %s", o.Number, v.Visitor(o.Name)))
	}
	return strings.Join(list, ", ")
}

// proof says for whom the address is proved by which a person was looked for, and who only typed it; "" if by something else.
func proof(v voice.Voice, p archive.Person) (said string) {
	if len(p.Proved) > 0 {
		said += "\n" + v.Say("The address is proved, by mail or by the site's signature, for: %s.", others(v, p.Proved))
	}
	if len(p.Typed) > 0 {
		said += "\n" + v.Say("It was only typed, which anybody can, by: %s.", others(v, p.Typed))
	}
	return said
}

// erasing says what would go.
func erasing(d *Desk, ctx context.Context, call Call) (string, error) {
	p, err := personOf(d, ctx, call, "erase")
	if err != nil {
		return "", err
	}
	v := call.Voice
	if len(p.Open) > 0 {
		return "", archive.StillOpen(p.Open[0])
	}
	said := v.Say("%s: %s, files: %d, mails: %d, and what the search knows of them.", personNamed(call, p), numbered(v, len(p.Conversations), p.Conversations), p.Files, p.Mails) +
		"\n" + v.Say("The statistics stay, without the person.") + proof(v, p)
	if first, last := p.Between(); !first.IsZero() {
		said += "\n" + v.Say("From %s to %s.", v.Short(first), v.Short(last))
	}
	if p.Alike > 0 {
		said += "\n" + v.Say("Visitors who gave the same email address and are not among them: %d. With the address all of them go.", p.Alike)
	}
	return said + othersJoined(v, p), nil
}

// erase deletes all that is stored about a visitor.
func erase(d *Desk, ctx context.Context, call Call) (string, error) {
	p, err := personOf(d, ctx, call, "erase")
	if err != nil {
		return "", err
	}
	done, err := d.archive.Erase(ctx, call.Operator, p)
	v := call.Voice
	var unfinished *archive.Unfinished
	if errors.As(err, &unfinished) {
		return v.Say("Erased so far: conversations: %d, files: %d. The rest can't be deleted now: it is tried again each minute, and the super operators are told why it fails.", done.Conversations, done.Files), nil
	}
	if err != nil {
		return "", err
	}
	lines := []string{v.Say("Erased: %s, files: %d, mails: %d.", numbered(v, done.Conversations, p.Conversations), done.Files, done.Mails)}
	if len(done.Left) > 0 {
		lines = append(lines, v.Say("#%d was opened again meanwhile, and stays.", done.Left[0]))
	}
	return strings.Join(append(lines, v.Say("What the disk still has of it is overwritten within minutes."),
		v.Say("Not in reach: the operators' own clients, the archive of the XMPP server, mail at providers, backups.")), "\n"), nil
}

// export gives links to files with all that is stored about a visitor.
func export(d *Desk, ctx context.Context, call Call) (string, error) {
	p, err := personOf(d, ctx, call, "export")
	if err != nil {
		return "", err
	}
	v, url := call.Voice, cmp.Or(d.publicURL, d.files.URL)
	if url == "" {
		return "", refuse("There are no files here.")
	}
	if err := d.archive.Exporting(ctx, call.Operator, p); err != nil {
		return "", err
	}
	whom, apart := string(p.Visitors[0].JID), proof(v, p)
	if len(p.Proved) > 0 {
		whom = p.Email
		if len(p.Typed) > 0 {
			apart += " " + v.Say("Not among them: perhaps somebody else's. With its number one of them can be exported.")
		}
	}
	seal, err := d.sealer("exports")
	if err != nil {
		return "", err
	}
	text := string(call.Operator.JID) + "\x00" + strconv.FormatInt(d.bridge.Now().Add(exportsLast).Unix(), 10) + "\x00" + whom
	nonce := make([]byte, seal.NonceSize())
	rand.Read(nonce) // never fails: see crypto/rand
	link := url + ExportsPath + base64.RawURLEncoding.EncodeToString(seal.Seal(nonce, nonce, []byte(text), nil)) + "/" + ExportFile
	return strings.Join([]string{v.Say("%s: %s, files: %d, mails: %d.", personNamed(call, p), numbered(v, len(p.Conversations), p.Conversations), p.Files, p.Mails) + othersJoined(v, p) + apart,
		v.Say("To read: %s", link+".txt"), v.Say("As JSON: %s", link+".json"), v.Say("The links work for 15 minutes.")}, "\n"), nil
}

// Exports finds the files to which links of export lead, by their names and their formats, json or txt. CodeNotFound says that
// the desk has not made the name, or too long ago, or for somebody who may not export any more.
func Exports(d *Desk) func(ctx context.Context, name, format string) ([]byte, error) {
	return func(ctx context.Context, name, format string) ([]byte, error) { return exportNow(d, ctx, name, format) }
}

func exportNow(d *Desk, ctx context.Context, name, format string) ([]byte, error) {
	none := phrase.Fail(phrase.CodeNotFound, "There is no such file.")
	seal, err := d.sealer("exports")
	if err != nil {
		return nil, err
	}
	b, err := base64.RawURLEncoding.DecodeString(name)
	if err != nil || len(b) < seal.NonceSize() || d.archive == nil {
		return nil, none
	}
	text, err := seal.Open(nil, b[:seal.NonceSize()], b[seal.NonceSize():], nil)
	parts := strings.Split(string(text), "\x00")
	if err != nil || len(parts) != 3 {
		return nil, none
	}
	ends, bad := strconv.ParseInt(parts[1], 10, 64)
	o, known := d.bridge.Team.Operator(bridge.OperatorJID(parts[0])) // not if they are disabled
	if bad != nil || !known || !o.May(bridge.MayErase) || d.bridge.Now().Unix() >= ends {
		return nil, none
	}
	p, several, err := d.archive.FindOne(ctx, parts[2])
	if err != nil {
		return nil, err
	}
	if several { // others have given the address since, and it is proved no more
		return nil, none
	}
	all, err := d.archive.Export(ctx, p)
	if err != nil {
		return nil, err
	}
	if format == "json" {
		return json.MarshalIndent(all, "", "  ")
	}
	return []byte(dossier(voice.For(d.bridge, o), all)), nil
}

// dossier is an export to read: who it is, and all conversations, the first ones first.
func dossier(v voice.Voice, all archive.Dossier) string {
	var b strings.Builder
	for _, who := range all.Visitors {
		for _, line := range []string{who.Address, who.Name, who.Called, who.Email, who.Phone, who.Remark} {
			if line != "" {
				fmt.Fprintln(&b, line)
			}
		}
		b.WriteString("\n")
	}
	for i, card := range all.Cards {
		b.WriteString(v.WholeRecord(card, all.Logs[i]) + "\n\n")
	}
	return b.String()
}
