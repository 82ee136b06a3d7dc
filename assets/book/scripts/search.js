// Search over all chapters. The index is a script of its own, since a page on a disk can load nothing else; it comes when a reader first searches.
(() => {
  const KEY = "hopbook-search-key";
  const MOST = 12;
  let ready;

  function load(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `assets/${name}`;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${name} does not load`));
      document.head.append(script);
    });
  }

  /** Words as a reader types them: `docker_gwbridge`, `172.17.0.3`, `-p` and `/proc` are one word each and also their parts. */
  function words(text) {
    const whole = text.toLowerCase().match(/[\p{L}\p{N}_.:/-]+/gu) ?? [];
    return whole.flatMap((word) => {
      const bare = word.replace(/^[.:/-]+|[.:/-]+$/g, "");
      const parts = bare.split(/[._:/-]+/).filter((part) => part.length > 1);
      return bare === "" ? [] : parts.length > 1 ? [bare, ...parts] : [bare];
    });
  }

  async function prepare() {
    await Promise.all([load("minisearch.js"), load("search-index.js")]);
    const index = new window.MiniSearch({
      fields: ["title", "text", "code"],
      storeFields: ["title", "text", "code", "page", "place"],
      tokenize: words,
      searchOptions: {
        boost: { title: 4, text: 1.5 },
        prefix: (term) => term.length > 2,
        fuzzy: (term) => (term.length > 5 && /^\p{L}+$/u.test(term) ? 0.2 : false),
        combineWith: "AND",
      },
    });
    index.addAll(window.hopbookSearchIndex);
    return (text) => {
      const all = index.search(text);
      return all.length > 0 ? all : index.search(text, { combineWith: "OR" });
    };
  }

  function make(name, attributes = {}, children = []) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  const input = make("input", {
    type: "search",
    id: "search-text",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "search-results",
    "aria-autocomplete": "list",
    "aria-label": "Search the book",
    placeholder: "A word, a command, an address …",
    autocomplete: "off",
    spellcheck: "false",
  });
  const results = make("ul", { id: "search-results", role: "listbox", "aria-label": "Found" });
  const told = make("p", { class: "search-told", role: "status" });
  const slash = make("input", { type: "checkbox", id: "search-slash" });
  const close = make("button", { type: "button", class: "search-close" }, ["Close"]);
  const setting = make("label", { for: "search-slash" }, [slash, " The key / opens the search"]);
  const dialog = make("dialog", { class: "search", "aria-label": "Search" }, [
    make("div", { class: "search-head" }, [input, close]),
    results,
    told,
    make("p", { class: "search-foot" }, [setting]),
  ]);
  document.body.append(dialog);

  function slashWanted() {
    try {
      return localStorage.getItem(KEY) !== "off";
    } catch {
      return true;
    }
  }

  /** The words around the first place where one of the found words stands, with all of them marked. */
  function excerpt({ text, code, terms }) {
    const pattern = new RegExp(
      `(${terms.map((term) => term.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|")})`,
      "giu",
    );
    const source = text.search(pattern) >= 0 || code.search(pattern) < 0 ? text : code;
    const at = Math.max(0, source.search(pattern));
    const from = at < 60 ? 0 : source.indexOf(" ", at - 50) + 1;
    const part = `${from > 0 ? "… " : ""}${source.slice(from, from + 170)}${from + 170 < source.length ? " …" : ""}`;
    const line = make("span", { class: "search-excerpt" });
    part.split(pattern).forEach((piece, i) => {
      line.append(i % 2 === 1 ? make("mark", {}, [piece]) : piece);
    });
    return line;
  }

  let found = [];
  let chosen = -1;

  function choose(at) {
    const options = [...results.children];
    options[chosen]?.setAttribute("aria-selected", "false");
    chosen = options.length === 0 ? -1 : (at + options.length) % options.length;
    const option = options[chosen];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function go(at) {
    const entry = found[at];
    if (!entry) return;
    dialog.close();
    location.href = entry.id;
  }

  function draw(list) {
    found = list;
    const options = list.map((entry, i) => {
      const title = make("span", { class: "search-title" }, [entry.title]);
      const place = make("span", { class: "search-place" }, [entry.place]);
      const option = make("li", { role: "option", id: `found-${i}`, "aria-selected": "false" }, [
        title,
        place,
        excerpt(entry),
      ]);
      option.addEventListener("click", () => go(i));
      option.addEventListener("mousemove", () => chosen !== i && choose(i));
      return option;
    });
    results.replaceChildren(...options);
    input.setAttribute("aria-expanded", String(list.length > 0));
    choose(list.length > 0 ? 0 : -1);
  }

  async function find() {
    const asked = input.value.trim();
    if (asked === "") {
      draw([]);
      told.textContent = "";
      return;
    }
    ready ??= prepare();
    try {
      const search = await ready;
      if (asked !== input.value.trim()) return;
      const all = search(asked);
      draw(all.slice(0, MOST));
      told.textContent =
        all.length === 0
          ? `Nothing is found for “${asked}”.`
          : `${all.length} ${all.length === 1 ? "place" : "places"}${all.length > MOST ? `, the best ${MOST} of them` : ""}`;
    } catch (error) {
      ready = undefined;
      told.textContent = `The search does not work here: ${error.message}.`;
    }
  }

  function open() {
    if (dialog.open) return;
    slash.checked = slashWanted();
    dialog.showModal();
    input.select();
    ready ??= prepare();
    ready.catch(() => {}); // Told when a reader searches.
  }

  input.addEventListener("input", find);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") go(chosen);
    else if (event.key === "Escape")
      dialog.close(); // A search field would only empty itself.
    else return;
    event.preventDefault();
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  slash.addEventListener("change", () => {
    try {
      if (slash.checked) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, "off");
    } catch {
      // Without storage the choice lasts for the page.
      slash.dataset.off = String(!slash.checked);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!slashWanted() || slash.dataset.off === "true") return;
    // A shadow root tells only its host: the innermost target is at the head of the path.
    const target = event.composedPath()[0];
    if (target.closest?.("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    open();
  });

  const opener = make("button", { type: "button", class: "search-open", "aria-haspopup": "dialog" }, [
    "Search",
  ]);
  opener.append(make("kbd", { "aria-hidden": "true" }, ["/"]));
  opener.addEventListener("click", open);
  document.querySelector(".tools").prepend(opener);
})();
