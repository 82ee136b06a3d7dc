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

  window.hopbookTheme = {
    isDark() {
      const chosen = root.dataset.theme;
      return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    },
    set(theme) {
      choose(theme);
      try {
        localStorage.setItem(KEY, theme);
      } catch {
        // As above.
      }
    },
  };

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    document.dispatchEvent(new Event("hopbook-theme"));
  });
})();
