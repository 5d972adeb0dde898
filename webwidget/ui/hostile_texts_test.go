package ui_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"porchlight/webwidget/hostiletest"
)

// witness sees everything that becomes of texts in a page: `shapes` has each element of the widget that there ever was, by its way from its
// root and the names of its attributes, but for those that come and go; `leads` has the addresses of links that were neither of the web nor of mail. `push` is a state of the service, as if its stream had brought it.
const witness = `
performance.setResourceTimingBufferSize(1e5);
globalThis.shapes = new Set();
globalThis.leads = new Set();
{
	const shelf = (e) => e.matches(".early"); // what a log has when it is long
	const way = (e) => (e ? way(e.parentElement) + (shelf(e) ? "" : ">" + e.localName) : "");
	const shape = (e) => {
		if (e.getRootNode() === document || shelf(e)) return;
		const lasting = e.getAttributeNames().filter((name) => !/^(hidden|required|disabled)$/.test(name));
		shapes.add(e.getRootNode().host?.localName + way(e) + " " + lasting.sort());
		if (e.hasAttribute("href") && !e.hidden && !/^(https?|mailto):/.test(e.href)) leads.add(e.href);
	};
	const note = (e) => {
		if (e.nodeType !== 1) return;
		shape(e);
		if (e.shadowRoot && e.localName.startsWith("porchlight")) watch(e.shadowRoot);
		for (const child of e.children) note(child);
	};
	const seen = new MutationObserver((list) => list.forEach(({ type, target, addedNodes }) => (type === "attributes" ? shape(target) : addedNodes.forEach(note))));
	const watch = (root) => {
		for (const child of root.children) note(child);
		seen.observe(root, { childList: true, subtree: true, attributes: true });
	};
	watch(document);
	const Real = EventSource;
	let source;
	globalThis.EventSource = function (url) { return (source = new Real(url)) };
	globalThis.push = async (status) => {
		while (!source) await new Promise((done) => setTimeout(done, 9));
		source.dispatchEvent(new MessageEvent("status", { data: JSON.stringify(status) }));
		await new Promise((done) => setTimeout(done));
	};
}
/** The roots of all that is ours in the page. */
globalThis.roots = () => [...document.querySelectorAll("*")].filter((e) => e.localName.startsWith("porchlight")).map((e) => e.shadowRoot);
/** The texts within which a mark of direction is not closed, although words stand beside it to which it reaches. */
globalThis.turned = () => {
	const open = (text) => {
		let embedded = 0, isolated = 0;
		for (const c of text) {
			if (/[\u202a\u202b\u202d\u202e]/.test(c)) embedded++;
			else if (c === "\u202c") embedded--;
			else if (/[\u2066-\u2068]/.test(c)) isolated++;
			else if (c === "\u2069") isolated--;
			if (embedded < 0 || isolated < 0) return true;
		}
		return embedded || isolated;
	};
	const list = [];
	for (const root of roots()) for (const box of root.querySelectorAll("*")) {
		const closes = (e) => !/^(inline|contents)$/.test(getComputedStyle(e).display) || /isolate|plaintext/.test(getComputedStyle(e).unicodeBidi);
		if (box.closest("svg,style") || !closes(box)) continue;
		const texts = (e) => [...e.childNodes].flatMap((n) => (n.nodeType === 3 ? n.data.trim() ? [n.data] : [] : n.nodeType === 1 && !closes(n) ? texts(n) : []));
		const all = texts(box);
		if (all.length > 1 && all.some(open)) list.push(box.localName + "." + box.className + ": " + all.join("|").slice(0, 200));
	}
	return list.slice(0, 9);
};
/** What must not be: such links, requests to strangers, and the trace of a script. */
globalThis.strange = (...ours) => [
	...leads,
	...performance.getEntriesByType("resource").map((e) => e.name).filter((at) => !ours.includes(new URL(at).origin)),
	...(globalThis.hacked ? ["hacked"] : []),
];`

// play is what becomes of texts: the elements that there ever were.
type play struct {
	*fake
	tab
	page  *httptest.Server
	texts []string
	all   string // in one
}

