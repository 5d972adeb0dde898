// What the site's settings have to do with invitations: fetches the module that tells of the page, and keeps the invitation
// that the visitor answers for the form.

import type { Config } from "./config";
import type { Visit } from "./visit";
import type { Site, Status } from "./wire";

/** The invitation that the visitor answers, and what shows its words in the form. */
export interface Asked {
  token?: string;
  text?: string;
  /** A request was sent with it: the next form is another one's. */
  used?: boolean;
  paint?(): void;
}

/** Returns what takes each state of the service. `asked` gets the invitation. `host` makes an element that looks as the site wants. */
export function watcher(config: Config, asked: Asked, host: Config["look"]["host"]): (s: Status, site: Site) => void {
  let visit: Promise<Visit | void> | undefined;
  const begin = (module: typeof import("./visit")) =>
    module.begin(config, host, ({ token, text }) => {
      asked.token = token;
      asked.text = text;
      asked.used = false;
      asked.paint?.();
    });
  return (s, site) => {
    if (site.on_site) visit ??= import("./visit").then(begin, () => {});
    visit?.then((v) => v?.show(s, site));
  };
}
