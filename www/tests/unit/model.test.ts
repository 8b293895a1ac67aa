import { describe, expect, it } from 'vitest';
import presets from '../../src/generated/presets.json';
import type { Event, NetworkConfig, TrainConfig } from '../../src/generated/types';
import { counted, layersOf, reasonOf, tooLarge } from '../../src/lab/model';
import { unitsOf } from '../../src/lab/stage';
import { captionOf, healthWords, latentWords, placeWords, readOut, shapeWords, unitWords, whyNone } from '../../src/lab/units/said';
import { type Place, cornerOf, led, stripsOf, unitAt } from '../../src/lab/units/strips';
import { shadeOf } from '../../src/lab/units/thumbs';
import type { Inks } from '../../src/ui/theme.svelte';
import { en } from '../../src/words/en';
import { language } from '../../src/words/language.svelte';
import { zh } from '../../src/words/zh';

const CONFIG = (presets as unknown as { config: TrainConfig }[])[0].config;
const network = (width: number, depth: number): NetworkConfig => ({ ...CONFIG.generator, width, depth });

/** Numbers of a network whose units answer by a rule. */
function answers(width: number, depth: number, cells: number, rule: (layer: number, unit: number, cell: number) => number): Float32Array {
  return Float32Array.from({ length: width * depth * cells }, (_, i) => rule(Math.floor(i / (width * cells)), Math.floor(i / cells) % width, i % cells));
}

describe('hidden units', () => {
  it('are cut layer after layer, unit after unit', () => {
    const layers = layersOf(answers(3, 2, 144, (layer, unit, cell) => 100 * layer + 10 * unit + cell / 144), network(3, 2));
    expect(layers.map(({ units }) => units.length)).toEqual([3, 3]);
    expect(layers[1].units[2].answers[72]).toBe(120.5);
    expect(layers[1].units[2].low).toBe(120);
  });

  it('may answer over a line, and are none where the engine has none or others', () => {
    expect(layersOf(answers(3, 2, 12, () => 1), network(3, 2))[1].units[2].answers.length).toBe(12);
    expect(layersOf(new Float32Array(), network(3, 2))).toEqual([]);
    expect(layersOf(answers(3, 2, 144, () => 1), network(4, 2))).toEqual([]);
  });

  it('are dead where no cell differs from another', () => {
    const [layer] = layersOf(answers(5, 1, 144, (_, unit, cell) => [0, -0, 0.3, cell === 143 ? 1e-6 : 0, NaN][unit]), network(5, 1));
    expect(layer.units.map(({ life }) => life)).toEqual(['silent', 'silent', 'constant', 'live', 'live']);
    expect([counted(layer, 'silent'), counted(layer, 'constant')]).toEqual([2, 1]);
    expect(healthWords([layer])).toBe('2 of 5 units of layer 1 answer nothing anywhere; 1 of 5 units of layer 1 answers the same everywhere.');
    expect(captionOf(layer, 2)).toBe('↓ layer 2, full ink from ±0.000001; 3 dead');
    expect(layer.units.map(unitWords)).toEqual(['answers nothing anywhere', 'answers nothing anywhere', 'answers 0.3 everywhere', '0 to 0.000001', 'answers no number']);
  });

  it('are counted in words, also where none is dead', () => {
    const numbers = answers(64, 3, 144, (layer, unit, cell) => (layer === 1 && unit < 3 ? 0 : cell));
    expect(healthWords(layersOf(numbers, network(64, 3)))).toBe('3 of 64 units of layer 2 answer nothing anywhere.');
    expect(healthWords(layersOf(answers(600, 2, 12, (_, __, cell) => cell), network(600, 2)))).toBe('No dead units: all 1,200 answer differently to different inputs.');
  });

  it('share a scale that one loud unit does not set, and dead ones do not lower', () => {
    const size = (unit: number) => (unit < 50 ? 0 : unit === 99 ? 1000 : -2);
    const [layer] = layersOf(answers(100, 1, 144, (_, unit, cell) => size(unit) * (cell / 143)), network(100, 1));
    expect(layer.scale).toBe(2);
    expect(layersOf(answers(2, 1, 12, () => 0), network(2, 1))[0].scale).toBe(0);
  });

  it('stand after the buffers of other extras', () => {
    const event = { type: 'stage', view: { x_min: 0, x_max: 1, y_min: 0, y_max: 1 }, samples: 1, grid: 1, step: 7, images: 7, extras: ['forces', 'optimum', 'units', 'checkpoint'], mesh: 41, optimum: { smoothing: 1, loss: 0 } } as unknown as Event;
    const buffer = (i: number) => Float32Array.of(i);
    const buffers = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(buffer);
    expect(unitsOf({ event, buffers: [...buffers, new Uint8Array()] })).toMatchObject({ step: 7, generator: buffer(7), critic: buffer(8) });
    // A best critic that does not exist has no buffers.
    expect(unitsOf({ event: { ...event, optimum: null } as Event, buffers: buffers.slice(0, 6) })).toMatchObject({ generator: buffer(4), critic: buffer(5) });
    expect(unitsOf({ event: { ...event, extras: ['forces'] } as unknown as Event, buffers })).toBeNull();
  });
});

