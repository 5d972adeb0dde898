import type { Complaint, Config } from "./config";
import type { Frame } from "./host";
import { newLook } from "./look";
import { speaks } from "./strings";

declare global {
  interface Navigator {
    /** What Chromium knows of its line (Network Information API). */
    connection?: { effectiveType: string; saveData: boolean };
  }
}

/**
 * Reads the settings from a tag's `data-` attributes. Operators see the attributes that mean nothing here. `base` is the
 * address of the service without a slash at the end.
 */
export function readConfig(base: string, data: DOMStringMap, frame: Frame): Config {
  const { department = "", identity = "", language = navigator.language, scheme, hidden, accent, side, theme, icon, launcher, launcherOffline, link, ...attributes } = data as Record<string, string>;
  const own = { accent, side, theme, icon, launcher, launcherOffline };
  const said: Config["said"] = new Set();
  const complain: Config["complain"] = (what, ...about) => {
    const short = [what, base, ...about].join(" "); // tells what is wrong when the notes don't come
    if (said.has(short) || (what === "silence" && said.size)) return; // an earlier complaint explains the silence
    said.add(short);
    config.scripts?.complain(what, about.join(" "));
    const tell = (note: string) => console.error("porchlight: " + note);
    import("./notes").then(
      (notes) => tell((notes[what as Complaint] as (...about: string[]) => string)(base, ...about)),
      () => tell(short),
    );
  };
  const query = "?department=" + encodeURIComponent(department);
  const line = navigator.connection;
  const crawls = () => /2g|true/.test([line?.effectiveType, line?.saveData].join()) || performance.getEntriesByName(base + "/v1/status" + query)[0]?.duration! > 2000;
  const pace = () => ((link ? link === "slow" : crawls()) ? 4 : 1);
  const config = { base, department, query, identity, language, speaks: speaks(language), attributes, scheme, complain, said, pace, unread() {}, toggled() {} } as Partial<Config> as Config;
  config.look = newLook(frame, config);
  if (Object.values(own).some(Boolean)) config.own = own;
  return config;
}

/** The key of everything this widget keeps in the page's storage. */
export const storageKey = (base: string): string => "porchlight:" + base;

/** Whether this browser has a conversation that is not over, or several. */
export function opened(base: string): boolean {
  try {
    return !!localStorage.getItem(storageKey(base) + ":talks") || JSON.parse(localStorage.getItem(storageKey(base))!)?.done === false;
  } catch {
    return false; // storage is forbidden
  }
}
