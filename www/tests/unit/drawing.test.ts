import { describe, expect, it } from 'vitest';
import schema from '../../src/generated/schema.json';
import { Drawing, MOST_POINTS, type Tool } from '../../src/lab/drawing/drawing';
import { History } from '../../src/lab/drawing/history';
import { looksLikePoints } from '../../src/lab/drawing/pasted';
import { BOARD, type Point, boardFor, distanceTo, isInside, sideOf } from '../../src/lab/drawing/plane';
import { DAB, Spray } from '../../src/lab/drawing/spray';

/** Places on a line from (−1.5, y) to (1.5, y), in `pieces`. */
const line = (pieces: number, y = 0): Point[] => Array.from({ length: pieces + 1 }, (_, i) => [-1.5 + (3 * i) / pieces, y]);

function draw(drawing: Drawing, places: Point[], tool: Tool = 'brush', size = 0.04): void {
  drawing.begin(tool, size, places[0]);
  for (const place of places.slice(1)) drawing.to(place);
  drawing.end();
}

const sprayed = (places: Point[], seed = 1): Point[] => {
  const spray = new Spray(0.1, 0.01, seed);
  return [...places.flatMap((place) => spray.to(place)), ...spray.end()];
};

describe('the spray', () => {
  it('gives the same points for the same path, in however many pieces it is told', () => {
    const [once, often] = [sprayed([[0, 0], [3.003, 0]]), sprayed(Array.from({ length: 401 }, (_, i) => [(3.003 * i) / 400, 0]))];
    expect(once.length).toBe(301);
    expect(often.length).toBe(301);
    expect(Math.max(...once.map(([x, y], i) => Math.hypot(x - often[i][0], y - often[i][1])))).toBeLessThan(1e-6);
    expect(sprayed([[0, 0], [3.003, 0]], 2)).not.toEqual(once);
  });

  it('is as dense where the pointer was fast as where it was slow', () => {
    // The first half in 300 reports, the second in 3.
    const uneven: Point[] = [...Array.from({ length: 301 }, (_, i): Point => [(2 * i) / 300, 0]), [2.5, 0], [3, 0], [4, 0]];
    const points = sprayed(uneven);
    const within = (low: number, high: number) => points.filter(([x]) => x >= low && x < high).length;
    // 100 points a unit; the disc blurs the edges.
    for (const low of [0.2, 1, 2, 3]) expect(Math.abs(within(low, low + 0.75) - 75)).toBeLessThanOrEqual(6);
  });

  it('is no denser where a slow pointer climbs by whole pixels', () => {
    const pixel = 0.0035;
    const stairs: Point[] = Array.from({ length: 1201 }, (_, i) => [pixel * Math.ceil(i / 2), pixel * Math.floor(i / 2)]);
    const length = 600 * pixel * Math.SQRT2;
    expect(Math.abs(sprayed(stairs).length / (length / 0.01) - 1)).toBeLessThan(0.02);
  });

  it('stays within the nozzle and fills it evenly', () => {
    const spray = new Spray(0.5, 0.001, 7);
    const points = [...spray.to([0, 0]), ...spray.to([4, 0])];
    expect(points.every((point) => distanceTo(point, [0, 0], [4, 0]) <= 0.5 + 1e-6)).toBe(true);
    // A disc swept along a line: half of its points lie within .404 of its radius.
    const near = points.filter(([, y]) => Math.abs(y) < 0.404 * 0.5).length / points.length;
    expect(near).toBeGreaterThan(0.48);
    expect(near).toBeLessThan(0.52);
  });

  it('leaves a dab where it is only touched', () => {
    const points = sprayed([[1, 1]]);
    expect(points.length).toBe(DAB);
    expect(points.every(([x, y]) => Math.hypot(x - 1, y - 1) <= 0.1 + 1e-6)).toBe(true);
  });
});

