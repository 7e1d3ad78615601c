import { LabError } from '#contracts/errors.ts';
import type { PlaygroundApi, PlaygroundSpec, TrainerKind, TrainerSpeed } from '#contracts/playground.ts';
import { playgroundCost } from '#maths/playground/cost.ts';
import { calibrate } from '#state/playground/calibration.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import type { CallOptions, Remote } from '#workers/rpc.ts';

/** Networks this much dearer or cheaper are measured anew. */
const ANOTHER = 4;

/** Who is to train: the faster one, or one that the link names. */
export const TRAINER_CHOICES = ['fastest', 'typed-arrays', 'webgpu'] as const;
export type TrainerChoice = (typeof TRAINER_CHOICES)[number];
export const TRAINER_NAMES: Readonly<Record<TrainerKind, string>> = {
	'typed-arrays': 'CPU worker',
	webgpu: 'WebGPU'
};

export interface ChosenTrainer {
	api: Remote<PlaygroundApi>;
	speed: TrainerSpeed;
}

/** The threads that train, and which of them is the faster one for such networks. */
export class Trainers {
	#known: { key: string; operations: number; chosen: ChosenTrainer } | null = null;

	constructor(private readonly context: Pick<ViewContext, 'compute' | 'playground' | 'engine' | 'option'>) {}

	get choice(): TrainerChoice {
		const requested = this.context.option('playground.trainer', 'fastest');
		return TRAINER_CHOICES.find((one) => one === requested) ?? 'fastest';
	}

	/** Changes when a choice made before may no longer hold. */
	get key(): string {
		return `${this.choice} ${this.#gpu ? 'webgpu' : ''}`;
	}

	get #gpu(): boolean {
		return this.context.engine?.backend === 'webgpu';
	}

	/** Measured anew for networks of another size. @throws LabError where the trainer that was asked for is not there */
	async choose(specs: readonly PlaygroundSpec[], options: CallOptions = {}): Promise<ChosenTrainer> {
		const operations = specs.reduce((sum, spec) => sum + playgroundCost(spec).operations, 0);
		const ratio = this.#known ? operations / this.#known.operations : 0;
		if (this.#known?.key === this.key && ratio < ANOTHER && ratio > 1 / ANOTHER) return this.#known.chosen;
		const { choice, key } = this;
		if (choice === 'webgpu' && !this.#gpu)
			throw new LabError('WebGPU is not the engine now.', 'Choose it in the engine menu, or set the trainer to Auto.');
		const typed = choice === 'webgpu' ? [] : [this.context.playground];
		const gpu = this.#gpu && choice !== 'typed-arrays' ? [this.context.compute] : [];
		const { fastest, speeds } = await calibrate([...typed, ...gpu], specs, 100, options);
		const speed = speeds.find(({ kind }) => kind === fastest) as TrainerSpeed;
		const chosen = { api: fastest === 'webgpu' ? this.context.compute : this.context.playground, speed };
		this.#known = { key, operations, chosen };
		return chosen;
	}

	/** A fresh engine is another one. */
	forget(): void {
		this.#known = null;
	}
}
