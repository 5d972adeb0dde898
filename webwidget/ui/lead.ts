// Browsers open six connections to a host for all tabs together, so one tab leads: it holds the stream and tells the other
// tabs. The tab that was shown last leads, because the browser may put a hidden tab to sleep. If there are no Web Locks
// (plain http pages), or if the browser forbids the locks or the channel (together with all storage), every tab leads for
// itself.

export interface Lead<T> {
  start(): void;
  stop(): void;
  leads(): boolean;
  /** Takes the lead if the tab is shown. */
  claim(): void;
  /** Tells the other tabs. */
  tell(what: T): void;
}

/**
 * Lets this tab take part. It calls `run` when this tab begins to lead, with a signal that fires when it no longer leads.
 * `hear` gets what the leading tab tells.
 */
export function lead<T>(name: string, run: (signal: AbortSignal) => void, hear: (what: T) => void): Lead<T> {
  let locks: LockManager | undefined;
  let channel: BroadcastChannel | undefined; // set while this tab takes part
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
    const ask = async () => locks!.request(name, steal ? { steal } : { signal: queue!.signal }, hold); // may throw at once
    ask().catch((error: Error) => {
      if (!mine && channel && error.name !== "AbortError") begin(); // locks are forbidden
      if (!mine || leading !== mine) return; // this claim has left the queue, or a newer one has replaced it
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
      try {
        locks = navigator.locks as LockManager | undefined;
        if (locks) channel = new BroadcastChannel(name);
      } catch {} // forbidden
      if (!channel) return void begin();
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
    tell(what) {
      try {
        channel?.postMessage(what);
      } catch {} // forbidden: the others lead for themselves
    },
  };
}
