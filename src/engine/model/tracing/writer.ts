import { attributes } from '#engine/model/graph/attributes.ts';
import { NodeList } from '#engine/model/graph/node-list.ts';
import type { Literal, Size } from '#engine/model/tracing/followed.ts';

/** Writes nodes of a GraphDef in JSON, as TF.js graph models have them. */

export interface WrittenWeight {
	name: string;
	shape: readonly number[];
	dtype: Literal['dtype'];
	/** Null for one of the model's, which lies where it lay. */
	values: ArrayLike<number> | null;
}

/** What TensorFlow takes for the name of a node. */
const plainName = (name: string) => name.replace(/[:^]/g, '_') || 'node';

export class GraphWriter extends NodeList {
	readonly constants: WrittenWeight[] = [];
	#batch: string | null = null;

	/** @param input an input whose first axis is the batch */
	constructor(private readonly input: string) {
		super();
	}

	override unique(requested: string): string {
		return super.unique(plainName(requested));
	}

	/** @param values null for a weight of the model */
	constant(
		requested: string,
		{ shape, dtype }: Omit<WrittenWeight, 'name' | 'values'>,
		values: ArrayLike<number> | null
	) {
		const name = this.unique(requested);
		this.constants.push({ name, shape, dtype, values });
		const { type } = attributes.type(dtype);
		const { shape: tensorShape } = attributes.shape(shape);
		return this.add(name, 'Const', [], { dtype: { type }, value: { tensor: { dtype: type, tensorShape } } });
	}

	whole(requested: string, values: readonly number[], shape: readonly number[] = [values.length]): string {
		return this.constant(requested, { shape, dtype: 'int32' }, values);
	}

	number(requested: string, value: number, dtype: Literal['dtype'] = 'float32'): string {
		return this.constant(requested, { shape: [], dtype }, [value]);
	}

	/** Sizes as a row of whole numbers: a constant, or worked out from the rows of the batch. */
	sizes(requested: string, values: readonly Size[]): string {
		if (values.every((size) => typeof size === 'number')) return this.whole(requested, values);
		const pieces = values.map((size, i) => {
			const at = `${requested}/${i}`;
			if (typeof size === 'number') return this.whole(at, [size]);
			if (size.rows === 1) return this.#rows();
			return this.add(this.unique(at), 'Mul', [this.#rows(), this.whole(`${at}/times`, [size.rows])]);
		});
		if (pieces.length === 1) return pieces[0] as string;
		const axis = this.whole(`${requested}/axis`, [0], []);
		return this.add(this.unique(requested), 'ConcatV2', [...pieces, axis], { N: attributes.int(pieces.length) });
	}

	/** How many rows are fed, as a row of one number. */
	#rows(): string {
		if (this.#batch !== null) return this.#batch;
		const shape = this.add(this.unique('batch/shape'), 'Shape', [this.input], { out_type: attributes.type('int32') });
		const parts = [shape, this.whole('batch/begin', [0]), this.whole('batch/size', [1])];
		this.#batch = this.add(this.unique('batch'), 'Slice', parts);
		return this.#batch;
	}

	/** A tensor of one number. */
	filled(requested: string, shape: readonly Size[], value: number, dtype: Literal['dtype']): string {
		const name = this.unique(requested);
		const parts = [this.sizes(`${name}/shape`, shape), this.number(`${name}/value`, value, dtype)];
		return this.add(name, 'Fill', parts, { T: attributes.type(dtype) });
	}
}
