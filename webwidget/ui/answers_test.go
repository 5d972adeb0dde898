package ui_test

import "testing"

func TestQuote_ShowsWhatIsAnsweredAndLeadsThere(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	f.emit(object{"type": "message", "from": "operator", "name": "Olga", "text": "You open the class.", "reply_to": 2})
	b.wait(`P(".quote")?.innerText.replace(/\s+/g, " ") === "In reply to: You How can I edit my students' information?"`)
	b.want(`texts().at(-1)`, "You open the class.")
	for range 30 {
		f.say("line")
	}
	f.emit(object{"type": "message", "from": "operator", "name": "Olga", "text": "Again", "reply_to": 2})
	b.wait(`texts().at(-1) === "Again"`)
	b.click(`all(".quote").at(-1)`)
	b.wait(`focused() === P(".entry.me") && P(".entry.me").getBoundingClientRect().top >= P(".log").getBoundingClientRect().top`)
	b.noViolations()
}

func TestQuote_IsShortAndFollowsItsMessage(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	one := f.say("A secret that goes on and on and on and on and on and on and on and on and on until its end")
	f.emit(object{"type": "message", "from": "operator", "name": "Xavi", "text": "Yes", "reply_to": one})
	b.wait(`P(".quote span")?.textContent === "A secret that goes on and on and on and on and on and on and on and on and on un"`)
	f.emit(object{"type": "correction", "replaces": one, "text": "Better", "from": "operator", "name": "Olga"})
	b.wait(`P(".quote span").textContent === "Better"`)
	f.emit(object{"type": "retraction", "replaces": one, "from": "operator", "name": "Olga"})
	b.wait(`P(".quote span").textContent === "This message was deleted."`)
	f.emit(object{"type": "message", "from": "operator", "name": "Xavi", "text": "To nothing", "reply_to": 999})
	b.wait(`texts().at(-1) === "To nothing"`)
	b.want(`all(".quote").length`, "1")
}

func TestCorrection_TheLastOneWins(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	one := f.say("Helo")
	f.emit(object{"type": "correction", "replaces": 999, "text": "of nothing", "from": "operator", "name": "Olga"})
	for _, text := range []string{"Hello", "Hello Anna"} {
		f.emit(object{"type": "correction", "replaces": one, "text": text, "from": "operator", "name": "Olga"})
	}
	f.emit(object{"type": "retraction", "replaces": 2, "from": "visitor", "name": "Anna"})
	b.wait(`texts().join() === "This message was deleted.,Hello Anna (edited)"`)
	b.want(`P(".removed") === P(".me")`, "true")
	b.want(`P("[role=log]").textContent.includes("students")`, "false")
	b.noViolations()
}

func TestReaction_EachEmojiIsAChipThatTellsWho(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	react := func(name, text string) {
		f.emit(object{"type": "reaction", "to": 2, "from": "operator", "name": name, "text": text})
	}
	chips := `all(".me .chips span").map((c) => c.textContent + "=" + c.title).join()`
	react("Olga", "👍 🎉")
	react("Xavi", "❤️ 👍")
	b.wait(chips + ` === "👍 2=Olga, Xavi,🎉=Olga,❤️=Xavi"`)
	b.want(`all(".chips span").map((c) => c.role + " " + c.ariaLabel).join()`, "img 👍 Olga, Xavi,img 🎉 Olga,img ❤️ Xavi")
	react("Olga", "🎉")
	b.wait(chips + ` === "🎉=Olga,❤️=Xavi,👍=Xavi"`)
	react("Olga", "")
	react("Xavi", "")
	b.wait(chips + ` === ""`)
	b.want(`texts().join()`, "How can I edit my students' information?")
}

// The badge counts messages and files, but no corrections, retractions and reactions.
func TestChanges_RaiseNoBadge(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	one := f.say("seen")
	f.awaitCall(t, "/seen", 1)
	b.click(`P(".shut")`)
	f.emit(object{"type": "correction", "replaces": one, "text": "changed", "from": "operator", "name": "Olga"})
	f.emit(object{"type": "reaction", "to": 2, "from": "operator", "name": "Olga", "text": "👍"})
	f.emit(object{"type": "retraction", "replaces": one, "from": "operator", "name": "Olga"})
	f.send(object{"id": "a", "name": "a.pdf", "type": "application/pdf", "size": 0, "url": "https://files.example/a.pdf"})
	b.wait(`shown(B("b"))`)
	b.want(`B("b").textContent`, "1")
	b.want(`P("[role=log]").ariaLive`, "polite")
}

func TestFile_OfAnOperatorIsALinkAndNothingForeignIsLoaded(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	b.js(`globalThis.pictures = [], Object.defineProperty(HTMLImageElement.prototype, "src", {set(url) { pictures.push(url) }}), 0`)
	f.send(object{"id": "a", "name": "Photo.png", "type": "image/png", "size": 1234567, "url": "https://files.example/a.png"})
	b.wait(`P(".them p a")?.href === "https://files.example/a.png"`)
	b.want(`P(".them p a").target + " " + P(".them p a").rel`, "_blank noopener noreferrer nofollow")
	b.want(`P(".them p").textContent`, "Photo.png 1.2 MB")
	b.want(`pictures`, "[]")
	f.send(object{"id": "b", "name": "evil", "type": "image/png", "size": 0, "url": "javascript:violations.push('x')"})
	b.wait(`texts().at(-1) === "evil"`)
	b.want(`all(".them p a").length`, "1")
	b.noViolations()
}

func TestFile_OfTheServiceHasAPicture(t *testing.T) {
	t.Parallel()
	f, b := chatting(t)
	at := "/v1/conversations/c1/files/a?sign=x"
	one := f.send(object{"id": "a", "name": "Screen.png", "type": "image/png", "size": 81920, "url": at})
	b.wait(`P("p img")?.complete && P("p img").naturalWidth === 640`)
	b.want(`P("p a").href`, f.URL+at)
	b.want(`P("p a").download + "|" + P("p img").alt + "|" + P("p img").loading`, "Screen.png||lazy")
	b.want(`P("p img").offsetWidth <= 220 && P("p img").offsetHeight <= 180`, "true")
	b.wait(`P("[role=log]").scrollHeight - P("[role=log]").scrollTop - P("[role=log]").clientHeight < 40`)
	f.send(object{"id": "b", "name": "gone.png", "type": "image/png", "size": 1, "url": "/v1/conversations/c1/files/broken"})
	b.wait(`texts().at(-1).startsWith("gone.png") && all("p img").length === 1`)
	f.emit(object{"type": "retraction", "replaces": one, "from": "operator", "name": "Olga"})
	b.wait(`all("p img").length === 0 && !P("[role=log]").textContent.includes("Screen.png")`)
}
