// The widget as a component of React, which draws nothing in its own place.

import { useEffect, useRef } from "react";
import { load } from "./index.js";

export function Porchlight({ on = {}, ...options }) {
  const now = useRef();
  const events = Object.keys(on).sort().join();

  useEffect(() => {
    now.current = { on, options };
    load(options); // tells what has changed
  });
  useEffect(() => {
    const heard = events.split(",").map((event) => [event, (detail) => now.current.on[event]?.(detail)]);
    const say = (call) => events && heard.forEach((one) => window.porchlight(call, ...one));
    say("on");
    return () => say("off");
  }, [events]);
  // The widget stays in the page, but it is not seen.
  useEffect(() => () => void load({ ...now.current.options, hidden: true }), []);
  return null;
}
