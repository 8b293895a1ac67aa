import { RING8, command, expect, openLab, state, test, train } from './page';

test('the ring8 preset, trained to its end in the page, finds 8 of 8 modes with HQ of at least 90 %', async ({ page }) => {
  test.setTimeout(600_000);
  await openLab(page);
  await command(page, { type: 'reset', config: RING8 });
  const steps = Math.ceil((RING8.kimg * 1000) / RING8.batch);
  for (let done = 0; done < steps; done += 500) await train(page, Math.min(500, steps - done));
  const { event } = await command(page, { type: 'evaluate', scores: [] });
  expect(event.type).toBe('evaluated');
  const { report, images } = await state(page);
  console.log(`ring8 at ${images} images: ${report.modes} modes, HQ ${report.hq}`);
  expect(images).toBe(RING8.kimg * 1000);
  expect(report.modes).toBe(8);
  expect(report.hq).toBeGreaterThanOrEqual(0.9);
});
