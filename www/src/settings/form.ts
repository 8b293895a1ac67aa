/** The form of the settings, read from the JSON schema that is generated from the engine's own types: a new setting appears by itself. */
import { LABELS } from '../words/en/labels';
import { settings as en } from '../words/en/settings';
import { type Ladder, ladderOf } from './ladder';

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
  /** Null where its steps are sums. */
  ladder: Ladder | null;
}

export interface ChoiceField extends Common {
  kind: 'choice';
  /** Its type in the schema. */
  type: string;
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
  /** Whether it is a value that goes from `start` to `end`. */
  schedule: boolean;
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
  default?: unknown;
  minimum?: number;
  maximum?: number;
  'x-live'?: boolean;
  'x-neutral'?: number;
  'x-section'?: string;
}

/** Settings that have a place of their own on the page, and those of images, on which it does not train. */
const ELSEWHERE = new Set(['seed', 'data', 'points', 'moved', 'image', 'augment']);

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
    .map(([name, property]) => field(name, property, defs, { live: false, fallback: property.default }));
}

/** What stands elsewhere on the page. */
export function elsewhereOf(schema: Schema): Pick<Common, 'path' | 'label' | 'help'>[] {
  return [...ELSEWHERE].map((path) => ({ path, label: labelOf(path), help: schema.properties?.[path]?.description ?? '' }));
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

/** What a field has of its group: whether it is live, and its value where nothing was set. */
interface Given {
  live: boolean;
  fallback: unknown;
}

function field(path: string, written: Schema, defs: Record<string, Schema>, given: Given): Field {
  const schema = resolve(written, defs);
  const live = given.live || written['x-live'] === true || schema['x-live'] === true;
  const help = (written.description ?? schema.description ?? '').replaceAll('\n', ' ');
  const common: Common = { path, label: labelOf(path), help, live, section: written['x-section'] ?? '' };
  const choices = choicesOf(schema);
  if (choices.length > 0) return { ...common, kind: 'choice', type: typeOf(written), choices };
  if (schema.properties) {
    const whole = ladderEnds((given.fallback ?? {}) as Record<string, unknown>);
    const inner = declared(schema).map(([name, property]) => field(`${path}.${name}`, property, defs, { live, fallback: whole[name] }));
    return { ...common, kind: 'group', schedule: typeOf(written) === 'Schedule', fields: inner.filter((inner) => inner.kind !== 'group') };
  }
  const type = [schema.type ?? []].flat();
  if (type.includes('boolean')) return { ...common, kind: 'flag' };
  if (!type.includes('integer') && !type.includes('number')) throw new Error(`the form has no control for setting \`${path}\``);
  const range = { whole: type.includes('integer'), min: schema.minimum ?? null, max: schema.maximum ?? null };
  return { ...common, kind: 'number', ...range, ladder: ladderOf(range, Number(given.fallback ?? 0)) };
}

/** Both ends of a schedule stand on one ladder, that of the larger. */
function ladderEnds(whole: Record<string, unknown>): Record<string, unknown> {
  const { start, end } = whole;
  if (typeof start !== 'number' || typeof end !== 'number') return whole;
  const larger = Math.max(start, end);
  return { ...whole, start: larger, end: larger };
}

function resolve(schema: Schema, defs: Record<string, Schema>): Schema {
  const name = typeOf(schema);
  if (!name) return schema;
  const target = defs[name];
  if (!target) throw new Error(`the schema has no definition \`${name}\``);
  return target;
}

/** The definition that a property refers to; empty where it stands for itself. */
function typeOf(schema: Schema): string {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  return reference?.split('/').pop() ?? '';
}

/** The values of an enum, in English. */
export function choicesOf(schema: Schema): Choice[] {
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

/** What may be wrong with it. */
type Complaints = Pick<typeof en, 'notANumber' | 'notWhole'>;

/** A typed number, or what is wrong with it, in somebody's words. Ranges are the engine's to judge: its message names them. */
export function parseNumber(field: NumberField, text: string, words: Complaints = en): { value: number } | { problem: string } {
  const value = Number(text.trim().replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(value)) return { problem: words.notANumber(field.path) };
  if (field.whole && !Number.isInteger(value)) return { problem: words.notWhole(field.path, value) };
  return { value };
}
