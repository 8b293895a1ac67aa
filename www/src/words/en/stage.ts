/** The stage: its layers, the sentence below it, its legend. */
import { numbers } from './numbers';

const { whole, loss, percent } = numbers;

export const stage = {
  starting: 'The engine is starting …',
  layers: {
    title: 'Layers',
    reals: 'Reals',
    fakes: 'Fakes',
    ground: 'Ground',
    lines: 'Isolines',
    modes: 'Modes 3σ',
    forces: 'Forces on fakes',
    mesh: "G's mesh",
    best: 'Isolines of D*',
  },
  ground: { label: 'What the ground shows', critic: 'D', optimum: 'D*, the best D', error: 'D − D*', slopes: '‖∇D‖, how steep' },
  camera: {
    title: 'View; arrow keys move it',
    closer: 'Zoom in',
    closerHelp: 'Zoom in (also Ctrl + wheel, or two fingers)',
    farther: 'Zoom out',
    home: 'The whole picture',
    homeHelp: 'The whole picture; drag the stage to move it',
  },
  modes: {
    move: 'Move modes',
    moveHelp: 'Drag the modes of the data about while the run goes on; arrow keys move the one in focus',
    back: 'Put modes back',
    handle: (mode: number, x: string, y: string) => `Mode ${mode} at ${x}, ${y}; arrow keys move it`,
  },
  summary: {
    outside: (fakes: number) => `${whole(fakes)} ${fakes === 1 ? 'fake' : 'fakes'} outside the picture`,
    untrained: (outside: string) => `Untrained: fakes (triangles) lie where the first random weights put them${outside && `, ${outside}`}. Press ▶.`,
    now: (step: number, images: number) => `Step ${whole(step)}, ${whole(images)} images`,
    past: (step: number, images: number) => `The past: step ${whole(step)}, ${whole(images)} images`,
    modes: (modes: number, all: number, hq: number) => `${modes} of ${all} modes, ${percent(hq)} of the fakes on one`,
    sliced: (distance: string) => `sliced W1 ${distance}`,
    losses: (d: number, g: number) => `loss of D ${loss(d)}, of G ${loss(g)}`,
    sentence: (parts: string[]) => `${parts.join('; ')}.`,
  },
  legend: {
    relative: "D's colours are relative to its mean over the samples: with this objective logits have no absolute meaning.",
    probability: "D's colours are the probability it gives to “real”: blue above one half, orange below.",
    error: 'Blue: D thinks better of this place than the best D would; orange: worse. Paper: D is as good as it can be.',
    steep: (logits: string) => `Dark: D is steep there, ${logits} logits a unit and more.`,
    flat: 'D is flat everywhere.',
    seeking: 'D* is being found …',
    noBest: 'These settings have no D* that follows from p and q at the point alone (Wasserstein, relativistic average, or a D that sees classes or other samples).',
    best: (step: number, sigma: string) => `D*, the best D against the G of step ${whole(step)}: from the exact p and 32,768 fakes, both smoothed by σ = ${sigma}.`,
    sheet: 'Cells of equally likely noise, where G takes them: small ones are dense; outlined in ink where the sheet is turned over.',
    line: 'The line of all noise, where G takes it.',
    moreLatents: 'Of more latents than two, the first two are shown; the others are 0.',
    noMesh: 'There is no mesh of points on a line.',
    arrows: "Arrows: −∇ₓL_G, where and how strongly G's objective pulls each fake.",
    unit: (slope: string) => `is a slope of ${slope}; longer is stronger, to scale.`,
    noForces: 'D is flat at every fake: nothing pulls them.',
  },
};
