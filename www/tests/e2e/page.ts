/** What the tests share: a page that is watched for errors and foreign requests, and the ways to ask it. */
import { type Page, test as base, expect } from '@playwright/test';
import scenes from '../../src/generated/scenes.json' with { type: 'json' };
import presets from '../../src/generated/presets.json' with { type: 'json' };
import type { Command, DataKind, Event, Preset, StepReport, TrainConfig } from '../../src/generated/types';
import type { State } from '../../src/embed';
import type { Tab } from '../../src/lab/tabs.svelte';

export { expect };

export const configOf = (name: string) => (presets as unknown as Preset[]).find((preset) => preset.name === name)?.config as TrainConfig;

export const RING8 = configOf('ring8');

export const TOYS = Object.keys(scenes) as DataKind[];

/** Every test also holds the page to: no error in the console, no exception, no request to another origin. */
export const test = base.extend<{ clean: void }>({
  clean: [
    async ({ page, baseURL }, use) => {
      const wrong: string[] = [];
      page.on('console', (message) => {
        // A copy of the page without the bundled weights says so itself; the browser's own line about the missing file is no error of the page.
        const missing = message.location().url.includes('/weights/') && message.text().includes('404');
        if (message.type() === 'error' && !missing) wrong.push(message.text());
      });
      page.on('pageerror', (error) => wrong.push(error.message));
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.origin !== new URL(baseURL ?? '').origin) wrong.push(`request to ${url.origin}`);
      });
      await use();
      expect(wrong).toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens the lab and waits until the default run stands on the stage. */
export async function openLab(page: Page): Promise<void> {
  await page.goto('');
  await expect.poll(() => page.evaluate(() => window.sparring.stage()?.step), { timeout: 60_000 }).toBe(0);
}

export const state = (page: Page): Promise<State> => page.evaluate(() => window.sparring.state());
export const stage = (page: Page) => page.evaluate(() => window.sparring.stage());
export const latent = (page: Page) => page.evaluate(() => window.sparring.latent());

/** Sends a command; buffers come back as arrays of numbers. */
export async function command(page: Page, sent: Command, bytes?: number[]): Promise<{ event: Event; buffers: number[][] }> {
  return page.evaluate(
    async ([sent, bytes]) => {
      const { event, buffers } = await window.sparring.command(sent, bytes ? Uint8Array.from(bytes) : undefined);
      return { event, buffers: buffers.map((buffer) => [...buffer]) };
    },
    [sent, bytes] as const,
  );
}

/** Trains and returns what each step measured. */
export async function train(page: Page, steps: number): Promise<StepReport[]> {
  const { event } = await command(page, { type: 'step', steps });
  if (event.type !== 'progress') throw new Error(`step was answered with ${JSON.stringify(event)}`);
  return event.history;
}

/** Shows a part of the lab where a phone shows one at a time. */
export async function reveal(page: Page, tab: Tab): Promise<void> {
  const found = page.locator(`#tab-${tab}`);
  if (await found.count()) await found.click();
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
