// Keeps a board up to date. The stream says when something may have changed; the board is loaded anew then, and every 15
// seconds at least, since what it says of time goes on. Without this script the board reloads itself (team.html).
"use strict";
{
  const every = 15000;
  const sheet = (page) => page.querySelector("link[rel=stylesheet]")?.getAttribute("href");
  const regions = () => [...document.querySelectorAll("[tabindex]")];
  let asking = false;
  let again = false;

  /** Puts the fresh board in the place of the one that is shown, and leaves the focus where it was. */
  const show = (fresh) => {
    const at = regions().indexOf(document.activeElement);
    document.body.replaceChildren(...fresh.body.childNodes);
    regions()[at]?.focus({ preventScroll: true });
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
  };
  follow();
  setInterval(() => {
    follow();
    renew();
  }, every);
  addEventListener("online", renew);
}
