/** The form of this engine's settings. */
import schema from '../generated/schema.json';
import type { DataKind, Objective } from '../generated/types';
import { type Schema, fieldsOf } from './form';
import { concerns } from './paths';

export const FIELDS = fieldsOf(schema as Schema);

/** Whether the form has the setting of this name, or one that belongs to it. */
export function inForm(name: string | null): boolean {
  return name !== null && FIELDS.some((field) => concerns(field.path, name));
}

/** The logit at which the optimal critic of an objective is undecided; null where a critic is known only up to a constant. */
export function neutralOf(objective: Objective): number | null {
  const variants: Schema[] = schema.$defs.Objective.oneOf;
  return variants.find((variant) => variant.const === objective)?.['x-neutral'] ?? null;
}

/** All data sets. */
export const DATA_KINDS = schema.$defs.DataKind.oneOf.map((variant) => variant.const as DataKind);
