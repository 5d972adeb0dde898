package bridge

import (
	"context"
	"time"

	"porchlight/bridge/phrase"
)

// PassKind says what a pass opens.
type PassKind string

// The kinds of pass.
const (
	PassLink    PassKind = "link"    // becomes a session, once
	PassSession PassKind = "session" // the team's page, in one browser
	PassWall    PassKind = "wall"    // the overview of the team's page, and nothing else
)

// Pass opens the team's page to whoever has its token. The token itself is stored nowhere.
type Pass struct {
	Hash     []byte // of the token
	Kind     PassKind
	Operator OperatorJID // for whom the page is opened, or who has made a wall's pass
	Name     string      // of a wall; of a link: the end of the address that it leads to (see View)
	Made     time.Time
	Ends     time.Time // zero: when somebody deletes it
}

// How long passes last, and how many an operator has at most; the oldest one gives way. The number of
// walls is that of the whole site.
const (
	LinkLasts    = 15 * time.Minute
	SessionLasts = 12 * time.Hour
	mostLinks    = 5
	mostSessions = 10
	mostWalls    = 20
	wallName     = 40  // the bytes of a wall's name
	viewLength   = 255 // the bytes of a view's address; a longer one is left out
)

// Passes says who may look at the team's page. What somebody sees there follows from what they may at
// that moment; an operator who is disabled or deleted loses all passes with it (see guard). The
// methods may be called by any goroutine.
type Passes struct{ bridge *Bridge }

// noPass is the error for a token that is unknown, that was used, and that has ended: nobody can tell
// these apart.
func noPass() error {
	return phrase.Fail(phrase.CodeNotFound, "This link is not known here: it was used, it is too old, or somebody took it back.")
}

// noSession is the error of a browser that has no session.
func noSession() error {
	return phrase.Fail(phrase.CodeForbidden, "This browser is not logged in to the team's page.")
}

// Link makes a link to the team's page for an operator: a URL that works once, within LinkLasts, and
// shows a view first.
func (p *Passes) Link(ctx context.Context, o OperatorJID, v View) (url string, err error) {
	if _, err := p.bridge.Team.enabled(o); err != nil {
		return "", err
	}
	to := v.String()
	if len(to) > viewLength {
		to = ""
	}
	token, err := p.make(ctx, Pass{Kind: PassLink, Operator: o, Name: to}, LinkLasts, mostLinks)
	return p.url(token), err
}

// url is the address that a token opens.
func (p *Passes) url(path string) string { return p.bridge.opts.PublicURL + "/team/" + path }

// make stores a pass that is new, and returns its token.
func (p *Passes) make(ctx context.Context, pass Pass, lasts time.Duration, most int) (token string, err error) {
	token = newID()
	err = p.bridge.store.Update(ctx, func(tx Tx) error { return p.save(tx, pass, token, lasts, most) })
	return token, err
}

// save stores a pass with a token, after those that have ended are swept.
func (p *Passes) save(tx Tx, pass Pass, token string, lasts time.Duration, most int) error {
	now := p.bridge.clock.Now()
	if err := tx.DeleteEndedPasses(now); err != nil {
		return err
	}
	old, err := tx.PassesOf(pass.Operator, pass.Kind)
	for err == nil && len(old) >= most {
		err = tx.DeletePass(old[0].Hash)
		old = old[1:]
	}
	if err != nil {
		return err
	}
	pass.Hash, pass.Made = hashToken(token), now
	if lasts > 0 {
		pass.Ends = now.Add(lasts)
	}
	return tx.SavePass(pass)
}

// valid finds the pass of a kind that a token opens, and the operator as they are now. CodeNotFound
// says that there is none.
func (p *Passes) valid(r PassReader, kind PassKind, token string) (Pass, Operator, error) {
	pass, err := r.Pass(hashToken(token))
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = noPass()
	}
	if err != nil {
		return pass, Operator{}, err
	}
	o, ok := p.bridge.Team.Operator(pass.Operator)
	ended := !pass.Ends.IsZero() && !p.bridge.clock.Now().Before(pass.Ends)
	if !ok || ended || pass.Kind != kind || kind == PassWall && !o.Super {
		return pass, Operator{}, noPass()
	}
	return pass, o, nil
}

// look finds the pass of a kind that a token opens.
func (p *Passes) look(ctx context.Context, kind PassKind, token string) (pass Pass, o Operator, err error) {
	err = p.bridge.store.View(ctx, func(r Reader) (err error) {
		pass, o, err = p.valid(r, kind, token)
		return err
	})
	return pass, o, err
}

// Works returns nil if a link's token can be redeemed. It does not use the token up.
func (p *Passes) Works(ctx context.Context, token string) error {
	_, _, err := p.look(ctx, PassLink, token)
	return err
}

// Redeem turns a link's token into a session, and returns the session's token and the end of the address
// that the link leads to. The session that the browser had before, "" for none, ends. The first of
// several who redeem a link gets the session; the others get CodeNotFound.
func (p *Passes) Redeem(ctx context.Context, token, before string) (session, to string, err error) {
	session = newID()
	err = p.bridge.store.Update(ctx, func(tx Tx) error {
		link, o, err := p.valid(tx, PassLink, token)
		if err != nil {
			return err
		}
		to = link.Name
		if err := p.end(tx, link.Hash); err != nil {
			return err
		}
		if _, _, err := p.valid(tx, PassSession, before); err == nil {
			err = p.end(tx, hashToken(before))
			if err != nil {
				return err
			}
		}
		return p.save(tx, Pass{Kind: PassSession, Operator: o.JID}, session, SessionLasts, mostSessions)
	})
	return session, to, err
}

// end deletes a pass.
func (p *Passes) end(tx Tx, hash []byte) error {
	err := tx.DeletePass(hash)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = noPass()
	}
	return err
}

// Who returns the operator of a session's token as they are now. CodeForbidden says that there is no
// such session, or none any more.
func (p *Passes) Who(ctx context.Context, session string) (Operator, error) {
	_, o, err := p.look(ctx, PassSession, session)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = noSession()
	}
	return o, err
}

// Leave ends a session. One that there is not any more is no error.
func (p *Passes) Leave(ctx context.Context, session string) error {
	err := p.bridge.store.Update(ctx, func(tx Tx) error {
		_, _, err := p.valid(tx, PassSession, session)
		if err == nil {
			err = tx.DeletePass(hashToken(session))
		}
		return err
	})
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return nil
	}
	return err
}

// LogOut ends an operator's sessions and open links, and returns how many sessions there were.
func (p *Passes) LogOut(ctx context.Context, o OperatorJID) (n int, err error) {
	now := p.bridge.clock.Now()
	err = p.bridge.store.Update(ctx, func(tx Tx) error {
		n = 0
		for _, kind := range []PassKind{PassSession, PassLink} {
			list, err := tx.PassesOf(o, kind)
			for _, pass := range list {
				if err == nil {
					err = tx.DeletePass(pass.Hash)
				}
				if kind == PassSession && now.Before(pass.Ends) {
					n++
				}
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}