describe('a drawing', () => {
  it('goes back and forth a stroke at a time, and a new stroke ends the way forth', () => {
    const drawing = new Drawing();
    draw(drawing, line(10, 1));
    const one = drawing.look().points;
    expect(one.length).toBe(Math.floor(3 / (0.004 * sideOf(BOARD))) + 1);
    draw(drawing, line(10, -1));
    const two = drawing.look().points;
    expect(two.slice(0, one.length)).toEqual(one);
    drawing.undo();
    expect(drawing.look()).toMatchObject({ points: one, canUndo: true, canRedo: true });
    drawing.redo();
    expect(drawing.look()).toMatchObject({ points: two, canRedo: false });
    drawing.undo();
    drawing.undo();
    drawing.undo();
    expect(drawing.look()).toMatchObject({ points: [], canUndo: false, canRedo: true });
    draw(drawing, [[0, 0]]);
    expect(drawing.look()).toMatchObject({ canRedo: false });
    drawing.clear();
    expect(drawing.look().points).toEqual([]);
    drawing.undo();
    expect(drawing.look().points.length).toBe(DAB);
  });

  it('makes the same points of the same strokes', () => {
    const [one, other] = [new Drawing(), new Drawing()];
    for (const drawing of [one, other]) for (const y of [-1, 0, 1]) draw(drawing, line(7, y));
    expect(one.look().points).toEqual(other.look().points);
  });

  it('is erased under the whole way of the eraser, and a stroke that meets nothing is no step', () => {
    const drawing = new Drawing();
    draw(drawing, line(1, 1));
    draw(drawing, line(1, 0));
    const before = drawing.look().points;
    draw(drawing, [[-2, -1.5], [2, -1.5]], 'eraser', 0.05);
    drawing.undo();
    drawing.redo();
    expect(drawing.look().points).toEqual(before);
    // Two reports, all of the line's points.
    draw(drawing, [[-2, 0], [2, 0]], 'eraser', 0.05);
    expect(drawing.look().points).toEqual(before.filter(([, y]) => y > 0.5));
    drawing.undo();
    expect(drawing.look().points).toEqual(before);
  });

  it('ends at the most points the engine takes, says so, and goes on once there is room', () => {
    expect(schema.properties.points.description).toContain(`1 to ${MOST_POINTS}`);
    const drawing = new Drawing();
    for (let stroke = 0; stroke < 22; stroke++) draw(drawing, line(1, -1.5 + stroke / 8));
    expect(drawing.look().full).toBe(true);
    expect(drawing.look().points.length).toBe(MOST_POINTS);
    draw(drawing, line(1, 1.9));
    expect(drawing.look().points.length).toBe(MOST_POINTS);
    drawing.undo();
    expect(drawing.look().full).toBe(false);
    draw(drawing, [[0, 0]]);
    expect(drawing.look().points.length).toBeLessThan(MOST_POINTS);
  });

  it('keeps nothing that flew past the edge', () => {
    const drawing = new Drawing();
    draw(drawing, [[1.9, 0], [3, 0], [3, 1], [1.9, 1]], 'brush', 0.15);
    const { points, view } = drawing.look();
    expect(points.length).toBeGreaterThan(10);
    expect(points.every((point) => isInside(view, point))).toBe(true);
  });

  it('takes the points of a run once, as a step, and keeps a drawing that went on', () => {
    const drawing = new Drawing();
    draw(drawing, line(1));
    const given = drawing.give();
    draw(drawing, line(1, 1));
    const more = drawing.look().points;
    drawing.meet(given);
    expect(drawing.look().points).toEqual(more);
    // The engine's 32 bits do not make them others.
    drawing.meet(given.map(([x, y]) => [Number(x.toPrecision(9)), Number(y.toPrecision(9))]));
    expect(drawing.look().points).toEqual(more);
    drawing.meet([[100, 50], [200, 90]]);
    expect(drawing.look()).toMatchObject({ points: [[100, 50], [200, 90]], view: { x_min: 85, x_max: 215, y_min: 5, y_max: 135 } });
    draw(drawing, [[150, 70]]);
    expect(drawing.look().points.length).toBe(2 + DAB);
    drawing.undo();
    drawing.undo();
    expect(drawing.look()).toMatchObject({ points: more, view: BOARD });
  });
});

describe('the board', () => {
  it('is the empty one for points that suit it, and closer or farther for others', () => {
    expect(boardFor([])).toEqual(BOARD);
    expect(boardFor([[-1, 0], [1, 0.5]])).toEqual(BOARD);
    for (const points of [[[0.1, 0.1], [0.2, 0.15]], [[5, 5], [5, 5]], [[-1e5, 0], [1e5, 30]]] as Point[][]) {
      const view = boardFor(points);
      expect(points.every((point) => isInside(view, point))).toBe(true);
      expect(view).not.toEqual(BOARD);
      expect(view.y_max - view.y_min).toBeCloseTo(sideOf(view));
    }
  });
});

describe('the history', () => {
  it('forgets the oldest of very many steps and nothing else', () => {
    const history = new History(0);
    for (let i = 1; i <= 1000; i++) history.do(i);
    for (let i = 0; i < 200; i++) history.undo();
    expect(history).toMatchObject({ now: 800, canUndo: false });
    for (let i = 0; i < 300; i++) history.redo();
    expect(history.now).toBe(1000);
  });
});

describe('text that is pasted', () => {
  it('is points where its rows begin with two numbers, as the engine separates them', () => {
    for (const text of ['1,2\n3,4', 'x,y,label\n1;2;a\r\n\n3\t-4e-1\n', '"7" "8"\n9  10\nnote', '1, 2\n3, 4']) expect(looksLikePoints(text), text).toBe(true);
  });

  it('is let alone where it is anything else', () => {
    for (const text of ['', 'hello', '1,2', '3.14\n2.71\n1.41', 'In 2018 there were two.\n1 2\n3 4\nand\nso\non', 'https://example.org\n#lab', 'NaN,1\nInfinity,2']) {
      expect(looksLikePoints(text), text).toBe(false);
    }
  });
});
