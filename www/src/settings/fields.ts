/** The form of this engine's settings. */
import schema from '../generated/schema.json';
import { type Schema, fieldsOf } from './form';
import { concerns } from './paths';

export const FIELDS = fieldsOf(schema as Schema);

/** Whether the form has the setting of this name, or one that belongs to it. */
export function inForm(name: string | null): boolean {
  return name !== null && FIELDS.some((field) => concerns(field.path, name));
}
