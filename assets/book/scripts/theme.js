// Runs before the page is drawn, so that a reader's choice of colours does not flash.
(() => {
  const KEY = "hopbook-theme";
  const root = document.documentElement;

  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // Pages on a disk may have no storage: the choice then lasts for the page.
    }
  }

  function choose(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    document.dispatchEvent(new Event("hopbook-theme"));
  }

  choose(stored());
  root.classList.add("js");

  window.hopbookTheme = {
    isDark() {
      const chosen = root.dataset.theme;
      return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    },
    /** The choice lasts while it differs from what the reader's system asks for; the same colours as the system's follow the system again. */
    set(theme) {
      const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      choose(theme === system ? null : theme);
      try {
        if (theme === system) localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, theme);
      } catch {
        // As above.
      }
    },
  };

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    document.dispatchEvent(new Event("hopbook-theme"));
  });
})();
