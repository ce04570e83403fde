/* Forms that write (class "act") are sent without loading the page anew; the answer stands in their
   status. An open ballot shows the votes of others as they come. */
(function () {
  const TALLY_EVERY_MS = 2000;
  const NAME_KEPT_AS = "voter";

  function voter() {
    const field = document.getElementById("voter");
    return field ? field.value.trim() : null;
  }

  async function send(form, button) {
    const status = form.querySelector("[role=status]");
    const data = new FormData(form, button);
    form.querySelectorAll("[role=checkbox][aria-checked=true]").forEach((box) => {
      data.append("skill", box.value);
    });
    if (voter() !== null) data.set("voter", voter());
    if (button && button.getAttribute("aria-pressed") === "true") data.set("answer", "");
    try {
      const response = await fetch(form.action, { method: "POST", body: data });
      const isJson = (response.headers.get("Content-Type") || "").includes("json");
      const answer = isJson ? await response.json() : {};
      if (response.status === 401) window.location.reload();
      if (answer.href) return open(answer.href);
      status.textContent = answer.text || "Not saved. Load the page anew and try again.";
      if (answer.skills) show(form.closest("[data-tally]"), answer);
      if (response.ok && answer.is_decided) {
        form.querySelectorAll("button[value=withdrawn]").forEach((b) => { b.hidden = false; });
      }
    } catch (error) {
      status.textContent = "Not saved: the dashboard does not answer.";
    }
  }

  function open(href) {
    const isHere = href === window.location.pathname + window.location.search;
    if (isHere) return window.location.reload();
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  function show(ballot, tally) {
    if (!tally.is_open) return window.location.reload();
    ballot.querySelectorAll("[data-skill]").forEach((cell) => {
      const skill = tally.skills[cell.dataset.skill];
      put(cell.querySelector(".result"), skill.result);
      put(cell.querySelector(".flag"), skill.flag);
      cell.closest("tr").querySelectorAll("button[name=answer]").forEach((button) => {
        button.setAttribute("aria-pressed", String(button.value === skill.answer));
      });
    });
    const people = tally.voters === 1 ? "person" : "people";
    document.querySelectorAll(".voters").forEach((place) => {
      put(place, `${tally.voters} ${people} voted`);
    });
  }

  function put(place, text) {
    if (place.textContent !== text) place.textContent = text;
  }

  async function refresh() {
    const ballot = document.querySelector("[data-tally^='/']");
    if (ballot && !document.hidden) {
      const field = document.getElementById("voter");
      if (field && !field.dataset.known) {
        field.dataset.known = "yes";
        field.value = field.value || window.sessionStorage.getItem(NAME_KEPT_AS) || "";
      }
      const asked = new URLSearchParams({ voter: voter() || "" });
      try {
        const response = await fetch(`${ballot.dataset.tally}?${asked}`);
        if (response.ok && ballot.isConnected) show(ballot, await response.json());
      } catch (error) { /* the next one may come through */ }
    }
    window.setTimeout(refresh, TALLY_EVERY_MS);
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.act")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });

  document.addEventListener("click", (event) => {
    const box = event.target.closest(".act [role=checkbox]");
    if (box) box.setAttribute("aria-checked", String(box.getAttribute("aria-checked") !== "true"));
  });

  document.addEventListener("change", (event) => {
    if (event.target.id !== "voter") return;
    window.sessionStorage.setItem(NAME_KEPT_AS, event.target.value.trim());
  });

  refresh();
})();
