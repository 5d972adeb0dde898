package setting

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"porchlight/bridge/phrase"
)

// upon is the colour of the text that stands on a colour which is set, in the widget and on the page /chat.
const upon = "#ffffff"

// readable is the least contrast of text with its background (WCAG 2.2, success criterion 1.4.3).
const readable = 4.5

// hexadecimal matches a colour as CSS writes it with three or six digits.
var hexadecimal = regexp.MustCompile(`^#?([0-9a-f]{3}|[0-9a-f]{6})$`)

// colour reads a colour on which white text can be read, and brings it into six digits.
func colour(text string) (string, error) {
	c := hexadecimal.FindStringSubmatch(strings.ToLower(text))
	if c == nil {
		return "", noColour(text)
	}
	digits := c[1]
	if len(digits) == 3 {
		digits = fmt.Sprintf("%[1]c%[1]c%[2]c%[2]c%[3]c%[3]c", digits[0], digits[1], digits[2])
	}
	if Contrast("#"+digits, upon) < readable {
		return "", noColour(text)
	}
	return "#" + digits, nil
}

func noColour(text string) error {
	return phrase.Fail(phrase.CodeInvalid, "%q is no colour such as %s with enough contrast (4.5:1) on white.", clip(text), "#1a73e8")
}

// Contrast is the contrast ratio of two colours in six digits, from 1 to 21 (WCAG 2.2, "contrast ratio").
func Contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative luminance of a colour (WCAG 2.2, "relative luminance").
func luminance(colour string) float64 {
	sum := 0.0
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
