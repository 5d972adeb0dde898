import type { Events, Options } from "./index.js";

export interface Props extends Options {
  /** What is called at each event, by the event's name. */
  on?: { [E in keyof Events]?: (detail: Events[E]) => void };
}

/** Puts the widget into the page. Options that change are told to it; when the component goes, the button is hidden and the panel closed. */
export function Porchlight(props: Props): null;
