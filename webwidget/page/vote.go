package page

import (
	"net/url"
	"strconv"

	"porchlight/bridge"
)

// voteView shows the visitor's vote at the end of a conversation: a form while they can vote or change
// the vote, and what they voted.
type voteView struct {
	Open    bool
	Given   string // the vote that is stored, in stars; "": none
	Scores  []scoreView
	Comment string
}

// ballotView is the form for a vote, wherever it stands.
type ballotView struct {
	frame
	Vote   *voteView // nil: there is none and can be none
	Errors map[string]string
	Action string // where the form goes
}

// Ballot is the form for a vote at the end of the talk.
func (v view) Ballot() ballotView {
	return ballotView{v.frame, v.Talk.Vote, v.Errors, v.Base + "/chat/feedback"}
}

// scoreView is a score that can be chosen.
type scoreView struct {
	Score  int
	Stars  string
	Label  string
	Chosen bool
}

// voteOf is the view of a vote, nil if there is none and can be none.
func voteOf(f frame, b bridge.Ballot) *voteView {
	if !b.Open && b.ID == 0 {
		return nil
	}
	v := &voteView{Open: b.Open, Comment: b.Comment}
	if b.ID > 0 {
		v.Given = bridge.Stars(b.Score)
	}
	for i, label := range []string{f.Say("Very bad"), f.Say("Bad"), f.Say("Neither good nor bad"), f.Say("Good"), f.Say("Very good")} {
		v.Scores = append(v.Scores, scoreView{Score: i + 1, Stars: bridge.Stars(int64(i + 1)), Label: label})
	}
	v.choose(strconv.FormatInt(b.Score, 10))
	return v
}

// choose marks a score as chosen.
func (v *voteView) choose(score string) {
	for i := range v.Scores {
		v.Scores[i].Chosen = strconv.Itoa(v.Scores[i].Score) == score
	}
}

// preselect marks a score as chosen if there is such a score and none was given.
func (v *voteView) preselect(score string) {
	if v != nil && v.Given == "" {
		v.choose(score)
	}
}

// typed puts into the form what came with a form that was refused. A form without a comment is another
// one.
func (v *voteView) typed(form url.Values) {
	if v == nil || !form.Has("comment") {
		return
	}
	v.Comment = form.Get("comment")
	v.choose(form.Get("score"))
}
