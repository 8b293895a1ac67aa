import type { Page } from '@playwright/test';
import { button, command, expect, openLab, stage, state, test, train } from './page';

const units = (page: Page) => page.evaluate(() => window.sparring.units());
const summary = (page: Page) => page.locator('details.model > summary');
const diagram = (page: Page, player: 'generator' | 'critic') => page.getByTestId(`units-${player}`);

/** Opens the diagram and waits until it shows a step. */
async function openModel(page: Page, step: number): Promise<void> {
  await summary(page).click();
  await expect.poll(async () => (await units(page))?.step).toBe(step);
}

/** What the engine says of the units of G and D, straight. */
async function asked(page: Page): Promise<number[][]> {
  const view = (await stage(page))?.view;
  if (!view) throw new Error('nothing on the stage');
  const { buffers } = await command(page, { type: 'look', view, samples: 1, grid: 1, extras: ['units'] });
  return buffers.slice(3);
}

/** How many of a layer's units answer 0 to everything, straight from the engine's numbers. */
function zeros(numbers: number[], width: number, depth: number): number[] {
  const cells = numbers.length / (width * depth);
  const unit = (i: number) => numbers.slice(i * cells, (i + 1) * cells);
  return Array.from({ length: depth }, (_, layer) => Array.from({ length: width }, (_, i) => unit(layer * width + i)).filter((each) => each.every((x) => x === 0)).length);
}

/** A new run with other networks. */
async function reset(page: Page, change: { generator?: object; critic?: object; [key: string]: unknown }): Promise<void> {
  const { settings } = await state(page);
  const config = { ...settings, ...change, generator: { ...settings.generator, ...change.generator }, critic: { ...settings.critic, ...change.critic } };
  const { event } = await command(page, { type: 'reset', config });
  expect(event.type).toBe('started');
}

test('the diagram shows what the engine says of every hidden unit, and asks only while it is open', async ({ page }) => {
  await openLab(page);
  await train(page, 20);
  expect(await units(page)).toBeNull();
  await openModel(page, 20);
  const [seen, [g, d]] = [await units(page), await asked(page)];
  expect(seen?.generator.length).toBe(6);
  expect(g.length).toBe(6 * 64 * 144);
  expect(seen?.generator.flatMap(({ units }) => units.flat())).toEqual(g);
  expect(seen?.critic.flatMap(({ units }) => units.flat())).toEqual(d);
  expect(seen?.view).toEqual((await stage(page))?.view);
  // It follows the run and the view of the stage.
  await train(page, 5);
  await expect.poll(async () => (await units(page))?.step).toBe(25);
  expect((await units(page))?.generator).not.toEqual(seen?.generator);
  await button(page, 'Zoom in').click();
  await expect.poll(async () => (await units(page))?.view).not.toEqual(seen?.view);
  expect((await units(page))?.critic.flatMap(({ units }) => units.flat())).toEqual((await asked(page))[1]);
  // Figures about the networks.
  const model = page.getByRole('region', { name: 'Model', exact: true });
  const weights = (inputs: number, outputs: number) => (inputs + 1) * 64 + 5 * 65 * 64 + 65 * outputs;
  await expect(model).toContainText(`${weights(2, 2).toLocaleString('en')} weights, 6 hidden layers of 64, Leaky ReLU`);
  await expect(model).toContainText(`${weights(2, 1).toLocaleString('en')} weights, 6 hidden layers of 64, Leaky ReLU`);
  await expect(model).toContainText('2 numbers, each normal, N(0, 1)');
  await expect(model).toContainText('Relativistic (RpGAN)');
  await summary(page).click();
  await expect.poll(() => units(page)).toBeNull();
});

test('while it trains the diagram follows at most twice a second', async ({ page }) => {
  await openLab(page);
  await openModel(page, 0);
  await button(page, 'Train').click();
  await expect.poll(async () => (await units(page))?.step).toBeGreaterThan(0);
  const steps = await page.evaluate(async () => {
    const seen = new Set<number>();
    const end = performance.now() + 3000;
    while (performance.now() < end) {
      seen.add(window.sparring.units()?.step ?? -1);
      await new Promise((go) => setTimeout(go, 20));
    }
    return seen.size;
  });
  await button(page, 'Pause').click();
  expect(steps).toBeGreaterThan(2);
  expect(steps).toBeLessThanOrEqual(8);
  // The step under way when ▶ was let go may still be made.
  await expect.poll(async () => (await state(page)).playing).toBe(false);
  await expect.poll(async () => (await units(page))?.step).toBe((await state(page)).step);
});

test('the units of a moment of the past are those it had', async ({ page }) => {
  await openLab(page);
  await openModel(page, 0);
  const first = await units(page);
  for (let step = 1; step <= 4; step++) {
    await button(page, 'One step').click();
    await expect.poll(async () => (await stage(page))?.step).toBe(step);
  }
  await expect.poll(async () => (await units(page))?.step).toBe(4);
  await page.getByRole('slider', { name: 'Time machine' }).press('Home');
  await expect.poll(async () => (await units(page))?.step).toBe(0);
  expect(await units(page)).toEqual(first);
  expect((await state(page)).step).toBe(4);
});

