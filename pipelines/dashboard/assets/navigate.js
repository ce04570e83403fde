/* Forms that ask (method "get") change the address instead of loading the page anew. */
(function () {
  function go(form) {
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value !== "") asked.append(name, value);
    }
    const query = asked.toString();
    const path = new URL(form.action).pathname;
    window.history.pushState({}, "", query ? `${path}?${query}` : path);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  document.addEventListener("submit", (event) => {
    if (event.target.method !== "get") return;
    event.preventDefault();
    go(event.target);
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form.at-once");
    if (form && event.target.matches("select")) go(form);
  });

  let openedToPrint = [];
  window.addEventListener("beforeprint", () => {
    openedToPrint = [...document.querySelectorAll("details.printed:not([open])")];
    openedToPrint.forEach((details) => { details.open = true; });
  });
  window.addEventListener("afterprint", () => {
    openedToPrint.forEach((details) => { details.open = false; });
  });

  let path = window.location.pathname;
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    navigate: {
      /* Names the window after the page; on a new page a screen reader starts at its heading. */
      entitle: function (title) {
        if (!title) return window.dash_clientside.no_update;
        document.title = title;
        if (path !== window.location.pathname) {
          path = window.location.pathname;
          requestAnimationFrame(() => {
            const heading = document.querySelector("h1");
            if (heading) heading.focus({ preventScroll: true });
            window.scrollTo(0, 0);
          });
        }
        return window.dash_clientside.no_update;
      },
    },
  });
})();
