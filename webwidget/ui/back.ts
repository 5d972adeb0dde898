// Says when somebody is there again. The form fetches this when nobody is there.

import type { Config } from "./config";
import type { Say } from "./say";
import type { Status } from "./wire";

/** This part adds no styles. */
export const css = "";

/** Says behind `said` when that is, by the visitor's clock. It says nothing if another text stands there by now. */
export function back(said: ChildNode, say: Say, { speaks, foreign }: Config, { open, next }: Partial<NonNullable<Status["hours"]>> = {}): void {
  if (open || !next || foreign) return;
  const at = new Date(next);
  const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 864e5);
  const day: Intl.DateTimeFormatOptions = days > 1 ? { weekday: "long", day: "numeric", month: "short" } : {};
  const time = at.toLocaleString(speaks, { ...day, hour: "numeric", minute: "2-digit" });
  said.after(` ${say(days > 1 ? "backOn" : days > 0 ? "backTomorrow" : "backToday", time)}.`);
}
