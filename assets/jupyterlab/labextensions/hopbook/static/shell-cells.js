/**
 * Highlights a shell cell of a notebook (`%%sh docker01`) as bash in JupyterLab. The file is what JupyterLab loads from a prebuilt extension: a container of
 * Webpack's module federation, which takes the packages that it needs from those that JupyterLab shares.
 */
(() => {
  let packages;

  /** A package that JupyterLab shares; it has one version of each of these. */
  async function shared(name) {
    const [version] = Object.values(packages[name]);
    return (await version.get())();
  }

  /** Bash stands below the first line of a cell that names a machine. */
  const SHELL_CELL = /^%%(?:sh|trace)[ \t]+[^\n]*\S[^\n]*\n/;

  /** The longest first line that is looked for. */
  const FIRST_LINE = 200;

  async function withBash(script, bash) {
    const { parseMixed } = await shared("@lezer/common");
    const { LanguageSupport } = await shared("@codemirror/language");
    const wrap = parseMixed(({ type, from, to }, input) => {
      if (!type.isTop || from > 0) return null;
      const first = SHELL_CELL.exec(input.read(0, Math.min(to, FIRST_LINE)));
      return first && to > first[0].length
        ? { parser: bash.language.parser, overlay: [{ from: first[0].length, to }] }
        : null;
    });
    return new LanguageSupport(script.language.configure({ wrap }), [script.support, bash.support]);
  }

  async function extension() {
    const { IEditorLanguageRegistry } = await shared("@jupyterlab/codemirror");
    return {
      id: "hopbook:shell-cells",
      description: "Highlights shell cells as bash.",
      autoStart: true,
      requires: [IEditorLanguageRegistry],
      activate(_app, languages) {
        // The kernel's language is JavaScript with types to JupyterLab, which goes by the name in `codemirror_mode`.
        for (const name of ["JavaScript", "TypeScript"]) {
          const language = languages.findByName(name);
          if (!language) continue;
          const load = language.load.bind(language);
          language.load = async () => {
            const [plain, shell] = await Promise.all([load(), languages.getLanguage("Shell")]);
            return shell?.support ? withBash(plain, shell.support) : plain;
          };
        }
      },
    };
  }

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB.hopbook = {
    init(scope) {
      packages = scope;
    },
    async get() {
      const plugin = await extension();
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
