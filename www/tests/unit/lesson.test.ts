import { expect, test } from 'vitest';
import { EXHIBITS, LENGTH, numberOf, stepAfter } from '../../src/lab/lesson';

test('the lesson shows each failure and then its remedy, and begins again after the last', () => {
  const seen: [string, boolean, number][] = [];
  let step = stepAfter(null);
  for (let k = 0; k < LENGTH; k++) {
    seen.push([step.exhibit.ailment, step.beside, numberOf(step)]);
    step = stepAfter(step);
  }
  expect(seen).toEqual(EXHIBITS.flatMap(({ ailment }, k) => [[ailment, false, 2 * k + 1], [ailment, true, 2 * k + 2]]));
  expect(step).toEqual({ exhibit: EXHIBITS[0], beside: false });
});
