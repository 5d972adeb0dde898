// What a site has set at the desk. Only the pages of such a site fetch this part. It takes nothing of the panel, because
// the button fetches it first.

import { watcher, type Asked as Invited } from "./asked";
import type { Config, Custom, Own } from "./config";
import { h, setText } from "./dom";
import { dress, draw } from "./dress";
import type { Field } from "./field";
import type { Say } from "./say";
import { opened } from "./settings";
import { newSpeaker } from "./strings";
import type { Asked, Site } from "./wire";

/** Begins to show a site's settings. What makes the panel's element is replaced in `config`. */
export function begin(config: Config): Custom {
  const { look } = config;
  let site: Site = {};
  const asked: Invited = {};
  const paint = (host: Element) => {
    dress(site, host);
    tell(config, site, host);
  };
  config.look = {
    ...look,
    host(name, css, content) {
      const host = look.host(name, css, content);
      paint(host);
      return host;
    },
  };
  const watch = watcher(config, asked, (name, css, content) => {
    const host = look.host(name, css, content);
    dress(site, host);
    return host;
  });
  return {
    show(s) {
      const { status, settings = {} } = s;
      site = joined(settings, config.own);
      config.sounds = site.sounds;
      document.querySelectorAll("porchlight-panel,porchlight-teaser").forEach(paint);
      const host = document.querySelector("porchlight-button");
      if (host) button(config, site, host, status === "online");
      watch(s, site);
    },
    form: (say, fields, hint, button) => form(config, () => site, asked, say, fields, hint, button),
  };
}

/** Joins what is set at the desk with what the page's tag says, which goes before. */
function joined(site: Site, { accent, side, theme, icon, launcher, launcherOffline }: Own = {}): Site {
  const texts = { ...site.texts };
  if (launcher) texts.launcher = { "": launcher };
  if (launcherOffline) texts.launcher_offline = { "": launcherOffline };
  const colours = accent && { colour: accent, colour_dark: accent };
  return { ...site, ...colours, side: side ?? site.side, theme: theme ?? site.theme, icon: icon ?? site.icon, texts };
}

/** Chooses the text in the visitor's language (de for de-AT, too), or else the one for all. */
function pick({ language }: Config, { texts }: Site, key: keyof NonNullable<Site["texts"]>): string {
  const all = texts?.[key] ?? {};
  for (let tag = language.toLowerCase().slice(0, 35); tag; tag = tag.slice(0, Math.max(tag.lastIndexOf("-"), 0))) if (all[tag]) return all[tag];
  return all[""] ?? "";
}

/** Gives the button what the site has set for it. */
function button(config: Config, site: Site, host: Element, online: boolean): void {
  dress(site, host);
  draw(site, host);
  const node = host.shadowRoot!.querySelector("button")!;
  const invite = node.querySelector("strong")!;
  const text = pick(config, site, online ? "launcher" : "launcher_offline");
  if (text) {
    node.ariaLabel = text + node.ariaLabel!.slice((invite.textContent || "Support").length);
    invite.textContent = text;
  }
  node.hidden = !online && site.offline === "hide" && !opened(config.base);
}

/** Shows the site's notice below the panel's header. */
function tell(config: Config, site: Site, host: Element): void {
  const head = host.shadowRoot!.querySelector("header");
  if (!head) return; // the teaser has none
  let place = head.parentElement!.querySelector<HTMLElement>(".told");
  if (!place) head.after((place = h("p.told", { role: "status" })));
  setText(place, pick(config, site, "notice"));
  place.hidden = !place.textContent;
}

/** A field of the site's own, or the phone number. */
function field(name: string, input: Field["input"], text: string): Field {
  const label = h("label", {}, text);
  const wrong = h("span.wrong", { id: input.id + "-wrong" });
  const box = input.type === "checkbox";
  input.name = name;
  input.dir = "auto";
  input.setAttribute("aria-describedby", wrong.id);
  label.htmlFor = input.id;
  if (box) label.prepend(input);
  return {
    node: h(box ? "div.field.tick" : "div.field", {}, label, ...(box ? [] : [input]), wrong),
    label,
    input,
    get value() {
      return box && !(input as HTMLInputElement).checked ? "" : input.value.trim();
    },
    complain(text = "") {
      wrong.textContent = text;
      input.ariaInvalid = String(!!text);
    },
  };
}

function form(config: Config, now: () => Site, invited: Invited, say: Say, fields: Field[], hint: HTMLElement, button: HTMLElement): () => object {
  if (invited.used) invited.token = invited.text = undefined;
  const site = now();
  const [department, name, email] = fields as [Field, Field, Field];
  const title = (text: string, required?: boolean) => text + (required ? "" : ` (${say("optional")})`);

  const required = site.phone === "required";
  const phone = site.phone && field("phone", h("input", { id: "phone", type: "tel", autocomplete: "tel", required }), title(say("phone"), required));
  const asked = (site.fields ?? []).map(({ name, type, options, required }, i) => {
    const props = { id: "own" + i, required };
    const values = ["", ...(options ?? [])].map((value) => h("option", { value }, value || "–"));
    const input = type === "list" ? h("select", props, ...values) : h("input", type === "text" ? props : { ...props, type: "checkbox", value: "yes" });
    return field("fields." + name, input, title(name, required));
  });
  const agreed = pick(config, site, "consent");
  const consent = agreed && field("consent", h("input", { id: "consent", type: "checkbox", value: agreed, required: true }), agreed);
  fields.splice(3, 0, ...(phone ? [phone] : []), ...asked);
  if (consent) fields.unshift(consent);

  const link = h("a");
  const mail = h("p", {}, link);
  const need = ({ input, label, node }: Field, text: string, how: Asked | undefined, required: boolean) => {
    input.required = required ||= how === "required";
    label.textContent = title(text, required);
    node.hidden ||= how === "off" && !required;
  };
  const more = newSpeaker(config);
  let empty = ""; // what is said when nobody is there and no question can be left
  let set = "";
  const paint = () => {
    const site = now();
    const offline = email.input.required; // the form has just said so
    const usual = say(offline ? "away" : "hello");
    const said = hint.firstChild as Text;
    const gone = offline && !!site.offline && !config.foreign;
    if (gone && !empty) more.learn("back").then(() => (empty = more.say("empty")) && paint(), () => {});
    const own = (!offline && invited.text) || pick(config, site, offline ? "offline" : "greeting") || (gone && empty);
    if (own && (said.data === usual || said.data === set)) said.data = set = own;
    need(name, say("name"), site.name, false);
    need(email, say("email"), site.email, offline);
    if (!mail.parentNode) hint.after(mail);
    setText(link, site.mail ?? "");
    link.href = "mailto:" + link.textContent;
    mail.hidden = !gone || !site.mail;
    button.hidden = gone;
    for (const { node } of fields) if (node !== department.node) node.hidden = gone || ((node === name.node || node === email.node) && node.hidden);
    seen.takeRecords(); // what this has changed itself
  };
  const seen = new MutationObserver(paint);
  seen.observe(hint, { childList: true });
  invited.paint = paint;
  return () => {
    const given = Object.fromEntries((site.fields ?? []).map(({ name }, i) => [name, asked[i]!.value])); // a name may be __proto__
    invited.used = true;
    return { invitation: invited.token, phone: phone ? phone.value : undefined, fields: given, consent: consent ? consent.value : undefined };
  };
}
