// Calls to the service. No cookies: the token travels in a header, never in an address.

import type { Config } from "./config";
import { encode } from "./encode";

/** Why a call failed: what the service said about it (RFC 9457), and what follows from the status. Calls throw it as a plain object. */
export interface Problem {
  detail?: string;
  errors: Record<string, string>;
  /** The challenge of a proof of work without which the call is refused, and its zero bits. */
  challenge?: string;
  bits: number;
  /** Milliseconds to wait before the next try; 0 if the service did not say. */
  after: number;
  /** Whether the same call may succeed later. */
  passing: boolean;
  /** Whether the token opens nothing any more. */
  gone: boolean;
}

/** Whether a call that got this status may succeed later. 0 stands for no answer. */
export const passing = (status: number): boolean => !status || status >= 500 || status === 408 || status === 429;

const problem = (status: number, said?: Partial<Problem>, after = 0): Problem => ({
  errors: {},
  bits: 0,
  ...said,
  after: after * 1000 || (status === 429 ? 5000 : 0),
  passing: passing(status),
  gone: status === 404 || status === 401,
});

/** Fetches a path under `/v1/conversations`. Throws a Problem if the answer is no success, and the browser's error if there is none. */
export async function request({ base, speaks }: Config, token: string, path: string, headers: Record<string, string>, more: RequestInit): Promise<Response> {
  headers["Accept-Language"] = speaks;
  // Without a token, a body has the browser's own type, a plain text. That needs no preflight (Fetch standard), so the form is sent a round trip sooner.
  if (token) Object.assign(headers, { Authorization: "Bearer " + token, "Content-Type": "application/json" });
  const answer = await fetch(base + "/v1/conversations" + path, { credentials: "omit", headers, ...more });
  if (answer.ok) return answer;
  throw problem(answer.status, Object(await answer.json().catch(() => 0)), Number(answer.headers.get("Retry-After")));
}

/** Makes one call, which is a POST if there is a body. Every error that it throws is a Problem. */
export async function call<T = void>(config: Config, token: string, path: string, body?: object, keepalive?: boolean): Promise<T> {
  try {
    const signal = AbortSignal.timeout(30000 * config.pace());
    const post = body && { method: "POST", body: encode(body) };
    const answer = await request(config, token, path, {}, { keepalive, signal, ...post });
    return answer.status === 204 ? (undefined as T) : await answer.json();
  } catch (error) {
    throw (error as Problem).errors ? error : problem(0);
  }
}

/** Waits; ends early when the browser comes back online (unless `strict`) or the signal fires. */
export function pause(ms: number, signal: AbortSignal, strict: boolean): Promise<void> {
  return new Promise<any>((done) => {
    setTimeout(done, ms);
    if (!strict) addEventListener("online", done, { once: true });
    signal.addEventListener("abort", done);
  });
}

/** The next step of a back-off from 0.5 to 10 s, times `pace`, with jitter so that many browsers do not come back together. */
export const backOff = (tries: number, pace: number): number => Math.min(10000, 500 * 2 ** tries) * pace * (0.75 + Math.random() / 2);
