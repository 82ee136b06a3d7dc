// Plays a packet's way: the still picture and the story's data become a figure that can be stepped through. It runs on a page of the book and in JupyterLab.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  /** Milliseconds of one move, and of one hop while the story plays. */
  const MOVE = 700;
  const PACE = 1600;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  function make(name, className, ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function draw(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function button(text, act) {
    const made = make("button", "", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  /** The drawing that an image shows: in a notebook the still picture is one. */
  function drawingOf({ src }) {
    const bytes = Uint8Array.from(atob(src.slice(src.indexOf(",") + 1)), (unit) => unit.charCodeAt(0));
    const text = new TextDecoder().decode(bytes);
    return document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
  }

  /** The map alone: what the still picture has below it is told by the figure itself. */
  function mapOf(still, { width, height }) {
    const svg = still.querySelector("svg")?.cloneNode(true) ?? drawingOf(still.querySelector("img"));
    svg.removeAttribute("id");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    return svg;
  }

  /** The packet on the map, and a dot for each copy that a flood made. */
  function markers(svg, hops) {
    const trail = draw("polyline", {
      fill: "none",
      stroke: "#0072b2",
      "stroke-width": 8,
      "stroke-linecap": "round",
    });
    trail.setAttribute("stroke-opacity", "0.3");
    svg.append(trail);
    const dots = new Map();
    for (const copy of new Set(hops.map((hop) => hop.copy))) {
      const dot = draw("g", {});
      dot.append(
        draw("circle", { r: 15, fill: "#0072b2", "fill-opacity": 0.22 }),
        draw("rect", {
          x: -10,
          y: -7,
          width: 20,
          height: 14,
          rx: 2,
          fill: "#0072b2",
          stroke: "#ffffff",
          "stroke-width": 1.5,
        }),
        draw("path", { d: "M-8,-5L0,1L8,-5", fill: "none", stroke: "#ffffff", "stroke-width": 1.5 }),
      );
      svg.append(dot);
      dots.set(copy, dot);
    }
    return { trail, dots };
  }

  const pointsOf = (way) => way.flatMap((x, i) => (i % 2 === 0 ? [[x, way[i + 1]]] : []));

  /** The point at a part of a line's length, 0 to 1. */
  function along(points, part) {
    const lengths = points.slice(1).map(([x, y], i) => Math.hypot(x - points[i][0], y - points[i][1]));
    let left = lengths.reduce((sum, length) => sum + length, 0) * part;
    for (const [i, length] of lengths.entries()) {
      if (left <= length && length > 0) {
        const [[ax, ay], [bx, by]] = [points[i], points[i + 1]];
        return [ax + ((bx - ax) * left) / length, ay + ((by - ay) * left) / length];
      }
      left -= length;
    }
    return points.at(-1);
  }

  function ruleList(title, rules) {
    const items = rules.map(({ rule, fails, because }) => {
      const item = make("li", "", make("code", "", rule));
      if (fails) item.append(make("span", "story-why", "misses only by ", make("code", "", fails)));
      if (because) item.append(make("span", "story-why", "made by ", make("code", "", because)));
      return item;
    });
    return [make("p", "story-label", title), make("ul", "", ...items)];
  }

  /** What happens at a hop. */
  function tellHop(hop) {
    const parts = [make("p", "story-text", hop.text)];
    if (hop.end) parts[0].dataset.end = hop.end;
    for (const change of hop.changes) parts.push(make("p", "story-change", change));
    if (hop.rules.length > 0)
      parts.push(
        ...ruleList(hop.rules.length === 1 ? "The rule that decided" : "The rules that decided", hop.rules),
      );
    if (hop.misses.length > 0) parts.push(...ruleList("Near misses: all but one term holds", hop.misses));
    if (hop.met > 0)
      parts.push(
        make(
          "p",
          "story-met",
          hop.met === 1 ? "1 rule was asked here." : `${hop.met} rules were asked here.`,
        ),
      );
    return parts;
  }

  /** A header with its fields; what is new here is marked, and said. */
  function tellHeader({ name, added, fields }) {
    const list = make("dl", "");
    for (const { name: field, value, before } of fields) {
      const shown = make("dd", "", before === undefined ? value : make("mark", "", value));
      if (before !== undefined) shown.append(make("span", "story-was", ` was ${before}`));
      list.append(make("div", "", make("dt", "", field || "text"), shown));
    }
    const title = make("p", "story-header-name", name);
    if (added) title.append(" ", make("mark", "", "new"));
    return make("div", added ? "story-header story-added" : "story-header", title, list);
  }

  function begin(root) {
    if (root.dataset.alive) return;
    const still = root.querySelector(".story-still");
    const data = JSON.parse(root.querySelector(".story-data").textContent);
    const { hops } = data;
    const svg = mapOf(still, data.map);
    const { trail, dots } = markers(svg, hops);
    const map = make("div", "story-map", svg);
    const range = make("input", "story-range");
    Object.assign(range, { type: "range", min: 1, max: hops.length, step: 1, value: 1 });
    range.setAttribute("aria-label", "Hop");
    const back = button("Back", () => step(-1));
    const play = button("Play", () => (timer === undefined ? start() : stop()));
    play.classList.add("story-play");
    const next = button("Next", () => step(1));
    const count = make("span", "story-count");
    const said = make("div", "story-said");
    said.setAttribute("role", "status");
    const place = make("p", "story-place");
    const told = make("div", "story-told");
    const headers = make("div", "story-headers");
    const panel = make(
      "div",
      "story-panel",
      place,
      told,
      make("p", "story-label", "The packet's headers here"),
      headers,
    );
    const box = make("div", "story-box");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", `The packet's way, hop by hop: ${data.title}`);
    box.append(make("div", "story-controls", back, play, next, range, count), map, panel, said);

    let at = 0;
    let timer;
    let frame;

    const nameOf = (hop) => `${hop.stage}, ${hop.where}`;

    /** Puts every copy where it is after hop `at`; the packet of this hop at a part of its way. */
    function putMarkers(part) {
      for (const dot of dots.values()) dot.style.display = "none";
      for (const [i, { copy, way }] of hops.slice(0, at + 1).entries()) {
        if (way.length === 0) continue;
        const [x, y] = along(pointsOf(way), i === at ? part : 1);
        const dot = dots.get(copy);
        dot.style.display = "";
        dot.setAttribute("transform", `translate(${x} ${y})`);
        dot.setAttribute("opacity", copy === hops[at].copy ? 1 : 0.4);
      }
      const passed = hops
        .slice(0, at + 1)
        .flatMap(({ copy, way }) => (copy === hops[at].copy ? pointsOf(way) : []));
      trail.setAttribute(
        "points",
        passed
          .slice(0, passed.length - (part < 1 ? 1 : 0))
          .map((point) => point.join(","))
          .join(" "),
      );
    }

    /** On a narrow page the map scrolls with the packet. */
    function follow() {
      const { way } = hops[at];
      if (way.length === 0 || map.scrollWidth <= map.clientWidth) return;
      const scale = svg.clientWidth / data.map.width;
      map.scrollTo({
        left: way.at(-2) * scale - map.clientWidth / 2,
        behavior: calm.matches ? "auto" : "smooth",
      });
    }

    function move() {
      cancelAnimationFrame(frame);
      if (calm.matches || hops[at].way.length <= 2) return putMarkers(1);
      const began = performance.now();
      const tick = (now) => {
        const part = Math.max(0, Math.min(1, (now - began) / MOVE));
        putMarkers(part * part * (3 - 2 * part));
        if (part < 1) frame = requestAnimationFrame(tick);
      };
      frame = requestAnimationFrame(tick);
      putMarkers(0);
    }

    function show(to, animated) {
      at = Math.max(0, Math.min(hops.length - 1, to));
      const hop = hops[at];
      range.value = at + 1;
      range.setAttribute("aria-valuetext", `hop ${at + 1} of ${hops.length}, ${nameOf(hop)}: ${hop.text}`);
      count.textContent = `${at + 1} of ${hops.length}`;
      back.disabled = at === 0;
      next.disabled = at === hops.length - 1;
      const copy = hop.copy === 0 ? "" : ` (copy ${hop.copy})`;
      place.replaceChildren(
        make("strong", "", hop.stage),
        ` on ${hop.where}${copy} `,
        make("span", "story-time", `${hop.time}, ${hop.spent} since the hop before`),
      );
      told.replaceChildren(...tellHop(hop));
      headers.replaceChildren(...hop.headers.map(tellHeader));
      if (animated) move();
      else {
        cancelAnimationFrame(frame);
        putMarkers(1);
      }
      follow();
    }

    function stop() {
      clearInterval(timer);
      timer = undefined;
      play.textContent = "Play";
    }

    function start() {
      play.textContent = "Pause";
      if (at === hops.length - 1) show(0, false);
      else show(at + 1, true);
      timer = setInterval(() => {
        if (!root.isConnected) return stop();
        show(at + 1, true);
        if (at === hops.length - 1) stop();
      }, PACE);
    }

    function step(by) {
      stop();
      // A button that can do no more would lose the focus with its use.
      const edge = by < 0 ? at + by <= 0 : at + by >= hops.length - 1;
      if (edge && document.activeElement === (by < 0 ? back : next)) range.focus();
      show(at + by, by > 0);
      const hop = hops[at];
      said.textContent = `Hop ${at + 1} of ${hops.length}, ${nameOf(hop)}: ${[hop.text, ...hop.changes].join(". ")}`;
    }

    range.addEventListener("input", () => {
      stop();
      show(Number(range.value) - 1, Number(range.value) - 1 === at + 1);
    });
    const keys = {
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      Home: () => step(-at),
      End: () => step(hops.length),
    };
    const ours = new Set([...Object.keys(keys), "ArrowUp", "ArrowDown", "Enter", "Escape", " "]);
    // JupyterLab takes these keys at the document: they are read before they come there.
    const onKey = (event) => {
      if (!root.isConnected) return window.removeEventListener("keydown", onKey, true);
      const { key, target } = event;
      if (!box.contains(target) || !ours.has(key) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.stopPropagation();
      if (key === "Escape") stop();
      else if (key === " " && target === range) play.click();
      else if (target.localName === "button" && key in keys) keys[key]();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey, true);

    show(0, false);
    still.after(box);
    root.dataset.alive = "true";
    // What scrolls can be reached by the keyboard, and only that.
    const stops = () => {
      for (const [element, label] of [
        [map, "The map"],
        [panel, "The hop"],
      ]) {
        const scrolls =
          element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
        if (scrolls) {
          element.tabIndex = 0;
          // Not a region: a page has many stories, and landmarks of the same name are none.
          element.setAttribute("role", "group");
          element.setAttribute("aria-label", label);
        } else for (const name of ["tabindex", "role", "aria-label"]) element.removeAttribute(name);
      }
    };
    new ResizeObserver(stops).observe(map);
    new MutationObserver(stops).observe(headers, { childList: true });
  }

  for (const root of document.querySelectorAll(".story")) begin(root);

  /** For stories that come later. */
  window.hopbookStories = { begin };
})();