// newPlay opens the page of a site whose policy lets through only what the widget needs. The page's tag has the texts, too.
func newPlay(t *testing.T, texts []string, settings object) *play {
	t.Helper()
	f := newFake(t)
	p := &play{fake: f, tab: newTab(t), texts: texts, all: strings.Join(texts, " ")}
	f.update(func() {
		f.status["departments"] = []object{{"name": p.all, "title": p.all, "status": "online"}, {"name": "b", "title": "", "status": "online"}}
		f.status["stream"] = p.all
	})
	f.setSettings(settings)
	p.before(teaser + witness)
	var attributes strings.Builder
	for _, name := range []string{"launcher", "launcher-offline", "accent", "side", "theme", "icon", "scheme", "plan"} {
		attributes.WriteString(" data-" + name + `="` + html.EscapeString(strings.ToValidUTF8(p.all, "?")) + `"`)
	}
	attributes.WriteString(` data-language="` + html.EscapeString(texts[len(texts)/2]) + `"`)
	p.page = newSite(t, f, attributes.String(), "default-src 'none'; script-src "+f.URL+"; connect-src "+f.URL+"; img-src "+f.URL)
	p.tab.open(p.page.URL)
	return p
}

// opens opens the panel.
func (p *play) opens() {
	p.wait(`shown(B("button"))`)
	p.js(`B("button").click(), 0`) // all texts on it leave it no middle within the window
}

// site shows each text as everything that a site says of itself, while the form is open, whose fields are the site's, too.
func (p *play) site() {
	p.opens()
	p.wait(`shown(P("form.ask"))`)
	list, err := json.Marshal(p.texts)
	if err != nil {
		p.Fatal(err)
	}
	p.js(`(async (list) => {
		const all = (t) => ({ "": t, [t]: t });
		for (const [i, t] of list.entries()) {
			document.title = t;
			await push({ status: i % 2 ? "online" : "offline", departments: [{ name: t, title: t, status: "online" }, { name: "b", title: t, status: t }], hours: { open: false, next: t, zone: t },
				settings: { colour: t, colour_dark: t, side: t, theme: t, icon: t, mail: t, offline: i % 3 ? t : "", fields: [{ name: t, type: "text" }],
					texts: { greeting: all(t), launcher: all(t), launcher_offline: all(t), offline: all(t), consent: all(t), notice: all(t) } } });
		}
	})(` + string(list) + `)`)
}

// request is refused with the texts, and then taken.
func (p *play) request() {
	errors := object{}
	for _, name := range []string{"name", "email", "department", "reason", "phone", "consent"} {
		errors[name] = p.all
	}
	for _, text := range p.texts {
		errors["fields."+text] = text
	}
	p.js(`push({ status: "online", settings: { phone: "optional", fields: [] } }), 0`)
	for _, problem := range []object{{"type": "invalid", "detail": p.all, "errors": errors}, {"type": "forbidden", "detail": p.all}} {
		p.fake.refuse("POST /v1/conversations", refusal{status: 422, problem: problem})
	}
	p.js(`P("#consent").checked = true, 0`)
	p.tab.request("Anna", "", p.texts[0])
	p.wait(`P("#reason-wrong").textContent`)
	p.click(`P("form.ask button.main")`)
	p.wait(`P("form.ask [role=alert]").textContent`)
	p.click(`P("form.ask button.main")`)
	p.wait(`P("[role=log]")`)
}

// talk has each text in each place of a log, and beside the button, while the panel is closed: it need not be laid out for each.
func (p *play) talk() {
	p.click(`P(".shut")`)
	p.update(func() {
		c := p.only()
		before := 2
		for _, text := range p.texts {
			add := func(e object) int { return c.append(e) }
			add(object{"type": "position", "position": text, "wait": text})
			add(object{"type": "operator", "name": text, "avatar": text, "whatsapp": text, "action": "joined"})
			add(object{"type": "state", "state": "active", "reason": text})
			seq := add(object{"type": "message", "from": "operator", "name": text, "text": text, "reply_to": before})
			add(object{"type": "message", "from": "visitor", "name": text, "text": text, "client_id": fmt.Sprint(text, before)})
			add(object{"type": "reaction", "from": "operator", "to": seq, "name": text, "text": text})
			add(object{"type": "correction", "from": "operator", "replaces": before, "name": text, "text": text})
			add(object{"type": "file", "from": "operator", "name": text, "file": object{"id": text, "name": text, "type": text, "size": 1, "url": text}})
			add(object{"type": "file", "from": "operator", "name": text, "file": object{"id": text, "name": text, "type": "image/png", "size": text, "url": "/v1/" + text}})
			add(object{"type": "message", "from": "system", "name": text, "text": text})
			add(object{"type": "operator", "name": text, "action": "left", "passed_to": text, "reason": text})
			add(object{"type": "state", "state": "waiting", "reason": "transferred"})
			add(object{"type": "state", "state": "closed", "reason": text})
			before = seq
			c.append(object{"type": "typing", "active": true, "name": text})
		}
		for _, text := range p.texts { // all are there at once
			c.append(object{"type": "operator", "name": text, "avatar": "/faces/" + text, "action": "joined"})
		}
		c.append(object{"type": "state", "state": "active", "reason": ""})
		c.append(object{"type": "message", "from": "operator", "name": "Olga", "text": "all was said"})
	})
	p.wait(`texts().at(-1) === "all was said" && teased() === "Olga: all was said"`)
	var opened int
	p.look(func() { opened = p.opened })
	if opened != 1 {
		p.Errorf("%d streams: the widget does not get over a text", opened)
	}
	p.js(`B("button").click(), 0`)
	p.wait(`shown(P("[role=log]"))`)
}

