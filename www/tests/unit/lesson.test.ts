import { expect, test } from 'vitest';
import { exhibits, numberOf, stepAfter } from '../../src/lab/lesson';

test('the lesson shows each failure and then its remedy, and begins again after the last', async () => {
  const all = await exhibits();
  const seen: [string, boolean, number][] = [];
  let step = stepAfter(null, all);
  for (let k = 0; k < 2 * all.length; k++) {
    seen.push([step.exhibit.ailment, step.beside, numberOf(step, all)]);
    step = stepAfter(step, all);
  }
  expect(seen).toEqual(all.flatMap(({ ailment }, k) => [[ailment, false, 2 * k + 1], [ailment, true, 2 * k + 2]]));
  expect(step).toEqual({ exhibit: all[0], beside: false });
});
