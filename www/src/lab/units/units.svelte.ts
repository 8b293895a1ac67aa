/** What the hidden units answer, as it is looked at: only while somebody looks, and seldom. Looking never moves the run. */
import { untrack } from 'svelte';
import type { TrainConfig, View } from '../../generated/types';
import { Cadence } from '../cadence';
import { type Layer, layersOf, tooLarge } from '../model';
import { unitsOf } from '../stage';
import type { Run, Viewer } from '../viewer.svelte';

/** Looking may come this often, and take this share of the worker's time. */
const LOOK_EVERY_MS = 500;
const LOOK_SHARE = 0.1;

export interface Seen {
  step: number;
  /** The part of the plane that D's units are shown over. */
  view: View;
  /** Hidden layers; none where the network is no plain MLP. */
  generator: Layer[];
  critic: Layer[];
}

export class Units {
  /** Whether they are shown. */
  open = $state(false);
  seen = $state.raw<Seen | null>(null);

  #run: Run & { readonly config: TrainConfig };
  #viewer: Viewer;
  #looks = new Cadence(() => this.#look());
  #unsee: () => void;

  constructor(run: Run & { readonly config: TrainConfig }, viewer: Viewer) {
    [this.#run, this.#viewer] = [run, viewer];
    this.#unsee = $effect.root(() => {
      // A run that trains and a view that is dragged are followed at leisure; another run, or another moment, is looked at at once.
      $effect(() => {
        void [run.step, viewer.view];
        if (this.#wanted) untrack(() => this.#looks.want());
      });
      $effect(() => {
        void [run.config, viewer.moment];
        if (this.#wanted) untrack(() => this.#looks.want(0));
      });
    });
  }

  /** Looks no more. */
  end(): void {
    this.#unsee();
  }

  get #wanted(): boolean {
    return this.open && this.#viewer.sight.watched;
  }

  async #look(): Promise<void> {
    const { view, moment } = this.#viewer;
    const { config } = this.#run;
    if (!view || !this.#run.ready || !this.#wanted) return;
    if (tooLarge(config)) {
      this.seen = { step: this.#run.step, view, generator: [], critic: [] };
      return;
    }
    const reply = await this.#run.look({ type: 'look', view, samples: 1, grid: 1, extras: ['units'] }, moment?.bytes);
    this.#looks.took(reply.ms ?? 0, LOOK_EVERY_MS, LOOK_SHARE);
    // Of what became another run or another moment meanwhile, the next look is on its way.
    if (config !== this.#run.config || moment !== this.#viewer.moment) return;
    const found = unitsOf(reply);
    if (found) this.seen = { step: found.step, view: found.view, generator: layersOf(found.generator, config.generator), critic: layersOf(found.critic, config.critic) };
  }
}