test('dead ReLUs are counted as the engine has them, in words, figures and a table', async ({ page }) => {
  await openLab(page);
  await reset(page, { generator: { activation: 'relu' }, critic: { activation: 'relu' }, lr: { start: 0.3, end: 0.3, kimg: 0 } });
  await openModel(page, 0);
  await train(page, 6);
  await expect.poll(async () => (await units(page))?.step).toBe(6);
  const [seen, [g, d]] = [await units(page), await asked(page)];
  const [deadG, deadD] = [zeros(g, 64, 6), zeros(d, 64, 6)];
  expect(deadD.reduce((sum, dead) => sum + dead)).toBeGreaterThan(3);
  expect(seen?.generator.map(({ silent }) => silent)).toEqual(deadG);
  expect(seen?.critic.map(({ silent }) => silent)).toEqual(deadD);
  for (const [player, dead] of [['generator', deadG], ['critic', deadD]] as const) {
    const said = (await page.getByTestId(`health-${player}`).textContent()) ?? '';
    dead.forEach((count, layer) => {
      const sentence = `${count} of 64 units of layer ${layer + 1} ${count === 1 ? 'answers' : 'answer'} nothing anywhere`;
      expect(said.includes(sentence), sentence).toBe(count > 0);
    });
  }
  const table = page.getByRole('region', { name: 'D, layer by layer' });
  await table.getByText('As a table').click();
  await expect(table.getByRole('row').nth(1).getByRole('cell').nth(2)).toHaveText(String(deadD[0]));
});

test('other layers, widths, latents and data of the line change the diagram', async ({ page }) => {
  await openLab(page);
  await openModel(page, 0);
  const tall = () => diagram(page, 'generator').evaluate((element) => element.clientHeight);
  const before = await tall();
  for (const [name, value] of [['Generator width', '10'], ['Generator depth', '2'], ['Critic depth', '3']]) {
    await page.getByLabel(name).fill(value);
    await page.getByLabel(name).press('Enter');
  }
  expect((await units(page))?.generator.length).toBe(6);
  await button(page, 'Start anew').click();
  await expect.poll(async () => (await units(page))?.generator.map(({ units }) => units.length)).toEqual([10, 10]);
  expect((await units(page))?.critic.map(({ units }) => units.length)).toEqual([64, 64, 64]);
  expect(await tall()).toBeLessThan(before / 2);
  await expect(page.getByRole('region', { name: 'G, layer by layer' })).toContainText('2 hidden layers of 10');
  await expect(diagram(page, 'generator')).toHaveAttribute('aria-valuemax', '20');
  // One latent and points on a line: one row of cells.
  await button(page, 'Gaussian, 1-D').click();
  await expect.poll(async () => (await units(page))?.critic[0]?.units[0].length).toBe(12);
  await reset(page, { latent_dim: 1 });
  await expect.poll(async () => (await units(page))?.generator[0]?.units[0].length).toBe(12);
  expect((await units(page))?.generator.flatMap(({ units }) => units.flat())).toEqual((await asked(page))[0]);
});

test('a network that is more than plain layers says why it shows no units', async ({ page }) => {
  await openLab(page);
  await reset(page, { generator: { norm: 'batch' } });
  await openModel(page, 0);
  await expect(page.getByTestId('none-generator')).toContainText('G shows no units: it has batch norm');
  await expect(diagram(page, 'critic')).toBeVisible();
  expect((await asked(page))[0]).toEqual([]);
  expect((await units(page))?.generator).toEqual([]);
  expect((await units(page))?.critic.length).toBe(6);
  // The critic of a game with classes; G is told them too.
  await page.getByLabel('Method').selectOption('acgan');
  await expect(page.getByTestId('none-critic')).toContainText('classes');
  await expect(page.getByTestId('none-generator')).toContainText('classes');
});

test('a unit is enlarged by pointer and by keys, and read out with its range', async ({ page }) => {
  await openLab(page);
  await train(page, 10);
  await openModel(page, 10);
  const seen = await units(page);
  const of = (layer: number, unit: number) => seen?.critic[layer].units[unit] ?? [];
  const figures = (words: string | null) => (words?.replaceAll('−', '-').match(/: (-?[\d.e-]+) to (-?[\d.e-]+)/)?.slice(1) ?? []).map(Number);
  const critic = diagram(page, 'critic');
  await critic.focus();
  const lens = critic.getByTestId('lens');
  await expect(lens).toContainText('Layer 1, unit 1');
  const rightOf = async (place: string, layer: number, unit: number) => {
    await expect(critic).toHaveAttribute('aria-valuetext', new RegExp(`^${place}: `));
    await expect(lens).toContainText(place);
    const [low, high] = figures(await critic.getAttribute('aria-valuetext'));
    // Three digits are told.
    const near = (told: number, is: number) => expect(Math.abs(told - is)).toBeLessThanOrEqual(0.006 * Math.abs(is));
    near(low, Math.min(...of(layer, unit)));
    near(high, Math.max(...of(layer, unit)));
  };
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await rightOf('Layer 1, unit 3', 0, 2);
  await page.keyboard.press('PageDown');
  await rightOf('Layer 2, unit 3', 1, 2);
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowRight');
  await rightOf('Layer 3, unit 1', 2, 0);
  await expect(critic).toHaveAttribute('aria-valuenow', '129');
  // The arrows move the unit, not the stage's view or its time.
  await expect(page.getByTestId('moment')).toHaveText('now');
  const box = await lens.locator('canvas').boundingBox();
  expect(box?.width).toBeCloseTo(120, -1);
  await page.keyboard.press('Tab');
  await expect(lens).toBeHidden();
  await critic.hover({ position: { x: 9, y: 28 } });
  await expect(lens).toContainText('Layer 1, unit 1');
  await page.mouse.move(0, 0);
  await expect(lens).toBeHidden();
});

test('of two runs each has its own diagram', async ({ page }) => {
  await openLab(page);
  await openModel(page, 0);
  await button(page, 'A/B from here').click();
  await expect(page.getByRole('heading', { name: 'Model of A' })).toBeVisible();
  await page.getByRole('heading', { name: 'Model of B' }).click();
  await expect(diagram(page, 'critic')).toHaveCount(2);
  await button(page, 'Keep A').click();
  await expect(diagram(page, 'critic')).toHaveCount(1);
});
