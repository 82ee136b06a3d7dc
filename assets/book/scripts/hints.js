// A term's explanation beside the term: stays while the mouse is on either, and Escape takes it away (WCAG 2.2, 1.4.13).
(() => {
  const box = document.createElement("div");
  box.className = "hint";
  box.id = "hint";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  document.body.append(box);
  let shownFor = null;
  let leaving;

  function place(term) {
    const { left, top, bottom } = term.getClientRects()[0] ?? term.getBoundingClientRect();
    const width = box.offsetWidth;
    const height = box.offsetHeight;
    const below = bottom + height + 12 < innerHeight || top < height + 12;
    box.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`;
    box.style.top = `${below ? bottom + 6 : top - height - 6}px`;
  }

  function show(term) {
    clearTimeout(leaving);
    if (shownFor === term) return;
    hide();
    shownFor = term;
    box.textContent = term.dataset.definition;
    box.hidden = false;
    place(term);
  }

  function hide() {
    clearTimeout(leaving);
    box.hidden = true;
    shownFor = null;
  }

  function hideSoon() {
    clearTimeout(leaving);
    leaving = setTimeout(hide, 250);
  }

  for (const term of document.querySelectorAll(".term")) {
    term.addEventListener("mouseenter", () => show(term));
    term.addEventListener("mouseleave", hideSoon);
    term.addEventListener("focus", () => show(term));
    term.addEventListener("blur", hide);
  }
  box.addEventListener("mouseenter", () => clearTimeout(leaving));
  box.addEventListener("mouseleave", hideSoon);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  addEventListener("scroll", hide, { passive: true });
})();
