/**
 * What a TypeScript file refers to: other modules, clocks and unseeded chance. Read from the syntax tree, so
 * that comments and texts do not count.
 */
import ts from 'typescript';

/** A file of the repository; the path is relative to its root, with `/` between parts. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

export interface Reference {
  /** As written: `./x.ts`, `sharp`; null where it is computed and cannot be checked. */
  readonly specifier: string | null;
  /** Erased by the compiler. `import { type X }` is not: its module is still loaded (verbatimModuleSyntax). */
  readonly typeOnly: boolean;
  /** Loaded when a call runs: `import()` or `require()`. */
  readonly lazy: boolean;
  readonly line: number;
}

/** `Math.random`, `Date.now`, `new Date`, `Date()`, `performance.now` or `process.hrtime`. */
export interface Ambient {
  readonly name: string;
  readonly line: number;
}

export interface References {
  readonly modules: readonly Reference[];
  readonly ambient: readonly Ambient[];
}

/** All imports, re-exports, dynamic imports, calls of `require` and import types of a file. */
export function referencesOf({ path, text }: Source): References {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const modules: Reference[] = [];
  const ambient: Ambient[] = [];
  const visit = (node: ts.Node): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    const found = moduleOf(node);
    if (found) modules.push({ ...found, line });
    const name = ambientOf(node);
    if (name) ambient.push({ name, line });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { modules, ambient };
}

type Found = Omit<Reference, 'line'>;

function moduleOf(node: ts.Node): Found | null {
  if (ts.isImportDeclaration(node))
    return found(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
  if (ts.isExportDeclaration(node) && node.moduleSpecifier)
    return found(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return found(node.argument.literal, true);
  if (ts.isCallExpression(node) && loads(node.expression)) return found(node.arguments[0], false, true);
  return null;
}

const found = (specifier: ts.Node | undefined, typeOnly: boolean, lazy = false): Found => ({
  specifier: specifier && ts.isStringLiteralLike(specifier) ? specifier.text : null,
  typeOnly,
  lazy,
});

const loads = (callee: ts.Node): boolean =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');

const ambientMembers = new Set(['Math.random', 'Date.now', 'performance.now', 'process.hrtime']);

function ambientOf(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const name = `${node.expression.text}.${node.name.text}`;
    return ambientMembers.has(name) ? name : null;
  }
  const isDate = (callee: ts.Node): boolean => ts.isIdentifier(callee) && callee.text === 'Date';
  if (ts.isNewExpression(node) && isDate(node.expression)) return 'new Date';
  return ts.isCallExpression(node) && isDate(node.expression) ? 'Date()' : null;
}
