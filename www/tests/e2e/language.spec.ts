import type { Page } from '@playwright/test';
import { button, expect, openLab, reveal, stage, state, test, train } from './page';

const choice = (page: Page) => page.getByRole('combobox', { name: 'English / 中文' });
const lang = (page: Page) => page.evaluate(() => [document.documentElement.lang, document.title]);
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

/** Texts without a Chinese character that a reader of Chinese would stumble over; names of methods, functions and files are none. */
async function leftInEnglish(page: Page, within = 'body'): Promise<string[]> {
  return page.evaluate((within) => {
    const names = /^(sparring|English|ReLU|Leaky|ELU|tanh|Swish|MLP|(DC|R3|W|DRA)?GAN|GP|[WR][12]|Wasserstein|Adam|AdamW|RMSprop|SGD|TTUR|HQ|rKL|JS|KL|TV|MMD|CPU|WebGPU|GIF|WebM|sp|relu|log|exp)$/;
    const walker = document.createTreeWalker(document.querySelector(within) ?? document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode()) {
      const [text, place] = [walker.currentNode.textContent?.trim() ?? '', walker.currentNode.parentElement];
      // Methods are called as on the command line, keys as on the keyboard; the badge is the engine's name of its device.
      const named = place?.closest('script, noscript, kbd, .badge') || (place instanceof HTMLOptionElement && place.value === text);
      if (named || /\p{Script=Han}/u.test(text)) continue;
      if ((text.match(/[A-Za-z][A-Za-z0-9]+/g) ?? []).some((word) => !names.test(word))) found.push(text);
    }
    return found;
  }, within);
}

test('a switch to Chinese changes headings, settings and summary at once, and leaves the run as it is', async ({ page }) => {
  await openLab(page);
  await train(page, 12);
  await expect.poll(async () => (await state(page)).metrics_step).toBe(12);
  await expect.poll(async () => (await stage(page))?.step).toBe(12);
  expect(await lang(page)).toEqual(['en', 'sparring: watch a GAN learn']);
  await expect(page.getByTestId('summary')).toContainText('Step 12, 3,072 images; ');
  const [before, seen] = [await state(page), { ...(await stage(page)), best: null }];

  await choice(page).selectOption('zh');
  await expect(heading(page, '损失')).toBeVisible();
  await expect(heading(page, '设置')).toBeVisible();
  await expect(page.getByTestId('summary')).toContainText('第 12 步，3,072 个训练样本；');
  await expect(page.getByTestId('summary')).toContainText('D 的损失');
  await expect(button(page, '训练')).toBeVisible();
  await expect(button(page, '双月')).toBeVisible();
  await expect(page.getByLabel('学习率 起始')).toHaveValue(String(before.settings.lr.start));
  await expect(page.getByLabel('目标函数').locator('option:checked')).toHaveText('相对成对 (RpGAN)');
  await expect(page.getByText('Huang 2024：相对成对损失')).toBeVisible();
  await expect(page.getByRole('img', { name: /^12 步的损失；当前 D 为 / })).toBeVisible();
  expect(await lang(page)).toEqual(['zh-Hans', 'sparring：看 GAN 如何学习']);
  expect(await leftInEnglish(page)).toEqual([]);

  expect(await state(page)).toEqual(before);
  expect({ ...(await stage(page)), best: null }).toEqual(seen);
  await choice(page).selectOption('en');
  await expect(page.getByTestId('summary')).toContainText('Step 12, 3,072 images; ');
  expect(await state(page)).toEqual(before);
});