// lead has the texts that scripts and browsers may take for more than texts as reasons for the end and as addresses, each until it is shown.
func (p *play) lead() {
	for _, text := range p.texts {
		if len(text) > 16 && !strings.Contains(text, "script:") {
			continue
		}
		p.emit(object{"type": "operator", "name": "Olga", "whatsapp": text, "action": "joined"})
		p.wait(`P("h2").textContent === "Olga"`)
		p.state("closed", text)
		p.wait(`P(".banner p").textContent === "This chat has ended."`)
		p.state("active", "")
		p.wait(`P(".banner").hidden`)
	}
	p.want(`P(".chat > [role=alert]").textContent`, "")
}

// refuse refuses the visitor's message, vote and address with the texts.
func (p *play) refuse() {
	p.fake.join("Olga")
	p.fake.say("Hello")
	p.wait(`texts().at(-1) === "Hello"`)
	for _, errors := range []object{{"text": p.all}, {}} {
		p.fake.refuse("/messages", refusal{status: 422, problem: object{"type": "invalid", "detail": p.all, "errors": errors}})
		p.tab.write("Thank you")
		p.wait(`P(".chat > [role=alert]").textContent && P("[name=text]").value`)
		p.js(`P("[name=text]").value = "", P(".chat > [role=alert]").textContent = ""`)
	}
	p.over(object{"feedback": object{"open": true, "score": 4, "comment": p.all}, "mail": true})
	p.wait(`P(".vote .main") && P(".transcript button")`)
	p.fake.refuse("/feedback", refusal{status: 422, problem: object{"type": "invalid", "detail": p.all}})
	p.click(`P(".vote .main")`)
	p.wait(`P(".vote [role=alert]").textContent`)
	p.click(`P(".transcript button")`)
	p.js(`P(".transcript input").value = "anna@example.org", 0`)
	p.fake.refuse("/transcript", refusal{status: 422, problem: object{"type": "invalid", "detail": p.all, "errors": object{"email": p.all}}})
	p.click(`P(".transcript form button")`)
	p.wait(`P(".transcript .wrong").textContent`)
}

// invited is a page with an invitation.
func invited(t *testing.T, texts []string) *play {
	t.Helper()
	p := newPlay(t, texts, object{"on_site": "loaded"})
	p.update(func() { p.fake.invitation = object{"token": p.all, "name": p.all, "about": p.all, "text": p.all} })
	p.js(`push({ status: "online", invited: true, settings: { on_site: "loaded" } }), 0`)
	p.wait(`document.querySelector("porchlight-invitation")?.shadowRoot.querySelector("p")`)
	return p
}

// listed is a page with the list of the visitor's conversations, two of which began in it.
func listed(t *testing.T, texts []string) *play {
	t.Helper()
	p := newPlay(t, texts, object{})
	p.opens()
	p.tab.request("Anna", "", texts[0])
	p.wait(`P("[role=log]")`)
	p.state("closed", "solved")
	p.click(`P(".banner button")`)
	p.tab.request("Anna", "", texts[0])
	p.wait(`shown(P(".back")) && P("[role=log]")`)
	p.update(func() {
		for i, text := range texts {
			p.further = append(p.further, object{"id": fmt.Sprint("further", i), "token": "t", "number": text, "kind": text, "state": text, "about": text, "name": text, "email": text,
				"with": text, "last": object{"from": text, "text": text, "at": text}, "seen": 0, "unread": text})
		}
	})
	p.click(`P(".back")`)
	p.wait(fmt.Sprintf(`all(".talk").length === %d`, len(texts)+2))
	return p
}

