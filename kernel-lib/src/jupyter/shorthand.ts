/** What of the compiler is needed to write `{ x }` out: tslab brings a TypeScript of its own, whose types are not those of this project's. */
export interface ShorthandCompiler {
  readonly factory: {
    createIdentifier(text: string): object;
    createPropertyAccessExpression(of: object, name: object): object;
    createPropertyAssignment(name: object, value: object): object;
    createAssignment(target: object, value: object): object;
  };
  createWatchProgram(host: object): Watch;
  visitEachChild(node: object, visitor: Visitor, ...rest: unknown[]): object;
  isShorthandPropertyAssignment(node: object): node is Shorthand;
}

type Visitor = (node: object) => object;

interface Watch {
  getProgram(): { getProgram(): { getTypeChecker(): Checker } };
}

interface Checker {
  getShorthandAssignmentValueSymbol(node: object): {
    readonly declarations?: readonly { getSourceFile(): { readonly fileName: string } }[];
  };
}

interface Shorthand {
  readonly name: object;
  /** The default in `({ x = 1 } = value)`. */
  readonly objectAssignmentInitializer?: object;
}

/** The file in which tslab declares what earlier cells have left. */
const EARLIER_CELLS = /(^|\/)__prev__\.d\.ts$/;

/**
 * tslab 1.0.22 reads a variable of an earlier cell from `exports`, but for `{ x }`: there it asks the compiler for the property and not for the variable
 * behind it, and the cell fails with "x is not defined". Here `{ x }` becomes `{ x: exports.x }`.
 */
export function shorthandPatches(compiler: ShorthandCompiler) {
  let checker: () => Checker = () => {
    throw new Error("no program is made yet");
  };
  const isFromEarlierCell = (node: Shorthand): boolean =>
    checker()
      .getShorthandAssignmentValueSymbol(node)
      ?.declarations?.some((declaration) => EARLIER_CELLS.test(declaration.getSourceFile().fileName)) ===
    true;
  return {
    createWatchProgram(host: object): Watch {
      const watch = compiler.createWatchProgram(host);
      checker = () => watch.getProgram().getProgram().getTypeChecker();
      return watch;
    },
    visitEachChild(node: object, visitor: Visitor, ...rest: unknown[]): object {
      if (!compiler.isShorthandPropertyAssignment(node) || !isFromEarlierCell(node))
        return compiler.visitEachChild(node, visitor, ...rest);
      const { factory } = compiler;
      const variable = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), node.name);
      const { objectAssignmentInitializer: initial } = node;
      return factory.createPropertyAssignment(
        node.name,
        initial === undefined ? variable : factory.createAssignment(variable, visitor(initial)),
      );
    },
  };
}
