/**
 * Formulas as the page writes them, `E sp(−D(x)) + E sp(D(g))`, for KaTeX: what is mathematics becomes TeX, and words among it stay words.
 *
 * The plain text is the one source: programs read it (`window.sparring.narration()`), and it is shown until KaTeX has come. MathML knows no line breaks, so a long formula becomes
 * several, each as narrow as a phone.
 */

export type Piece = { tex: string } | { words: string };

/** Letters of a piece, about, from which on it is broken also within its brackets. */
const WIDEST = 28;

const FUNCTIONS = ['sp', 'relu', 'exp', 'log', 'Adam', 'AdamW', 'OptimisticAdam', 'RMSprop', 'SGD'];
const GREEK: Record<string, string> = { σ: 'sigma', θ: 'theta', η: 'eta', β: 'beta', λ: 'lambda', γ: 'gamma', δ: 'delta' };
const ACCENTS: Record<string, string> = { '\u0302': 'hat', '\u0303': 'tilde', '\u0304': 'bar' };
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵗ';
const PLAIN_RAISED = '0123456789-t';
const LOWERED = '₀₁₂₃₄₅₆₇₈₉ₓ';
const PLAIN_LOWERED = '0123456789x';
/** What stands for itself, as an operand. */
const OPERANDS: Record<string, string> = { '∇': '\\nabla ', '∂': '\\partial ', '½': '\\tfrac{1}{2}', '…': '\\dots ' };
/** Between two operands; the first are those before which a line may break. */
const BREAKS: Record<string, string> = { '=': '=', '←': '\\leftarrow ', '→': '\\to ', '+': '+', '−': '-', '-': '-' };
const BINARY: Record<string, string> = { ...BREAKS, '·': '\\cdot ', '×': '\\times ', '<': '<', '>': '>', '/': '/', ',': ',\\,' };