// called is a page in another tab, whose visitor is called back by the browser.
func called(t *testing.T, texts []string) *play {
	t.Helper()
	p := newPlay(t, texts, object{"sounds": true})
	p.all = strings.ReplaceAll(p.all, "://", ":/") // one text without links, which its own marks of direction may turn
	p.js(`(() => {` + heard + `Notification.permission = "granted"})(), 0`)
	p.opens()
	p.tab.request("Anna", "", texts[0])
	p.wait(`P("[role=log]")`)
	p.click(`P(".shut")`)
	p.js(`hide(true), 0`)
	for i, e := range []object{{"type": "message", "text": p.all}, {"type": "file", "file": object{"id": "f", "name": p.all, "type": p.all, "size": 1, "url": "/v1/f"}}} {
		p.emit(object{"type": "operator", "name": p.all, "avatar": "/faces/" + p.all, "whatsapp": p.all, "action": "joined"})
		e["from"], e["name"] = "operator", p.all
		p.emit(e)
		p.wait(fmt.Sprintf(`notes.length === %d`, i+1))
		p.js(`(async () => { while ((await navigator.locks.query()).held.some((l) => l.name.endsWith(":bell"))) await new Promise((done) => setTimeout(done, 50)) })().then(() => 0)`)
	}
	all, err := json.Marshal(p.all)
	if err != nil {
		t.Fatal(err)
	}
	p.js(`(globalThis.said = ` + string(all) + `), 0`)
	p.want(`notes.map(({ title, body, ...more }) => [title === said, body.includes(said), ...Object.keys(more)])`, `[[true,true,"tag","lang","onclick"],[true,true,"tag","lang","onclick"]]`)
	p.want(`document.title`, "(2) Bulbs & Lamps")
	return p
}

// What others write is shown and does nothing else, wherever it stands: a page in which every text is hostile has the elements that it has with
// harmless ones, asks nobody but the service, runs nothing, and lets no mark of direction reach the words beside it.
func TestTexts_HostileOnesAreOnlyShown(t *testing.T) {
	t.Parallel()
	const most = 80 // so that no log is so long that it takes time by itself
	var hostile []string
	for i, text := range hostiletest.Texts() {
		if i%most == 0 { // each page has a link
			hostile = append(hostile, "See https://evil.test/x")
		}
		hostile = append(hostile, text)
	}
	stories := map[string]func(t *testing.T, texts []string) *play{
		"chat": func(t *testing.T, texts []string) *play {
			fields := make([]object, len(texts))
			for i, text := range texts {
				fields[i] = object{"name": text, "type": []string{"text", "list", "yes/no"}[i%3], "options": []string{text, ""}}
			}
			all := object{"": strings.Join(texts, " ")}
			p := newPlay(t, texts, object{"fields": fields, "phone": "optional", "offline": "mail", "mail": all[""],
				"texts": object{"greeting": all, "consent": all, "notice": all, "launcher": all, "launcher_offline": all, "offline": all}})
			p.update(func() {
				p.team = []object{{"name": all[""], "avatar": all[""], "about": all[""]}, {"name": texts[0], "avatar": texts[0], "about": texts[0]}}
			})
			for _, act := range []func(){p.site, p.request, p.lead, p.refuse, p.talk} {
				act()
			}
			return p
		},
		"invitation":    invited,
		"list":          listed,
		"notifications": called,
	}
	check := func(t *testing.T, story func(t *testing.T, texts []string) *play, texts []string, usual map[string]bool) {
		p := story(t, texts)
		for _, shape := range p.shapes() {
			if !usual[shape] && !gone(shape, usual) {
				t.Errorf("an element of hostile texts: %s", shape)
			}
		}
		p.want(`strange("`+p.fake.URL+`", "`+p.page.URL+`")`, "[]")
		p.want(`turned()`, "[]")
		p.want(`location.href`, p.page.URL+"/")
		p.noViolations()
	}
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			usual := map[string]bool{}
			for _, shape := range story(t, harmless).shapes() {
				usual[shape] = true
			}
			for i, texts := range slices.Collect(slices.Chunk(hostile, most+1)) {
				t.Run(fmt.Sprint(i), func(t *testing.T) {
					t.Parallel()
					check(t, story, texts, usual)
				})
			}
		})
	}
}

// harmless are texts that ask for nothing, one of each kind that the widget itself tells from the others: words, addresses, lines.
var harmless = []string{"See https://xxx.xxx/x", "x", "xxx xxx", "https://xxxx.xxx/x", "http://xxxx", "/xxx/xx", "xxx\nxxx\nx", strings.Repeat("x", 500)}

// gone reports whether a shape is that of an element that was replaced before it was looked at, so that its root is not known, and which is
// otherwise like one of the usual ones.
func gone(shape string, usual map[string]bool) bool {
	way, ok := strings.CutPrefix(shape, "undefined")
	for known := range usual {
		if ok && strings.HasSuffix(known, way) {
			return true
		}
	}
	return false
}

// shapes lists the elements that there ever were.
func (p *play) shapes() (list []string) {
	if err := json.Unmarshal([]byte(p.js(`[...shapes]`)), &list); err != nil || len(list) == 0 {
		p.Fatalf("no shapes: %v", err)
	}
	return list
}
