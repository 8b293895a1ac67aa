import { describe, expect, it } from 'vitest';
import { type Layers, drawStage } from '../../src/lab/draw';
import type { StageData } from '../../src/lab/stage';
import { cellsOf } from '../../src/lab/mesh';
import { SvgPen } from '../../src/ui/svg-pen';
import type { Inks } from '../../src/ui/theme.svelte';

const inks: Inks = { real: '#00f', fake: '#f80', critic: '#222', quiet: '#888', line: '#ccc', realRgb: [0, 0, 255], fakeRgb: [255, 136, 0], criticRgb: [34, 34, 34], stageRgb: [255, 255, 255] };
const view = { x_min: 0, x_max: 4, y_min: 0, y_max: 4 };
const stage: StageData = { view, step: 1, images: 1, samples: 2, grid: 1, reals: new Float32Array([1, 1, 3, 3]), fakes: new Float32Array([2, 2, 9, 9]), logits: new Float32Array(1), forces: new Float32Array([1, 0, 0, 1]), slopes: null, mesh: { columns: 2, points: new Float32Array([1, 1, 2, 1, 1, 2, 2, 2]) } };
const scene = { view, dim: 2, modes: [{ centre: [2, 1] as [number, number], sigma: [0.1, 0.2] as [number, number], weight: 1 }], points: [], unit: 1 };

function written(layers: Partial<Layers>): string {
  const pen = new SvgPen();
  const all = { reals: false, fakes: false, ground: false, lines: false, modes: false, forces: false, mesh: false, best: false, ...layers };
  drawStage(pen, 400, { stage, scene, ground: { toDataURL: () => 'data:image/png;base64,AA==' } as HTMLCanvasElement, lines: [[0, 0, 0.5, 1], [], []], best: [[0, 1, 1, 1], [], []], layers: all, inks });
  return pen.svg(400, 'rgb(1, 2, 3)', 'a < b & c');
}

describe('the stage as SVG', () => {
  it('has nothing but its ground and its title when all layers are off', () => {
    expect(written({})).toBe('<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400" viewBox="0 0 400 400"><title>a &lt; b &amp; c</title><rect width="100%" height="100%" fill="rgb(1, 2, 3)"/></svg>');
  });

  it('has reals as filled circles where they lie, y upwards', () => {
    const text = written({ reals: true });
    expect(text).toContain('fill="#00f" fill-opacity="0.75"');
    expect(text.match(/A1\.4 1\.4/g)?.length).toBe(4);
    expect(text).toContain('M101.4 300A');
    expect(text).toContain('M301.4 100A');
  });

  it('has a triangle for each fake in the picture', () => {
    expect(written({ fakes: true }).match(/d="([^"]*)"/)?.[1]).toMatch(/^(M[\d.]+ [\d.]+)(L[\d.]+ [\d.]+){3}L[\d.]+ [\d.]+$/);
    expect(written({ fakes: true })).toContain('L200 197.6L');
  });

  it('has the isolines of the best critic dashed, and the mesh as cells that are darker the smaller they are', () => {
    expect(written({ best: true })).toMatch(/stroke-dasharray="5 4" d="M0 0L400 0"/);
    expect(written({ mesh: true })).toContain('d="M100 250L100 300L200 300L200 200L100 200L100 250"');
    const corners = (side: number): [number, number][] => [[0, 0], [side, 0], [2, 0], [0, 1], [side, 1], [0.5, 1]];
    expect(cellsOf(corners(1), 3).map(({ folded }) => folded)).toEqual([false, false]);
    expect(cellsOf([[0, 0], [2, 0], [1.5, 0], [0, 1], [2, 1], [1.5, 1]], 3).map(({ folded }) => folded)).toEqual([false, true]);
  });

  it('has isolines, modes as ellipses of 3σ, arrows and the heatmap', () => {
    expect(written({ lines: true })).toContain('M0 400L200 0');
    expect(written({ modes: true })).toContain('A30 60 0 1 0 170 300');
    expect(written({ forces: true })).toMatch(/M200 200L228\.57 200/);
    expect(written({ ground: true })).toContain('<image x="0" y="0" width="400" height="400" preserveAspectRatio="none" href="data:image/png;base64,AA=="/>');
  });
});
