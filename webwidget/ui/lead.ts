// Browsers open six connections to a host over all tabs, so one tab leads: it holds the stream and tells the others.
// The tab shown last leads, because a hidden one may be put to sleep. Where there are no Web Locks (plain http pages), or
// the browser forbids them or the channel (as it does all storage), every tab leads for itself.

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
  let locks: LockManager | undefined;
  let channel: BroadcastChannel | undefined; // while there is one this tab takes part
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
