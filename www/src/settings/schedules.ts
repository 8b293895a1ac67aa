/** Schedules on the form: a value that goes from `start` to `end` within `kimg`, and stays; with both the same it is held, and one number says it all. */
import type { Schedule, TrainConfig } from '../generated/types';
import type { GroupField, NumberField } from './form';
import { stepped } from './ladder';
import { valueAt, written } from './paths';

export const isHeld = ({ start, end }: Schedule): boolean => start === end;

export const held = (schedule: Schedule, value: number): Schedule => ({ ...schedule, start: value, end: value });

/** Both ends a rung up or down, its shape kept: what begins or ends at 0 goes on to do so. */
export function climbed(schedule: Schedule, up: boolean, { fields }: GroupField): Schedule {
  const off = (value: number) => value === 0 && !(schedule.start === 0 && schedule.end === 0);
  const part = (name: 'start' | 'end') => {
    const field = fields.find((each): each is NumberField => each.kind === 'number' && each.path.endsWith(`.${name}`));
    const value = schedule[name];
    return field?.ladder && !off(value) ? stepped(value, up, field.ladder, field) : value;
  };
  return { ...schedule, start: part('start'), end: part('end') };
}

/** As it is said in short. */
export function scheduleText(schedule: Schedule): string {
  return isHeld(schedule) ? String(schedule.start) : `${schedule.start} → ${schedule.end}`;
}

/** What differs between two configs, a line each; a schedule that both hold is one. */
export function told(paths: readonly string[], a: TrainConfig, b: TrainConfig): { path: string; from: number | string; to: number | string }[] {
  const whole = (path: string) => {
    const group = path.split('.')[0];
    const both = [a, b].map((config) => valueAt(config, group));
    return path !== group && both.every((each) => isSchedule(each) && isHeld(each)) ? group : path;
  };
  const value = (config: TrainConfig, path: string) => {
    const found = valueAt(config, path);
    if (isSchedule(found)) return found.start;
    return typeof found === 'number' ? found : written(found) || '–';
  };
  // Of a schedule that is held, how long it would take says nothing.
  const lines = [...new Set(paths.map(whole))].map((path) => ({ path, from: value(a, path), to: value(b, path) }));
  return lines.filter(({ from, to }) => from !== to);
}

export function isSchedule(value: unknown): value is Schedule {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value && 'kimg' in value;
}
