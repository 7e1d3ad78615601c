import type { LabState } from '#contracts/lab.ts';
import { validParameters, type Parameters, type ParameterValue } from '#contracts/parameter.ts';
import type { Metric, ProjectionRequest, ProjectionSpec } from '#contracts/projection.ts';
import type { Embedded } from '#state/embedding/rows.ts';

/** How the map is made, as the link keeps it. */

export const METRICS: readonly { id: Metric; title: string }[] = [
	{ id: 'euclidean', title: 'Euclidean' },
	{ id: 'cosine', title: 'cosine' },
	{ id: 'manhattan', title: 'Manhattan' },
	{ id: 'correlation', title: 'correlation' }
];

export const POOLINGS = [
	{ id: 'mean', title: 'mean' },
	{ id: 'max', title: 'max' },
	{ id: 'flat', title: 'flatten' }
] as const;

const DEFAULTS = {
	of: '',
	columns: '',
	pooling: 'mean',
	method: 'umap',
	metric: 'euclidean',
	dimensions: '2',
	seed: '1',
	supervised: 'false'
} as const;
type Key = keyof typeof DEFAULTS;

export const among = <T extends string>(value: string, all: readonly { id: T }[]): T =>
	(all.find(({ id }) => id === value) ?? all[0]!).id;

/** camelCase as the link writes it. */
const dashed = (id: string) => id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export class Setup {
	/** @param named whether the rows' columns have names of their own, and so units of their own */
	constructor(
		private readonly lab: LabState,
		private readonly named: () => boolean
	) {}

	#get(key: Key): string {
		return this.lab.option(`embedding.${key}`, DEFAULTS[key]);
	}
	set(key: Key, value: string): void {
		this.lab.setOption(`embedding.${key}`, value, DEFAULTS[key]);
	}

	/** `raw`, `standard`, or a node of the model. */
	get of(): string {
		const own = this.#get('of');
		if (own === 'raw' || own === 'standard') return own;
		if (own && this.lab.model?.graph.nodes.some(({ id }) => id === own)) return own;
		return this.named() ? 'standard' : 'raw';
	}
	/** As `chosenColumns` reads it. */
	get columns(): string {
		return this.#get('columns');
	}
	get pooling() {
		return among(this.#get('pooling'), POOLINGS);
	}
	/** Raw values, whether or not it is they that are embedded. Columns with names have units of their own. */
	get raw(): Extract<Embedded, { kind: 'raw' }> {
		const { of, columns } = this;
		return { kind: 'raw', standardise: of === 'standard' || (of !== 'raw' && this.named()), columns };
	}
	get embedded(): Embedded {
		const { of } = this;
		if (of === 'raw' || of === 'standard') return this.raw;
		return { kind: 'layer', layer: of, pooling: this.pooling };
	}
	get metric(): Metric {
		return among(this.#get('metric'), METRICS);
	}
	get dimensions(): 2 | 3 {
		return this.#get('dimensions') === '3' ? 3 : 2;
	}
	get seed(): number {
		const seed = Math.round(Number(this.#get('seed')));
		return Number.isFinite(seed) ? Math.min(2 ** 31, Math.max(0, seed)) : 1;
	}
	get supervised(): boolean {
		return this.#get('supervised') === 'true';
	}

	spec(specs: readonly ProjectionSpec[]): ProjectionSpec | null {
		const requested = this.#get('method');
		return specs.find(({ id }) => id === requested) ?? specs[0] ?? null;
	}
	parameters(spec: ProjectionSpec): Parameters {
		const given = spec.parameters.map(
			({ id }) => [id, this.lab.option(`embedding.${spec.id}-${dashed(id)}`, '')] as const
		);
		return validParameters(spec.parameters, Object.fromEntries(given.filter(([, value]) => value !== '')));
	}
	/** All but what is embedded, and the labels that guide it. */
	request(spec: ProjectionSpec): Omit<ProjectionRequest, 'labels' | 'start'> {
		const { dimensions, metric, seed } = this;
		return { method: spec.id, parameters: this.parameters(spec), dimensions, metric, seed };
	}
	setParameter(spec: ProjectionSpec, id: string, value: ParameterValue): void {
		const own = spec.parameters.find((one) => one.id === id);
		if (own) this.lab.setOption(`embedding.${spec.id}-${dashed(id)}`, String(value), String(own.default));
	}
}