describe('the ink of a unit', () => {
  const inks = { stageRgb: [255, 255, 255], criticRgb: [5, 5, 5] } as Inks;

  it('is the paper at 0, full at the scale, and paler for negative answers', () => {
    expect(shadeOf(0, inks)).toEqual([255, 255, 255]);
    expect(shadeOf(NaN, inks)).toEqual([255, 255, 255]);
    expect(shadeOf(1, inks)).toEqual([5, 5, 5]);
    expect(shadeOf(3, inks)).toEqual([5, 5, 5]);
    expect(shadeOf(-0.5, inks)[0]).toBeGreaterThan(shadeOf(0.5, inks)[0]);
    expect(shadeOf(-0.5, inks)[0]).toBeLessThan(255);
  });
});

describe('the strips', () => {
  const all = (layers: number, units: number) => Array.from({ length: layers * units }, (_, i): Place => ({ layer: Math.floor(i / units), unit: i % units }));

  it.each([[305, 6, 64], [560, 6, 64], [560, 16, 1], [560, 1, 1024], [240, 3, 7], [40, 2, 5]])('of %d pixels, %d layers of %d, hold every unit inside and find it again', (width, layers, units) => {
    const strips = stripsOf(width, layers, units);
    expect(strips.side).toBeGreaterThanOrEqual(13);
    for (const place of all(layers, units)) {
      const [x, y] = cornerOf(strips, place);
      expect(x + strips.side).toBeLessThanOrEqual(width + 1);
      expect(y + strips.side).toBeLessThanOrEqual(strips.height);
      expect(unitAt(strips, x + strips.side / 2, y + strips.side / 2)).toEqual(place);
      expect(unitAt(strips, x, y)).toEqual(place);
    }
    expect(unitAt(strips, -5, 30)).toBeNull();
    expect(unitAt(strips, width + 40, 30)).toBeNull();
    expect(unitAt(strips, 5, 2)).toBeNull();
  });

  it('are walked by keys, row by row and from layer to layer, and not left', () => {
    // Rows of 4, 4 and 2.
    const strips = { ...stripsOf(62, 2, 10), columns: 4 };
    const from = (layer: number, unit: number, key: string) => led(strips, { layer, unit }, key);
    expect(from(0, 3, 'ArrowRight')).toEqual({ layer: 0, unit: 4 });
    expect(from(0, 9, 'ArrowRight')).toEqual({ layer: 1, unit: 0 });
    expect(from(0, 0, 'ArrowLeft')).toEqual({ layer: 0, unit: 0 });
    expect(from(1, 9, 'ArrowRight')).toEqual({ layer: 1, unit: 9 });
    expect(from(0, 1, 'ArrowDown')).toEqual({ layer: 0, unit: 5 });
    expect(from(0, 7, 'ArrowDown')).toEqual({ layer: 1, unit: 3 });
    expect(from(1, 3, 'ArrowUp')).toEqual({ layer: 0, unit: 7 });
    expect(from(1, 1, 'ArrowUp')).toEqual({ layer: 0, unit: 9 });
    expect(from(0, 2, 'ArrowUp')).toEqual({ layer: 0, unit: 2 });
    expect(from(1, 9, 'ArrowDown')).toEqual({ layer: 1, unit: 9 });
    expect(from(0, 6, 'PageDown')).toEqual({ layer: 1, unit: 6 });
    expect(from(1, 6, 'Home')).toEqual({ layer: 1, unit: 0 });
    expect(from(1, 6, 'End')).toEqual({ layer: 1, unit: 9 });
    expect(from(0, 0, 'a')).toBeNull();
  });
});

