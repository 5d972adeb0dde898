import type { Status } from "./wire";

/** An answer of the service, and what is in it; 0 if that is no JSON. */
export type Answer = [Response, Status | 0];

/** Makes what asks for the service's state. `query` is empty or names the department. */
export const asker = (base: string, query: string) => async (): Promise<Answer> => {
  const answer = await fetch(base + "/v1/status" + query, { credentials: "omit" });
  return [answer, await answer.json().catch(() => 0)];
};
