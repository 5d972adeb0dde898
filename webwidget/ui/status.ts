import type { Status } from "./types";

/**
 * Asks for the state once, then follows its changes while the page is visible.
 * A hidden page holds no connection; it asks anew when it is shown.
 */
export function watchStatus(base: string, department: string, tell: (s: Status) => void): void {
  const query = department && "?department=" + encodeURIComponent(department);
  let source: EventSource | undefined;
  let last: Status | undefined;
  let retry = 0;
  let heard = 0; // counts what came by the stream, so that a slow answer never overwrites newer news

  const ask = async () => {
    const before = heard;
    try {
      const answer = await fetch(base + "/v1/status" + query, { credentials: "omit" });
      if (answer.ok && before === heard) tell(await answer.json());
    } catch {
      // The stream tells when the service is back.
    }
  };

  const follow = () => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
    if (document.hidden) return;
    ask();
    const stream = (source = new EventSource(base + "/v1/events" + query));
    stream.addEventListener("status", (e) => {
      heard++;
      tell((last = JSON.parse(e.data)));
    });
    stream.onerror = () => {
      if (last) tell({ ...last, status: "offline" }); // nobody can be reached until it is back
      // The browser itself comes back after a broken line, but not after an error status.
      if (stream.readyState === EventSource.CLOSED) retry = setTimeout(follow, 5000 + Math.random() * 5000);
    };
  };

  document.addEventListener("visibilitychange", follow);
  follow();
}
