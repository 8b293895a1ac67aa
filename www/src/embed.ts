/**
 * `window.sparring`: the page for programs. Tests drive it, and people who embed the page. EMBEDDING.md tells it with examples.
 */
import type { Command, DeviceInfo, Failure, Finding, PointMetrics, StepReport, TrainConfig, View } from './generated/types';
import type { Reply } from './engine/messages';
import type { Lab } from './lab/lab.svelte';
import { type Layer, counted } from './lab/model';
import type { Line } from './lab/slow/lines';
import type { Phase } from './lab/slow/phases';
import type { Transport } from './lab/transport.svelte';
import type { LatentRoom } from './latent/latent.svelte';
import { VERSION } from './version';

/** The run in the lab, as plain JSON. */
export interface State {
  /** `starting`, `ready`, or `dead` after the engine stopped for good. */
  status: string;
  playing: boolean;
  step: number;
  images: number;
  seed: number;
  /** Null while the engine starts. */
  device: DeviceInfo | null;
  settings: TrainConfig;
  /** The newest figures; null where nothing was measured yet. */
  report: { loss_d: number | null; loss_g: number | null; modes: number | null; hq: number | null };
  /** All metrics of the newest measurement, and the step at which it was made. */
  metrics: PointMetrics | null;
  metrics_step: number | null;
  /** What the doctor found, what explains the rest first; null before it looked. */
  findings: Finding[] | null;
  /** Why the run goes on elsewhere than it was, or empty. */
  note: string;
  error: Failure | null;
}

/** The stage, as plain JSON. */
export interface Shown {
  step: number;
  view: View;
  grid: number;
  reals: number[];
  fakes: number[];
  /** D's logits. */
  heat: number[];
  forces: number[] | null;
  slopes: number[] | null;
  mesh: number[] | null;
  best: { step: number; view: View; smoothing: number; loss: number | null; p: number[]; q: number[]; critic: number[] | null } | null;
}

/** One hidden layer, as the model's diagram shows it. */
export interface ShownLayer {
  /** From this activation on, whatever its sign, the ink is full. */
  scale: number;
  /** How many units answer 0 to everything, and how many the same number to everything. */
  silent: number;
  constant: number;
  /** What each unit answers, `[rows, 12]`, row 0 the lowest. */
  units: number[][];
}

/** Slow motion, as plain JSON. */
export interface Narration {
  phase: Phase;
  phases: Phase[];
  /** Whether it goes on by itself. */
  playing: boolean;
  /** Whether what moves in the phase has come to rest. */
  settled: boolean;
  /** Of the step that is told, which the run has not made yet. */
  report: StepReport;
  /** The formulas on the panel, with their numbers. */
  lines: Line[];
  notes: string[];
  /** While samples are drawn by how hard they pull on D: |∂L_D/∂D| at each, and what is drawn at full size. */
  weights: { reals: number[]; fakes: number[]; unit: number } | null;
}

export interface Sparring {
  readonly version: string;
  /** The run in the lab. */
  state(): State;
  /** Sends a command of the protocol (`src/generated/types.ts`) to the lab's engine; exactly one event answers it. */
  command(command: Command, buffer?: Uint8Array): Promise<Reply>;
  /**
   * What the stage shows, with the step at which it was taken: samples in data units, D's logits over the view, and while their layers are on −∇ₓL_G at each fake, ‖∇ₓD‖ over the
   * view, G's mesh, and the best critic with the densities that it is made of. Null before the first look.
   */
  stage(): Shown | null;
  /** What the hidden units answer, layer by layer, with the step at which it was looked at; no layers where a network is no plain MLP. Null while the diagram is closed. */
  units(): { step: number; view: View; generator: ShownLayer[]; critic: ShownLayer[] } | null;
  /** Run B, which trains in lock-step with the run in the lab; null without a comparison. */
  rival(): { state: State; stage: Shown | null } | null;
  /** Slow motion: the step that is told in phases, and the phase; null while it is closed or a step is being made. What the phase shows is `stage()`. */
  narration(): Narration | null;
  /** The latent room: the loaded generator, the current latent and the sample made of it. */
  latent(): { title: string; shape: number[]; z: number[]; sample: number[]; wall: number; error: Failure | null } | null;
  /** Ends the lab's worker as a crash would, to see the page recover. */
  crash(reason: string): void;
}

export function embed(transport: Transport, room: LatentRoom): Sparring {
  const { lab } = transport;
  return {
    version: VERSION,
    state: () => stateOf(lab),
    command: (command, buffer) => lab.send(command, buffer),
    stage: () => shownOf(lab),
    units: () => unitsOf(lab),
    rival: () => transport.rival && { state: stateOf(transport.rival), stage: shownOf(transport.rival) },
    narration: () => narrationOf(transport),
    latent: () => {
      if (!room.weights) return null;
      const { title, shape } = room.weights;
      return { title, shape, z: [...room.z], sample: [...(room.sample ?? [])], wall: room.wall ? room.wall.samples.length : 0, error: room.error };
    },
    crash: (reason) => lab.client.crash(reason),
  };
}

function narrationOf({ lab, slow }: Transport): Narration | null {
  const { told, phase, phases, playing, settled, lines, notes, busy } = slow;
  if (!told || !phase || busy) return null;
  const weights = lab.viewer.stage?.emphasis?.weights;
  const plain = weights && { reals: [...weights.reals], fakes: [...weights.fakes], unit: weights.unit };
  return { phase, phases, playing, settled, report: told.report, lines, notes, weights: plain ?? null };
}

function stateOf(lab: Lab): State {
  return {
    status: lab.status,
    playing: lab.playing,
    step: lab.step,
    images: lab.images,
    seed: lab.config.seed,
    device: lab.device,
    settings: structuredClone(lab.config),
    report: {
      loss_d: lab.report?.loss_d ?? null,
      loss_g: lab.report?.loss_g ?? null,
      modes: lab.metrics?.coverage?.modes ?? null,
      hq: lab.metrics?.coverage?.hq ?? null,
    },
    metrics: lab.metrics,
    metrics_step: lab.metricsStep,
    findings: lab.findings,
    note: lab.note,
    error: lab.error,
  };
}

function shownOf({ viewer: { stage, optimum } }: Lab): Shown | null {
  if (!stage) return null;
  const { step, view, grid, reals, fakes, logits, forces, slopes, mesh } = stage;
  const best = optimum && { ...optimum, p: [...optimum.p], q: [...optimum.q], critic: optimum.critic && [...optimum.critic] };
  return { step, view, grid, reals: [...reals], fakes: [...fakes], heat: [...logits], forces: forces && [...forces], slopes: slopes && [...slopes], mesh: mesh && [...mesh.points], best };
}

function unitsOf({ units: { open, seen } }: Lab) {
  if (!open || !seen) return null;
  const shown = (layer: Layer): ShownLayer => ({ scale: layer.scale, silent: counted(layer, 'silent'), constant: counted(layer, 'constant'), units: layer.units.map(({ answers }) => [...answers]) });
  return { step: seen.step, view: seen.view, generator: seen.generator.map(shown), critic: seen.critic.map(shown) };
}
