import type { Config } from "./config";
import type { Status } from "./wire";

/**
 * Follows the service's state while the page is visible. A hidden page holds no connection; it asks anew when it is shown.
 * `first` is the answer to a question that was asked already. Returns what asks anew, for another department.
 */
export function watchStatus(config: Config, ask: (query: string) => Promise<Response>, show: (s: Status) => Promise<void>, first?: Promise<Response>): () => void {
  const { base, complain } = config;
  /** Fetches first what shows the site's settings, so that nothing is seen in another colour before. */
  const tell = async (s: Status) => {
    if (s.settings || config.own) custom ??= import("./custom").then((module) => module.begin(config), () => {});
    config.custom = await custom;
    await show(s);
    config.custom?.show(s);
  };
  let source: EventSource | undefined;
  let last: Status | undefined;
  let retry = 0;
  let custom: Promise<Config["custom"]> | undefined; // one for all states, which may come while it is fetched
  let heard = 0; // counts the states that came by the stream, so that a slow answer never overwrites a newer state

  /** `dark` is called when there is no answer. */
  const hear = async (asked: Promise<Response>, dark: () => void) => {
    const before = heard;
    try {
      const answer = await asked;
      const news = await answer.json().catch(() => 0);
      config.foreign = answer.headers.get("Porchlight-Origin") === "foreign";
      if (config.foreign) complain("foreign");
      if (!answer.ok || !news) complain("answer", String(answer.status), news?.detail);
      else if (before === heard) tell((last = news));
    } catch {
      setTimeout(complain, 1000, "silence"); // if the page's policy forbids the call, the note about that comes first
      dark();
    }
  };

  const follow = () => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
    if (document.hidden) return;
    hear(first ?? ask(config.query), () => {}); // if there is no answer now, the stream tells when the service is back
    first = undefined;
    // While the stream is silent, something may hold it back, and the state is asked for once a minute.
    retry = setTimeout(follow, 60000);
    const stream = (source = new EventSource(base + "/v1/events" + config.query));
    stream.addEventListener("status", (e) => {
      heard++;
      clearTimeout(retry);
      tell((last = JSON.parse(e.data)));
    });
    stream.onerror = () => {
      // A proxy may have cut the stream. If the service does not answer either, nobody can be reached until it is back.
      hear(ask(config.query), dark);
      // The browser connects again by itself after a broken line, but not after an error status.
      if (stream.readyState === EventSource.CLOSED) retry = setTimeout(follow, 5000 + Math.random() * 5000);
    };
  };

  const dark = () => last && tell({ ...last, status: "offline" });
  document.addEventListener("visibilitychange", follow);
  addEventListener("online", follow);
  addEventListener("offline", dark);
  // A page with a stream would not be kept by the browser for the way back; it is shown again when the page comes back.
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (e) => e.persisted && follow());
  follow();
  return follow;
}
