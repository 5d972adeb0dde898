// Who the visitor is by the word of the site: a conversation that began without a name goes on as theirs.

import type { Problem } from "./api";
import type { Home } from "./home";
import type { Session } from "./session";

/** The subject of a signed identity (RFC 7519), whose signature is for the service to check; "" if it is none. */
export function subject(identity: string): string {
  try {
    return JSON.parse(atob(identity.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/"))).sub || "";
  } catch {
    return "";
  }
}

/** Tells the service whose the conversation is that is shown. What is somebody else's is forgotten here: they have used this browser before. */
export async function signIn({ config: { identity }, store }: Home, stage: { chat(): { session: Session } | undefined; enter(): void }): Promise<void> {
  const session = stage.chat()?.session;
  const who = subject(identity);
  if (!session || !who) return;
  const { known } = session;
  const theirs = () => {
    store.forget(known.id);
    if (stage.chat()?.session === session) stage.enter();
  };
  if (known.whose && known.whose !== who) return theirs();
  if (known.whose || known.done) return;
  try {
    await session.call("/identity", { identity });
    store.change(known.id, { whose: (known.whose = who) });
  } catch (error) {
    const why = error as Problem;
    if (!why.passing && !why.gone && !why.errors.identity) theirs();
  }
}
