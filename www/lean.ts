/** What the page is made of and never reads is left out where it is built. The files themselves stay whole: programs and tests read them. */
import type { Plugin } from 'vite';

/** The shortest number that is the same one in 32 bits, which is what the engine reckons points in: 1.26 for 1.2599999904632568. */
function shortest(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}

/** The points on the toys' buttons. */
export function leanScenes<Scene extends { points: number[][] }>(scenes: Record<string, Scene>): Record<string, Scene> {
  const lean = (scene: Scene) => ({ ...scene, points: scene.points.map((point) => point.map(shortest)) });
  return Object.fromEntries(Object.entries(scenes).map(([data, scene]) => [data, lean(scene)]));
}

/** The first with its settings, which the page opens with; of the methods only what names them: the engine makes their settings for the data at hand. */
export function leanPresets(presets: { method: boolean; config?: unknown }[]): unknown[] {
  const [first, ...others] = presets;
  return [first, ...others.filter(({ method }) => method).map(({ config: _, ...named }) => named)];
}

const LEAN: Record<string, (json: never) => unknown> = { 'scenes.json': leanScenes, 'presets.json': leanPresets };

export function lean(): Plugin {
  return {
    name: 'lean',
    apply: 'build',
    enforce: 'pre',
    transform(text, id) {
      const change = LEAN[/\/generated\/(\w+\.json)$/.exec(id)?.[1] ?? ''];
      return change ? { code: JSON.stringify(change(JSON.parse(text) as never)), map: null } : null;
    },
  };
}
