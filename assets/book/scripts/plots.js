// Makes plots alive: the library comes only when a reader gets near the first one. The drawing at rest stays for paper.
(() => {
  let library;

  function loadLibrary() {
    library ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = "assets/plotly-basic.min.js";
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => reject(new Error("plotly-basic.min.js does not load"));
      document.head.append(script);
    });
    return library;
  }

  /** The page's colours on a figure that was made for white paper. */
  function pageLayout(layout) {
    const style = getComputedStyle(document.body);
    const dark = window.hopbookTheme.isDark();
    const rule = dark ? "#2c3337" : "#e2ddd0";
    const axes = {};
    const names = new Set([
      "xaxis",
      "yaxis",
      ...Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name)),
    ]);
    for (const name of names) {
      axes[name] = { ...layout[name], gridcolor: rule, zerolinecolor: rule, linecolor: rule };
    }
    return {
      ...layout,
      ...axes,
      autosize: true,
      width: undefined,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { ...layout.font, color: style.color, family: style.getPropertyValue("--sans") },
    };
  }

  async function makeAlive(figure) {
    const { data, layout } = JSON.parse(figure.querySelector(".plot-data").textContent);
    const height = layout.height ?? Math.max(260, figure.querySelector(".plot-still").clientHeight);
    const plotly = await loadLibrary();
    const live = document.createElement("div");
    live.className = "plot-live";
    // A chart with long labels at its left needs room beside them: a narrow page scrolls.
    const labels = layout.margin?.l ?? 0;
    if (labels > 120) live.style.minWidth = `${labels + 340}px`;
    figure.querySelector(".plot-still").after(live);
    figure.classList.add("alive");
    const options = { responsive: true, displaylogo: false, displayModeBar: false };
    const draw = () => plotly.react(live, data, pageLayout({ ...layout, height }), options);
    await draw();
    document.addEventListener("hopbook-theme", draw);
    // The drawing's description stays that of the picture at rest: Plotly's own has none.
    const still = figure.querySelector(".plot-still [aria-label]");
    live.setAttribute("role", "img");
    live.setAttribute("aria-label", still?.getAttribute("aria-label") ?? "A plot");
  }

  /** One figure may come near twice before the observer hears that it is enough. */
  const begun = new WeakSet();
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting || begun.has(target)) continue;
        begun.add(target);
        near.unobserve(target);
        makeAlive(target).catch(() => target.classList.remove("alive")); // The drawing at rest shows the same data.
      }
    },
    { rootMargin: "600px" },
  );
  for (const figure of document.querySelectorAll(".plot")) near.observe(figure);

  /** For figures that come later. */
  window.hopbookPlots = { begin: (figure) => near.observe(figure) };
})();
