// Keeps a board up to date. The stream says when something may have changed; the board is loaded anew then, and every 15
// seconds at least, since what it says of time goes on. When the stream breaks off, the board is loaded at once, too: if
// porchlight is gone, the board says so. Without this script the board reloads itself (team.html).
"use strict";
{
  const every = 15000;
  const sizes = ["fit0", "fit1", "fit2", "fit3", "fit4", "fit5", "fit6"];
  const lines = ["list10", "list9", "list8", "list7", "list6"];
  const sheet = (page) => page.querySelector("link[rel=stylesheet]")?.getAttribute("href");
  const regions = () => [...document.querySelectorAll("[tabindex]")];
  let asking = false;
  let again = false;

  /** Takes the largest letters with which all of the board is on the screen, and as many lines as there is room for then, if its style is
      that of a wall. Letters that are a little smaller are better than lines that are left out. */
  const fit = () => {
    const { classList } = document.body;
    const fits = (size, list) => {
      classList.remove(...sizes, ...lines);
      classList.add(size, list);
      return document.documentElement.scrollHeight <= innerHeight;
    };
    if (fits(sizes[0], lines[0]) || fits(sizes[1], lines[0])) return;
    const size = sizes.find((one) => fits(one, "list6")) ?? sizes.at(-1);
    lines.some((list) => fits(size, list));
  };

  /** Puts the fresh board in the place of the one that is shown, and leaves the focus and what was scrolled where they were. */
  const show = (fresh) => {
    const { id } = document.activeElement;
    const before = regions();
    const at = before.indexOf(document.activeElement);
    const scrolled = before.map((region) => region.scrollLeft);
    document.body.replaceChildren(...fresh.body.childNodes);
    fit();
    const now = regions();
    now.forEach((region, i) => region.scrollTo(scrolled[i] ?? 0, 0));
    (now[at] ?? (id && document.getElementById(id)))?.focus?.({ preventScroll: true });
  };

  /** Loads the board: as a document, so that no text is ever made into one here. */
  const renew = () => {
    again = asking;
    if (asking) return;
    asking = true;
    const ask = new XMLHttpRequest();
    ask.open("GET", location.href);
    ask.responseType = "document";
    ask.timeout = every;
    ask.onloadend = () => {
      asking = false;
      const fresh = ask.status === 200 && ask.response;
      const refused = ask.status >= 400 && ask.status < 429;
      if (refused || (fresh && sheet(fresh) !== sheet(document))) return location.reload();
      document.body.classList.toggle("stale", !fresh);
      // What is just being pressed stays until it is pressed.
      if (fresh && document.querySelector("a:active, button:active")) return setTimeout(renew, 500);
      if (fresh) show(fresh);
      if (again) renew();
    };
    ask.send();
  };

  let news;
  const follow = () => {
    if (news && news.readyState !== EventSource.CLOSED) return;
    news = new EventSource(location.pathname.replace(/\/$/, "") + "/events");
    news.addEventListener("board", renew);
    news.addEventListener("error", renew);
  };
  follow();
  fit();
  setInterval(() => {
    follow();
    renew();
  }, every);
  addEventListener("online", renew);
  addEventListener("resize", fit);
}
