// The 1-3-10 ladder, and schedules that are held.
import { button, expect, openLab, state, test, train } from './page';

const lr = async (page: import('@playwright/test').Page) => (await state(page)).settings.lr;

test('rates go up and down the ladder by button, both ends of a schedule together, while the run goes on', async ({ page }) => {
  await openLab(page);
  await train(page, 2);
  await button(page, 'Learning rate up to 0.01 → 0.0003').click();
  await expect.poll(() => lr(page)).toEqual({ start: 0.01, end: 0.0003, kimg: 2048 });
  // A live setting: the run is where it was.
  expect((await state(page)).step).toBe(2);
  await button(page, 'Learning rate down to 0.003 → 0.0001').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect.poll(() => lr(page)).toEqual({ start: 0.001, end: 0.00003, kimg: 2048 });
  await expect(page.getByLabel('Learning rate start')).toHaveValue('0.001');
  await button(page, 'Reset Learning rate to the preset').click();
  await expect.poll(() => lr(page)).toEqual({ start: 0.003, end: 0.0001, kimg: 2048 });
});

test('the arrow keys of a field climb its own ladder, from what is typed there', async ({ page }) => {
  await openLab(page);
  const end = page.getByLabel('Learning rate end');
  await end.focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => lr(page)).toEqual({ start: 0.003, end: 0.0003, kimg: 2048 });
  await end.fill('0.05');
  await page.keyboard.press('ArrowDown');
  await expect.poll(async () => (await lr(page)).end).toBe(0.03);
  await expect(end).toHaveValue('0.03');
  // What is no rate keeps its own step, and what remembers counts from 1.
  await page.getByText('More settings').click();
  const width = page.getByLabel('Generator width');
  await width.focus();
  await page.keyboard.press('ArrowUp');
  await width.press('Enter');
  await expect(width).toHaveValue('65');
  await page.getByLabel('β₂ start').focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(async () => (await state(page)).settings.beta2.start).toBe(0.97);
});

test('a schedule that is held is one number, and can be let go and held again', async ({ page }) => {
  await openLab(page);
  await button(page, 'Hold R1 γ at 0.1').click();
  await expect.poll(async () => (await state(page)).settings.r1).toEqual({ start: 0.1, end: 0.1, kimg: 1024 });
  await expect(page.getByLabel('R1 γ end')).toHaveCount(0);
  const held = page.getByRole('spinbutton', { name: 'R1 γ', exact: true });
  await held.fill('0.5');
  await held.press('Enter');
  await expect.poll(async () => (await state(page)).settings.r1).toEqual({ start: 0.5, end: 0.5, kimg: 1024 });
  await held.press('ArrowUp');
  await expect.poll(async () => (await state(page)).settings.r1).toEqual({ start: 1, end: 1, kimg: 1024 });
  await button(page, 'R1 γ down to 0.3').click();
  await expect.poll(async () => (await state(page)).settings.r1).toEqual({ start: 0.3, end: 0.3, kimg: 1024 });
  await button(page, 'Let R1 γ change over the run').click();
  await page.getByLabel('R1 γ end').fill('0.01');
  await page.getByLabel('R1 γ end').press('Enter');
  await expect.poll(async () => (await state(page)).settings.r1).toEqual({ start: 0.3, end: 0.01, kimg: 1024 });
  // Refused, it stays what it was.
  await page.getByLabel('R1 γ end').fill('');
  await page.getByLabel('R1 γ end').press('Enter');
  await expect(page.getByRole('alert')).toContainText('`r1.end`');
  await expect(page.getByLabel('R1 γ end')).toHaveValue('0.01');
});

test('a comparison names a held schedule once', async ({ page }) => {
  await openLab(page);
  await button(page, 'Hold Learning rate at 0.003').click();
  await expect.poll(() => lr(page)).toEqual({ start: 0.003, end: 0.003, kimg: 2048 });
  await page.keyboard.press('b');
  await expect(page.getByTestId('stage-B')).toBeVisible();
  await button(page, 'Learning rate down to 0.001').click();
  await expect(page.getByTestId('chip')).toHaveText(['Learning rate: 0.003 → 0.001']);
  expect((await page.evaluate(() => window.sparring.rival()))?.state.settings.lr).toEqual({ start: 0.001, end: 0.001, kimg: 2048 });
  await button(page, 'Let Learning rate change over the run').click();
  await page.getByLabel('Learning rate end').fill('0.0002');
  await page.getByLabel('Learning rate end').press('Enter');
  await expect(page.getByTestId('chip')).toHaveText(['Learning rate start: 0.003 → 0.001', 'Learning rate end: 0.003 → 0.0002']);
});
