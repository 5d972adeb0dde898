// What carries a conversation's events: a stream, or polls.

import type { Slot } from "./store";
import type { Ev } from "./wire";

/** The session's side of a stream or poll, which calls these. */
export interface Feed {
  /** Asks for events. `query` has its question mark. */
  open(query: string, headers: Record<string, string>, line: AbortController): Promise<Response>;
  /** The newest event known. */
  last(): number;
  /** Whether the conversation goes by long polls. */
  poll: Slot<boolean>;
  /** Called when the conversation changes to long polls. */
  held(): void;
  /** Called before each connection and after each poll. An error counts as a failed connection. */
  before(): Promise<void>;
  event(e: Ev): void;
  /** Whether the line is up. */
  up(is: boolean): void;
  /** The conversation no longer exists for this token. */
  gone(): void;
  pace(): number;
}
