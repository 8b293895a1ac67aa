/** The form around the engine's settings; their own names and help stand in `engine.ts`. */
import { numbers } from './numbers';

const { whole } = numbers;

export const settings = {
  title: (run: string | undefined) => `Settings${run ? ` of ${run}` : ''}`,
  explain: 'Explain',
  preset: (name: string, changed: number) => `Preset ${name}${changed > 0 ? `, ${changed} changed` : ''}.`,
  asLoaded: 'as loaded',
  weights: (g: number, d: number) => `G ${whole(g)}, D ${whole(d)} weights`,
  /** Behind their number. */
  waiting: (n: number) => `${n === 1 ? 'setting waits' : 'settings wait'} for ↺.`,
  more: 'More settings',
  waits: 'applies on ↺',
  on: 'on',
  reset: (title: string) => `Reset ${title} to the preset`,
  resetHelp: "Back to the preset's value",
  /** Buttons of the 1-3-10 ladder, with what they lead to. */
  up: (title: string, to: string) => `${title} up to ${to}`,
  down: (title: string, to: string) => `${title} down to ${to}`,
  ladderHelp: (said: string) => `${said} (the ladder 1, 3, 10; ↑ and ↓ in a field)`,
  vary: (title: string) => `Let ${title} change over the run`,
  hold: (title: string, value: string) => `Hold ${title} at ${value}`,
  live: 'Changes at once.',
  later: 'Applies on ↺.',
  /** A part of a group: the width of the generator. */
  part: (group: string, part: string) => `${group} ${part}`,
  notANumber: (path: string) => `setting \`${path}\`: must be a number`,
  notWhole: (path: string, value: number) => `setting \`${path}\`: must be a whole number (it is ${value})`,
};
