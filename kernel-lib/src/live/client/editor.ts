import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState, type Extension, Prec } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { isShellCell } from "../../base/cell-magic.js";
import type { CellEditor, EditorOptions } from "./page-window.js";

/** The colours of the page's own code: its properties reach into the editor's shadow. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword, var(--accent))" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-string, var(--good))" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number, var(--hop))" },
  { tag: tags.comment, color: "var(--code-comment, var(--ink-soft))", fontStyle: "italic" },
  { tag: [tags.typeName, tags.className], color: "var(--code-type, var(--accent))" },
]);

const LOOKS = EditorView.theme({
  "&": {
    color: "var(--ink)",
    backgroundColor: "var(--sunk)",
    fontSize: "0.85rem",
    borderRadius: "var(--radius)",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "2px" },
  ".cm-content": { fontFamily: "var(--mono)", padding: "0.8rem 1rem", caretColor: "var(--ink-strong)" },
  ".cm-line": { padding: "0" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-cursor": { borderLeftColor: "var(--ink-strong)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-wash)",
  },
});

/** Bash has no colours here. */
const languageOf = (text: string): Extension => (isShellCell(text) ? [] : javascript({ typescript: true }));

/**
 * An editor in a shadow of its own: there the editor's style sheets are made by the script, which the page's policy allows; in the page they would be
 * style elements, which it does not.
 */
function openEditor(box: HTMLElement, { text, label, onChange, onRun }: EditorOptions): CellEditor {
  const root = box.attachShadow({ mode: "open" });
  const run = () => {
    onRun();
    return true;
  };
  const view = new EditorView({
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(
          keymap.of([
            { key: "Shift-Enter", run },
            { key: "Mod-Enter", run },
          ]),
        ),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        syntaxHighlighting(COLOURS),
        languageOf(text),
        LOOKS,
        EditorView.contentAttributes.of({ "aria-label": label }),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  root.append(view.dom);
  return {
    get text() {
      return view.state.doc.toString();
    },
    setText(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    focus: () => view.focus(),
  };
}

window.hopbookEditor = openEditor;
