// Says when somebody is there again. The form fetches this when nobody is there and the hours are known.

import type { Say } from "./strings";

/** Says when that is, by the visitor's clock and in the language of the panel. */
export function back(say: Say, speaks: string, next: string): string {
  const at = new Date(next);
  const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 864e5);
  const day: Intl.DateTimeFormatOptions = days > 1 ? { weekday: "long", day: "numeric", month: "short" } : {};
  const time = at.toLocaleString(speaks, { ...day, hour: "numeric", minute: "2-digit" });
  return ` ${say(days > 1 ? "backOn" : days > 0 ? "backTomorrow" : "backToday", time)}.`;
}
