// What the page can do beyond being read: switch colours, copy code, open long outputs, show where the reader is.
(() => {
  function button(className, text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = text;
    made.addEventListener("click", () => act(made));
    return made;
  }

  function themeSwitch() {
    const label = () => (window.hopbookTheme.isDark() ? "Light page" : "Dark page");
    const made = button("theme", label(), () =>
      window.hopbookTheme.set(window.hopbookTheme.isDark() ? "light" : "dark"),
    );
    document.addEventListener("hopbook-theme", () => {
      made.textContent = label();
    });
    document.querySelector(".tools").append(made);
  }

  /** What only happens on the screen is also said to a reader who hears the page. */
  function liveRegion() {
    const region = document.createElement("div");
    region.className = "said";
    region.setAttribute("role", "status");
    document.querySelector("main").append(region);
    window.hopbookSay = (text) => {
      region.textContent = text;
    };
  }

  async function copyText(text, source) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    getSelection().selectAllChildren(source);
    document.execCommand("copy");
    getSelection().removeAllRanges();
  }

  function copyButtons() {
    for (const pre of document.querySelectorAll("pre.code")) {
      const code = pre.querySelector("code");
      const box = document.createElement("div");
      box.className = "copies";
      pre.replaceWith(box);
      box.append(
        pre,
        button("copy", "Copy", async (made) => {
          const told = await copyText(code.textContent, code).then(
            () => "Copied",
            () => "Not copied",
          );
          made.textContent = told;
          window.hopbookSay(told);
          setTimeout(() => {
            made.textContent = "Copy";
          }, 1500);
        }),
      );
    }
  }

  function longOutputs(root) {
    for (const output of root.querySelectorAll(".output[data-lines]")) {
      const closed = `Show all ${output.dataset.lines} lines`;
      const made = button("whole-button", closed, () => {
        const whole = output.classList.toggle("whole");
        made.setAttribute("aria-expanded", String(whole));
        made.textContent = whole ? "Show fewer lines" : closed;
        if (!whole) output.scrollIntoView({ block: "nearest" });
      });
      made.setAttribute("aria-expanded", "false");
      output.after(made);
    }
  }

  function readingPlace() {
    const links = new Map();
    for (const link of document.querySelectorAll(".sections a")) links.set(link.hash.slice(1), link);
    const headings = [...document.querySelectorAll(".prose h2[id]")];
    if (headings.length === 0) return;
    const update = () => {
      let here = null;
      for (const heading of headings)
        if (heading.getBoundingClientRect().top < innerHeight * 0.35) here = heading;
      for (const [id, link] of links) {
        if (here && id === here.id) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    };
    addEventListener("scroll", update, { passive: true });
    update();
  }

  function closeMenuOnChoice() {
    const menu = document.querySelector("#menu");
    document.querySelector(".contents")?.addEventListener("click", (event) => {
      if (event.target.closest("a")) menu.checked = false;
    });
  }

  /** Paper has nothing to press: everything folded is printed. */
  function openForPrint() {
    const closed = [];
    addEventListener("beforeprint", () => {
      for (const details of document.querySelectorAll("details:not([open])")) {
        details.open = true;
        closed.push(details);
      }
    });
    addEventListener("afterprint", () => {
      for (const details of closed.splice(0)) details.open = false;
    });
  }

  /** What a link leads to may be folded away. */
  function openTarget() {
    const open = () => {
      const id = decodeURIComponent(location.hash.slice(1));
      let around = id === "" ? null : document.getElementById(id)?.parentElement?.closest("details");
      if (!around) return;
      for (; around; around = around.parentElement?.closest("details")) around.open = true;
      document.getElementById(id).scrollIntoView();
    };
    addEventListener("hashchange", open);
    open();
  }

  /** What scrolls can be reached by the keyboard; what does not is no stop on the way. */
  function scrollStops() {
    const mark = () => {
      const boxes = "pre, .output.picture, .output.rich, .table-scroll, .plot-live";
      for (const box of document.querySelectorAll(boxes)) {
        if (box.getAttribute("role") === "region") continue;
        const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 1;
        if (scrolls) box.tabIndex = 0;
        else box.removeAttribute("tabindex");
      }
    };
    let waiting;
    addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(mark, 200);
    });
    mark();
    document.fonts.ready.then(mark);
    return mark;
  }

  liveRegion();
  themeSwitch();
  copyButtons();
  longOutputs(document);
  readingPlace();
  closeMenuOnChoice();
  openForPrint();
  openTarget();
  const markScrollStops = scrollStops();

  /** For outputs that come later: what the page does to those that it came with. */
  window.hopbookPage = {
    dress(box) {
      longOutputs(box);
      markScrollStops();
    },
  };
})();
