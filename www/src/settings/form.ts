/** The form of the settings, read from the JSON schema that is generated from the engine's own types: a new setting appears by itself. */

export interface Choice {
  value: string;
  label: string;
  help: string;
}

interface Common {
  /** Dotted name. */
  path: string;
  label: string;
  help: string;
  /** Whether it can change while a run goes on. */
  live: boolean;
  /** The heading it stands under; empty where it belongs to the run as a whole. */
  section: string;
}

export interface NumberField extends Common {
  kind: 'number';
  whole: boolean;
  min: number | null;
  max: number | null;
}

export interface ChoiceField extends Common {
  kind: 'choice';
  choices: Choice[];
}

/** On or off. */
export interface FlagField extends Common {
  kind: 'flag';
}

export type SimpleField = NumberField | ChoiceField | FlagField;

/** An object's fields in one row: a schedule, or the size of a network. */
export interface GroupField extends Common {
  kind: 'group';
  fields: SimpleField[];
}

export type Field = SimpleField | GroupField;

/** The part of JSON schema that schemars writes. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  title?: string;
  minimum?: number;
  maximum?: number;
  'x-live'?: boolean;
  'x-neutral'?: number;
  'x-section'?: string;
}

/** What the papers call it, where the engine's name is short; any other setting is called by its own name. */
const LABELS: Record<string, string> = {
  kimg: 'Length',
  batch: 'Batch',
  latent_dim: 'Latent dimensions',
  generator: 'Generator',
  critic: 'Critic',
  r1: 'R1 γ',
  r2: 'R2 γ',
  lr: 'Learning rate',
  gp_weight: 'Gradient penalty λ',
  orthogonal: 'Orthogonal β',
  bottleneck: 'Bottleneck I_c',
  bottleneck_rate: 'Bottleneck α',
  n_critic: 'D steps per G step',
  ttur: 'TTUR',
  beta1: 'β₁ (momentum)',
  beta2: 'β₂',
  ema: 'EMA half-life',
};

/** Settings that have a place of their own on the page. */
const ELSEWHERE = new Set(['seed', 'data', 'points']);

/** Settings that are seen first; the others wait behind "More settings". */
const FIRST = ['objective', 'r1', 'r2', 'lr', 'batch', 'generator', 'critic'];

/** Properties as they are declared: JSON objects come sorted by name, `required` does not. */
function declared(schema: Schema): [string, Schema][] {
  const order = schema.required ?? [];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.entries(schema.properties ?? {}).sort(([a], [b]) => place(a) - place(b));
}

/** The fields of a schema, in the order of their declaration. */
export function fieldsOf(schema: Schema): Field[] {
  const defs = schema.$defs ?? {};
  return declared(schema)
    .filter(([name]) => !ELSEWHERE.has(name))
    .map(([name, property]) => field(name, property, defs, false));
}

/** The few first, and the rest. */
export function split(fields: Field[]): { first: Field[]; more: Field[] } {
  const first = FIRST.flatMap((path) => fields.filter((field) => field.path === path));
  return { first, more: fields.filter((field) => !first.includes(field)) };
}

/** Fields under their headings, in the order in which the headings first appear. */
export function sections(fields: Field[]): { title: string; fields: Field[] }[] {
  const titles = [...new Set(fields.map((field) => field.section))];
  return titles.map((title) => ({ title, fields: fields.filter((field) => field.section === title) }));
}

function field(path: string, written: Schema, defs: Record<string, Schema>, parentLive: boolean): Field {
  const schema = resolve(written, defs);
  const live = parentLive || written['x-live'] === true || schema['x-live'] === true;
  const help = (written.description ?? schema.description ?? '').replaceAll('\n', ' ');
  const common: Common = { path, label: labelOf(path), help, live, section: written['x-section'] ?? '' };
  const choices = choicesOf(schema);
  if (choices.length > 0) return { ...common, kind: 'choice', choices };
  if (schema.properties) {
    const inner = declared(schema).map(([name, property]) => field(`${path}.${name}`, property, defs, live));
    return { ...common, kind: 'group', fields: inner.filter((inner) => inner.kind !== 'group') };
  }
  const type = [schema.type ?? []].flat();
  if (type.includes('boolean')) return { ...common, kind: 'flag' };
  if (!type.includes('integer') && !type.includes('number')) throw new Error(`the form has no control for setting \`${path}\``);
  return { ...common, kind: 'number', whole: type.includes('integer'), min: schema.minimum ?? null, max: schema.maximum ?? null };
}

function resolve(schema: Schema, defs: Record<string, Schema>): Schema {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (!reference) return schema;
  const name = reference.split('/').pop() ?? '';
  const target = defs[name];
  if (!target) throw new Error(`the schema has no definition \`${name}\``);
  return target;
}

function choicesOf(schema: Schema): Choice[] {
  const one = (value: unknown, option: Schema) => ({ value: String(value), label: option.title ?? labelOf(String(value)), help: option.description ?? '' });
  if (schema.enum) return schema.enum.map((value) => one(value, schema));
  return (schema.oneOf ?? []).flatMap((option) => {
    if (option.const !== undefined) return [one(option.const, option)];
    return (option.enum ?? []).map((value) => one(value, option));
  });
}

function labelOf(path: string): string {
  const own = LABELS[path];
  if (own) return own;
  const words = (path.split('.').pop() ?? path).replaceAll('_', ' ');
  return path.includes('.') ? words : words.charAt(0).toUpperCase() + words.slice(1);
}

/** A typed number, or what is wrong with it. Ranges are the engine's to judge: its message names them. */
export function parseNumber(field: NumberField, text: string): { value: number } | { problem: string } {
  const value = Number(text.trim().replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(value)) return { problem: `setting \`${field.path}\`: must be a number` };
  if (field.whole && !Number.isInteger(value)) return { problem: `setting \`${field.path}\`: must be a whole number (it is ${value})` };
  return { value };
}
