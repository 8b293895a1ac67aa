/** What the engine's settings, values, methods and data are called. English stands once, in the engine's doc comments: it is read off what is generated from them. */
import presets from '../../generated/presets.json';
import schemaJson from '../../generated/schema.json';
import { type Choice, type Field, type Schema, choicesOf, elsewhereOf, fieldsOf } from '../../settings/form';

export interface Said {
  title: string;
  help: string;
}

export interface EngineWords {
  /** By dotted name, parts of groups included. */
  settings: Record<string, Said>;
  /** The headings of the form; empty for what belongs to the run as a whole. */
  sections: Record<string, string>;
  /** By type and value: `variants.Objective.lsgan`. Data are among them. */
  variants: Record<string, Record<string, Said>>;
  /** Methods, in a sentence. */
  methods: Record<string, string>;
}

const schema = schemaJson as Schema;
const fields = fieldsOf(schema).flatMap((field): Field[] => (field.kind === 'group' ? [field, ...field.fields] : [field]));
const all = [...fields, ...elsewhereOf(schema)];

const said = ({ label, help }: Pick<Choice, 'label' | 'help'>): Said => ({ title: label, help });
const byValue = (choices: Choice[]) => Object.fromEntries(choices.map((choice) => [choice.value, said(choice)]));
const types = Object.entries(schema.$defs ?? {}).map(([type, definition]) => ({ type, choices: choicesOf(definition) }));

export const engine: EngineWords = {
  settings: Object.fromEntries(all.map((field) => [field.path, said(field)])),
  sections: Object.fromEntries(fields.map(({ section }) => [section, section])),
  variants: Object.fromEntries(types.filter(({ choices }) => choices.length > 0).map(({ type, choices }) => [type, byValue(choices)])),
  methods: Object.fromEntries(presets.filter(({ method }) => method).map(({ name, summary }) => [name, summary])),
};