describe('the model in words', () => {
  it('tells latents and layers', () => {
    expect(latentWords({ ...CONFIG, latent: 'normal', latent_dim: 8 })).toBe('8 numbers, each normal, N(0, 1)');
    expect(latentWords({ ...CONFIG, latent: 'uniform', latent_dim: 1 })).toBe('one number, uniform on −√3 to √3');
    expect(shapeWords({ ...CONFIG, generator: network(64, 1) }, 'generator', 12345)).toBe('12,345 weights, 1 hidden layer of 64, Leaky ReLU');
  });

  it('says why a network shows no units', () => {
    expect(whyNone({ ...CONFIG, critic: { ...CONFIG.critic, norm: 'layer' } }, 'critic')).toContain('D shows no units: it has layer norm');
    expect(whyNone({ ...CONFIG, generator: { ...CONFIG.generator, spectral_norm: true } }, 'generator')).toContain('spectral norm');
    expect(whyNone({ ...CONFIG, conditioning: 'acgan' }, 'generator')).toContain('classes');
    const large = network(1024, 16);
    expect(whyNone({ ...CONFIG, generator: large, critic: large }, 'critic')).toContain('too large');
    expect([network(64, 6), network(512, 6), network(256, 12), large].map((each) => tooLarge({ generator: each, critic: each, latent_dim: 8 }))).toEqual([false, false, false, true]);
    expect(whyNone({ ...CONFIG, packing: 2 }, 'critic')).toContain('packs');
  });

  it('names the first obstacle of each player, and none of the other', () => {
    const reasons = (change: Partial<TrainConfig>) => (['generator', 'critic'] as const).map((player) => reasonOf({ ...CONFIG, ...change }, player));
    expect(reasons({ conditioning: 'semi_supervised' })).toEqual(['other', 'classes']);
    expect(reasons({ family: 'dcgan', minibatch: 'stddev' })).toEqual(['convolutional', 'convolutional']);
    expect(reasons({ minibatch: 'stddev', bottleneck: 0.1 })).toEqual(['other', 'batch']);
    expect(reasons({ bottleneck: 0.1 })).toEqual(['other', 'bottleneck']);
  });

  it('follows the language', () => {
    const layers = layersOf(answers(3, 2, 144, (layer, unit, cell) => (layer === 1 && unit < 2 ? unit / 2 : cell / 144)), network(3, 2));
    language.words = zh;
    try {
      expect(healthWords(layers)).toBe('第 2 层的 3 个单元中有 1 个输出处处为 0；第 2 层的 3 个单元中有 1 个输出处处相同。');
      expect(captionOf(layers[1], 2)).toBe('↓ 第 2 层，±0.5 起墨色最深；2 个死亡单元');
      expect([placeWords({ layer: 0, unit: 2 }), readOut(layers, { layer: 1, unit: 1 })]).toEqual(['第 1 层，第 3 个单元', '第 2 层，第 2 个单元：输出处处为 0.5']);
      expect(shapeWords({ ...CONFIG, generator: network(64, 1) }, 'generator', 12345)).toBe('12,345 个权重，1 个隐藏层，每层 64 个单元，激活函数 Leaky ReLU');
      expect(latentWords({ latent: 'uniform', latent_dim: 2 })).toBe('2 个数，各自在 −√3 到 √3 上均匀分布');
      expect(whyNone({ ...CONFIG, critic: { ...CONFIG.critic, norm: 'layer' } }, 'critic')).toBe('D 没有可显示的单元：它使用层归一化，而这里只能查看普通的全连接层。');
    } finally {
      language.words = en;
    }
  });
});
