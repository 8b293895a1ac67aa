/** Finds words that stand in the code instead of in the tables of `src/words`. */
import { type AST, parse } from 'svelte/compiler';
import ts from 'typescript';

/** Names, units and file kinds that are the same in every language. */
const NAMES = new Set(['sparring', 'Sparring', 'HQ', 'rKL', 'JS', 'KL', 'CPU', 'WebGPU', 'GPU', 'GIF', 'WebM', 'PNG', 'SVG', 'CSV', 'Ctrl', 'Shift']);

/** Attributes that are read, or read out. Of components, the properties that become such. */
const READ = new Set(['aria-label', 'aria-description', 'aria-valuetext', 'aria-roledescription', 'aria-placeholder', 'title', 'placeholder', 'alt', 'label', 'text']);

/** Two or more letters in a row that are no name. */
export function isWord(text: string): boolean {
  return (text.match(/[A-Za-z]{2,}/g) ?? []).some((word) => !NAMES.has(word));
}

/** Two words in a row: what is said, where a single word in code is mostly a key. */
export function isPhrase(text: string): boolean {
  return /[A-Za-z]{2,}[,.:;!?]? +(\S{0,2} +)?[A-Za-z]{2,}/.test(text);
}

interface Node {
  type: string;
  [part: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

function children(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));
}

/** The text that an expression can come to: its strings, but not those that it only compares with or looks up. */
function saidBy(node: Node): string[] {
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : [];
  if (node.type === 'TemplateElement') return [(node.value as { raw: string }).raw];
  if (node.type === 'BinaryExpression' && node.operator !== '+') return [];
  if (node.type === 'ConditionalExpression') return [node.consequent, node.alternate].flatMap((each) => saidBy(each as Node));
  if (node.type === 'MemberExpression') return saidBy(node.object as Node);
  return children(node).flatMap(saidBy);
}

function inTemplate(node: Node): string[] {
  if (node.type === 'Text') return [node.data as string];
  if (node.type === 'ExpressionTag') return saidBy(node.expression as Node);
  if (node.type === 'Attribute') {
    if (!READ.has(node.name as string)) return [];
    return children(node).flatMap(inTemplate);
  }
  // `style:width="{w}px"` is no text.
  if (node.type === 'StyleDirective' || node.type === 'Comment') return [];
  return children(node).flatMap(inTemplate);
}

/** The words in a component's markup. */
export function wordsInMarkup(source: string): string[] {
  const { fragment } = parse(source, { modern: true }) as AST.Root;
  return inTemplate(fragment as unknown as Node).map(tidy).filter(isWord);
}

/** The phrases in a component's script. */
export function phrasesInComponent(source: string): string[] {
  const scripts = [...source.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, script]) => script);
  return scripts.flatMap(phrasesInScript);
}

/** What is shown under these names is a word also where it is one word. */
const SHOWN = new Set([...READ, 'help', 'hint', 'message']);

/** The phrases in TypeScript, and words called `title` and the like, without what only an exception would carry. */
export function phrasesInScript(source: string): string[] {
  const found: string[] = [];
  const words: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isThrowStatement(node) || ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isPropertyAssignment(node) && ts.isStringLiteralLike(node.initializer) && SHOWN.has(node.name.getText().replaceAll("'", ''))) {
      words.push(node.initializer.text);
      return;
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('script.ts', source, ts.ScriptTarget.Latest, true));
  return [...words.map(tidy).filter(isWord), ...found.map(tidy).filter(isPhrase)];
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();
