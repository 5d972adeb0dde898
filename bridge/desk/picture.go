package desk

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
	"porchlight/bridge/voice"
)

// This file has the picture that stats shows beside its words. Its address holds all that is to be known for
// drawing it, sealed with a key of this installation (AES-256-GCM, NIST SP 800-38D): so every node can
// draw it, nobody else can have one drawn, and the log of a proxy tells nobody whose numbers were looked at.

// pictureLasts is how long the address of a picture is good: as long as that of a file, so that pictures and
// files in a chat's history end together.
const pictureLasts = 30 * 24 * time.Hour

// Pictures lets the desk show pictures. The visitors' side at the URL serves them, below PicturePath.
func Pictures(publicURL string) Room { return func(d *Desk) { d.publicURL = publicURL } }

// The path of a picture below the URL of the visitors' side is PicturePath, its name and PictureFile. Clients
// show PictureFile as the name of the file.
const (
	PicturePath = "/pictures/"
	PictureFile = "/stats.png"
)

// Sketch says what a picture shows. OpenSketch makes one.
type Sketch struct {
	by         report.Whose // whose numbers, and of what kind
	asker      bridge.OperatorJID
	from, upto report.Period
}

// Picture is a drawing in plain values: bars, and a line with an axis of its own.
type Picture struct {
	Title, Range string
	Labels       []string // one for each step
	Bars, Line   Drawn
	Empty        string // what is said if there is nothing to draw
}

// Drawn are the values of one kind.
type Drawn struct {
	Name   string
	Values []float64              // one for each label; NaN: not known
	Say    func(v float64) string // nil: as a plain number
}

// sealer seals and opens the names of what links lead to, for one use.
func (d *Desk) sealer(use string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(d.bridge.Tokens.Key(use))
	if err != nil {
		return nil, fmt.Errorf("make cipher for %s: %w", use, err)
	}
	return cipher.NewGCM(block)
}

// pictured shows a picture beside an answer, if it makes sense and is wanted; what it returns goes below the
// words of a form, where no picture can follow.
func (d *Desk) pictured(call Call, q inquiry) (more string, err error) {
	oneDay := !q.during.Until.After(q.during.From.AddDate(0, 0, 1))
	if d.publicURL == "" || call.arg("text") == on || call.Operator.Satellite || oneDay || call.Show == nil && !call.form {
		return "", nil
	}
	seal, err := d.sealer("picture")
	if err != nil {
		return "", err
	}
	s := Sketch{q.Whose, call.Operator.JID, report.DayOf(q.during.From), report.DayOf(q.during.Until.AddDate(0, 0, -1))}
	text := strings.Join([]string{string(s.asker), string(s.by.Operator), s.by.Department, string(s.by.Kind), strconv.Itoa(int(s.from)), strconv.Itoa(int(s.upto)),
		strconv.FormatInt(d.bridge.Now().Add(pictureLasts).Unix(), 10)}, "\x00")
	nonce := make([]byte, seal.NonceSize())
	rand.Read(nonce) // never fails: see crypto/rand
	link := d.publicURL + PicturePath + base64.RawURLEncoding.EncodeToString(seal.Seal(nonce, nonce, []byte(text), nil)) + PictureFile
	if call.Show == nil {
		return call.Voice.Say("Picture: %s", link), nil
	}
	call.Show(link)
	return "", nil
}

// OpenSketch reads the name of a picture. CodeNotFound says that the desk has not made the name, or too long
// ago, or that who asked for the picture may not see it any more.
func (d *Desk) OpenSketch(name string) (s Sketch, err error) {
	none := phrase.Fail(phrase.CodeNotFound, "There is no such picture.")
	seal, err := d.sealer("picture")
	if err != nil {
		return s, err
	}
	b, err := base64.RawURLEncoding.DecodeString(name)
	if err != nil || len(b) < seal.NonceSize() {
		return s, none
	}
	text, err := seal.Open(nil, b[:seal.NonceSize()], b[seal.NonceSize():], nil)
	part := strings.Split(string(text), "\x00")
	if err != nil || len(part) != 7 {
		return s, none
	}
	var n [3]int64
	for i, digits := range part[4:] {
		if n[i], err = strconv.ParseInt(digits, 10, 64); err != nil {
			return s, none
		}
	}
	s = Sketch{report.Whose{Operator: bridge.OperatorJID(part[1]), Department: part[2], Kind: bridge.Kind(part[3])}, bridge.OperatorJID(part[0]), report.Period(n[0]), report.Period(n[1])}
	asker, ok := d.bridge.Team.Operator(s.asker) // not if they are disabled
	if !ok || d.bridge.Now().Unix() >= n[2] || !asker.SeesNumbersOf(s.by.Operator) {
		return s, none
	}
	return s, nil
}

// Draw reads what a picture shows, in the language of who asked for it.
func (d *Desk) Draw(ctx context.Context, s Sketch) (p Picture, err error) {
	asker, _ := d.bridge.Team.Operator(s.asker)
	v := voice.For(d.bridge, asker)
	zone := d.report.Today().Location()
	during := bridge.Range{From: s.from.Start(zone), Until: s.upto.Next().Start(zone)}
	course, err := d.report.Course(ctx, s.by, during)
	if err != nil {
		return p, err
	}
	said := v.Drawn(d.called(v, s.by), s.by.Kind, during, d.report.Today())
	p = Picture{Title: said.Title, Range: said.Range, Empty: said.Empty, Bars: Drawn{Name: said.Bars}, Line: Drawn{Name: said.Line, Say: said.Lasted}}
	for _, label := range course.Labels() {
		p.Labels = append(p.Labels, v.Phrase(label))
	}
	p.Bars.Values, p.Line.Values = course.Values()
	return p, nil
}

// called is how people call whose numbers are meant.
func (d *Desk) called(v voice.Voice, w report.Whose) string {
	if w.Department != "" {
		if dep := d.departmentEver(w.Department); dep.Name != "" {
			return dep.Title
		}
		return w.Department
	}
	if w.Operator == "" {
		return v.Say("All")
	}
	return d.bridge.Team.Name(w.Operator)
}
