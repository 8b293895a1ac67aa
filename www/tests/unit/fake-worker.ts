/** A worker for tests: it answers as the engine does, counts steps instead of training, and dies when it is told to. */
import presets from '../../src/generated/presets.json';
import type { WorkerLike } from '../../src/engine/parts';
import type { Answer, Bulk, FromWorker, Package, Reply, ToWorker } from '../../src/engine/messages';
import type { Command, Event, Preset, TrainConfig } from '../../src/generated/types';

export const RING8: TrainConfig = (presets as unknown as Preset[])[0].config;

export interface Plan {
  /** Packages that cannot be loaded, with the reason. */
  unavailable?: Partial<Record<Package, string>>;
  /** Devices that fail their self-test at `open`. */
  unfit?: string;
  /** Says what a command does instead of its work: die with words, or fail with an event. */
  instead?: (command: Command, worker: FakeWorker) => { crash: string } | Event | null;
}

export class FakeWorker implements WorkerLike {
  onmessage: ((message: { data: FromWorker }) => void) | null = null;
  onerror: ((error: { message?: string }) => void) | null = null;
  package: Package | null = null;
  terminated = false;
  received: Command[] = [];
  step = 0;
  playing = false;
  config: TrainConfig | null = null;

  constructor(private plan: Plan) {}

  postMessage(message: ToWorker): void {
    queueMicrotask(() => this.#take(message));
  }

  terminate(): void {
    this.terminated = true;
  }

  /** Posts what nobody asked for. */
  say(event: Event, buffers: Bulk[] = []): void {
    this.#post({ id: null, event, buffers, ms: 1 });
  }

  /** One tick of a playing engine. */
  tick(steps: number): void {
    this.step += steps;
    this.say(this.#progress());
  }

  crash(reason: string): void {
    this.#post({ crashed: reason });
  }

  #post(message: FromWorker): void {
    if (!this.terminated) this.onmessage?.({ data: message });
  }

  #take(message: ToWorker): void {
    if (this.terminated) return;
    if ('load' in message) {
      this.package = message.load;
      const why = this.plan.unavailable?.[message.load];
      return this.#post(why ? { crashed: why } : { ready: message.load });
    }
    this.received.push(message.command);
    const instead = this.plan.instead?.(message.command, this) ?? null;
    if (instead && 'crash' in instead) return this.crash(instead.crash);
    const reply: Reply = instead ? { event: instead, buffers: [] } : this.#handle(message.command, message.buffer);
    this.#post({ id: message.id, ...reply, ms: 1 } satisfies Answer);
  }

  #handle(command: Command, buffer?: Uint8Array): Reply {
    const only = (event: Event): Reply => ({ event, buffers: [] });
    const refuse = (code: string, message: string) => only({ type: 'failed', failure: { code, message, hint: '' } });
    switch (command.type) {
      case 'open':
        if (command.device === 'gpu' && this.plan.unfit) return refuse('device', this.plan.unfit);
        return only({ type: 'opened', device: { kind: command.device, name: command.device, note: '' }, protocol: 1 });
      case 'reset':
        [this.config, this.step, this.playing] = [command.config, 0, false];
        return only(this.#started());
      case 'tune':
        this.config = command.config;
        return only(this.#started());
      case 'step':
        this.step += command.steps;
        return only(this.#progress());
      case 'play':
      case 'pause':
        this.playing = command.type === 'play';
        return only(this.#progress());
      case 'save':
        return { event: { type: 'checkpoint', images: this.step }, buffers: [new TextEncoder().encode(JSON.stringify([this.config, this.step]))] };
      case 'load':
        [this.config, this.step] = JSON.parse(new TextDecoder().decode(buffer)) as [TrainConfig, number];
        this.playing = false;
        return only(this.#started());
      case 'load_weights':
        return only({ type: 'weights', config: RING8, scene: null, images: 0, parameters: 1, shape: [2] });
      default:
        return refuse('unready', 'not in this fake');
    }
  }

  #started(): Event {
    return { type: 'started', config: this.config ?? RING8, scene: null, step: this.step, images: this.step, parameters_g: 1, parameters_d: 1 };
  }

  #progress(): Event {
    return { type: 'progress', playing: this.playing, step: this.step, images: this.step, steps_per_sec: 0, history: [] };
  }
}