/** What a formula is cut into, the longest first. `bar` is `|` or `‖`, which opens and closes with the same sign. */
const TOKENS: [Token['kind'], RegExp][] = [
  ['operand', /[A-Za-zθ][\u0302\u0303\u0304]/y],
  ['operand', new RegExp(`(?:${FUNCTIONS.join('|')})(?![A-Za-z])`, 'y')],
  ['script', /_\w|[₀-₉ₓ]+|[⁰¹²³⁴-⁹⁻ᵗ]+/y],
  ['operand', /√\d+|\d+(?:,\d{3})*(?:\.\d+)?/y],
  ['operand', /[DEGLNPRUefgtxz](?![A-Za-z'’])|[σθηβλγδ∇∂½…]/y],
  ['open', /[([]/y],
  ['close', /[)\]]/y],
  ['bar', /[|‖]/y],
  ['binary', /[=←→+−·×<>/,-]/y],
  ['sign', /±/y],
  ['space', /\s+/y],
  ['words', /[\p{L}\p{N}][\p{L}\p{N}'’-]*|./uy],
];

interface Token {
  kind: 'operand' | 'script' | 'open' | 'close' | 'bar' | 'binary' | 'sign' | 'space' | 'words';
  text: string;
  /** Brackets around it. */
  depth: number;
}

export function pieces(formula: string): Piece[] {
  return runs(tokens(formula)).flatMap((run): Piece[] => (run[0].kind === 'words' ? [{ words: textOf(run) }] : broken(run, 0).map((part) => ({ tex: texOf(part) }))));
}

function tokens(formula: string): Token[] {
  const found: Token[] = [];
  let depth = 0;
  const bars: string[] = [];
  for (let at = 0; at < formula.length; ) {
    const [kind, text] = next(formula, at);
    at += text.length;
    const closing = kind === 'close' || (kind === 'bar' && bars.at(-1) === text);
    if (closing) depth -= 1;
    // A comma within brackets is mathematics.
    found.push({ kind: text === ',' && depth === 0 ? 'words' : kind, text, depth });
    if (kind === 'bar') closing ? bars.pop() : bars.push(text);
    if (kind === 'open' || (kind === 'bar' && !closing)) depth += 1;
  }
  return found;
}

function next(formula: string, at: number): [Token['kind'], string] {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = at;
    const text = pattern.exec(formula)?.[0];
    if (text) return [kind, text];
  }
  throw new Error('the last pattern takes any character');
}

/** Words and mathematics in turn; spaces between them are those of the words. */
function runs(all: Token[]): Token[][] {
  const found: Token[][] = [];
  for (const token of all) {
    const run = found.at(-1);
    const inWords = run?.[0].kind === 'words';
    if (run && (token.kind === 'space' || inWords === (token.kind === 'words'))) run.push(token);
    else found.push([token]);
  }
  // A space at the end of mathematics belongs to the words behind it.
  found.forEach((run, i) => {
    const last = run.at(-1);
    if (run[0].kind === 'words' || last?.kind !== 'space' || !found[i + 1]) return;
    run.pop();
    found[i + 1].unshift({ ...last, kind: 'words' });
  });
  return found;
}

/** Before what relates and what adds, as deep as it takes. */
function broken(run: Token[], depth: number): Token[][] {
  const parts: Token[][] = [[]];
  run.forEach((token, i) => {
    if (token.depth === depth && token.text in BREAKS && !unary(run, i)) parts.push([]);
    parts.at(-1)?.push(token);
  });
  const deeper = (part: Token[]) => textOf(part).length > WIDEST && part.some((token, i) => i > 0 && token.depth > depth && token.text in BREAKS && !unary(part, i));
  return parts.filter((part) => part.length > 0).flatMap((part) => (deeper(part) ? broken(part, depth + 1) : [part]));
}

/** Whether a sign stands before an operand rather than between two. */
function unary(run: Token[], i: number): boolean {
  const before = run.slice(0, i).findLast(({ kind }) => kind !== 'space');
  return !before || before.kind === 'binary' || before.kind === 'open' || (before.kind === 'bar' && before.depth < run[i].depth);
}

function texOf(run: Token[]): string {
  return run.map((token, i) => one(token, run, i)).join('').trim();
}

function one({ kind, text }: Token, run: Token[], i: number): string {
  switch (kind) {
    case 'operand':
      return operand(text);
    case 'script':
      return script(text);
    case 'bar':
      return text === '‖' ? '\\Vert ' : '\\vert ';
    case 'sign':
      return '\\pm ';
    case 'binary':
      // A browser takes a sign at the front for one of an operand.
      if (i === 0 && (text === '+' || text === '−') && run[1]?.kind === 'space') return `${BINARY[text]}\\:`;
      return unary(run, i) && BINARY[text] === '-' ? '\\mathord{-}' : BINARY[text];
    case 'space':
      return isOperand(run[i - 1], 'end') && isOperand(run[i + 1], 'begin') ? '\\,' : '';
    case 'open':
    case 'close':
      return text;
    case 'words':
      return `\\text{${text}}`;
  }
}

function isOperand(token: Token | undefined, side: 'begin' | 'end'): boolean {
  const bracket = side === 'begin' ? 'open' : 'close';
  return token !== undefined && (token.kind === 'operand' || token.kind === 'script' || token.kind === 'bar' || token.kind === bracket);
}

function operand(text: string): string {
  const [letter, accent] = text;
  if (accent && ACCENTS[accent]) return `\\${ACCENTS[accent]}{${operand(letter)}}`;
  if (GREEK[text]) return `\\${GREEK[text]} `;
  if (FUNCTIONS.includes(text)) return `\\operatorname{${text}}`;
  if (text.startsWith('√')) return `\\sqrt{${text.slice(1)}}`;
  // Upright, and no letter of a variable: the mean.
  if (text === 'E') return '\\mathrm{E}';
  return OPERANDS[text] ?? text.replaceAll(',', '{,}');
}

function script(text: string): string {
  if (text.startsWith('_')) return `_{${text.slice(1)}}`;
  const [written, plain, mark] = RAISED.includes(text[0]) ? [RAISED, PLAIN_RAISED, '^'] : [LOWERED, PLAIN_LOWERED, '_'];
  return `${mark}{${[...text].map((each) => plain[written.indexOf(each)]).join('')}}`;
}

function textOf(run: Token[]): string {
  return run.map(({ text }) => text).join('');
}