test('the diagram of the model follows the language, in text, in what is read out and on its canvas', async ({ page }) => {
  await openLab(page);
  await page.locator('details.model > summary').click();
  const critic = page.getByTestId('units-critic');
  await expect(page.getByTestId('health-critic')).toHaveText(/^No dead units: all 384 /);
  const picture = () => critic.locator(':scope > canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const english = await picture();

  await choice(page).selectOption('zh');
  await expect(heading(page, 'D，判别器')).toBeVisible();
  const model = page.getByRole('region', { name: '模型', exact: true });
  await expect(model).toContainText('个权重，6 个隐藏层，每层 64 个单元，激活函数 Leaky ReLU');
  await expect(model).toContainText('相对成对 (RpGAN)：双方博弈的目标函数');
  await expect(page.getByTestId('health-critic')).toHaveText('没有死亡单元：全部 384 个单元对不同的输入都有不同的输出。');
  await expect(page.getByRole('slider', { name: 'D 的隐藏单元' })).toHaveAttribute('aria-valuetext', /^第 1 层，第 1 个单元：\S+ 到 \S+$/);
  // The layers are named on the canvas.
  await expect.poll(picture).not.toBe(english);
  await critic.focus();
  await expect(critic.getByTestId('lens')).toContainText('第 1 层，第 1 个单元');
  expect(await leftInEnglish(page)).toEqual([]);
  await page.keyboard.press('Tab');

  await choice(page).selectOption('en');
  await expect(page.getByTestId('health-critic')).toHaveText(/^No dead units/);
  await expect.poll(picture).toBe(english);
});

test('a run that plays goes on while the language is switched', async ({ page }) => {
  await openLab(page);
  await button(page, 'Train').click();
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(5);
  await choice(page).selectOption('zh');
  const { step, playing } = await state(page);
  expect(playing).toBe(true);
  await expect(button(page, '暂停')).toBeVisible();
  await expect.poll(async () => (await state(page)).step).toBeGreaterThan(step);
  await page.keyboard.press('Escape');
  await button(page, '暂停').click();
  await expect.poll(async () => (await state(page)).playing).toBe(false);
});

test('the choice is remembered, in both rooms, the help and the drawing board', async ({ page }) => {
  await openLab(page);
  await choice(page).selectOption('zh');
  await expect(heading(page, '损失')).toBeVisible();
  await page.reload();
  await expect(heading(page, '损失')).toBeVisible();
  expect((await lang(page))[0]).toBe('zh-Hans');
  await expect(choice(page)).toHaveValue('zh');
  await expect.poll(async () => (await stage(page))?.step).toBe(0);
  await button(page, '帮助与按键').click();
  await expect(heading(page, '你看到的是什么')).toBeVisible();
  await button(page, '关闭').click();
  await button(page, '手绘 …').click();
  await expect(page.getByTestId('drawn')).toHaveText('0 个点，最多 4,096 个。');
  await button(page, '关闭').click();
  await page.getByRole('link', { name: '潜空间' }).click();
  await button(page, '取用实验室的生成器').click();
  await expect(heading(page, '实验室的 ring8')).toBeVisible();
  expect(await leftInEnglish(page)).toEqual([]);
});

test('what was said before follows the language, and so do complaints about settings', async ({ page }) => {
  await openLab(page);
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 2},${i % 3}`);
  const chosen = page.waitForEvent('filechooser');
  await button(page, 'CSV …').click();
  await (await chosen).setFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(`x,y\n${rows.join('\n')}\nno,point\n`) });
  await expect(page.getByRole('status')).toHaveText('mine.csv: 60 points; 1 row was no points and dropped.');
  await choice(page).selectOption('zh');
  await expect(page.getByRole('status')).toHaveText('mine.csv：60 个点；1 行不是点，已略去。');
  const batch = page.getByRole('spinbutton', { name: '批大小', exact: true });
  await batch.fill('1.5');
  await batch.press('Enter');
  await expect(page.getByRole('alert')).toContainText('设置项 `batch`：须为整数');
  await expect(batch).toHaveAttribute('aria-invalid', 'true');
});

test("what the engine refuses is said in Chinese, with the engine's words after it, and follows the language", async ({ page }) => {
  await page.goto('#lab?lang=zh');
  await expect.poll(async () => (await stage(page))?.step).toBe(0);
  const alert = page.getByRole('alert');
  await page.locator('input[type=file][accept=".sparring"]').setInputFiles({ name: '笔记.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await expect(alert).toContainText('文件不能用。 未作任何更改；请选择另一个文件。');
  await expect(alert.locator('[lang=en]')).toContainText('笔记.txt: ');
  expect((await state(page)).error).toMatchObject({ code: 'file', hint: 'nothing was changed; choose another file' });
  await choice(page).selectOption('en');
  await expect(alert).toContainText('nothing was changed; choose another file');
  await expect(alert.locator('[lang=en]')).toHaveCount(0);
  await choice(page).selectOption('zh');
  const batch = page.getByRole('spinbutton', { name: '批大小', exact: true });
  await batch.fill('0');
  await batch.press('Enter');
  await expect(alert).toContainText('设置项“批大小”的值不能用。');
  await expect(alert.locator('[lang=en]')).toContainText('`batch`');
  await page.goto('about:blank');
  await page.goto('#lab?lang=zh&method=nonsense');
  await expect(alert).toContainText('没有这个方法或预设。');
  await expect(alert).toContainText('nonsense');
});

test('the doctor speaks the language of the page', async ({ page }) => {
  await page.goto('#lab?lang=zh');
  await page.getByText('失败案例').click();
  const exhibit = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'D 太弱' }) });
  await expect(exhibit).toContainText('1,000 步内可见');
  await exhibit.getByRole('button', { name: '看它失败' }).click();
  await expect.poll(async () => (await state(page)).findings?.length ?? 0, { timeout: 60_000 }).toBeGreaterThan(0);
  await button(page, '暂停').click();
  await expect(page.getByTestId('doctor')).toContainText('界限');
  await expect(button(page, '在旁边试试对策')).toBeVisible();
  expect(await leftInEnglish(page)).toEqual([]);
});

test('slow motion is told on in the language that is switched to, sentence, formulas and stage', async ({ page }) => {
  await openLab(page);
  await page.getByLabel('Method').selectOption('wgan-gp');
  await expect.poll(async () => (await state(page)).settings.objective).toBe('wgan');
  await page.keyboard.press('Escape');
  await button(page, 'Slow motion').click();
  const english = page.getByRole('region', { name: 'Slow motion' });
  await expect(english).toContainText('The data give reals (●)');
  await expect(page.getByTestId('summary')).toContainText('Slow motion, step 1, Sample: The data give');
  const told = await page.evaluate(() => window.sparring.narration());
  await choice(page).selectOption('zh');
  const panel = page.getByRole('region', { name: '慢动作' });
  await expect(panel.getByRole('heading', { level: 2 })).toHaveText('慢动作，第 1 步');
  await expect(panel).toContainText('G 每移动一次，D 先移动 5 次');
  await expect(page.getByTestId('summary')).toContainText('慢动作，第 1 步，采样：数据给出真样本');
  for (const [place, name] of ['采样', 'D 的输出', 'D 的梯度', 'D 的更新', 'G 的梯度', 'G 的更新'].entries()) {
    await panel.getByRole('button', { name, exact: true }).click();
    await expect(panel.getByRole('heading', { level: 3 })).toHaveText(name);
    expect(await leftInEnglish(page, '[aria-label=慢动作].panel'), told?.phases[place]).toEqual([]);
  }
  expect((await page.evaluate(() => window.sparring.narration()))?.report).toEqual(told?.report);
  await button(page, '关闭慢动作').click();
  await expect(panel).toHaveCount(0);
});

test('an address may ask for a language, which is not remembered and does not touch the run', async ({ page }) => {
  await page.goto('#lab?lang=zh');
  await expect(heading(page, '损失')).toBeVisible();
  await expect.poll(async () => (await stage(page))?.step).toBe(0);
  await train(page, 3);
  await page.evaluate(() => void (location.hash = '#lab?lang=en'));
  await expect(heading(page, 'Losses')).toBeVisible();
  expect(await state(page)).toMatchObject({ step: 3, seed: 1 });
  await page.goto('about:blank');
  await page.goto('#lab?lang=zh&method=lsgan&seed=5');
  await expect.poll(async () => (await state(page)).settings.objective).toBe('lsgan');
  await expect(heading(page, '损失')).toBeVisible();
  expect((await state(page)).error).toBeNull();
  await page.goto('about:blank');
  await openLab(page);
  await expect(heading(page, 'Losses')).toBeVisible();
});

for (const width of [1440, 1024, 360, 320]) {
  test(`nothing overflows at ${width} px in Chinese`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto('#lab?lang=zh');
    await expect(button(page, '训练')).toBeInViewport();
    await reveal(page, 'settings');
    await page.getByText('更多设置').click();
    if (width > 640) await page.locator('details.model > summary').click();
    await reveal(page, 'model');
    await expect(page.getByTestId('units-critic')).toBeVisible();
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    const { width: wide, height } = (await choice(page).boundingBox()) ?? { width: 0, height: 0 };
    expect(Math.min(wide, height)).toBeGreaterThanOrEqual(44);
    await page.getByRole('link', { name: '潜空间' }).click();
    await button(page, '取用实验室的生成器').click();
    await expect(page.getByRole('slider', { name: 'z 1' })).toBeVisible();
    expect(await overflow()).toBe(0);
  });
}

test.describe('for a browser whose reader prefers Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('the page opens in Chinese, and fetches nothing more for a reader of English', async ({ page, browser, baseURL }) => {
    await openLab(page);
    await expect(heading(page, '损失')).toBeVisible();
    const english = await browser.newPage({ locale: 'en-GB', baseURL: baseURL ?? '' });
    const fetched: string[] = [];
    english.on('request', (request) => fetched.push(request.url()));
    await openLab(english);
    expect(fetched.filter((url) => /\/zh-[^/]*\.js$/.test(url))).toEqual([]);
    await choice(english).selectOption('zh');
    await expect(heading(english, '损失')).toBeVisible();
    expect(fetched.filter((url) => /\/zh-[^/]*\.js$/.test(url))).toHaveLength(1);
    await english.close();
  });
});

test('words that cannot be fetched leave the page as it was, and it says so', async ({ page }) => {
  await openLab(page);
  // A file that fails when it runs makes no line in the console, which one that is missing does.
  await page.route(/\/zh-[^/]*\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("lost on the way")' }));
  await choice(page).selectOption('zh');
  await expect(page.getByRole('status')).toHaveText('The words of 中文 could not be fetched; the page stays as it was.');
  await expect(choice(page)).toHaveValue('en');
  await expect(heading(page, 'Losses')).toBeVisible();
  await page.getByRole('link', { name: 'Latent' }).click();
  await choice(page).selectOption('zh');
  await expect(page.getByRole('alert')).toContainText('The words of 中文 could not be fetched');
});
