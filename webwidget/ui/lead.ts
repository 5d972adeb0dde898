// Browsers open six connections to a host over all tabs, so one tab leads: it holds the stream and tells the others.
// The tab shown last leads, because a hidden one may be put to sleep. Where there are no Web Locks (plain http pages)
// every tab leads for itself.

export interface Lead<T> {
  start(): void;
  stop(): void;
  leads(): boolean;
  /** Takes the lead if the tab is shown. */
  claim(): void;
  /** Tells the other tabs. */
  tell(what: T): void;
}

/** `run` is called when this tab begins to lead, with a signal for the end; `hear` gets what the leading tab tells. */
export function lead<T>(name: string, run: (signal: AbortSignal) => void, hear: (what: T) => void): Lead<T> {
  const locks = navigator.locks as LockManager | undefined;
  let channel: BroadcastChannel | undefined;
  let queue: AbortController | undefined;
  let leading: AbortController | undefined;

  const begin = (): AbortController => {
    leading?.abort();
    leading = new AbortController();
    run(leading.signal);
    return leading;
  };

  const claim = (steal: boolean) => {
    if (!channel || leading) return;
    queue?.abort();
    queue = new AbortController();
    let mine: AbortController | undefined;
    const hold = () => {
      if (!channel) return;
      mine = begin();
      return new Promise<void>((release) => mine!.signal.addEventListener("abort", () => release()));
    };
    locks!.request(name, steal ? { steal } : { signal: queue.signal }, hold).catch((error: Error) => {
      if (!mine && channel && error.name !== "AbortError") begin(); // locks are forbidden, as storage is
      if (!mine || leading !== mine) return; // left the queue; or it is an older claim
      leading = undefined; // another tab took the lead
      mine.abort();
      claim(false);
    });
  };
  const shown = () => {
    if (!document.hidden) claim(true);
  };

  return {
    start() {
      if (!locks) return void begin();
      channel = new BroadcastChannel(name);
      channel.onmessage = (e) => leading || hear(e.data);
      document.addEventListener("visibilitychange", shown);
      claim(!document.hidden);
    },
    stop() {
      document.removeEventListener("visibilitychange", shown);
      channel?.close();
      channel = undefined;
      queue?.abort();
      leading?.abort();
      leading = undefined;
    },
    leads: () => !!leading,
    claim: shown,
    tell: (what) => channel?.postMessage(what),
  };
}
