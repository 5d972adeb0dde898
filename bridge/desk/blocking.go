package desk

import (
	"context"
	"strings"
	"time"

	"porchlight/bridge"
)

func block(wide bool) func(*Desk, context.Context, Call) (string, error) {
	return func(d *Desk, ctx context.Context, call Call) (string, error) {
		length, _ := span(call.arg("duration")) // parse has checked it
		list, err := d.bridge.BlockVisitor(ctx, call.Operator.JID, call.Visitor, wide, length, call.arg("reason"))
		if err != nil {
			return "", err
		}
		lines := []string{call.Voice.Say("%s is blocked %s, and the conversation is closed. !unblock takes it back.", list[0].Name, call.Voice.Until(list[0]))}
		for _, b := range list[1:] {
			if strings.Contains(b.Target, "@") {
				lines = append(lines, call.Voice.Say("So is %s, since it is the same visitor's.", b.Target))
			} else {
				lines = append(lines, call.Voice.Say("So is everybody from %s.", b.Target))
			}
		}
		return strings.Join(lines, "\n"), nil
	}
}

func unblock(d *Desk, ctx context.Context, call Call) (string, error) {
	var ended, left []bridge.Block
	var err error
	switch who := call.arg("who"); {
	case who != "":
		var one bridge.Block
		if one, err = d.bridge.Blocks.Unblock(ctx, who); err == nil {
			ended = append(ended, one)
			left, err = d.bridge.Blocks.Touching(ctx, bridge.VisitorJID(one.Target))
		}
	case call.Visitor != "":
		ended, err = d.bridge.Blocks.UnblockVisitor(ctx, call.Visitor)
	default:
		err = refuse("Missing: %s. Write: %s.", "WHO", "unblock WHO")
	}
	if err != nil {
		return "", err
	}
	var lines []string
	for _, b := range ended {
		lines = append(lines, call.Voice.Say("%s (%s) is not blocked any more.", b.Target, b.Name))
	}
	for _, b := range left {
		lines = append(lines, call.Voice.Say("Everybody from %s still is: unblock %s", b.Target, b.Target))
	}
	return strings.Join(lines, "\n"), nil
}

func blocks(d *Desk, _ context.Context, call Call) (string, error) {
	list := d.bridge.Blocks.List()
	if len(list) == 0 {
		return call.Voice.Say("Nobody is blocked."), nil
	}
	lines := []string{call.Voice.Say("Blocked; unblock and what stands first in a line takes one back:")}
	for _, b := range list {
		line := "  " + call.Voice.Say("%s (%s) %s, by %s", b.Target, b.Name, call.Voice.Until(b), b.By)
		if b.Reason != "" {
			line += ": " + b.Reason
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n"), nil
}

// blocked lists the blocks in force, each under the value that unblock takes.
func blocked(d *Desk, _ context.Context, _ Call) ([]Choice, error) {
	var list []Choice
	for _, b := range d.bridge.Blocks.List() {
		list = append(list, Choice{b.Target, b.Target + " (" + b.Name + ")"})
	}
	return list, nil
}

// span reads a length of time such as 30m, 12h, 7d or 4w, in either case.
func span(s string) (time.Duration, bool) {
	s = strings.ToLower(s)
	if len(s) < 2 || len(s) > 6 {
		return 0, false
	}
	unit, ok := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}[s[len(s)-1]]
	n := 0
	for _, c := range s[:len(s)-1] {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return time.Duration(n) * unit, ok && n > 0
}
