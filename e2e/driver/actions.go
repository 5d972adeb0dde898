package driver

import (
	"math"
	"strings"
)

// object is a JSON object.
type object map[string]any

// encoded is the expression for the JSON of a value, or of null for what JSON has no words for.
func encoded(expression string) string {
	return "Promise.resolve(" + expression + ").then((v) => JSON.stringify(v) ?? 'null')"
}

// keys are the characters that stand for keys without a character (WebDriver §17.4.2).
var keys = map[string]string{"Shift": "\uE008", "Backspace": "\uE003", "Tab": "\uE004", "Enter": "\uE007", "Escape": "\uE00C", "ArrowUp": "\uE013", "ArrowRight": "\uE014"}

// click is a click by the mouse (WebDriver §17.4.3).
func click(x, y float64) object {
	at := object{"type": "pointerMove", "x": math.Round(x), "y": math.Round(y)}
	return object{"type": "pointer", "id": "mouse", "parameters": object{"pointerType": "mouse"},
		"actions": []object{at, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}}}
}

// typed presses and releases a key for each character.
func typed(text string) object {
	var strokes []object
	for _, r := range text {
		strokes = append(strokes, object{"type": "keyDown", "value": string(r)}, object{"type": "keyUp", "value": string(r)})
	}
	return object{"type": "key", "id": "keyboard", "actions": strokes}
}

// pressed presses the keys of a chord, as Shift+Tab, one after the other, and releases them.
func pressed(chord string) object {
	var down, up []object
	for name := range strings.SplitSeq(chord, "+") {
		down = append(down, object{"type": "keyDown", "value": keys[name]})
		up = append([]object{{"type": "keyUp", "value": keys[name]}}, up...)
	}
	return object{"type": "key", "id": "keyboard", "actions": append(down, up...)}
}
