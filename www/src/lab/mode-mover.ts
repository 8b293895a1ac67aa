/** Moves modes of the data while the run goes on: the newest place wins, one command at a time, however fast they are dragged. */
import type { TrainConfig } from '../generated/types';

export type Place = [number, number];
type Moved = TrainConfig['moved'];

/** A run whose data are made of modes. */
export interface Movable {
  readonly config: TrainConfig;
  readonly scene: { modes: { centre: number[]; sigma: number[] }[] | null; view: { x_min: number; x_max: number } } | null;
  change(path: string, value: unknown, live: boolean): Promise<void>;
}

/** Places are told to so many parts of the view, which keeps links short. */
const PARTS = 2000;

export class ModeMover {
  #wanted: Moved | null = null;
  #going: Promise<void> | null = null;

  constructor(readonly run: Movable) {}

  /** Where a mode is, or is on its way to. */
  placeOf(mode: number): Place {
    const [, ...way] = this.#wanted?.find(([other]) => other === mode) ?? [];
    const [x = 0, y = 0] = way.length > 0 ? way : (this.run.scene?.modes?.[mode]?.centre ?? []);
    return [x, y];
  }

  move(mode: number, place: Place): void {
    const others = (this.#wanted ?? this.run.config.moved).filter(([other]) => other !== mode);
    this.#wanted = [...others, [mode, ...this.#rounded(place)] as Moved[number]].sort(([a], [b]) => a - b);
    this.#going ??= this.#send();
  }

  /** When all that was asked for is done. */
  async settled(): Promise<void> {
    await this.#going;
  }

  async #send(): Promise<void> {
    while (this.#wanted) {
      const moved = this.#wanted;
      await this.run.change('moved', moved, true);
      if (this.#wanted === moved) this.#wanted = null;
    }
    this.#going = null;
  }

  #rounded(place: Place): Place {
    const { view, modes } = this.run.scene ?? {};
    const digits = view ? Math.ceil(-Math.log10((view.x_max - view.x_min) / PARTS)) : 3;
    const round = (x: number) => Number(x.toFixed(Math.min(Math.max(digits, 0), 12)));
    // On the line there is no second number.
    const onLine = modes?.every(({ sigma }) => sigma[1] === 0) ?? false;
    return [round(place[0]), onLine ? 0 : round(place[1])];
  }
}
