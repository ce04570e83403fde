/* Forms that ask (method "get") and links in grids change the address without loading the page
   anew; the page is laid out from the address (app.py). */
(function () {
  function goTo(address) {
    window.history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  /* A new layout of the same page: who stood at a control or in a part still stands there. */
  function keepPlace() {
    const focused = document.activeElement;
    const part = focused && focused.closest("#page section[id]");
    const ids = [focused && focused.id, part && part.id].filter(Boolean);
    const height = window.scrollY;
    if (!ids.length) return;
    const observer = new MutationObserver(() => {
      const place = ids.map((id) => document.getElementById(id)).find(Boolean);
      if (!place || place.isSameNode(focused)) return;
      observer.disconnect();
      if (place.tabIndex < 0) place.tabIndex = -1;
      place.focus({ preventScroll: true });
      window.scrollTo(0, height);
    });
    observer.observe(document.getElementById("page"), { childList: true, subtree: true });
    setTimeout(() => observer.disconnect(), 3000);
  }

  let path = window.location.pathname;
  window.addEventListener("_dashprivate_pushstate", () => {
    if (path === window.location.pathname) keepPlace();
  });

  function ask(form) {
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value !== "") asked.append(name, value);
    }
    const query = asked.toString();
    const page = new URL(form.action).pathname;
    goTo(query ? `${page}?${query}` : page);
  }

  document.addEventListener("submit", (event) => {
    if (event.target.method !== "get") return;
    event.preventDefault();
    ask(event.target);
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form.at-once");
    if (form && event.target.matches("select")) ask(form);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.in-grid");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo(link.getAttribute("href"));
  });

  window.dashAgGridComponentFunctions = Object.assign({}, window.dashAgGridComponentFunctions, {
    Link: (cell) =>
      window.React.createElement("a", { href: cell.data.href, className: "in-grid" }, cell.value),
  });

  let openedToPrint = [];
  window.addEventListener("beforeprint", () => {
    openedToPrint = [...document.querySelectorAll("details.printed:not([open])")];
    openedToPrint.forEach((details) => { details.open = true; });
  });
  window.addEventListener("afterprint", () => {
    openedToPrint.forEach((details) => { details.open = false; });
  });

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
